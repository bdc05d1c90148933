"""Rewards of all kinds: what is summed and recorded, and what is no reward."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gymworker.recording import header, read, write_csv, write_lines
from gymworker.worker.environment import Environment
from gymworker.worker.rewards import added, by_agent, plain

from tests.loopback import Lab, on_virtual_time

NUMBERS = [2, 2.0, np.float32(2), np.array(2), np.int8(2), np.array([2]), [2], np.array([[2]])[0]]


@pytest.mark.parametrize("value", [*NUMBERS, np.float64(2), Fraction(4, 2), Decimal(2)])
def test_a_number_of_any_kind_is_a_float(value: Any) -> None:
    assert plain(value) == 2.0
    assert type(plain(value)) is float


def test_bools_and_numbers_of_any_size_are_floats() -> None:
    for flag in (True, np.True_):
        assert (plain(flag), type(plain(flag))) == (1.0, float)
    assert plain(10**400) == float("inf")
    assert plain(-(10**400)) == float("-inf")


@pytest.mark.parametrize(
    "value", [[1, 2.5], (1, 2.5), np.array([1, 2.5], np.float32), [np.int8(1), np.float64(2.5)]]
)
def test_a_vector_is_a_list_of_floats(value: Any) -> None:
    assert plain(value) == [1.0, 2.5]
    assert {type(part) for part in plain(value)} == {float}


@pytest.mark.parametrize(
    ("value", "got"),
    [
        ("much", "got str 'much'"),
        ("1.5", "got str '1.5'"),
        (b"1", "got bytes b'1'"),
        (1j, "got complex 1j"),
        ([], "got list []"),
        ([1, "2"], "got list [1, '2']"),
        ([1, None], "got list [1, None]"),
        ({"left": 1.0}, "got dict {'left': 1.0}"),
        (np.zeros((2, 2)), r"got float64 (2, 2) array([[0., 0.],"),
        (np.array(["a", "b"]), "got <U1 (2,) array(['a', 'b']"),
        (np.zeros(0), "got float64 (0,)"),
        (object, "got type <class 'object'>"),
    ],
)
def test_what_is_no_reward_says_what_was_expected(value: Any, got: str) -> None:
    with pytest.raises(TypeError) as caught:
        plain(value)
    expected = "expected a reward that is a number, a list or array (n,) of numbers, or None, "
    assert str(caught.value).startswith(expected + got)


def test_rewards_by_agent_name_the_agent() -> None:
    assert by_agent({"a": 1, 2: None, "c": np.ones(2)}) == {"a": 1.0, 2: None, "c": [1.0, 1.0]}
    with pytest.raises(TypeError, match="got str 'much' for agent 'left'"):
        by_agent({"left": "much"})
    with pytest.raises(TypeError, match="expected rewards by agent, a dict such as .* got float 1"):
        by_agent(1.0)


def test_sums() -> None:
    assert added(added(added(0.0, 1.0), None), 2.5) == 3.5
    assert added(added(added(0.0, None), [1.0, 2.0]), [0.5, -2.0]) == [1.5, 0.0]
    assert added(0.0, None) == 0.0
    first = [1.0, 2.0]
    added(added(0.0, first), first)
    assert first == [1.0, 2.0], "what was recorded stays"
    for total, reward, words in (
        ([1.0, 2.0], [1.0, 2.0, 3.0], r"a reward of 2 numbers, .* got \[1.0, 2.0, 3.0\]"),
        ([1.0, 2.0], 1.0, "a reward of 2 numbers, as the rewards before it, got 1.0"),
        (1.0, [1.0, 2.0], r"a reward of one number, .* got \[1.0, 2.0\]"),
    ):
        with pytest.raises(TypeError, match=words):
            added(total, reward)


PLAYED = """
import numpy as np

class Played:
    action_space = None

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return 0, {}

    def step(self, action):
        self.steps += 1
        reward = REWARDS[self.steps - 1]
        return self.steps, reward, self.steps == len(REWARDS), False, {}

REWARDS = %s
env = Played()

def policy(obs):
    return 0
"""


async def play(lab: Lab, code: str) -> Any:
    """Plays one episode; returns the worker and the episode."""
    worker = lab.worker()
    await worker.init_env(code)
    episodes: list[Any] = []
    game = await worker.play(num_episodes=1, fps=60, on_episode=episodes.append)
    await game.finished()
    return worker, *episodes


@pytest.mark.parametrize(
    ("rewards", "returns", "recorded"),
    [
        ("[np.float32([1, -0.5]), np.float32([2, 0])]", [3.0, -0.5], [[1.0, -0.5], [2.0, 0.0]]),
        ("[[1, 2, 3], (0, 0, 1)]", [1.0, 2.0, 4.0], [[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]),
        ("[None, 2, None]", 2.0, [None, 2.0, None]),
        ("[None, None]", 0.0, [None, None]),
        ("[True, np.int8(3), np.array([0.5]), 1]", 5.5, [1.0, 3.0, 0.5, 1.0]),
        ("[np.array([np.nan, 1]), [1, np.inf]]", None, None),
    ],
)
@on_virtual_time
async def test_a_game_sums_and_records_them_and_the_files_replay(
    lab: Lab, rewards: str, returns: Any, recorded: Any
) -> None:
    worker, episode = await play(lab, PLAYED % rewards)
    if returns is not None:
        assert episode.returns == returns
    files = [(await worker.write_recording([episode], kind)).tobytes() for kind in ("jsonl", "csv")]
    for data in files:
        (record,) = read(data)
        if recorded is not None:
            assert record["rewards"] == recorded
        replayed = await worker.replay(data.decode())
        assert (replayed.episodes, replayed.difference) == (1, None)
    if recorded is not None:
        assert record_of(read(files[0]), write_csv) == record_of(read(files[1]), write_lines)
    worker.destroy()


def record_of(records: list[Any], write: Callable[..., str]) -> Any:
    """The rewards of a recording that was read and is written as the other kind of file."""
    return read(write(header("", {}, ""), records))[0]["rewards"]


def test_a_vector_is_readable_in_a_cell() -> None:
    record = {"seed": 1, "episode": 1, "flags": [], "checksums": [1, 2, 3], "times": [0.0, 1.0]}
    record.update({"actions": [0, 1], "rewards": [[1.0, -0.5], None], "formatVersion": 3})
    rows = write_csv(header("", {}, ""), [record]).splitlines()
    assert rows[-2].split(",", 5)[5].startswith('"[1.0,-0.5]",false')
    assert rows[-1].split(",")[5] == "null"


@on_virtual_time
async def test_a_replay_says_which_reward_differs(lab: Lab) -> None:
    worker, episode = await play(lab, PLAYED % "[[1, 2], [3, 4]]")
    await worker.init_env(PLAYED % "[[1, 2], [3, 5]]")
    difference = (await worker.replay([episode])).difference
    assert (difference.step, difference.field) == (2, "reward")
    assert (difference.expected, difference.got) == ([3.0, 4.0], [3.0, 5.0])
    worker.destroy()


@pytest.mark.parametrize(
    ("rewards", "words"),
    [
        ("[1, 'much']", "expected a reward that is a number, a list or array (n,) of numbers, or"),
        ("[1, {'left': 1}]", "got dict {'left': 1}"),
        ("[[1, 2], [1, 2, 3]]", "expected a reward of 2 numbers, as the rewards before it, got"),
    ],
)
@on_virtual_time
async def test_what_cannot_be_summed_ends_the_game_and_a_step_tells_it_as_it_is(
    lab: Lab, rewards: str, words: str
) -> None:
    worker = lab.worker()
    await worker.init_env(PLAYED % rewards)
    game = await worker.play(num_episodes=1, fps=60)
    with pytest.raises(Exception, match="TypeError") as caught:
        await game.finished()
    assert words in str(caught.value)
    await worker.reset()
    await worker.step(0)
    assert (await worker.step(0)).rewards == eval(rewards)[1]
    worker.destroy()


PAIR = """
class Pair:
    possible_agents = ["left", "right"]

    def reset(self, seed=None, options=None):
        self.agents = list(self.possible_agents)
        return dict.fromkeys(self.agents, 0), {}

    def step(self, actions):
        over = dict.fromkeys(self.agents, True)
        return dict.fromkeys(self.agents, 1), REWARDS, over, over, {}

REWARDS = {"left": [1, 2], "right": None}
env = Pair()

def policy(obs, agent):
    return 0
"""


@on_virtual_time
async def test_agents_may_have_rewards_of_different_kinds(lab: Lab) -> None:
    worker, episode = await play(lab, PAIR)
    assert episode.returns == {"left": [1.0, 2.0], "right": 0.0}
    (record,) = read((await worker.write_recording([episode], "csv")).tobytes())
    assert record["rewards"] == [{"left": [1.0, 2.0], "right": None}]
    assert (await worker.replay([episode])).episodes == 1
    worker.destroy()


def test_an_environment_hands_rewards_on_as_they_are() -> None:
    class Odd:
        def reset(self, **_: Any) -> Any:
            return 0, {}

        def step(self, action: Any) -> Any:
            return 0, np.array([1, 2], np.float32), False, False, {}

    environment = Environment()
    environment.take(Odd(), {}, "")
    reward = environment.step(0)[1]
    assert (reward.dtype, reward.tolist()) == (np.float32, [1.0, 2.0])
