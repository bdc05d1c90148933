"""Keys on the page: what steers, what commands, what is the browser's, what the visitor chose."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions
BEGUN = ("armed", "counting", "running", "waiting")

# An event as a browser has it for keyboards that no test has at hand.
TELL = """
([kind, key, code]) => document.querySelector("#stage").dispatchEvent(
  new KeyboardEvent(kind, { key, code, bubbles: true, cancelable: true }))
"""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor of their own for these tests, one for each browser."""
    with watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.follow_steps()
        yield player


def focus_nothing(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


def playing(player: Player, name: str = "MountainCar", **options: Any) -> Page:
    """Begins a game whose steps go on until they are looked at no more."""
    player.choose(name, **options)
    player.start()
    return player.page


@pytest.mark.parametrize("key", ["ArrowDown", "Space", "PageDown", "End"])
def test_a_focused_game_keeps_the_page_from_scrolling_by_keys_that_it_does_not_use(
    player: Player, key: str
) -> None:
    page = player.page
    page.set_viewport_size({"width": 1280, "height": 500})
    player.choose("MountainCar", speed="0.25")  # it runs for half a minute
    player.start()
    player.let_scroll()  # the focus scrolled to the game; it can move from there
    before = page.evaluate("scrollY")
    for _ in range(3):
        page.keyboard.press(key)
    player.let_scroll()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Escape")
    player.wait_for("paused")  # it went on until then
    focus_nothing(page)
    page.keyboard.press("PageDown")  # the page can scroll
    page.wait_for_function("before => scrollY > before", arg=before, timeout=DEADLINE)
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_enter_and_space_start_and_p_and_escape_pause(player: Player, key: str) -> None:
    page = player.page
    player.choose("MountainCar")
    focus_nothing(page)
    page.keyboard.press(key)
    player.wait_for(*BEGUN)
    expect(page.locator("#stage")).to_be_focused()
    page.keyboard.press("ArrowRight")
    player.wait_for("running")
    page.keyboard.press("p")
    player.wait_for("paused")
    page.keyboard.press("p")
    player.wait_for("running")
    page.keyboard.press("Escape")
    player.wait_for("paused")
    page.keyboard.press(key)
    player.wait_for("running")


def test_r_resets(player: Player) -> None:
    page = playing(player)
    page.keyboard.press("ArrowRight")
    player.wait_for("running")
    player.wait_for_steps(20)
    page.keyboard.press("Escape")
    player.wait_for("paused")
    page.keyboard.press("r")
    expect(page.locator("#step")).to_have_text("0", timeout=DEADLINE)


def test_a_key_of_the_environment_is_no_command(player: Player) -> None:
    page = playing(player, "Taxi", seed=2)
    expect(page.locator("#keys")).not_to_contain_text("P or Esc")
    page.keyboard.press("p")
    player.wait_for_action(4)
    assert page.get_attribute("html", "data-game") == "waiting"
    page.keyboard.press("Escape")
    player.wait_for("paused")


def test_who_types_commands_nothing(player: Player) -> None:
    page = playing(player)
    page.keyboard.press("ArrowRight")
    player.wait_for("running")
    page.locator("#seed").focus()
    for key in ("p", "r", "Escape"):
        page.keyboard.press(key)
    player.wait_for_steps(3)
    assert page.get_attribute("html", "data-game") == "running"
    page.locator("#speed").focus()
    page.keyboard.press("p")
    player.wait_for_steps(3)
    assert page.get_attribute("html", "data-game") == "running"


@pytest.mark.parametrize("key", ["з", "Process", "Dead", "Unidentified"])
def test_without_latin_letters_a_key_is_what_stands_there(player: Player, key: str) -> None:
    page = playing(player, "Taxi", seed=2)
    page.evaluate(TELL, ["keydown", key, "KeyP"])
    player.wait_for_action(4)
    page.evaluate(TELL, ["keyup", key, "KeyP"])
    page.evaluate(TELL, ["keydown", "p", "KeyR"])  # what a key types counts (Dvorak)
    expect(page.locator("#step")).to_have_text("2", timeout=DEADLINE)
    player.wait_for_action(4)
    page.evaluate(TELL, ["keyup", "p", "KeyR"])


def test_a_key_that_is_held_under_meta_is_let_go_when_meta_comes_up(player: Player) -> None:
    page = playing(player)
    page.keyboard.down("ArrowRight")
    player.wait_for_action(RIGHT)
    page.evaluate(TELL, ["keydown", "Meta", "MetaLeft"])
    page.evaluate(TELL, ["keyup", "Meta", "MetaLeft"])  # macOS tells of no other keyup
    player.wait_for_action(STILL)
    page.keyboard.up("ArrowRight")


def test_a_key_that_is_still_held_after_a_blur_counts_again(player: Player) -> None:
    page = playing(player)
    page.keyboard.down("ArrowRight")
    player.wait_for_action(RIGHT)
    page.locator("#seed").focus()
    player.wait_for_action(STILL)
    page.locator("#stage").focus()
    page.keyboard.down("ArrowRight")  # the keyboard repeats it
    player.wait_for_action(RIGHT)
    page.keyboard.up("ArrowRight")
    player.wait_for_action(STILL)


def test_the_browsers_shortcuts_are_no_keys_of_the_game(player: Player) -> None:
    page = playing(player)
    page.evaluate(
        """() => document.querySelector("#stage").dispatchEvent(new KeyboardEvent("keydown",
          { key: "ArrowRight", code: "ArrowRight", altKey: true, bubbles: true }))"""
    )
    page.keyboard.down("ArrowLeft")
    player.wait_for_action(LEFT)
    page.keyboard.up("ArrowLeft")
    player.wait_for_action(STILL)


def test_mapped_modifiers_work_and_do_not_kill_the_others(browser: Browser, served: Served) -> None:
    def modified(route: Route) -> None:
        text = route.fetch().text()
        assert '{"ArrowLeft": 0, "ArrowRight": 2}' in text
        mapping = '{"Control": 0, "Alt": 0, "Shift": 0, "d": 2}'
        route.fulfill(body=text.replace('{"ArrowLeft": 0, "ArrowRight": 2}', mapping))

    with watched(browser, served.url) as context:
        context.route("**/envs/mountain_car.py", modified)
        player = Player(open_page(context, served.url, "done"))
        player.follow_steps()
        page = playing(player)
        for modifier in ("Control", "Shift"):  # Alt opens a menu in some browsers
            page.keyboard.down(modifier)
            player.wait_for_action(LEFT)
            page.keyboard.down("d")
            player.wait_for_action(RIGHT)
            page.keyboard.up("d")
            player.wait_for_action(LEFT)
            page.keyboard.up(modifier)
            player.wait_for_action(STILL)


def test_buttons_and_the_list_of_keys_say_what_each_does(player: Player) -> None:
    page = player.page
    player.choose("Taxi")
    for name in ("Pick up (P)", "Set down (D)", "Left (Left arrow)"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    pick_up = page.get_by_role("button", name="Pick up (P)", exact=True)
    assert pick_up.inner_text().split() == ["Pick", "up", "P"]
    rows = page.locator("#keys li").all_inner_texts()
    assert [row for row in rows if "Pick up" in row and row.split()[0] == "P"]
    listed = page.locator("#keys").inner_text()
    for word in ("Enter", "Start", "Pause", "New episode"):
        assert word in listed


def bound(page: Page, action: str) -> Any:
    return page.get_by_role("button", name=action + ":")


@in_chromium
def test_a_key_can_be_replaced_and_stays_replaced(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("MountainCar")
        page = player.page
        page.locator("#bindings summary").click()
        said = page.locator("#binding-said")
        bound(page, "Drive right").click()
        for taken, owner in (("ArrowLeft", "Drive left"), ("r", "New episode"), ("Enter", "Start")):
            page.keyboard.press(taken)
            expect(said).to_contain_text(f"is the key for {owner} already")
        page.keyboard.press("Tab")
        expect(said).to_contain_text("Tab moves the focus")
        page.keyboard.press("k")
        expect(bound(page, "Drive right")).to_have_text("K")
        expect(bound(page, "Drive right")).to_be_focused()
        bound(page, "Pause").click()
        page.keyboard.press("Space")  # free it first
        expect(said).to_contain_text("Space is the key for Start already")
        page.keyboard.press("Escape")
        expect(bound(page, "Pause")).to_have_text("P or Esc")
        bound(page, "Start").click()
        page.keyboard.press("j")
        bound(page, "Pause").click()
        page.keyboard.press("Space")
        expect(bound(page, "Pause")).to_have_text("Space")
        expect(page.get_by_role("button", name="Drive right (K)", exact=True)).to_have_count(1)

        page.reload()  # the browser keeps them
        page.wait_for_selector("html[data-state=done]", state="attached", timeout=DEADLINE * 2)
        player.follow_steps()
        player.choose("CartPole")
        assert "K" not in page.inner_text("#keys").split(), "another environment has its own"
        player.choose("MountainCar")
        focus_nothing(page)
        page.keyboard.press("j")
        player.wait_for(*BEGUN)
        page.keyboard.down("k")
        player.wait_for_action(RIGHT)
        page.keyboard.up("k")
        player.wait_for_action(STILL)
        page.keyboard.down("ArrowRight")
        player.wait_for_steps(5)
        assert page.inner_text("#last-action") == str(STILL)
        page.keyboard.up("ArrowRight")
        page.keyboard.press("Space")
        player.wait_for("paused")

        page.locator("#bindings summary").click()
        page.locator("#default-keys").click()
        expect(bound(page, "Drive right")).to_have_text("→")
        expect(bound(page, "Start")).to_have_text("Enter or Space")
        assert page.evaluate("Object.keys(localStorage).length") == 0
