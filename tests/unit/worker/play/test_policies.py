"""Policies: what they get, and that time and requests go on while one thinks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table, settings_of


def in_a_loop(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Runs an async test."""

    def run() -> None:
        asyncio.run(test())  # type: ignore[arg-type]

    run.__name__ = test.__name__
    return run


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_policy_gets_by_name_what_its_signature_asks_for() -> None:
    seen: list[Any] = []

    def left(obs: Any, start: bool, *, agent: Any, info: Any, other: int = 3) -> int:
        seen.append((agent, obs, info, start, other))
        return 0

    def right(obs: Any, **rest: Any) -> int:
        seen.append(rest)
        return 1

    class Told(Pair):
        def step(self, actions: Any) -> Any:
            *answer, infos = super().step(actions)
            return (*answer, {agent: {"n": self.n, "who": agent} for agent in infos})

    policies = {"policies": {"left": left, "right": right}}
    table = Table(Told(), policies, fps=10, seed=1, maxSteps=2).start()
    table.clock.pass_time(0.4)
    lefts = [item for item in seen if isinstance(item, tuple)]
    assert lefts[:2] == [
        ("left", (1, "left"), {}, True, 3),
        ("left", (1, 0), {"n": 1, "who": "left"}, False, 3),
    ]
    assert lefts[2][3] is True  # the next episode
    assert seen[1] == {"agent": "right", "info": {}, "start": True}


def test_a_policy_without_a_signature_gets_the_observation() -> None:
    table = Table(Counter(), {"policy": max}, fps=10, seed=1).start()
    table.clock.pass_time(0.2)
    assert table.env.actions == [1, 1]


def test_a_policy_that_asks_for_anything_else_is_refused() -> None:
    def policy(obs: Any, memory: Any) -> int:
        return 0

    with pytest.raises(ProtocolError, match=r"asks for 'memory'.* agent, info, start"):
        settings_of({}, Counter(), {"policy": policy})


def test_a_policy_that_is_no_function_is_none() -> None:
    with pytest.raises(ProtocolError, match="no keys are known"):
        settings_of({}, Counter(), {"policy": 5})


def test_a_policy_that_changes_what_it_gets_changes_nothing() -> None:
    class Arrays(Counter):
        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            return np.zeros(2), {"list": [0]}

        def step(self, action: Any) -> Any:
            super().step(action)
            return np.full(2, self.n), 0.0, False, False, {"list": [self.n]}

    def policy(obs: Any, info: Any) -> int:
        obs += 100
        info["list"].append("mine")
        return 1

    table = Table(Arrays(), {"policy": policy}, fps=10, steps=True).start()
    table.clock.pass_time(1)
    assert [list(t["obs"]) for t in table.transitions[:3]] == [[0, 0], [1, 1], [2, 2]]
    assert [t["info"] for t in table.transitions[:2]] == [{"list": [1]}, {"list": [2]}]


def test_a_policy_that_reuses_its_action_and_an_environment_that_changes_it_are_told_right() -> (
    None
):
    reused = np.zeros(1)

    def policy(obs: Any) -> Any:
        reused[0] += 1
        return reused

    class Doubles(Counter):
        def step(self, action: Any) -> Any:
            action *= 2
            return super().step(float(action[0]))

    table = Table(Doubles(), {"policy": policy}, fps=10, steps=True, numEpisodes=1).start()
    table.clock.pass_time(2)
    assert table.env.actions == [2, 4, 6, 8, 10]
    assert [float(t["action"][0]) for t in table.transitions] == [1, 2, 3, 4, 5]


class Thinks:
    """An async policy that answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.cancelled = 0
        self.answers: list[asyncio.Future[Any]] = []

    async def __call__(self, obs: Any) -> Any:
        self.asked.append(obs)
        self.answers.append(asyncio.get_running_loop().create_future())
        try:
            return await self.answers[-1]
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def answer(self, action: Any) -> None:
        await turns()
        self.answers[-1].set_result(action)
        await turns()


def thinking(**settings: Any) -> tuple[Table, Thinks]:
    policy = Thinks()
    table = Table(Counter(), {"policy": policy}, **{"fps": 10, "seed": 1, **settings}).start()
    return table, policy


@in_a_loop
async def test_time_goes_on_while_a_policy_thinks() -> None:
    table, policy = thinking()
    table.clock.pass_time(0.1)
    await turns()
    before = len(table.of("playState"))
    table.clock.pass_time(7)
    assert (table.env.n, len(policy.asked)) == (0, 1)
    assert len(table.of("playState")) - before >= 6  # else a page would think that it hangs
    assert table.state["state"] == "running"
    await policy.answer(5)
    assert table.env.actions == [5]
    table.clock.pass_time(0.1)
    await policy.answer(6)
    assert table.env.actions == [5, 6]


@pytest.mark.parametrize("command", ["pause", "reset", "stop", "step"])
def test_what_halts_a_game_cancels_the_thought(command: str) -> None:
    async def test() -> None:
        table, policy = thinking()
        table.clock.pass_time(0.1)
        await turns()
        getattr(table.game, command)()
        await turns()
        assert policy.cancelled == 1
        assert table.env.actions == []
        if command == "pause":
            table.game.resume()
            table.clock.pass_time(0.1)
            await policy.answer(3)
            assert table.env.actions == [3]
        table.game.stop()
        await turns()

    asyncio.run(test())


@in_a_loop
async def test_a_thought_that_is_cancelled_before_it_began_leaves_nothing() -> None:
    table, policy = thinking()
    table.clock.pass_time(0.1)
    table.game.stop()
    await turns()
    assert policy.asked == []


@in_a_loop
async def test_a_single_step_is_made_once_the_policy_has_decided() -> None:
    table, policy = thinking(paused=True)
    table.game.step()
    assert table.game.thinking is not None
    await policy.answer(4)
    assert table.game.thinking is None
    assert (table.game.state, table.env.actions) == ("paused", [4])
    table.clock.pass_time(0.2)
    assert (table.state["state"], table.state["step"]) == ("paused", 1)


@in_a_loop
async def test_a_policy_that_raises_after_a_while_fails_the_game() -> None:
    table, policy = thinking()
    table.clock.pass_time(0.1)
    await policy.answer(4)
    table.clock.pass_time(0.1)
    await turns()
    policy.answers[-1].set_exception(RuntimeError("no idea"))
    await turns()
    assert (table.state["state"], table.state["error"]["message"]) == ("failed", "no idea")
    assert (table.episodes[0]["steps"], table.episodes[0]["ended"]) == (1, "error")


@in_a_loop
async def test_keys_count_as_they_are_when_the_partner_has_decided() -> None:
    policy = Thinks()
    settings: Any = {"agents": {"right": MAPPING}, "fps": 10}
    table = Table(Pair(), {"policies": {"left": policy}}, **settings).start()
    table.clock.pass_time(0.1)
    table.press("ArrowRight")
    await policy.answer(9)
    assert table.env.actions == [{"left": 9, "right": 1}]


@in_a_loop
async def test_two_policies_think_at_once() -> None:
    left, right = Thinks(), Thinks()
    table = Table(Pair(), {"policies": {"left": left, "right": right}}, fps=10).start()
    table.clock.pass_time(0.1)
    await turns()
    assert len(left.asked) == len(right.asked) == 1
    await right.answer(2)
    assert table.env.actions == []
    await left.answer(1)
    assert table.env.actions == [{"left": 1, "right": 2}]
    table.game.stop()


@in_a_loop
async def test_a_thought_about_what_somebody_else_has_changed_is_not_used() -> None:
    table, policy = thinking()
    table.clock.pass_time(0.1)
    await turns()
    table.environment.step(7)
    await policy.answer(3)
    assert table.env.actions == [7]
    assert policy.asked == [[1, 0], [7, 1]]
    await policy.answer(4)
    assert table.env.actions == [7, 4]
    table.game.stop()


@in_a_loop
async def test_a_reset_in_a_pause_cancels_the_thought() -> None:
    table, policy = thinking(paused=True)
    table.game.step()
    await turns()
    table.game.reset(5)
    await turns()
    assert (policy.cancelled, table.game.thinking, table.env.actions) == (1, None, [])


@in_a_loop
async def test_a_key_does_not_ask_again_while_a_partner_thinks() -> None:
    policy = Thinks()
    settings: Any = {"agents": {"right": MAPPING}, "fps": 10}
    table = Table(Pair(), {"policies": {"left": policy}}, **settings).start()
    table.clock.pass_time(0.1)
    await turns()
    table.press("ArrowRight")
    table.clock.pass_time(1)
    await turns()
    assert len(policy.asked) == 1
    table.game.stop()
    await turns()


@in_a_loop
async def test_a_policy_that_raises_is_told_when_all_have_decided() -> None:
    left, right = Thinks(), Thinks()
    table = Table(Pair(), {"policies": {"left": left, "right": right}}, fps=10).start()
    table.clock.pass_time(0.1)
    await turns()
    right.answers[-1].set_exception(RuntimeError("no idea"))
    await turns()
    assert table.game.state == "running"
    await left.answer(1)
    assert (table.state["state"], table.state["error"]["message"]) == ("failed", "no idea")
