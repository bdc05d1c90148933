"""What an environment returns and prints is shown; a frame that is none ends the game, once."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from gymserver.site import ROOT
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player

FILE = "envs/cartpole.py"
ODD = """
import logging
import sys
import numpy
from gymnasium import Wrapper

logging.basicConfig(level=logging.INFO)


class Odd(Wrapper):
    steps = 0
    render_mode = "rgb_array"

    def reset(self, **given):
        sys.stderr.write("\\r  0%|   |")
        sys.stderr.write("\\r 50%|## |")
        print("waiting for", end=" ", flush=True)
        logging.getLogger("odd").info("the reset")
        logging.getLogger("odd").critical("it is late")
        print("\\x1b[31mred\\x1b[0m ink")
        return self.env.reset(**given)

    def step(self, action):
        self.steps += 1
        if self.steps == {fails_at}:
            print("the last words", end="")
            raise RuntimeError("it is over")
        obs, reward, *rest, info = self.env.step(action)
        rewards = [float("nan"), float("inf"), None]
        odd = {{"none": None, "huge": 10**400, "object": object(), 3: (1,)}}
        return obs, {reward}, *rest, odd

    def render(self):
        return {frame}


env = Odd(env)
"""


@contextmanager
def playing(
    browser: Browser,
    serve_changed: Serve,
    reward: str = "reward",
    frame: str = "self.env.render()",
    fails_at: int = -1,
) -> Iterator[Player]:
    """A visitor at CartPole, which is odd."""
    code = (ROOT / "web" / FILE).read_text("utf-8")
    code += ODD.format(reward=reward, frame=frame, fails_at=fails_at)
    with serve_changed({FILE: code}) as served, watched(browser, served.url) as context:
        yield Player(open_page(context, served.url, "done"))


@pytest.mark.parametrize(("reward", "shown"), [("float('nan')", "nan"), ("float('inf')", "∞")])
def test_a_reward_that_is_no_finite_number_is_shown(
    browser: Browser, serve_changed: Serve, reward: str, shown: str
) -> None:
    with playing(browser, serve_changed, reward) as player:
        player.follow_steps()
        player.start()
        expect(player.page.locator("#score")).to_have_text(shown, timeout=DEADLINE)
        expect(player.page.locator("#last-reward")).to_have_text(shown, timeout=DEADLINE)
        expect(player.page.locator("#last-info")).to_contain_text("none: None")
        expect(player.page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
        assert player.page.is_hidden("#failure")


@in_chromium
@pytest.mark.parametrize("reward", ["None", "'much'", "1j", "{'left': 1.0}"])
def test_a_reward_that_is_no_number_ends_the_game_with_a_sentence(
    browser: Browser, serve_changed: Serve, reward: str
) -> None:
    with playing(browser, serve_changed, reward) as player:
        player.start_and_fail()
        title = player.page.locator("#failure-title")
        expect(title).to_contain_text("expected a reward that is a number, got ")


def test_what_is_printed_appears_as_in_a_terminal(browser: Browser, serve_changed: Serve) -> None:
    with playing(browser, serve_changed, fails_at=5) as player:
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
@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ("numpy.zeros((4, 6, 3))", "got float64 (4, 6, 3): return (255 * frame)"),
        ("'a picture'", "text needs the render_mode 'ansi'"),
        ("numpy.zeros((4, 6), 'uint8')", "repeat its one channel"),
        ("{'width': 99999, 'height': 9, 'game_state_objects': []}", "got 99999 x 9"),
        ("{'width': 9, 'height': 9, 'game_state_objects': [{'object_type': 'star'}]}", "'star'"),
    ],
)
def test_a_frame_that_cannot_be_painted_ends_the_game_once(
    browser: Browser, serve_changed: Serve, frame: str, words: str
) -> None:
    frame = f"self.env.render() if self.steps < 4 else {frame}"
    with playing(browser, serve_changed, frame=frame) as player:
        page = player.page
        player.start_and_fail()
        expect(page.locator("#failure-title")).to_contain_text(words)
        expect(page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
        assert "cannot be painted" not in page.inner_text("#log")
        _, text = player.save("#save-jsonl")
        record = json.loads(text.splitlines()[1])
        assert record["ended"] == "error"
        assert record["steps"] >= 4
        assert re.search(r"\d", page.inner_text("#seed-now"))
