"""What people hear who do not see: results, moves, and a boot in a few sentences."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

# What every live region of the page said, from the start.
LISTEN = """
window.heard = [];
document.addEventListener("DOMContentLoaded", () => {
  const live = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      if (region) window.heard.push(region.textContent.trim());
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
});
"""


def visit(context: object, url: str) -> Player:
    page: Page = context.new_page()  # type: ignore[attr-defined]
    page.goto(url)
    wait_for(page, "done")
    return Player(page)


def heard(player: Player) -> list[str]:
    return player.page.evaluate("heard")  # type: ignore[no-any-return]


def expect_heard(player: Player, text: str) -> None:
    player.page.wait_for_function(
        "text => heard.some((one) => one.includes(text))", arg=text, timeout=DEADLINE
    )


def test_the_boot_is_a_few_sentences(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        context.add_init_script(LISTEN)
        player = visit(context, served.url)
        expect_heard(player, "CartPole is ready")
        said = heard(player)
        assert len(said) <= 6, said
        assert re.fullmatch(r"(Loading|Starting) Python\.", said[0])  # as it is slow, or not


def test_moves_and_results_are_said_not_each_frame(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        context.add_init_script(LISTEN)
        player = visit(context, served.url + "?env=Taxi&seed=3")
        player.start()
        player.wait_for("waiting")
        player.page.keyboard.press("ArrowDown")
        expect_heard(player, "Step 1: ")
        assert any(re.search(r"Step 1: .+\. Reward -1\.", text) for text in heard(player))
        player.choose("CartPole")
        player.start()
        player.wait_for("resting")
        expect_heard(player, "Episode 1 is over. Score ")
        player.choose("MountainCar")
        player.start()
        before = len(heard(player))
        player.wait_for_steps(60)
        assert len(heard(player)) - before <= 2


def test_an_error_is_said_as_a_sentence_with_its_traceback_folded(
    browser: Browser, serve_changed: Serve
) -> None:
    edits = {"envs/taxi.py": "raise RuntimeError('no petrol')\n"}
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        context.add_init_script(LISTEN)
        player = visit(context, served.url)
        page = player.page
        page.get_by_role("radio", name="Taxi").dispatch_event("click")  # it fails at once
        player.wait_for("failed")
        expect(page.locator("#failure-what")).to_have_text(
            "Taxi has stopped: there is an error in its code."
        )
        expect(page.locator("#failure-title")).to_have_text("RuntimeError: no petrol")
        expect(page.locator("#error")).to_be_hidden()
        page.locator("#traceback summary").click()
        expect(page.locator("#error")).to_contain_text('File "envs/taxi.py", line 1')
        assert any("there is an error in its code" in text for text in heard(player))
        page.get_by_role("button", name="Choose another").click()
        assert page.evaluate("document.activeElement.name") == "environment"
        page.get_by_role("button", name="Try again in a fresh Python").click()
        expect(page.locator("#failure")).to_be_hidden()
        player.wait_for("failed", timeout=60_000)
