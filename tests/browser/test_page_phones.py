"""On small screens the whole game and its controls are there while one plays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

SIZES = [(360, 740), (320, 568), (740, 360)]

# Of what is shown: names, and boxes as left, top, right, bottom.
SHOWN = """
() => Object.fromEntries(Array.from(document.querySelectorAll(
    "header, fieldset, footer, aside, #developers, canvas, #game-state, button"))
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element, number) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const kind = element.id || element.getAttribute("aria-label") || element.tagName;
    return [kind + (element.closest("#pad") ? " pad" : ""), [left, top, right, bottom]];
  }))
"""


@contextmanager
def phone(
    browser: Browser, served: Served, size: tuple[int, int], **options: Any
) -> Iterator[Page]:
    """A page on a phone."""
    viewport = {"width": size[0], "height": size[1]}
    options = {"has_touch": True, "is_mobile": True, **options}
    with watched(browser, served.url, viewport=viewport, **options) as context:
        yield open_page(context, served.url, "done")


def boxes(page: Page) -> dict[str, list[float]]:
    return page.evaluate(SHOWN)  # type: ignore[no-any-return]


def check_layout(page: Page) -> None:
    """Checks that the game has the window, with all that it takes, and nothing else."""
    shown = boxes(page)
    width, height = page.evaluate("[innerWidth, innerHeight]")
    assert {"canvas", "toggle", "game-state"} <= set(shown)
    for name in ("HEADER", "FIELDSET", "FOOTER", "ASIDE", "developers"):
        assert name not in shown
    pads = {name: box for name, box in shown.items() if name.endswith(" pad")}
    assert pads
    for name, (left, top, right, bottom) in shown.items():
        inside = left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1
        assert inside, (name, left, top, right, bottom)
        if name not in ("canvas", "game-state"):
            assert min(right - left, bottom - top) >= 44, (name, left, top, right, bottom)
    left, top, right, bottom = shown["canvas"]
    assert (right - left) * (bottom - top) > 0.3 * width * height
    for name, box in pads.items():
        apart = box[2] <= left + 1 or box[0] >= right - 1 or box[1] >= bottom - 1
        assert apart, f"{name} lies on the picture"
        if width > height:
            assert box[2] <= left + 1 or box[0] >= right - 1, f"{name} is beside the picture"
    page.evaluate("scrollTo(0, 500)")
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_whole_game_is_on_the_screen_while_playing(
    browser: Browser, served: Served, size: tuple[int, int]
) -> None:
    with phone(browser, served, size) as page:
        player = Player(page)
        for name in ("CartPole", "Taxi", "Duet"):
            player.choose(name)
            page.locator("#start").tap()
            player.wait_for("armed", "running", "waiting")
            check_layout(page)
            if name == "CartPole":
                page.locator("#pad button").first.tap()  # which begins
                player.wait_for("resting")
                for id in ("#result", "#next", "#menu"):
                    expect(page.locator(id)).to_be_in_viewport(ratio=1)
                page.locator("#next").tap()
                player.wait_for("armed")
        page.locator("#menu").tap()
        expect(page.locator("#environments")).to_be_visible()
        page.locator("#toggle").tap()
        player.wait_for("running")
        expect(page.locator("#environments")).to_be_hidden()
        page.locator("#toggle").tap()
        player.wait_for("paused")
        check_layout(page)


def test_targets_of_the_whole_page_are_large_enough(browser: Browser, served: Served) -> None:
    with phone(browser, served, (360, 740)) as page:
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll(
                "button, select, input[type=number], summary, .chooser label, .drop"))
              .filter((element) => element.checkVisibility())
              .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()])
              .filter(([, box]) => Math.min(box.width, box.height) < 44).map(([html]) => html)"""
        )
        assert small == []


@pytest.mark.parametrize(("ratio", "size"), [(1, [600, 400]), (2, [1200, 800]), (3, [1800, 1200])])
def test_a_drawing_is_sharp_on_a_dense_display(
    browser: Browser, served: Served, ratio: int, size: list[int]
) -> None:
    with phone(browser, served, (360, 740), device_scale_factor=ratio) as page:
        player = Player(page)
        player.wait_for_picture()
        page.wait_for_function(
            "size => document.querySelector('canvas').width === size[0]",
            arg=size,
            timeout=DEADLINE,
        )
        seen = player.picture((300 * ratio, 308 * ratio))  # the rail
        assert seen["size"] == size
        player.choose("Pond")  # an array has its own pixels
        page.wait_for_function("document.querySelector('canvas').width === 400", timeout=DEADLINE)


def test_another_display_is_noticed(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        page.wait_for_function("document.querySelector('canvas').width === 600", timeout=DEADLINE)
        display = {"width": 1000, "height": 700, "deviceScaleFactor": 1.5, "mobile": False}
        context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", display)
        page.wait_for_function("document.querySelector('canvas').width === 900", timeout=DEADLINE)


def test_full_screen_gives_the_game_the_window(browser: Browser, served: Served) -> None:
    with watched(browser, served.url, viewport={"width": 1280, "height": 800}) as context:
        page = open_page(context, served.url, "done")
        player = Player(page)
        page.locator("#full").click()
        expect(page.locator("#full")).to_have_text("Leave full screen", timeout=DEADLINE)
        expect(page.locator("header")).to_be_hidden()
        player.start()
        check_layout(page)
        page.locator("#full").click()
        expect(page.locator("header")).to_be_visible(timeout=DEADLINE)
