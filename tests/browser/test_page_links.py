"""Links: what the address asks for, what it says, and the game alone in somebody's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium


HOST = """<!doctype html>
<title>A page of somebody's</title>
<link rel="icon" type="image/svg+xml" href="favicon.svg">
<iframe src="./?embed&amp;env=Taxi" width="620" height="430" title="Taxi"></iframe>
"""


@contextmanager
def at(browser: Browser, served: Served, query: str, **options: Any) -> Iterator[Page]:
    """A page at an address."""
    with watched(browser, served.url, **options) as context:
        yield open_page(context, served.url + query, "done")


def asked(page: Page) -> str:
    return str(page.evaluate("location.search + location.hash"))


@pytest.fixture(scope="module")
def linked(browser: Browser, served: Served) -> Iterator[Page]:
    """A page at an address with all that a game has; tests look at it only."""
    with at(browser, served, "?env=Taxi&seed=3&speed=0.5") as page:
        yield page


def test_a_link_names_environment_seed_and_speed(linked: Page) -> None:
    expect(linked.locator("#title")).to_have_text("Taxi")
    expect(linked.locator("#seed-now")).to_have_text("3")
    assert (linked.input_value("#seed"), linked.input_value("#speed")) == ("3", "0.5")
    expect(linked.locator("#address-note")).to_be_hidden()
    assert linked.locator("#developers").get_attribute("open") is None


@pytest.mark.parametrize("query", ["#taxi", "?env=Nowhere#Taxi"])
def test_other_ways_to_name_one(browser: Browser, served: Served, query: str) -> None:
    with at(browser, served, query) as page:
        expect(page.locator("#title")).to_have_text("Taxi")


@pytest.mark.parametrize("query", ["#50%", "?env=%E0%A4%A&seed=-1&speed=99"])
def test_what_the_address_cannot_mean_is_ignored_with_a_line(
    browser: Browser, served: Served, query: str
) -> None:
    with at(browser, served, query) as page:
        expect(page.locator("#address-note")).to_contain_text("The address was read in part")
        assert page.get_attribute("html", "data-game") == "ready"
        assert (page.input_value("#seed"), page.input_value("#speed")) == ("", "1")


def test_the_address_follows_the_visitor_and_the_visitor_the_address(
    browser: Browser, served: Served
) -> None:
    with at(browser, served, "?study=7") as page:
        player = Player(page)
        player.choose("Taxi", seed=5, speed="2")
        assert asked(page) == "?study=7&env=Taxi&seed=5&speed=2"
        player.choose("Pond")
        page.go_back()
        expect(page.locator("#title")).to_have_text("Taxi", timeout=DEADLINE)
        player.wait_for("ready")
        page.evaluate("location.hash = 'Duet'")
        expect(page.locator("#title")).to_have_text("Duet", timeout=DEADLINE)
        player.wait_for("ready")
        page.evaluate("location.hash = '50%'")
        expect(page.locator("#title")).to_have_text("Duet")


def test_the_link_can_be_copied(browser: Browser, served: Served) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with at(browser, served, "?env=Taxi", permissions=permissions) as page:
        page.locator("#seed").fill("12")
        page.locator("#copy-link").click()
        expect(page.locator("#copied")).to_have_text("Link copied.", timeout=DEADLINE)
        held = page.evaluate("navigator.clipboard.readText()")
        assert held == served.url + "?env=Taxi&seed=12"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_short_seed_moves_nothing_below(browser: Browser, served: Served, width: int) -> None:
    viewport = {"width": width, "height": 900}
    with at(browser, served, "?env=Taxi&seed=2147483647", viewport=viewport) as page:
        expect(page.locator("#seed-now")).to_have_text("2147483647")
        place = page.locator("#copy-link").bounding_box()
        page.locator("#seed").fill("1")
        page.locator("#seed").press("Tab")
        expect(page.locator("#seed-now")).to_have_text("1", timeout=DEADLINE)
        assert page.locator("#copy-link").bounding_box() == place


def test_dev_opens_what_is_for_developers(browser: Browser, served: Served, linked: Page) -> None:
    with at(browser, served, "?dev") as page:
        for id in ("#pause-now", "#run-check", "#rate", "#log"):
            expect(page.locator(id)).to_be_visible()
    for id in ("#pause-now", "#run-check", "#rate", "#log", "#step-now", "#last"):
        expect(linked.locator(id)).to_be_hidden()


def test_an_embedded_game_is_alone_in_its_frame(browser: Browser, serve_changed: Serve) -> None:
    edits = {"host.html": HOST}
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        page = context.new_page()
        page.goto(served.url + "host.html")
        frame = page.frame_locator("iframe")
        frame.locator("html[data-game=ready]").wait_for(state="attached", timeout=60_000)
        for id in ("header", ".chooser", ".side", "footer", "#developers", "#menu"):
            expect(frame.locator(id)).to_be_hidden()
        frame.locator("#start").click()
        frame.locator("html[data-game=waiting]").wait_for(state="attached", timeout=DEADLINE)
        inside = page.frames[-1]
        assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight")
        for id in ("#canvas", "#pad", "#game-state", "#toggle"):
            expect(frame.locator(id)).to_be_visible()
        page.keyboard.press("ArrowUp")
        expect(frame.locator("#step")).to_have_text("1", timeout=DEADLINE)
