"""What an environment returns and prints is shown; a frame that is none ends the game, once."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from gymserver.site import ROOT
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

FILE = "envs/cartpole.py"

# Rewards and frames, as the environment evaluates them, and what is to be seen of them.
NOT_FINITE = [("float('nan')", "nan"), ("float('inf')", "∞")]
OF_ANY_KIND = [
    ("[1.0, -0.25]", r"\[\d+, -\d+(\.\d\d)?\]", "[1.0000, -0.2500]"),
    ("numpy.array([0.5, 2], 'float32')", r"\[\d+(\.\d\d)?, \d+\]", "[0.5000, 2.0000]"),
    ("None", "0", "None"),
    ("numpy.int8(2)", r"\d+", "2"),
    ("True", r"\d+", "True"),
]
NO_NUMBERS = ["'much'", "1j", "{'left': 1.0}"]
NO_FRAMES = [
    ("numpy.full((4, 6, 3), 2.0)", "got float64 (4, 6, 3) with values from 2 to 2: floats"),
    ("'a picture'", "text needs the render_mode 'ansi'"),
    ("numpy.zeros((4, 6, 2), 'uint8')", "got uint8 (4, 6, 2)"),
    ("{'width': 99999, 'height': 9, 'game_state_objects': []}", "got 99999 x 9"),
    ("{'width': 9, 'height': 9, 'game_state_objects': [{'object_type': 'star'}]}", "'star'"),
]

# Which of them it is, the seed says.
REWARDS = dict(enumerate([odd for odd, *_ in [*NOT_FINITE, *OF_ANY_KIND]] + NO_NUMBERS))
FRAMES = dict(enumerate([odd for odd, _ in NO_FRAMES], len(REWARDS)))
SEEDS = {odd: seed for seed, odd in (REWARDS | FRAMES).items()}
RAISES = len(SEEDS)
"""The seed whose fifth step raises an exception."""

ODD = """
import logging
import sys
import numpy
from gymnasium import Wrapper

logging.basicConfig(level=logging.INFO)
REWARDS, FRAMES = {rewards}, {frames}


class Odd(Wrapper):
    render_mode = "rgb_array"

    def reset(self, **given):
        self.steps, self.case = 0, given.get("seed")
        sys.stderr.write("\\r  0%|   |")
        sys.stderr.write("\\r 50%|## |")
        print("waiting for", end=" ", flush=True)
        logging.getLogger("odd").info("the reset")
        logging.getLogger("odd").critical("it is late")
        print("\\x1b[31mred\\x1b[0m ink")
        return self.env.reset(**given)

    def step(self, action):
        self.steps += 1
        if self.steps == 5 and self.case == {raises}:
            print("the last words", end="")
            raise RuntimeError("it is over")
        obs, reward, *rest, info = self.env.step(action)
        odd = {{"none": None, "huge": 10**400, "object": object(), 3: (1,)}}
        return obs, eval(REWARDS.get(self.case, "reward")), *rest, odd

    def render(self):
        frame = FRAMES.get(self.case) if self.steps >= 4 else None
        return eval(frame) if frame else self.env.render()


env = Odd(env)
"""


@pytest.fixture(scope="module")
def changed(serve_changed: Serve) -> Iterator[Served]:
    code = (ROOT / "web" / FILE).read_text("utf-8")
    code += ODD.format(rewards=REWARDS, frames=FRAMES, raises=RAISES)
    with serve_changed({FILE: code}) as served:
        yield served


@pytest.fixture(scope="module")
def player(browser: Browser, changed: Served) -> Iterator[Player]:
    with watched(browser, changed.url) as context:
        page = open_page(context, changed.url, "done")
        page.on("dialog", lambda dialog: dialog.accept())
        yield Player(page)


def choose(player: Player, odd: str) -> None:
    """Chooses CartPole with this reward or frame, on a page as good as new."""
    page = player.page
    page.evaluate("document.querySelector('#last').open = false")
    player.choose("CartPole", seed=SEEDS[odd])
    if page.is_enabled("#throw-away"):
        page.locator("#throw-away").click()
    expect(page.locator("#recorded")).not_to_contain_text("CartPole", timeout=DEADLINE)


@in_chromium
@pytest.mark.parametrize(("reward", "shown"), NOT_FINITE)
def test_a_reward_that_is_no_finite_number_is_shown(
    player: Player, reward: str, shown: str
) -> None:
    choose(player, reward)
    player.follow_steps()
    player.start()
    expect(player.page.locator("#score")).to_have_text(shown, timeout=DEADLINE)
    expect(player.page.locator("#last-reward")).to_have_text(shown, timeout=DEADLINE)
    expect(player.page.locator("#last-info")).to_contain_text("none: None")
    expect(player.page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
    assert player.page.is_hidden("#failure")


@in_chromium
@pytest.mark.parametrize(("reward", "score", "last"), OF_ANY_KIND)
def test_a_reward_of_any_kind_is_shown_and_recorded(
    player: Player, reward: str, score: str, last: str
) -> None:
    choose(player, reward)
    page = player.page
    player.follow_steps()
    player.start()
    expect(page.locator("#last-reward")).to_have_text(last, timeout=DEADLINE)
    expect(page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
    assert re.fullmatch(score, page.inner_text("#score"))
    assert re.fullmatch(score, page.inner_text("#return-now"))
    _, text = player.save("#save-csv")
    cell = {"[": ',"[', "N": ",null,", "2": ",2.0,", "T": ",1.0,"}[last[0]]
    assert cell in text.splitlines()[-1]
    assert page.is_hidden("#failure")


@in_chromium
@pytest.mark.parametrize("reward", NO_NUMBERS)
def test_a_reward_that_is_no_number_ends_the_game_with_a_sentence(
    player: Player, reward: str
) -> None:
    choose(player, reward)
    player.start_and_fail()
    title = player.page.locator("#failure-title")
    expect(title).to_contain_text("expected a reward that is a number, a list or array")


def test_what_is_printed_appears_as_in_a_terminal(browser: Browser, changed: Served) -> None:
    with watched(browser, changed.url) as context:
        player = Player(open_page(context, f"{changed.url}?seed={RAISES}", "done"))
        log = player.page.locator("#log")
        expect(log).to_contain_text("error:  50%|## |", timeout=DEADLINE)
        lines = player.page.inner_text("#log").split("\n")
        assert lines.index("error:  50%|## |") < lines.index("INFO:odd:the reset")
        assert "critical: CRITICAL:odd:it is late" in lines
        assert "waiting for red ink" in lines
        assert not [line for line in lines if "0%|   |" in line and "50" not in line]
        player.start_and_fail()
        expect(log).to_contain_text("the last words", timeout=DEADLINE)


@in_chromium
@pytest.mark.parametrize(("frame", "words"), NO_FRAMES)
def test_a_frame_that_cannot_be_painted_ends_the_game_once(
    player: Player, frame: str, words: str
) -> None:
    choose(player, frame)
    page = player.page
    player.start_and_fail()
    expect(page.locator("#failure-title")).to_contain_text(words)
    expect(page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
    assert "cannot be painted" not in page.inner_text("#log")
    _, text = player.save("#save-jsonl")
    record = json.loads(text.splitlines()[1])
    assert record["ended"] == "error"
    assert record["steps"] >= 4
    assert page.inner_text("#seed-now") == str(SEEDS[frame])
