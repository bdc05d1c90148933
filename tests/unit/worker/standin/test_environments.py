"""The stock environments, drawn by real pygame and by the stand-in."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium
import numpy as np
import pygame as real
import pytest
from numpy.typing import NDArray

from tests.unit.worker.standin.pictures import ours

STEPS = 6

EXACT: dict[str, dict[str, Any]] = {
    "CartPole-v1": {},
    "Acrobot-v1": {},
    "FrozenLake-v1": {},
    "FrozenLake8x8-v1": {},
    "Taxi-v4": {},
    "CliffWalking-v1": {},
    "Blackjack-v1": {},
}
"""Not a pixel differs."""

CLOSE: dict[str, dict[str, Any]] = {
    "MountainCar-v0": {"most": 64, "pixels": 0.0002},
    "MountainCarContinuous-v0": {"most": 64, "pixels": 0.0002},
    "Pendulum-v1": {"most": 3, "pixels": 0.005},
}
"""How far a pixel may be off, in units of 255, and what share of the pixels may be off at all:
where antialiased lines meet, and in a picture that is scaled smoothly."""


PETTINGZOO = (
    *("classic.chess_v6", "classic.connect_four_v3", "classic.go_v5", "classic.tictactoe_v3"),
    *("butterfly.cooperative_pong_v6", "butterfly.knights_archers_zombies_v11"),
)
ROADS = (
    *("highway-v0", "intersection-v2", "merge-v1", "parking-v0"),
    *("racetrack-v1", "roundabout-v1", "u-turn-v1"),
)
"""Of highway-env: not a pixel differs, though cars are turned by any angle."""


@contextmanager
def drawn_with(pygame: Any) -> Iterator[None]:
    """`import pygame` gives this one."""
    before = {name: module for name, module in sys.modules.items() if _is_pygame(name)}
    if pygame is not real:
        for name in before:
            del sys.modules[name]
        sys.modules["pygame"] = pygame
    try:
        yield
    finally:
        for name in [name for name in sys.modules if _is_pygame(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def _is_pygame(name: str) -> bool:
    return name.split(".")[0] == "pygame"


def frames(name: str, pygame: Any) -> NDArray[np.int16]:
    """The frames of some steps, `(N, H, W, 3)`."""
    with drawn_with(pygame):
        env = gymnasium.make(name, render_mode="rgb_array")
        env.reset(seed=3)
        env.action_space.seed(3)
        found: list[Any] = []
        for step in range(STEPS):
            found.append(env.render())
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            if terminated or truncated:
                env.reset(seed=step)
        env.close()
    return np.array(found).astype(np.int16)


def colors(found: NDArray[np.int16]) -> int:
    """How many colours there are in frames."""
    return len(np.unique(found.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1])))


def frames_of_turns(name: str, pygame: Any) -> NDArray[np.int16]:
    """The frames of some turns of an environment of PettingZoo's, `(N, H, W, 3)`."""
    package = f"pettingzoo.{name.split('.')[0]}"
    for module in [module for module in sys.modules if module.startswith(package)]:
        del sys.modules[module]  # it keeps the pygame that it was imported with
    with drawn_with(pygame):
        env = importlib.import_module(f"pettingzoo.{name}").env(render_mode="rgb_array")
        env.reset(seed=3)
        for number, agent in enumerate(env.agents):
            env.action_space(agent).seed(number)
        found: list[Any] = []
        for _ in range(STEPS):
            obs, _, ended, cut, info = env.last()
            mask = (obs if isinstance(obs, dict) else info).get("action_mask")
            env.step(None if ended or cut else env.action_space(env.agent_selection).sample(mask))
            found.append(env.render())
        env.close()
    return np.array(found).astype(np.int16)


@pytest.mark.parametrize("name", PETTINGZOO)
def test_frames_of_turns_are_pygame_s(name: str) -> None:
    theirs, mine = frames_of_turns(name, real), frames_of_turns(name, ours)
    assert colors(theirs) > 1
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", ROADS)
def test_frames_of_roads_are_pygame_s(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "offscreen")  # for "dummy" it draws nothing
    found = []
    for pygame in (real, ours):
        for module in [module for module in sys.modules if module.startswith("highway_env")]:
            del sys.modules[module]  # it keeps the pygame that it was imported with
        found.append(frames(f"highway_env:{name}", pygame))
    theirs, mine = found
    assert colors(theirs) > 2
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", EXACT)
def test_frames_are_pygame_s(name: str) -> None:
    theirs, mine = frames(name, real), frames(name, ours)
    assert colors(theirs) > 2
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", CLOSE)
def test_frames_are_pygame_s_within_a_bound(name: str) -> None:
    theirs, mine = frames(name, real), frames(name, ours)
    apart = np.abs(mine - theirs).max(axis=3)
    assert apart.max() <= CLOSE[name]["most"]
    assert np.mean(apart > 0) <= CLOSE[name]["pixels"]


@pytest.mark.parametrize("name", ["CartPole-v1", "Taxi-v4"])
def test_human_mode_shows_each_frame(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gymworker.worker import standin

    shown: list[NDArray[np.uint8]] = []
    monkeypatch.setattr(standin, "show", shown.append)
    with drawn_with(ours):
        env = gymnasium.make(name, render_mode="human")
        env.reset(seed=3)
        env.step(1)
        env.close()
    assert len(shown) == 2
    np.testing.assert_array_equal(shown[0], frames(name, ours)[0])
