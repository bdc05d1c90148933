"""Environment code that does not end, or takes its time: the page says so, and offers a way out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gymserver.app import create_app
from tests.browser.browsers import in_chromium
from tests.browser.conftest import MakeSite, Serve
from tests.browser.pages import BOOT_DEADLINE, open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import serving

pytestmark = in_chromium

IMPATIENT = ("PyodideWorker(", "PyodideWorker(timeout=5, ")
"""What main.py says, and what it says here: nobody waits half a minute in a test."""

CODE = """
import time

import gymnasium


class Counter(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(1000)
    render_mode = "ansi"
    steps = 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        {reset}
        return 0, {{}}

    def step(self, action):
        self.steps += 1
        if self.steps == 5:
            {step}
        return self.steps, 1.0, False, False, {{}}

    def render(self):
        return f"step {{self.steps}}"


{top}
env = Counter()
play = {{"action_mapping": {{"ArrowLeft": 0, "ArrowRight": 1}}, "default_action": 0, "fps": 20}}
"""
NEVER = "while True: pass"


def code(**faults: str) -> str:
    """Returns an environment that does something at `top`, in `reset` or in its fifth `step`."""
    return CODE.format(**{"top": "", "reset": "pass", "step": "pass", **faults})


@dataclass
class Author:
    """A player who can change the file of the environment that is named Pond.

    Attributes:
        player: at Taxi, in the beginning.
        file: of the environment.
    """

    player: Player
    file: Path

    @property
    def page(self) -> Page:
        """The page."""
        return self.player.page

    def open(self, text: str) -> None:
        """Saves the file and chooses the environment."""
        self.player.choose("Taxi")
        self.file.write_text(text, "utf-8")
        self.player.ask_for("Pond")

    def expect_hang(self) -> None:
        """Waits until the page says that the environment hangs."""
        expect(self.page.locator("#failure")).to_be_visible(timeout=DEADLINE)
        title = self.page.locator("#failure-title")
        expect(title).to_have_text("The environment hangs: it does not answer")
        assert self.page.get_attribute("html", "data-game") == "failed"

    def mend_and_restart(self) -> None:
        """Saves what is good and restarts; a new worker plays then."""
        before = self.page.workers
        self.file.write_text(code(), "utf-8")
        self.page.get_by_role("button", name="Try again in a fresh Python").click()
        self.player.wait_for("ready", timeout=BOOT_DEADLINE)
        assert self.page.is_hidden("#failure")
        while len(self.page.workers) > 1:  # a browser ends what hangs after two seconds
            self.page.wait_for_timeout(100)
        assert self.page.workers != before
        self.player.start()
        self.player.wait_for_steps(8)


@pytest.fixture(scope="module")
def author(browser: Browser, changed_site: MakeSite) -> Iterator[Author]:
    """An author on a page whose patience is short."""
    site = changed_site({"main.py": IMPATIENT})
    with serving(create_app(site=site)) as served, watched(browser, served.url) as context:
        player = Player(open_page(context, served.url + "#Taxi", "done"))
        yield Author(player, site.web / "envs" / "pond.py")


@pytest.mark.parametrize("place", ["top", "reset"])
def test_code_that_never_ends_when_it_is_made_is_noticed(author: Author, place: str) -> None:
    author.open(code(**{place: NEVER}))
    author.expect_hang()
    author.mend_and_restart()


def test_a_step_that_never_ends_while_the_game_runs_is_noticed(author: Author) -> None:
    author.open(code(step=NEVER))
    author.player.wait_for("ready")
    author.player.start()
    author.expect_hang()
    author.mend_and_restart()


def test_a_step_that_never_ends_while_the_game_is_paused_is_noticed(author: Author) -> None:
    author.open(code(step=NEVER))
    author.player.wait_for("ready")
    for _ in range(5):
        author.page.locator("#single").click()
    author.expect_hang()
    author.mend_and_restart()


def test_a_replay_that_never_ends_is_noticed(author: Author) -> None:
    author.open(code())
    author.player.wait_for("ready")
    author.player.start()
    author.player.wait_for_steps(8)
    author.page.locator("#reset").click()
    expect(author.page.locator("#recorded")).to_contain_text("Pond recorded", timeout=DEADLINE)
    _, recording = author.player.save("#save-jsonl")
    author.open(code(step=NEVER))
    author.player.wait_for("ready")
    author.player.drop(recording)
    author.expect_hang()
    expect(author.page.locator("#replayed")).to_have_text("The replay did not end.")
    author.mend_and_restart()


def test_another_environment_is_a_way_out_of_a_hang_too(author: Author) -> None:
    author.open(code(reset=NEVER))
    author.expect_hang()
    author.player.ask_for("MountainCar")
    author.player.wait_for("ready", timeout=BOOT_DEADLINE)
    assert author.page.is_hidden("#failure")
    author.player.wait_for_picture()  # the new worker has a canvas too
    author.player.start()
    author.player.wait_for_steps(5)


def slow(seconds: str) -> re.Pattern[str]:
    """Returns what the page says then; a busy machine leaves seconds out."""
    return re.compile(f"^Slow: no answer for {seconds} s$")


def test_a_slow_step_is_slow_and_the_game_goes_on(browser: Browser, serve_changed: Serve) -> None:
    edits = {"envs/pond.py": code(step="time.sleep(9)")}
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url + "#Pond", "done")
        player = Player(page)
        player.start()
        expect(page.locator("#slow")).to_have_text(slow("[3-5]"), timeout=DEADLINE)
        expect(page.locator("#game-state")).to_have_text("Slow")
        expect(page.locator("#slow")).to_have_text(slow("[6-8]"), timeout=DEADLINE)
        expect(page.locator("#slow")).to_be_hidden(timeout=DEADLINE)
        expect(page.locator("#game-state")).to_have_text("Playing")
        player.wait_for_steps(8)
        assert page.is_hidden("#failure")
        assert page.inner_text("#episode") == "1"
