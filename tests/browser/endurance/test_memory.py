"""A tab after 200 episodes of each environment holds as much memory as after 20.

Chance plays, as fast as it goes, in short episodes: six environments, one after the other, in one
tab, 20 episodes each and then 180 more. What is compared is measured in the same way: the game
paused, all garbage collected, and the least of several looks, since the browser gives pages back
when it likes.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Playwright

from tests.browser import browsers
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import Player

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux"),
]

ENVIRONMENTS = ["CartPole", "MountainCar", "FrozenLake", "Taxi", "Pond", "Duet"]
FILES = ["cartpole", "mountain_car", "frozen_lake", "taxi", "pond", "duet"]

FIRST, LAST = 20, 200
MOST = 1.05

REST = {"all": 0.0, "buffers": 0.25}
"""MB that may be under way, in messages: all buffers are less than a MB, a frame has 0.72."""

SHORT = "\nplay |= {{'fps': 1000, 'max_steps': {steps}, 'wait_on_player': False}}\n"
DEADLINE = 90_000
"""Milliseconds for the episodes of one environment."""

MEMORY = ("Pss_Anon:", "Pss_Shmem:")
"""What counts."""

LOOKS, BETWEEN = 40, 0.5
"""Measurements, and the seconds between two of them: the last big block goes within 15 s."""


class Tab:
    """The renderer of a page, which its worker lives in too."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._page = page
        self._browser = browser.new_browser_cdp_session()
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._pid = max(self._renderers(), key=_memory)

    def _renderers(self) -> list[int]:
        found = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        return [process["id"] for process in found if process["type"] == "renderer"]

    def measure(self) -> dict[str, float]:
        """What it holds without its garbage, in MB: `all` of it, and the page's `buffers`."""
        least, buffers = 1e9, 1e9
        for _ in range(LOOKS):
            self._page.evaluate("gc({ type: 'major' })")
            for worker in self._page.workers:
                worker.evaluate("gc({ type: 'major' })")
            self._cdp.send("Memory.simulatePressureNotification", {"level": "critical"})
            time.sleep(BETWEEN)
            least = min(least, _memory(self._pid))
            usage = self._cdp.send("Runtime.getHeapUsage")
            buffers = min(buffers, usage["backingStorageSize"] / 1e6)
        return {"all": least, "buffers": buffers}


def _memory(pid: int) -> float:
    """The memory of a process, in MB; what it shares counts for its part.

    Without pages of files: the browser's program counts for more when another browser ends.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(MEMORY)) / 1024


@pytest.fixture(scope="module")
def found(serve_changed: Serve, playwright: Playwright) -> Iterator[list[dict[str, float]]]:
    """What the tab held after 20 and after 200 episodes of each environment."""
    web = Path(__file__).parents[3] / "web" / "envs"
    edits = {
        f"envs/{file}.py": (web / f"{file}.py").read_text("utf-8")
        + SHORT.format(steps=5 if file == "pond" else 10)
        for file in FILES
    }
    browser = browsers.launch(playwright, "chromium", ["--js-flags=--expose-gc"])
    try:
        with serve_changed(edits) as served, watched(browser, served.url) as context:
            page = open_page(context, served.url, "done")
            tab = Tab(browser, page)
            found = []
            for count in (FIRST, LAST - FIRST):
                for name in ENVIRONMENTS:
                    play(Player(page), name, count)
                found.append(tab.measure())
            yield found
    finally:
        browser.close()


def play(player: Player, name: str, count: int) -> None:
    """Lets chance play some episodes in an environment, and pauses."""
    page = player.page
    player.choose(name)
    for seat in range(page.locator("#seats select").count()):
        player.sit("random", seat)
    page.locator("#start").click()
    page.wait_for_function(
        "count => Number(document.querySelector('#episode').textContent) > count",
        arg=count,
        timeout=DEADLINE,
    )
    page.locator("#toggle").click()
    player.wait_for("paused", "resting")  # the latter where an episode had just ended


@pytest.mark.parametrize("what", ["all", "buffers"])
def test_a_tab_holds_as_much_after_200_episodes_of_each_as_after_20(
    found: list[dict[str, float]], what: str
) -> None:
    before, after = found
    assert after[what] <= MOST * before[what] + REST[what], found
