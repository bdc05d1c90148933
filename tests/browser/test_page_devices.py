"""Other ways to play: several pages at once, a tab that nobody sees."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Worker, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium


def test_three_games_run_on_three_pages_at_once(browser: Browser, served: Served) -> None:
    with watched(browser, served.url) as context:
        players = [Player(open_page(context, served.url, "done")) for _ in range(3)]
        for player, name in zip(players, ("MountainCar", "Pond", "Duet"), strict=True):
            player.page.bring_to_front()
            player.choose(name)
            for seat in range(player.page.locator("#seats select").count()):
                player.sit("random", seat)  # which needs no rest between its episodes
            player.page.locator("#start").click()
            player.wait_for("running")
        for player in players:
            player.page.bring_to_front()
            before = int(player.page.inner_text("#episode")), player.step
            player.page.wait_for_function(
                """([episode, step]) => Number(document.querySelector("#episode").textContent)
                  > episode || Number(document.querySelector("#step").textContent) > step + 20""",
                arg=list(before),
                timeout=DEADLINE,
            )
            assert player.page.get_attribute("html", "data-game") == "running"


# No browser without a window hides a page. These take from one what hiding takes: the worker's
# frames, which wait, and the page's timers, which come once a second.
WORKER = """
() => {
  const request = self.requestAnimationFrame.bind(self);
  self.waiting = null;
  self.requestAnimationFrame = (callback) =>
    self.waiting ? self.waiting.push(callback) : request(callback);
}
"""
HIDE_WORKER = "() => { self.waiting = []; }"
SHOW_WORKER = """
() => {
  const waiting = self.waiting;
  self.waiting = null;
  waiting.forEach((callback) => self.requestAnimationFrame(callback));
}
"""
HIDE_PAGE = """
() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  window.brisk = window.setTimeout;
  window.setTimeout = (callback, delay, ...rest) =>
    window.brisk(callback, Math.max(delay ?? 0, 1000), ...rest);
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
SHOW_PAGE = """
() => {
  delete document.hidden;
  window.setTimeout = window.brisk;
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


@pytest.fixture(scope="module")
def hideable(browser: Browser, served: Served) -> Iterator[tuple[Player, Worker]]:
    """A visitor whose page can be hidden, and the worker of that page."""
    with watched(browser, served.url) as context:
        page = context.new_page()
        with page.expect_worker() as started:
            page.goto(served.url)
        worker = started.value
        worker.evaluate(WORKER)
        wait_for(page, "done")
        yield Player(page), worker


def test_a_hidden_tab_does_not_stop_the_game(hideable: tuple[Player, Worker]) -> None:
    player, worker = hideable
    page = player.page
    player.choose("MountainCar")
    player.start()
    page.keyboard.down("ArrowRight")  # the picture changes with each step
    player.wait_for_steps(3)
    worker.evaluate(HIDE_WORKER)
    page.evaluate(HIDE_PAGE)
    hidden = time.monotonic()
    frame = player.resting_fingerprint()  # one may have been on its way
    player.wait_for_steps(60)
    assert 1.5 < time.monotonic() - hidden < 10, "60 steps of 30 a second take 2 s"
    assert player.fingerprint() == frame, "nobody sees it, so nothing is painted"
    worker.evaluate(SHOW_WORKER)
    page.evaluate(SHOW_PAGE)
    player.wait_for_another(frame)
    expect(page.locator("#game-state")).to_have_text("Playing")


def test_who_drew_is_said_once_the_display_wants_a_frame(hideable: tuple[Player, Worker]) -> None:
    player, worker = hideable
    page = player.page
    player.choose("Taxi")
    worker.evaluate(HIDE_WORKER)
    page.locator("#stock summary").click()
    page.locator("#stock-id").fill("CartPole-v1")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator("#title")).to_have_text("CartPole-v1", timeout=DEADLINE)
    player.wait_for("ready")
    expect(page.locator("#stand-in")).to_be_hidden()
    worker.evaluate(SHOW_WORKER)
    expect(page.locator("#stand-in")).to_be_visible(timeout=DEADLINE)
