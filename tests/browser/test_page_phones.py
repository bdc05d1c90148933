"""On small screens the whole game and its controls are there while one plays."""

from collections.abc import Iterator

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


@pytest.fixture(scope="module", params=[1])
def phone(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Player]:
    """A visitor with a phone, whose display is as dense as a test says."""
    options = {"has_touch": True, "is_mobile": True, "device_scale_factor": request.param}
    viewport = {"width": SIZES[0][0], "height": SIZES[0][1]}
    with watched(browser, served.url, viewport=viewport, **options) as context:
        yield Player(open_page(context, served.url, "done"))


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor with a window on a desktop."""
    with watched(browser, served.url, viewport={"width": 1280, "height": 800}) as context:
        yield Player(open_page(context, served.url, "done"))


def begin(player: Player, size: tuple[int, int] = SIZES[0]) -> Page:
    """Begins anew, whatever was there before, on a screen of this size."""
    player.page.set_viewport_size({"width": size[0], "height": size[1]})
    player.choose("CartPole")
    return player.page


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
    phone: Player, size: tuple[int, int]
) -> None:
    page = begin(phone, size)
    for name in ("CartPole", "Taxi", "Duet"):
        phone.choose(name)
        page.locator("#start").tap()
        phone.wait_for("armed", "running", "waiting")
        check_layout(page)
        if name == "CartPole":
            page.locator("#pad button").first.tap()  # which begins
            phone.wait_for("resting")
            for id in ("#result", "#next", "#menu"):
                expect(page.locator(id)).to_be_in_viewport(ratio=1)
            page.locator("#next").tap()
            phone.wait_for("armed")
    page.locator("#menu").tap()
    expect(page.locator("#environments")).to_be_visible()
    page.locator("#toggle").tap()
    phone.wait_for("running")
    expect(page.locator("#environments")).to_be_hidden()
    page.locator("#toggle").tap()
    phone.wait_for("paused")
    check_layout(page)


def test_targets_of_the_whole_page_are_large_enough(phone: Player) -> None:
    page = begin(phone)
    page.evaluate("document.querySelector('#developers').open = false")
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll(
            "button, select, input[type=number], summary, .chooser label, .drop"))
          .filter((element) => element.checkVisibility())
          .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()])
          .filter(([, box]) => Math.min(box.width, box.height) < 44).map(([html]) => html)"""
    )
    assert small == []


@pytest.mark.parametrize(
    ("phone", "size"), [(1, [600, 400]), (2, [1200, 800]), (3, [1800, 1200])], indirect=["phone"]
)
def test_a_drawing_is_sharp_on_a_dense_display(phone: Player, size: list[int]) -> None:
    page, ratio = phone.page, size[0] // 600
    if ratio == 1:  # others played there
        begin(phone)
    phone.wait_for_picture()
    page.wait_for_function(
        "size => document.querySelector('canvas').width === size[0]",
        arg=size,
        timeout=DEADLINE,
    )
    seen = phone.picture((300 * ratio, 308 * ratio))  # the rail
    assert seen["size"] == size
    phone.choose("Pond")  # an array has its own pixels
    page.wait_for_function("document.querySelector('canvas').width === 400", timeout=DEADLINE)


def test_another_display_is_noticed(desk: Player) -> None:
    page = begin(desk, (1280, 800))
    page.wait_for_function("document.querySelector('canvas').width === 600", timeout=DEADLINE)
    session = page.context.new_cdp_session(page)
    for width, height, ratio in ((1000, 700, 1.5), (1280, 800, 1)):  # and back again
        display = {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", display)
        page.wait_for_function(
            "width => document.querySelector('canvas').width === width",
            arg=600 * ratio,
            timeout=DEADLINE,
        )


def test_full_screen_gives_the_game_the_window(desk: Player) -> None:
    page = begin(desk, (1280, 800))
    page.locator("#full").click()
    expect(page.locator("#full")).to_have_text("Leave full screen", timeout=DEADLINE)
    expect(page.locator("header")).to_be_hidden()
    desk.start()
    check_layout(page)
    page.locator("#full").click()
    expect(page.locator("header")).to_be_visible(timeout=DEADLINE)
