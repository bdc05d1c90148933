"""Environments whose agents take turns, as the worker steps them."""

from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Discrete, MultiDiscrete
from gymworker.errors import ProtocolError
from gymworker.worker.environment import Environment
from gymworker.worker.turns import allowed, is_allowed, mask_of, sampled
from pettingzoo.classic import connect_four_v3, rps_v2, tictactoe_v3
from pettingzoo.test import api_test
from pettingzoo.utils import aec_to_parallel, parallel_to_aec, wrappers

from tests.unit.turnbased import Nim, Relay


def taken(env: Any) -> Environment:
    environment = Environment()
    environment.take(env, {}, "")
    return environment


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("env", [Nim(), Relay(2)], ids=["nim", "relay"])
def test_the_environments_of_these_tests_are_what_pettingzoo_wants(env: Any) -> None:
    api_test(env, num_cycles=20)


def test_each_step_is_of_the_agent_whose_turn_it_is() -> None:
    environment = taken(Nim())
    turns: Any = environment.turns
    assert turns.agent is None
    obs, infos = environment.reset()
    assert [obs, turns.agent] == [{"ann": 5}, "ann"]
    assert infos["ann"]["action_mask"].tolist() == [1, 1]
    obs, rewards, terminateds, truncateds, infos = environment.step(2)
    assert [obs, turns.agent] == [{"bob": 3}, "bob"]
    assert rewards == {"ann": 0.0, "bob": 0.0}
    assert terminateds == truncateds == {"ann": False, "bob": False}
    assert set(infos) == {"ann", "bob"}


def test_agents_that_are_done_step_with_none_by_themselves() -> None:
    environment = taken(env := Nim())
    environment.reset()
    for action in (2, 2):
        environment.step(action)
    obs, rewards, terminateds, _, infos = environment.step({"ann": 1})
    assert env.taken == [("ann", 2), ("bob", 2), ("ann", 1), ("bob", None), ("ann", None)]
    assert obs == {"bob": 0, "ann": 0}
    assert rewards == {"ann": 1.0, "bob": -1.0}
    assert terminateds == {"ann": True, "bob": True}
    assert set(infos) == {"ann", "bob"}
    assert environment.acting() == environment.agents() == []


def test_an_agent_that_is_done_leaves_the_others_their_turns() -> None:
    environment = taken(env := Relay())
    environment.reset()
    environment.step(1)
    obs, rewards, _, truncateds, _ = environment.step(2)
    assert obs == {"runner_0": 2, "runner_1": 0}
    assert rewards == {"runner_0": 2.0, "runner_1": 0.0}
    assert truncateds == {"runner_0": True, "runner_1": False}
    assert environment.acting() == ["runner_1"]
    assert env.agents == ["runner_1"]


def test_what_was_told_stays_as_it_was() -> None:
    environment = taken(env := Nim())
    _, infos = environment.reset()
    env.infos["ann"]["action_mask"][0] = 0
    env.rewards["ann"] = 9.0
    assert infos["ann"]["action_mask"].tolist() == [1, 1]


@pytest.mark.parametrize("wrong", ["before", "after"])
def test_a_step_that_nobody_has_says_to_reset(wrong: str) -> None:
    environment = taken(Nim())
    if wrong == "after":
        environment.reset()
        for action in (2, 2, 1):
            environment.step(action)
    with pytest.raises(ProtocolError, match="it is nobody's turn: reset the environment first"):
        environment.step(1)


def test_an_action_of_another_agent_is_refused() -> None:
    environment = taken(env := Nim())
    environment.reset()
    with pytest.raises(ProtocolError, match="an action of 'ann', whose turn it is, not of 'bob'"):
        environment.step({"bob": 1})
    assert env.matches == 5


def test_an_environment_that_keeps_its_dead_says_what_is_expected() -> None:
    class Haunted(Nim):
        def step(self, action: Any) -> None:
            if action is not None:
                super().step(action)

    environment = taken(Haunted())
    environment.reset()
    for action in (2, 2):
        environment.step(action)
    with pytest.raises(TypeError, match="take 'bob', which is done, out of env.agents"):
        environment.step(1)


def by_hand(env: Any, actions: list[int]) -> list[Any]:
    """PettingZoo's own loop: each agent's return, and the observations that it saw."""
    env.reset(seed=4)
    left, seen = list(actions), []
    returns: dict[str, Any] = {}
    for agent in env.agent_iter():
        obs, reward, terminated, truncated, _ = env.last()
        returns[agent] = returns.get(agent, 0) + reward
        seen.append((agent, obs))
        env.step(None if terminated or truncated else left.pop(0))
    return [returns, seen]


def by_turns(env: Any, actions: list[int]) -> list[Any]:
    environment = taken(env)
    obs, _ = environment.reset(seed=4)
    returns: dict[str, Any] = {}
    seen = list(obs.items())
    for action in actions:
        obs, rewards, _, _, _ = environment.step(action)
        seen += obs.items()
        for agent, reward in rewards.items():
            returns[agent] = returns.get(agent, 0) + reward
    assert environment.acting() == []
    return [returns, seen]


GAMES: dict[str, tuple[Any, list[int]]] = {
    "connect four": (connect_four_v3, [0, 1, 0, 1, 0, 1, 0]),
    "connect four, an illegal move": (connect_four_v3, [3, 3, 3, 3, 3, 3, 3]),
    "tic-tac-toe": (tictactoe_v3, [0, 1, 4, 2, 8]),
    "tic-tac-toe, a draw": (tictactoe_v3, [0, 1, 2, 4, 3, 5, 7, 6, 8]),
    "rock paper scissors": (rps_v2, [0, 1] * 15),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", GAMES)
def test_games_of_pettingzoo_come_out_as_in_its_own_loop(name: str) -> None:
    module, actions = GAMES[name]
    wanted, found = by_hand(module.env(), actions), by_turns(module.env(), actions)
    assert found[0] == wanted[0]
    assert [agent for agent, _ in found[1]] == [agent for agent, _ in wanted[1]]
    for (_, ours), (_, theirs) in zip(found[1], wanted[1], strict=True):
        np.testing.assert_equal(ours, theirs)


@pytest.mark.filterwarnings("ignore")
def test_the_wrappers_of_pettingzoo_change_nothing() -> None:
    wrapped = wrappers.OrderEnforcingWrapper(wrappers.AssertOutOfBoundsWrapper(Nim()))
    assert by_turns(wrapped, [2, 1, 2]) == by_turns(Nim(), [2, 1, 2])
    there_and_back = parallel_to_aec(aec_to_parallel(rps_v2.env(max_cycles=3)))
    assert (
        by_turns(there_and_back, [0, 1] * 3)[0] == by_turns(rps_v2.env(max_cycles=3), [0, 1] * 3)[0]
    )


@pytest.mark.filterwarnings("ignore")
def test_a_game_of_turns_that_was_made_parallel_steps_all_at_once() -> None:
    environment = taken(aec_to_parallel(rps_v2.env(max_cycles=2)))
    environment.reset(seed=1)
    assert environment.turns is None
    assert environment.acting() == ["player_0", "player_1"]
    _, rewards, _, truncateds, _ = environment.step({"player_0": 0, "player_1": 1})
    assert rewards == {"player_0": -1, "player_1": 1}
    *_, truncateds, _ = environment.step({"player_0": 0, "player_1": 1})
    assert truncateds == {"player_0": True, "player_1": True}


MASK = np.array([0, 1, 0], np.int8)


def test_a_mask_stands_in_the_observation_or_the_info() -> None:
    assert mask_of({"action_mask": MASK}, {}) is MASK
    assert mask_of({"observation": 1}, {"action_mask": MASK}) is MASK
    assert mask_of(np.zeros(2), None) is None


def test_a_mask_says_which_actions_are_allowed() -> None:
    space, later = Discrete(3), Discrete(3, start=5)
    assert [is_allowed(action, MASK, space) for action in range(4)] == [False, True, False, True]
    assert [is_allowed(np.int64(action), MASK, later) for action in (5, 6)] == [False, True]
    assert is_allowed(0, None, space)
    assert is_allowed([1, 2], MASK, MultiDiscrete([2, 2]))
    assert (allowed(0, MASK, space), allowed(7, MASK, later)) == (1, 6)
    assert allowed(0, None, space) == 0
    assert {sampled(space, MASK) for _ in range(20)} == {1}
    assert len({sampled(space, None) for _ in range(50)}) == 3
