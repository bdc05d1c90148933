"""Keys for environments that bring none along."""

from typing import Any

import gymnasium
import numpy as np
from app.stockkeys import keys_for
from gymworker import Space
from gymworker.worker.introduction import describe_space
from gymworker.worker.registered import described, registered


def space(of: Any) -> Space:
    fields = describe_space(of)
    assert fields is not None
    return Space(fields)


def keys(of: Any, labels: dict[int, str] | None = None) -> Any:
    found = keys_for(space(of), labels or {})
    return None if found is None else list(found.items())


def of_stock(id: str) -> Any:
    env = gymnasium.make(id)
    return keys(env.action_space, described(env))


def test_an_action_has_the_arrow_of_its_direction_and_else_its_number() -> None:
    west, east, south, north = "ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp"
    assert of_stock("CartPole-v1") == [(west, 0), (east, 1)]
    assert of_stock("FrozenLake-v1") == [(west, 0), (south, 1), (east, 2), (north, 3)]
    assert of_stock("CliffWalking-v1") == [(north, 0), (east, 1), (south, 2), (west, 3)]
    assert of_stock("Taxi-v4") == [
        (south, 0), (north, 1), (east, 2), (west, 3), ("4", 4), ("5", 5)
    ]  # fmt: skip
    assert of_stock("Blackjack-v1") == [("0", 0), ("1", 1)]
    assert of_stock("Acrobot-v1") == [("0", 0), ("1", 1), ("2", 2)]


def test_numbers_begin_where_the_space_does_and_go_on_with_letters() -> None:
    discrete = gymnasium.spaces.Discrete
    assert keys(discrete(2, start=3)) == [("3", 3), ("4", 4)]
    assert keys(discrete(12))[9:] == [("9", 9), ("a", 10), ("b", 11)]
    assert keys(discrete(37)) is None
    assert keys(discrete(2, start=-1)) is None


def test_a_direction_that_two_actions_have_is_nobody_s() -> None:
    labels = {0: "Turn left", 1: "Step left", 2: "Up or down", 3: "Leftovers"}
    assert keys(gymnasium.spaces.Discrete(4), labels) == [(str(n), n) for n in range(4)]


def test_a_box_goes_to_its_bounds() -> None:
    box = gymnasium.spaces.Box
    assert keys(box(-2.0, 2.0, (1,))) == [("ArrowLeft", [-2.0]), ("ArrowRight", [2.0])]
    low, high = np.array([-3, -np.inf], np.float32), np.array([np.inf, 0.5], np.float32)
    assert keys(box(low, high)) == [
        ("ArrowLeft", [-3.0, 0.0]), ("ArrowRight", [1.0, 0.0]),
        ("ArrowDown", [0.0, -1.0]), ("ArrowUp", [0.0, 0.5]),
    ]  # fmt: skip
    assert keys(box(-1, 1, (3,))) is None
    assert keys(box(-1, 1, (2, 1))) is None
    assert keys(gymnasium.spaces.Text(3)) is None


def test_only_the_newest_of_what_runs_here_is_registered() -> None:
    gymnasium.register("Standing-v3", entry_point="there.is.none:Such")
    try:
        found = registered()
    finally:
        del gymnasium.registry["Standing-v3"]
    assert {"CartPole-v1", "FrozenLake-v1", "Taxi-v4", "Blackjack-v1"} <= set(found)
    assert not {"CartPole-v0", "Standing-v3", "Reacher-v2", "GymV21Environment-v0"} & set(found)
    assert found == sorted(found)


def test_descriptions_are_those_of_all_actions_or_none() -> None:
    assert described(gymnasium.make("MountainCar-v0")) == {
        0: "Accelerate to the left",
        1: "Don't accelerate",
        2: "Accelerate to the right",
    }
    assert described(gymnasium.make("Acrobot-v1")) == {}
    assert described(gymnasium.make("Pendulum-v1")) == {}
    assert described(object()) == {}
