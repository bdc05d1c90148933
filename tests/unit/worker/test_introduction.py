"""What an environment says of itself."""

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from gymworker.codec import decode, encode
from gymworker.worker.introduction import describe_space, introduction, kind_of
from pettingzoo.utils.env import AECEnv, ParallelEnv

SPACES: list[tuple[Any, dict[str, Any]]] = [
    (
        spaces.Discrete(3, start=-1),
        {"type": "Discrete", "shape": (), "dtype": "int64", "n": 3, "start": -1},
    ),
    (spaces.MultiBinary([2, 3]), {"type": "MultiBinary", "shape": (2, 3), "dtype": "int8"}),
    (
        spaces.Text(4, min_length=2, charset="ba"),
        {"type": "Text", "shape": None, "minLength": 2, "maxLength": 4, "charset": "ab"},
    ),
    (
        spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Tuple([spaces.Discrete(5)])}),
        {"type": "Dict", "dtype": None},
    ),
    (spaces.OneOf([spaces.Discrete(2), spaces.Discrete(3)]), {"type": "OneOf"}),
    (spaces.Sequence(spaces.Discrete(2), stack=True), {"type": "Sequence", "stack": True}),
    (
        spaces.Graph(node_space=spaces.Box(0, 1, (2,)), edge_space=None),
        {"type": "Graph", "edgeSpace": None},
    ),
]


@pytest.mark.parametrize(("space", "expected"), SPACES, ids=lambda value: type(value).__name__)
def test_each_kind_of_space_is_described_and_crosses(space: Any, expected: dict[str, Any]) -> None:
    fields = describe_space(space)
    assert fields is not None
    assert {name: fields[name] for name in expected} == expected
    assert repr(decode(*encode(fields))) == repr(fields)


def test_boxes_keep_their_bounds_infinite_ones_too() -> None:
    low = np.array([-np.inf, 0, -1.5], np.float32)
    fields = describe_space(spaces.Box(low, np.inf, (3,), np.float32))
    assert fields is not None
    assert (fields["shape"], fields["dtype"]) == ((3,), "float32")
    np.testing.assert_array_equal(fields["low"], low)
    assert np.isposinf(fields["high"]).all()
    crossed = decode(*encode(fields))
    np.testing.assert_array_equal(crossed["low"], low)


def test_spaces_in_spaces_are_described_by_key_and_in_order() -> None:
    fields = describe_space(SPACES[3][0])
    assert fields is not None
    assert fields["spaces"]["a"]["n"] == 2
    assert fields["spaces"]["b"]["spaces"][0]["n"] == 5
    several = describe_space(spaces.MultiDiscrete([2, 5], start=[1, 0]))
    assert several is not None
    assert (several["nvec"].tolist(), several["start"].tolist()) == ([2, 5], [1, 0])


class Odd(spaces.Space[Any]):
    """A space of somebody's own."""

    def __repr__(self) -> str:
        return "Odd()"


class Percent(spaces.Box):
    """A subclass of one of Gymnasium's."""


def test_a_space_of_somebodys_own_is_named() -> None:
    assert describe_space(Odd()) == {"type": "Odd", "shape": None, "dtype": None, "text": "Odd()"}
    fields = describe_space(Percent(0, 100, ()))
    assert fields is not None
    assert (fields["type"], fields["high"].item()) == ("Box", 100)
    assert describe_space(None) is None


class Pair(ParallelEnv[str, Any, Any]):  # type: ignore[misc]  # it has no types
    """Two agents at once."""

    possible_agents = ["a", "b"]  # noqa: RUF012
    metadata = {"name": "pair"}  # noqa: RUF012

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Box(-1, 1, (2,))

    def action_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Discrete(2 if agent == "a" else 7)


class Turns(AECEnv[str, Any, Any]):  # type: ignore[misc]
    """Two agents in turn."""

    possible_agents = ["player_1", "player_2"]  # noqa: RUF012
    metadata = {"name": "turns"}  # noqa: RUF012

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Dict({"action_mask": spaces.Box(0, 1, (9,), np.int8)})

    def action_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Discrete(9)


class Crew(gymnasium.Env[Any, Any]):
    """One agent of Gymnasium's, which calls its parts agents."""

    agents = ("x", "y")


def test_kinds() -> None:
    assert kind_of(gymnasium.make("CartPole-v1")) == "gymnasium"
    assert kind_of(gymnasium.make_vec("CartPole-v1", num_envs=2)) == "vector"
    assert kind_of(Pair()) == "parallel"
    assert kind_of(Turns()) == "aec"
    assert kind_of(Crew()) == "gymnasium"
    assert kind_of(object()) == "gymnasium"


def test_an_environment_of_one_agent() -> None:
    told = introduction(gymnasium.make("CartPole-v1", render_mode="rgb_array"))
    assert (told["kind"], told["spec"], told["renderMode"]) == (
        "gymnasium",
        "CartPole-v1",
        "rgb_array",
    )
    assert told["metadata"]["render_fps"] == 50
    assert told["agents"] == []
    assert told["actionSpace"]["n"] == 2
    assert told["observationSpace"]["shape"] == (4,)


def test_environments_of_several_agents_tell_spaces_by_agent() -> None:
    told = introduction(Pair())
    assert told["agents"] == ["a", "b"]
    assert {agent: space["n"] for agent, space in told["actionSpace"].items()} == {"a": 2, "b": 7}
    told = introduction(Turns())
    assert told["agents"] == ["player_1", "player_2"]
    assert told["actionSpace"]["player_2"]["n"] == 9
    assert told["observationSpace"]["player_1"]["spaces"]["action_mask"]["shape"] == (9,)


def test_an_environment_without_anything_is_introduced_too() -> None:
    told = introduction(object())
    assert told == {
        "kind": "gymnasium",
        "spec": None,
        "metadata": {},
        "renderMode": None,
        "agents": [],
        "observationSpace": None,
        "actionSpace": None,
    }
