"""axe-core finds nothing, in any state, in three widths, both schemes and forced colours."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import browsers
from tests.browser.conftest import Serve
from tests.browser.pages import BOOT_DEADLINE, open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

WIDTHS = (1280, 768, 360)
SCHEMES = ("light", "dark", "forced")
EDITS = {
    "envs/frozen_lake.py": "raise RuntimeError('no ice')\n",
    "envs/pond.py": "while True: pass\n",
}
# All rules for each width, and what colours can break for the other schemes too.
RUN = """
async (rules) => {
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { ...only, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 100)} ${node.failureSummary}`));
}
"""

PAINTS = """
() => new Promise((resolve) => {
  requestAnimationFrame(() => resolve(true));
  setTimeout(() => resolve(false), 20000);
})
"""


# A browser of its own: one that had tests for half an hour stopped painting in the midst of these,
# which change the size and the colours of a page a hundred times.
@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium."""
    browser = browsers.launch(playwright, "chromium", browsers.BRIEF)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(serve_changed: Serve) -> Iterator[Served]:
    """The site, with an environment that is broken and one that hangs."""
    with serve_changed(EDITS) as served:
        yield served


@pytest.fixture(scope="module")
def player(browser: Browser, site: Served) -> Iterator[Player]:
    """A visitor who looks at one state after the other."""
    with watched(browser, site.url) as context:
        yield Player(open_page(context, site.url, "done"))


def check(page: Page, schemes: tuple[str, ...] = SCHEMES) -> None:
    """Runs axe on what the page shows now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_FILE_PATH.read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for width, scheme in itertools.product(WIDTHS, schemes):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light",
            forced_colors="active" if scheme == "forced" else "none",
        )
        rules = [] if scheme == "light" else ["color-contrast"]
        for problem in page.evaluate(RUN, rules):
            found.setdefault(problem, []).append(f"{width} {scheme}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light", forced_colors="none")
    assert page.evaluate(PAINTS), "Chromium paints no more"
    assert found == {}


def test_ready_and_what_is_for_developers(player: Player) -> None:
    check(player.page)
    player.page.evaluate("document.querySelector('#developers').open = false")
    check(player.page, ("light",))
    player.open_developers()


def test_any_gymnasium_id(player: Player) -> None:
    page = player.page
    page.locator("#stock summary").click()
    page.locator("#stock-id").fill("CartPole")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator("#stock-problem")).to_be_visible()
    check(page)
    page.locator("#stock-list").select_option("Acrobot-v1")
    expect(page.locator("#title")).to_have_text("Acrobot-v1", timeout=DEADLINE)
    player.wait_for("ready")
    check(page)
    page.locator("#stock summary").click()


def test_armed_running_paused_and_the_question(player: Player) -> None:
    page = player.page
    player.choose("MountainCar", speed="0.25")
    page.locator("#start").click()
    player.wait_for("armed")
    check(page)
    page.locator("#stage").click()
    player.wait_for("running")
    check(page)
    page.locator("#toggle").click()
    player.wait_for("paused")
    check(page)
    page.get_by_role("radio", name="Taxi").dispatch_event("click")
    expect(page.locator("#ask")).to_be_visible(timeout=DEADLINE)
    check(page)
    page.locator("#ask-no").click()


def test_counting_and_a_rest(player: Player) -> None:
    page = player.page
    player.choose("CartPole")
    player.start()
    player.wait_for("resting")
    check(page)
    player.choose("Duet")
    page.evaluate("document.documentElement.dataset.game = 'counting'")
    check(page, ("light",))
    page.evaluate("document.documentElement.dataset.game = 'replay'")
    check(page, ("light",))


def test_waiting_for_a_move(player: Player) -> None:
    player.choose("Taxi")
    player.start()
    player.wait_for("waiting")
    check(player.page)


def test_failed_and_loading_without_an_end(player: Player) -> None:
    page = player.page
    player.ask_for("FrozenLake")
    player.wait_for("failed")
    page.locator("#traceback summary").click()
    check(page)
    player.ask_for("Pond")
    expect(page.locator("#slow")).to_be_visible(timeout=DEADLINE)
    check(page)
    page.locator("#cancel").click()
    player.wait_for("ready", timeout=BOOT_DEADLINE)


def test_booting(browser: Browser, site: Served) -> None:
    held: list[Any] = []
    cut_off = ["^failed: ", "Failed to load", "wasm instantiation failed", "could not be loaded"]
    with watched(browser, site.url, expected=cut_off) as context:
        context.route(re.compile(r"\.asm\.wasm"), lambda route: held.append(route))
        page = context.new_page()
        page.goto(site.url + "?env=Nowhere")
        expect(page.locator("#stages .on").first).to_be_visible(timeout=BOOT_DEADLINE)
        check(page)
        for route in held:
            route.abort()


def test_embedded(browser: Browser, site: Served) -> None:
    with watched(browser, site.url) as context:
        page = open_page(context, site.url + "?embed", "done")
        check(page)
        Player(page).start()
        check(page, ("light",))
