"""Keys for environments that bring none along."""

from enum import IntEnum
from typing import Any

import gymnasium
import numpy as np
from app.stockkeys import for_agents, keys_for, still_of
from gymworker import EnvironmentInfo, Space
from gymworker.worker.introduction import describe_space, introduction
from gymworker.worker.registered import described, moves, registered
from pettingzoo.butterfly import knights_archers_zombies_v11
from pettingzoo.classic import chess_v6, connect_four_v3, rps_v2


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


def test_the_action_that_does_nothing_has_a_name() -> None:
    assert still_of({0: "No-op", 1: "Jump"}) == 0
    assert still_of({0: "Left", 1: "Do nothing", 2: "Right"}) == 1
    assert still_of({0: "Left", 1: "Stay", 2: "Wait"}) is None, "which of the two?"
    assert still_of({0: "Wait for the bus"}) is None
    assert still_of({}) is None


def test_what_does_nothing_needs_no_key() -> None:
    discrete = gymnasium.spaces.Discrete
    assert keys(discrete(3), {0: "Noop", 1: "Left", 2: "Fire"}) == [("ArrowLeft", 1), ("2", 2)]
    assert keys(discrete(2), {0: "Idle", 1: "Flap"}) == [(" ", 1)]
    assert keys(discrete(1), {0: "Idle"}) == []


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
    ids = [name for name in found if "_v" not in name]
    assert found[: len(ids)] == sorted(ids)


def test_descriptions_are_those_of_all_actions_or_none() -> None:
    assert described(gymnasium.make("MountainCar-v0")) == {
        0: "Accelerate to the left",
        1: "Don't accelerate",
        2: "Accelerate to the right",
    }
    assert list(described(gymnasium.make("Acrobot-v1")).values()) == [
        f"Apply {torque} torque to the actuated joint" for torque in (-1, 0, 1)
    ]
    assert described(gymnasium.make("Pendulum-v1")) == {}
    assert described(object()) == {}


def test_the_modules_of_pettingzoo_that_run_here_are_registered() -> None:
    found = set(registered())
    assert {"pettingzoo.classic.connect_four_v3", "pettingzoo.classic.chess_v6"} <= found
    assert "pettingzoo.butterfly.knights_archers_zombies_v11" in found
    assert not any(name.startswith("pettingzoo.atari") for name in found), "they need a ROM"


def test_actions_are_called_what_documentation_enumerations_or_code_say() -> None:
    zombies = described(knights_archers_zombies_v11.parallel_env())
    assert zombies["archer_0"][5] == "Do nothing"
    assert described(rps_v2.env())["player_1"] == {0: "Rock", 1: "Paper", 2: "Scissors"}
    assert described(connect_four_v3.env()) == {}
    assert described(Enumerated()) == {0: "Idle", 1: "Move left"}
    assert described(Commented()) == {0: "Up", 1: "Right", 2: "Down", 3: "Left"}
    assert described(Listed()) == {0: "No action", 1: "Move left", 2: "Move right"}
    assert described(Tabled()) == {0: "Left", 1: "Right"}


class Action(IntEnum):
    """What `Enumerated` can do."""

    IDLE = 0
    MOVE_LEFT = 1


class Enumerated(gymnasium.Env[Any, Any]):
    """An environment without a word about its actions."""

    action_space = gymnasium.spaces.Discrete(2)


class Commented(gymnasium.Env[Any, Any]):
    """One whose author has left a note."""

    observation_space = gymnasium.spaces.Discrete(4)
    sizes = {0: (1, 2), 1: (3, 4)}  # noqa: RUF012
    # 0: up, 1: right, 2: down, 3: left
    action_space = gymnasium.spaces.Discrete(4)


class Listed(gymnasium.Env[Any, Any]):
    """Agent observations: `[self_vel, self_pos, landmark]`.

    Agent action space: `[no_action, move_left, move_right]`
    """

    action_space = gymnasium.spaces.Discrete(3)


class Tabled(gymnasium.Env[Any, Any]):
    """One with a table.

    | Num | Name  | Action | Unit |
    |-----|-------|--------|------|
    | 0   | left  | Unused | int  |
    | 1   | right | Unused | int  |
    """

    action_space = gymnasium.spaces.Discrete(2)


def asked_of(env: Any) -> Any:
    """What `play` gets for an environment of several agents."""
    about = EnvironmentInfo({"name": "env", **introduction(env), "keys": []})
    return for_agents(about, about.action_space, described(env))


def test_of_several_agents_the_first_is_the_visitors() -> None:
    found = asked_of(rps_v2.parallel_env())
    assert list(found["agents"]["player_0"].items()) == [("0", 0), ("1", 1), ("2", 2)]
    assert found["seats"] == {"player_0": "human", "player_1": "random"}
    assert found["labels"]["player_0"][0] == "Rock"
    assert (found["wait_on_player"], found["default_action"]) == (True, None)
    found = asked_of(knights_archers_zombies_v11.parallel_env())
    keys = list(found["agents"]["knight_0"].items())
    assert keys[:3] == [("ArrowUp", 0), ("ArrowDown", 1), ("2", 2)]
    assert (found["wait_on_player"], found["default_action"]["archer_1"]) == (False, 5)


def test_more_moves_than_keys_are_chosen_from_a_list() -> None:
    found = asked_of(chess_v6.env())
    assert found["agents"] == {"player_0": {}, "player_1": {}}
    assert found["seats"] == {"player_0": "human", "player_1": "random"}
    assert found["wait_on_player"]


def test_the_moves_are_those_that_are_allowed_and_have_names() -> None:
    env = chess_v6.env()
    env.reset()
    opening = dict(moves(env))
    assert len(opening) == 20
    assert {"e4", "Nf3"} <= set(opening.values())
    env.step(next(action for action, name in opening.items() if name == "e4"))
    answer = dict(moves(env))
    assert {"e5", "Nc6"} <= set(answer.values())
    env.step(next(action for action, name in answer.items() if name == "e5"))
    assert "Bc4" in dict(moves(env)).values()
    env = connect_four_v3.env()
    env.reset()
    assert moves(env) == [(column, f"Action {column}") for column in range(7)]
