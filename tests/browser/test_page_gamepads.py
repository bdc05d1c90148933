"""Gamepads on the page: which count, what they begin, when they do not steer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import Player
from tests.browser.servers import Served

LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions

# No test has a gamepad at hand: these are what a browser would tell of some.
GAMEPADS = """
window.slots = [null, null, null, null];
window.plug = (slot, id, mapping, axes) => {
  window.slots[slot] = {
    id, mapping, axes, connected: true, index: slot,
    buttons: Array.from({ length: 17 }, () => ({ pressed: false, value: 0 })),
  };
  dispatchEvent(new Event("gamepadconnected"));
};
window.looks = 0;
navigator.getGamepads = () => {
  window.looks += 1;
  return window.slots;
};
"""
STANDARD = "plug(1, 'Good Pad (STANDARD GAMEPAD Vendor: 1 Product: 2)', 'standard', [0, 0, 0, 0])"
ODD = "plug(0, 'Pedals', '', [-1, 1, -1, 3.28])"


@pytest.fixture(scope="module")
def visitor(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor of their own for these tests."""
    with watched(browser, served.url) as context:
        context.add_init_script(GAMEPADS)
        player = Player(open_page(context, served.url, "done"))
        player.follow_steps()
        yield player


@pytest.fixture
def player(visitor: Player) -> Player:
    """The visitor, who has no gamepad yet."""
    visitor.page.evaluate("slots.fill(null)")
    expect(visitor.page.locator("#gamepad")).to_be_hidden()
    return visitor


def press(page: Page, button: int, down: bool) -> None:
    """Presses a button or lets it go, and waits until the page has seen that."""
    code = f"(slots[1].buttons[{button}].pressed = {str(down).lower()}, looks)"
    page.wait_for_function("before => looks > before", arg=page.evaluate(code))


@in_chromium
def test_a_gamepad_plays_beside_an_odd_device_that_is_idle(player: Player) -> None:
    page = player.page
    player.choose("MountainCar")
    player.start()
    expect(page.locator("#gamepad")).to_be_hidden()
    page.evaluate(ODD)
    page.evaluate(STANDARD)
    expect(page.locator("#gamepad")).to_be_visible()
    expect(page.locator("#gamepad")).to_contain_text("Good Pad.")
    for axis, action in ((-1, LEFT), (0.1, STILL), (1, RIGHT), (0, STILL)):  # never quite still
        page.evaluate(f"slots[1].axes[0] = {axis}")
        player.wait_for_action(action)
    press(page, 15, True)  # the cross
    player.wait_for_action(RIGHT)
    press(page, 15, False)
    player.wait_for_action(STILL)
    page.evaluate("slots[1] = null")
    expect(page.locator("#gamepad")).to_contain_text("Pedals")
    page.evaluate("slots[0] = null")
    expect(page.locator("#gamepad")).to_be_hidden()


@in_chromium
def test_an_axis_counts_only_after_it_was_seen_at_rest(player: Player) -> None:
    page = player.page
    player.choose("MountainCar")
    player.start()
    page.evaluate("plug(1, 'Stuck', 'standard', [1, 0, 0, 0])")
    page.keyboard.press("ArrowLeft")
    player.wait_for_steps(10)
    player.wait_for_action(STILL)
    page.evaluate("slots[1].axes[0] = 0")
    player.wait_for_steps(10)
    page.evaluate("slots[1].axes[0] = 1")
    player.wait_for_action(RIGHT)


@in_chromium
@pytest.mark.parametrize("button", [0, 9])
def test_a_and_start_begin_the_game_and_are_no_action_then(player: Player, button: int) -> None:
    page = player.page
    player.choose("Taxi", seed=2)
    page.evaluate(STANDARD)
    press(page, button, True)
    player.wait_for("armed", "counting", "running", "waiting")
    press(page, button, False)
    page.keyboard.press("ArrowUp")  # the game has the focus
    expect(page.locator("#step")).to_have_text("1")
    player.wait_for_action(1)
    press(page, 0, True)
    player.wait_for_action(4)
    expect(page.locator("#step")).to_have_text("2")
    press(page, 0, False)
    page.keyboard.press("Escape")
    player.wait_for("paused")
    press(page, button, True)
    player.wait_for("waiting")


@in_chromium
@pytest.mark.parametrize("place", ["#seed", "#speed"])
def test_a_gamepad_does_not_steer_while_one_types(player: Player, place: str) -> None:
    page = player.page
    player.choose("MountainCar")
    player.start()
    page.evaluate(STANDARD)
    page.evaluate("slots[1].axes[0] = -1")
    player.wait_for_action(LEFT)
    page.locator(place).focus()
    player.wait_for_action(STILL)
    page.evaluate("document.activeElement.blur()")
    player.wait_for_action(LEFT)
