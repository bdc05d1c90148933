"""Environments that are made by the page, and what it learns of them."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import RemoteError

from tests.loopback import Lab, on_virtual_time

FIRST = """
import gymnasium

class First(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Box(-1, float("inf"), (3,))
    metadata = {"render_fps": 12, "tool": object()}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 0.0, False, False, {}

env = First()
play = {"action_mapping": {"ArrowLeft": 0, "ArrowRight": 1}}
"""

PAIR = """
from gymnasium.spaces import Discrete

class Pair:
    possible_agents = agents = ["a", 1]
    def reset(self, seed=None, options=None): return {}, {}
    def step(self, actions): return {}, {}, {}, {}, {}
    spaces = {"a": Discrete(2), 1: Discrete(5, start=10)}
    def action_space(self, agent): return self.spaces[agent]

env = Pair()
"""


@on_virtual_time
async def test_an_environment_introduces_itself_to_the_page(lab: Lab) -> None:
    worker = lab.worker()
    assert worker.env is None
    env = await worker.init_env(FIRST)
    assert worker.env is env
    assert (env.kind, env.spec, env.render_mode, env.agents) == ("gymnasium", None, None, [])
    assert env.metadata == {"render_fps": 12}, "what cannot cross stays behind"
    assert (env.action_space.type, env.action_space.n, env.action_space.start) == ("Discrete", 2, 0)
    space = env.observation_space
    assert (space.type, space.shape, space.dtype) == ("Box", (3,), "float32")
    assert (space.low.tolist(), space.high.tolist()) == ([-1.0] * 3, [float("inf")] * 3)
    assert [(control.keys, control.action) for control in env.keys] == [
        (["ArrowLeft"], 0),
        (["ArrowRight"], 1),
    ]
    with pytest.raises(RemoteError):
        await worker.init_env("1 / 0")
    assert worker.env is env
    worker.destroy()


@on_virtual_time
async def test_an_environment_without_render_is_reset_and_stepped(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(FIRST)
    assert (await worker.reset()).render_state is None
    assert (await worker.step(0)).render_state is None
    assert (await worker.render()).render_state is None
    game = await worker.play(fps=30, max_steps=3, num_episodes=1)
    assert (await game.finished()).state == "ended"
    worker.destroy()


@on_virtual_time
async def test_an_environment_is_made_by_its_id(lab: Lab) -> None:
    worker = lab.worker()
    env = await worker.make("CartPole-v1", max_episode_steps=2)
    assert (env.spec, env.metadata["render_fps"]) == ("CartPole-v1", 50)
    await worker.reset(seed=1)
    assert not (await worker.step(0)).truncateds
    assert (await worker.step(1)).truncateds
    with pytest.raises(RemoteError, match=r"CartPol"):
        await worker.make("CartPol-v1")
    assert worker.env is env
    worker.destroy()


@on_virtual_time
async def test_an_environment_of_pettingzoo_is_made_by_its_module(lab: Lab) -> None:
    worker = lab.worker()
    env = await worker.make("pettingzoo.classic.connect_four_v3", render_mode="rgb_array")
    assert (env.kind, env.agents) == ("aec", ["player_0", "player_1"])
    assert env.render_mode == "rgb_array"
    env = await worker.make("pettingzoo.butterfly.knights_archers_zombies_v11", max_cycles=9)
    assert env.kind == "parallel", "where there is a choice"
    with pytest.raises(RemoteError, match=r"There_is_none|there_is_none"):
        await worker.make("pettingzoo.classic.there_is_none_v3")
    worker.destroy()


@on_virtual_time
async def test_people_act_without_keys(lab: Lab) -> None:
    worker = lab.worker()
    await worker.make("pettingzoo.classic.connect_four_v3")
    agents: dict[str, Any] = {"player_0": {}, "player_1": {}}
    game = await worker.play(agents=agents, seed=1, max_steps=4, num_episodes=1)
    assert (game.controls, game.state and game.state.state) == ([], "waiting")
    for column in (3, 3, {"player_0": 2}, 2):
        state = await game.act(column)
        assert state.state in ("waiting", "ended")
        await asyncio.sleep(0.1)
    assert (await game.finished()).step == 4
    with pytest.raises(RemoteError, match="the game has ended"):
        await game.act(3)
    worker.destroy()


@on_virtual_time
async def test_actions_are_sampled_and_seeded(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(FIRST)
    first = [await worker.sample(seed=3)] + [await worker.sample() for _ in range(9)]
    again = [await worker.sample(seed=3)] + [await worker.sample() for _ in range(9)]
    assert first == again
    assert set(first) == {0, 1}
    worker.destroy()


@on_virtual_time
async def test_agents_have_spaces_and_samples_of_their_own(lab: Lab) -> None:
    worker = lab.worker()
    env = await worker.init_env(PAIR)
    assert (env.kind, env.agents) == ("parallel", ["a", 1])
    assert {agent: space.n for agent, space in env.action_space.items()} == {"a": 2, 1: 5}
    actions: dict[Any, Any] = await worker.sample()
    assert list(actions) == ["a", 1]
    assert 10 <= await worker.sample(1) < 15
    with pytest.raises(RemoteError, match=r"no agent 'b'; it has \['a', 1\]"):
        await worker.sample("b")
    worker.destroy()


@pytest.mark.parametrize(
    ("name", "action", "problem"),
    [
        ("CartPole-v1", 7, r"expected the page to give an action of Discrete\(2\), got int 7"),
        ("CartPole-v1", "left", r"an action of Discrete\(2\), got str 'left'"),
        ("CartPole-v1", None, r"an action of Discrete\(2\), got NoneType None"),
        (
            "Pendulum-v1",
            [3.0],
            r"an action of Box\(-2.0, 2.0, .*, got list \[3.0\]: keep it within",
        ),
        ("Pendulum-v1", [0.0, 0.0], r"an action of Box\(-2.0, 2.0, \(1,\), float32\), got list"),
        ("pettingzoo.classic.tictactoe_v3", 9, r"Discrete\(9\) for agent 'player_2', got int 9"),
        ("pettingzoo.classic.tictactoe_v3", {"player_2": -1}, "for agent 'player_2', got int -1"),
        (
            "pettingzoo.butterfly.knights_archers_zombies_v11",
            {"archer_0": 5, "archer_1": 6, "knight_0": 0, "knight_1": 0},
            r"Discrete\(6\) for agent 'archer_1', got int 6",
        ),
    ],
)
@on_virtual_time
async def test_an_action_that_is_none_is_told_and_nothing_is_stepped(
    lab: Lab, name: str, action: Any, problem: str
) -> None:
    worker = lab.worker()
    await worker.make(name)
    await worker.reset(seed=1)
    if "tictactoe" in name:
        await worker.step(0)
    hash = await worker.compute_hash()
    with pytest.raises(RemoteError, match=problem):
        await worker.step(action)
    assert await worker.compute_hash() == hash
    good = await worker.sample(seed=1)
    for _ in range(2):
        await worker.step(good)
        if "tictactoe" in name:
            break
    worker.destroy()


@on_virtual_time
async def test_lists_and_other_numbers_are_actions_too(lab: Lab) -> None:
    worker = lab.worker()
    await worker.make("Pendulum-v1")
    await worker.reset(seed=1)
    for action in ([1], [0.5], [-2.0]):
        assert (await worker.step(action)).rewards < 0
    worker.destroy()
