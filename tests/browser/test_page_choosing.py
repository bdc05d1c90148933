"""Choosing: which environment is loading, the way out, and nobody's game ends unasked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

HANG = {"envs/pond.py": "while True: pass\n"}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4
HEBREW = "משחק העגלה והמוט"
NAMED = """
[[environments]]
name = "{0}"
file = "envs/taxi.py"
about = "{0}"

[[environments]]
name = "{1}"
file = "envs/cartpole.py"
about = "{1}"

[worker]
"""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    with watched(browser, served.url) as context:
        yield Player(open_page(context, served.url, "done"))


def test_a_running_game_is_not_ended_unasked(player: Player) -> None:
    page = player.page
    player.choose("MountainCar")
    player.start()
    player.wait_for_steps(3)
    page.get_by_role("radio", name="Taxi").dispatch_event("click")
    expect(page.locator("#ask")).to_be_visible(timeout=DEADLINE)
    expect(page.locator("#ask-question")).to_contain_text("Leave MountainCar?")
    page.keyboard.press("Escape")
    player.wait_for("running")
    expect(page.get_by_role("radio", name="MountainCar")).to_be_checked()
    player.wait_for_steps(3)
    assert page.inner_text("#episode") == "1"
    page.get_by_role("radio", name="Taxi").dispatch_event("click")
    page.locator("#ask-yes").click()
    expect(page.locator("#title")).to_have_text("Taxi", timeout=DEADLINE)
    player.wait_for("ready")
    expect(page.locator("#recorded")).to_contain_text("Not saved yet: MountainCar")


def test_the_address_does_not_end_a_game_unasked_either(player: Player) -> None:
    page = player.page
    player.choose("MountainCar")
    player.start()
    player.wait_for_steps(3)
    page.evaluate("location.hash = 'Taxi'")
    page.locator("#ask-no").click()
    player.wait_for("running")
    assert "env=MountainCar" in page.evaluate("location.search")


def test_a_game_that_has_not_begun_is_left_without_a_question(player: Player) -> None:
    player.choose("CartPole")
    player.page.locator("#start").click()
    player.wait_for("armed")
    player.page.get_by_role("radio", name="Taxi").dispatch_event("click")
    expect(player.page.locator("#title")).to_have_text("Taxi", timeout=DEADLINE)
    player.wait_for("ready")
    assert player.page.is_hidden("#ask")


def test_a_load_that_hangs_names_itself_and_can_be_cancelled(
    browser: Browser, serve_changed: Serve
) -> None:
    with serve_changed(HANG) as served, watched(browser, served.url) as context:
        player = Player(open_page(context, served.url + "?env=Taxi", "done"))
        page = player.page
        page.get_by_role("radio", name="Pond").dispatch_event("click")
        expect(page.locator("#loading-text")).to_have_text("Loading Pond…", timeout=1000)
        expect(page.locator("#cancel")).to_be_visible(timeout=1000)
        expect(page.locator(".chooser .loading")).to_contain_text("Pond")
        expect(page.locator(".chooser .loading")).to_be_visible()
        page.locator("#cancel").click()
        expect(page.locator("#title")).to_have_text("Taxi", timeout=DEADLINE)
        player.wait_for("ready")
        expect(page.get_by_role("radio", name="Taxi")).to_be_checked()
        expect(page.locator(".chooser .loading")).to_have_count(0)
        player.start()
        page.keyboard.press("ArrowUp")
        expect(page.locator("#step")).to_have_text("1", timeout=DEADLINE)


def test_the_first_load_can_be_cancelled_too(browser: Browser, serve_changed: Serve) -> None:
    with serve_changed(HANG) as served, watched(browser, served.url) as context:
        page = context.new_page()
        page.goto(served.url + "?env=Pond")
        page.locator("#cancel").click(timeout=60_000)
        expect(page.locator("#failure-title")).to_have_text("Loading Pond was cancelled")
        page.locator("#another").click()
        assert page.evaluate("document.activeElement.name") == "environment"
        page.get_by_role("radio", name="Taxi").dispatch_event("click")
        Player(page).wait_for("ready", timeout=60_000)


@pytest.mark.parametrize("width", [1280, 360])
def test_names_may_be_long_and_run_from_right_to_left(
    browser: Browser, serve_changed: Serve, width: int
) -> None:
    edits = {"pyscript.toml": ("\n[worker]\n", NAMED.format(LONG, HEBREW))}
    size = {"width": width, "height": 800}
    with serve_changed(edits) as served, watched(browser, served.url, viewport=size) as context:
        page = open_page(context, served.url, "done")
        player = Player(page)
        for name in (LONG, HEBREW):
            player.choose(name)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            cut = page.evaluate(
                """() => Array.from(document.querySelectorAll(".chooser *, .play *"))
                  .filter((one) => one.checkVisibility() && one.tagName !== "CANVAS")
                  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
                  .map((one) => one.outerHTML.slice(0, 80))"""
            )
            assert cut == []
        direction = "one => getComputedStyle(one).direction"
        assert page.locator("#title").evaluate(direction) == "rtl"
        label = page.get_by_text(HEBREW, exact=True).first
        assert label.evaluate(direction) == "rtl"
