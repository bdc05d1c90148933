"""A snapshot at some step, 100 steps, restored, the same 100 steps: equal to the bit."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymworker.codec import encode

from gymserver.site import ROOT
from tests.unit.worker.snapshot.worlds import World

STEPS = 100
BUNDLED = sorted((ROOT / "web" / "envs").glob("*.py"), key=lambda file: file.name)
ROOMS = ("gymnasium.envs.toy_text", "gymnasium.envs.classic_control")
SPECS = [spec for spec in gymnasium.registry.values() if str(spec.entry_point).startswith(ROOMS)]
LATEST = {spec.name: spec.id for spec in sorted(SPECS, key=lambda spec: spec.version or 0)}
STOCK = sorted(LATEST.values())
"""Every one that is registered, in its last version."""

WRAPPED = """
import gymnasium
from gymnasium.wrappers import (
    FrameStackObservation, NormalizeObservation, RecordEpisodeStatistics, TimeLimit,
)

env = gymnasium.make({name!r})
if isinstance(env.observation_space, gymnasium.spaces.Tuple):
    env = gymnasium.wrappers.FlattenObservation(env)
env = TimeLimit(RecordEpisodeStatistics(FrameStackObservation(NormalizeObservation(env), 3)), 60)
"""

LEAVING = """
import numpy as np
from gymnasium.spaces import Box, Discrete
from pettingzoo import ParallelEnv

class Leaving(ParallelEnv):
    metadata = {"name": "leaving_v0"}
    possible_agents = ["a", "b", "c", "d"]

    def __init__(self):
        self.spaces = {agent: Discrete(3) for agent in self.possible_agents}
        self.places, self.agents = {}, []

    def observation_space(self, agent): return Box(-99, 99, (2,))

    def action_space(self, agent): return self.spaces[agent]

    def reset(self, seed=None, options=None):
        self.random = self.random if seed is None else np.random.default_rng(seed)
        self.agents = list(self.possible_agents)
        self.places = {agent: self.random.normal(size=2) for agent in self.agents}
        before = zip(self.agents, self.agents[-1:] + self.agents)
        self.following = {agent: self.places[other] for agent, other in before}
        return dict(self.places), {agent: {} for agent in self.agents}

    def step(self, actions):
        for agent, action in actions.items():
            self.places[agent] += action - 1 + 0.1 * self.following[agent]
        gone = {agent: bool(self.random.random() < 0.02) for agent in self.agents}
        told = {agent: self.places[agent] for agent in self.agents}
        rewards = {agent: float(place.sum()) for agent, place in told.items()}
        never, infos = dict.fromkeys(told, False), {agent: {} for agent in told}
        self.agents = [agent for agent in self.agents if not gone[agent]]
        return told, rewards, gone, never, infos

env = Leaving()
"""


def told(value: Any) -> Any:
    """What stands for a value, to the bit; but for the time of day in an episode's info."""
    if isinstance(value, tuple) and len(value) == 5 and isinstance(value[4], dict):
        value[4].get("episode", {}).pop("t", None)
    text, buffers = encode(_plain(value))
    return text, [bytes(buffer) for buffer in buffers]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def walk(world: World, choose: "Callable[[], Any]", steps: int) -> list[Any]:
    """Steps an environment, resetting it where an episode ends; returns all that it told."""
    found = []
    for _ in range(steps):
        over = getattr(world.environment, "over", True)
        if over:
            found.append(told(world.environment.reset()))
            world.environment.over = False  # type: ignore[attr-defined]
            continue
        answer = world.environment.step(choose())
        found.append(told(answer))
        ended = answer[2], answer[3]
        if world.environment.parallel:
            world.environment.over = not world.env.agents  # type: ignore[attr-defined]
        else:
            world.environment.over = any(ended)  # type: ignore[attr-defined]
    return found


def chooser(world: World) -> "Callable[[], Any]":
    """Random actions of the environment's own spaces, whose generators are a part of its state."""

    def choose() -> Any:
        if world.environment.parallel:
            return {agent: world.env.action_space(agent).sample() for agent in world.env.agents}
        return world.env.action_space.sample()

    return choose


def check(source: str, name: str, seed: int) -> None:
    world = World(source, name)
    chance = random.Random(seed)
    world.environment.reset(seed=seed)
    world.environment.over = False  # type: ignore[attr-defined]
    choose = chooser(world)
    walk(world, choose, chance.randrange(80))
    snapshots = [world.save(), world.save(), world.save()]  # the later ones have blobs
    data = world.states.write(snapshots[2])
    before, over = world.states.digest(), world.environment.over  # type: ignore[attr-defined]
    first = walk(world, choose, STEPS)
    after, last = world.states.digest(), world.save()
    assert after != before

    def again() -> None:
        assert world.states.digest() == before
        world.environment.over = over  # type: ignore[attr-defined]
        assert walk(world, choose, STEPS) == first
        assert world.states.difference(last, world.save()) is None
        assert world.states.digest() == after

    for snapshot in (*snapshots, snapshots[0]):
        world.restore(snapshot)
        again()
    world = World(source, name)  # as in another worker
    choose = chooser(world)
    world.restore_file(data)
    last = world.states.read(data)
    world.restore(last)
    assert world.states.digest() == before
    world.environment.over = over  # type: ignore[attr-defined]
    assert walk(world, choose, STEPS) == first
    assert world.states.digest() == after


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_stock_environment_comes_out_the_same(name: str) -> None:
    check(WRAPPED.format(name=name), name, seed=len(name))


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_a_bundled_environment_comes_out_the_same(file: Path) -> None:
    check(file.read_text("utf-8"), file.name, seed=5)


@pytest.mark.parametrize("seed", range(3))
def test_a_parallel_environment_whose_agents_leave_comes_out_the_same(seed: int) -> None:
    check(LEAVING, "leaving.py", seed)


def test_every_stock_environment_is_there() -> None:
    assert {"Taxi-v4", "FrozenLake-v1", "CliffWalking-v1", "Blackjack-v1", "Pendulum-v1"} <= set(
        STOCK
    )
    assert len(STOCK) >= 10


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_what_is_rendered_changes_no_hash(file: Path) -> None:
    world = World(file.read_text("utf-8"), file.name)
    world.environment.reset(seed=1)
    before = world.states.digest()
    assert world.environment.render() is not None
    assert world.states.digest() == before


def test_a_table_that_does_not_change_is_saved_once() -> None:
    world = World((ROOT / "web" / "envs" / "taxi.py").read_text("utf-8"), "taxi.py")
    world.environment.reset(seed=1)
    first, _, third, fourth = [world.save() for _ in range(4)]
    assert len(first.data) > 50_000
    assert len(third.data) < 20_000
    assert [id(blob) for blob in third.blobs] == [id(blob) for blob in fourth.blobs]
    table = world.env.unwrapped.P
    world.restore(third)
    assert world.env.unwrapped.P is table, "it is still what it was"
    table[3][1][0] = (1.0, 0, 99.0, True)
    changed = world.save()
    world.restore(third)
    assert world.env.unwrapped.P[3][1][0] != (1.0, 0, 99.0, True)
    world.restore(changed)
    assert world.env.unwrapped.P[3][1][0] == (1.0, 0, 99.0, True)


def test_arrays_that_change_are_what_they_were(tmp_path: Path) -> None:
    world = World((ROOT / "web" / "envs" / "pond.py").read_text("utf-8"), "pond.py")
    world.environment.reset(seed=1)
    waters, snapshots = [], []
    for _ in range(4):
        world.environment.step(1)
        waters.append(np.copy(world.env.water))
        snapshots.append(world.save())
    for index in (2, 0, 3, 1, 1):
        world.restore(snapshots[index])
        np.testing.assert_array_equal(world.env.water, waters[index])
        world.env.water += 1
    depths = {id(blob) for snapshot in snapshots for blob in snapshot.blobs}
    assert len(depths) < 4 * len(snapshots[0].blobs) - 9, "constant arrays are shared"


OTHERS = [
    "TransformObservation(make('CartPole-v1'), lambda obs: obs * 2, None)",
    "RescaleAction(make('Pendulum-v1'), -1, 1)",
    "NormalizeReward(ClipAction(make('Pendulum-v1')))",
    "TimeAwareObservation(make('MountainCarContinuous-v0'))",
    "DelayObservation(make('CartPole-v1'), 2)",
    "StickyAction(make('CartPole-v1'), 0.3)",
    "Autoreset(make('CartPole-v1'))",
    "MaxAndSkipObservation(make('Acrobot-v1'))",
]


@pytest.mark.parametrize("line", OTHERS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_other_wrappers_come_out_the_same(line: str) -> None:
    wrappers = [name for name in gymnasium.wrappers.__all__ if name in line]
    head = f"from gymnasium import make\nfrom gymnasium.wrappers import {', '.join(wrappers)}\n"
    check(f"{head}env = {line}\n", "wrapped.py", seed=4)
