"""Environments whose agents take turns, asked from the page."""

import asyncio

import pytest
from gymworker.errors import RemoteError
from gymworker.page.game_fields import PlayState

from tests.loopback import Lab, on_virtual_time

NIM = "from tests.unit.turnbased import Nim as Environment\n\nenv = Environment()\n"
GAME = NIM + 'policies = {"bob": lambda obs: min(obs, 2)}\n'


@on_virtual_time
async def test_a_step_is_of_whoever_has_the_turn(lab: Lab) -> None:
    worker = lab.worker()
    env = await worker.init_env(NIM)
    assert (env.kind, env.agents) == ("aec", ["ann", "bob"])
    assert env.action_space["bob"].start == 1
    result = await worker.reset(seed=1)
    assert (result.agent, result.obs) == ("ann", {"ann": 5})
    result = await worker.step(2)
    assert (result.agent, result.obs) == ("bob", {"bob": 3})
    assert result.rewards == {"ann": 0.0, "bob": 0.0}
    result = await worker.step({"bob": 2})
    assert (result.agent, result.obs) == ("ann", {"ann": 1})
    result = await worker.step(1)
    assert result.agent is None
    assert result.rewards == {"ann": 1.0, "bob": -1.0}
    assert result.terminateds == {"ann": True, "bob": True}
    assert result.render_state == ""
    with pytest.raises(RemoteError, match="it is nobody's turn: reset the environment first"):
        await worker.step(1)


@on_virtual_time
async def test_a_sample_is_what_whoever_has_the_turn_may_do(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(NIM)
    with pytest.raises(RemoteError, match="nobody's turn"):
        await worker.sample()
    for seed in range(20):
        result = await worker.reset(seed=seed)
        while result.agent is not None:
            result = await worker.step(await worker.sample())
        assert sorted(result.rewards.values()) == [-1.0, 1.0]
    await worker.reset()
    assert await worker.sample(agent="bob", seed=3) in (1, 2)


@on_virtual_time
async def test_a_batch_of_turns(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(NIM)
    await worker.reset()
    steps = [{"op": "step", "params": {"actions": action}} for action in (2, 2, 1)]
    results = await worker.batch(steps)
    assert [result.agent for result in results] == ["bob", "ann", None]
    assert [result.obs for result in results] == [{"bob": 3}, {"ann": 1}, {"bob": 0, "ann": 0}]


@on_virtual_time
async def test_an_environment_without_turns_says_nothing_of_them(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env("import gymnasium\nenv = gymnasium.make('CartPole-v1')\n")
    result = await worker.reset(seed=1)
    assert set(result.fields) == {"obs", "infos", "render_state"}
    game = await worker.play(seats="random", paused=True)
    assert game.state is not None
    assert game.state.agent is None
    assert "agent" not in game.state.fields


@on_virtual_time
async def test_the_page_hears_whose_turn_it_is_and_what_was_refused(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(GAME)
    await worker.reset()
    states: list[PlayState] = []
    labels = {2: "Two"}
    game = await worker.play(
        action_mapping={"1": 1, "2": 2}, labels=labels, on_state=states.append, num_episodes=1
    )
    assert game.state is not None
    assert (game.state.agent, game.state.refused) == ("ann", None)
    for key in ("2", "2", "1"):
        game.press(key)
        game.release(key)
        await asyncio.sleep(1)
    refused = [state.refused for state in states if state.refused]
    assert refused
    assert {(item.agent, item.action, item.label) for item in refused} == {("ann", 2, "Two")}
    last = await game.finished()
    assert (last.returns, last.refused) == ({"ann": 1.0, "bob": -1.0}, None)
