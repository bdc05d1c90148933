"""Fingers on the page's buttons: thumbs that hold, that slide, two of them; nothing else moves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions


class Fingers:
    """Fingers on a touch screen, by number."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page = page
        self._cdp = cdp
        self._there: dict[int, tuple[float, float]] = {}

    def middle(self, name: str) -> tuple[float, float]:
        """The middle of a button."""
        box = self.page.get_by_role("button", name=name).bounding_box()
        assert box and min(box["width"], box["height"]) >= 44
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def down(self, finger: int, place: tuple[float, float]) -> None:
        self._there[finger] = place
        self._send("touchStart")

    def move(self, finger: int, place: tuple[float, float]) -> None:
        self._there[finger] = place
        self._send("touchMove")

    def up(self, finger: int) -> None:
        gone = {finger: self._there.pop(finger)}
        self._send("touchEnd", gone if self._there else {})

    def _send(self, kind: str, fingers: dict[int, tuple[float, float]] | None = None) -> None:
        fingers = self._there if fingers is None else fingers
        points = [{"id": id, "x": x, "y": y} for id, (x, y) in fingers.items()]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor with a phone."""
    size = {"width": 360, "height": 740}
    with watched(browser, served.url, viewport=size, has_touch=True, is_mobile=True) as context:
        player = Player(open_page(context, served.url, "done"))
        player.follow_steps()
        yield player


def begin(player: Player, name: str, seed: int | None = None) -> Fingers:
    player.choose(name, seed=seed)
    player.page.locator("#start").tap()
    player.wait_for("armed", "counting", "running", "waiting")
    player.page.locator("#pad").scroll_into_view_if_needed()
    return Fingers(player.page, player.page.context.new_cdp_session(player.page))


@in_chromium
def test_a_phone_plays_with_touch_buttons(player: Player) -> None:
    page, fingers = player.page, begin(player, "MountainCar")
    fingers.down(1, fingers.middle("Right arrow"))
    player.wait_for_action(RIGHT)
    player.wait_for_steps(5)
    assert page.inner_text("#last-action") == str(RIGHT)  # as long as the finger is there
    fingers.up(1)
    player.wait_for_action(STILL)
    begin(player, "FrozenLake", seed=1)
    page.get_by_role("button", name="Down arrow").tap()
    expect(page.locator("#step")).to_have_text("1", timeout=DEADLINE)
    player.wait_for_action(1)


@in_chromium
def test_a_thumb_slides_from_one_button_to_the_next(player: Player) -> None:
    fingers = begin(player, "MountainCar")
    left, right = fingers.middle("Left arrow"), fingers.middle("Right arrow")
    lit = player.page.locator("#pad .down-now")
    fingers.down(1, left)
    player.wait_for_action(LEFT)
    fingers.move(1, right)
    player.wait_for_action(RIGHT)
    expect(lit).to_have_count(1)
    fingers.move(1, (right[0], right[1] - 150))  # off the pad
    player.wait_for_action(STILL)
    fingers.move(1, left)
    player.wait_for_action(LEFT)
    fingers.up(1)
    player.wait_for_action(STILL)
    expect(lit).to_have_count(0)


@in_chromium
def test_two_thumbs_play_at_once(player: Player) -> None:
    fingers = begin(player, "Pond")
    lit = player.page.locator("#pad .down-now")
    fingers.down(1, fingers.middle("Up arrow"))
    player.wait_for_action(1)
    fingers.down(2, fingers.middle("Left arrow"))
    player.wait_for_action(4)  # row and turn left
    expect(lit).to_have_count(2)
    fingers.move(2, fingers.middle("Right arrow"))
    player.wait_for_action(5)
    fingers.up(1)
    player.wait_for_action(3)
    fingers.up(2)
    player.wait_for_action(0)
    expect(lit).to_have_count(0)


@in_chromium
def test_nothing_scrolls_zooms_or_is_selected_under_the_fingers(player: Player) -> None:
    page, fingers = player.page, begin(player, "MountainCar")
    before = page.evaluate("[scrollX, scrollY, visualViewport.scale]")
    for x, y in (fingers.middle("Left arrow"), fingers.middle("Right arrow")):
        fingers.down(1, (x, y))
        for way in (40, 80, 120, 160):
            fingers.move(1, (x, y - way))
        fingers.up(1)
        for _ in range(2):  # twice in a row zooms, elsewhere
            fingers.down(1, (x, y))
            fingers.up(1)
    box = page.locator("#stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 40
    fingers.down(1, (x, y))
    for way in (10, 20, 30, 40):
        fingers.move(1, (x, y + way))
    fingers.up(1)
    player.let_scroll()
    assert page.evaluate("[scrollX, scrollY, visualViewport.scale]") == before
    assert page.evaluate("String(getSelection())") == ""
    assert not page.evaluate(
        """document.querySelector("#pad button").dispatchEvent(
          new MouseEvent("contextmenu", { bubbles: true, cancelable: true }))"""
    )
    for place in ("#pad", "#pad button", "#stage"):
        style = f"getComputedStyle(document.querySelector('{place}'))"
        assert page.evaluate(style + ".touchAction") == "none", place
        assert page.evaluate(style + ".userSelect") == "none", place
