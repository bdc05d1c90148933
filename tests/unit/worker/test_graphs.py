"""Graphs and members of Enums, as observations and as actions."""

import enum
from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, Graph, GraphInstance, Tuple
from gymworker.codec import decode, encode
from gymworker.errors import EncodeError, RemoteError
from gymworker.worker.graphs import has_graph, with_graphs
from gymworker.worker.js.plain import plain

from tests.loopback import Lab, on_virtual_time

GRAPH = Graph(node_space=Box(0, 1, (2,)), edge_space=Discrete(3))
NESTED = Dict({"plan": Tuple((Discrete(2), GRAPH)), "speed": Discrete(3)})


def sent(value: Any) -> Any:
    """A value as it arrives."""
    return decode(*encode(value))


@pytest.mark.parametrize("space", [GRAPH, NESTED, Tuple((NESTED, GRAPH))])
def test_an_action_that_crossed_is_in_the_space_again(space: Any) -> None:
    space.seed(1)
    for _ in range(5):
        action = space.sample()
        arrived = sent(action)
        assert not space.contains(arrived)
        assert space.contains(with_graphs(space, arrived))
        assert with_graphs(space, action) == action or space.contains(with_graphs(space, action))


def test_what_is_no_graph_stays_as_it_is() -> None:
    assert not any(
        map(has_graph, [Discrete(2), Dict({"a": Tuple((Discrete(2),))}), None, object()])
    )
    for action in (None, 7, (1, 2), {"other": 1}, {"plan": 3}):
        assert with_graphs(NESTED, action) == action
        assert with_graphs(GRAPH, action) == action


ENV = """
import gymnasium
from gymnasium.spaces import Box, Dict, Discrete, Graph, GraphInstance

class Net(gymnasium.Env):
    action_space = Dict({"net": Graph(Box(0, 1, (2,)), Discrete(3))})
    observation_space = Graph(Box(0, 1, (2,)), None)

    def reset(self, *, seed=None, options=None):
        self.observation_space.seed(seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        assert self.action_space.contains(action), action
        return action["net"], float(type(action["net"]) is GraphInstance), True, False, {}

env = Net()
"""


@on_virtual_time
async def test_graphs_are_observed_sampled_stepped_played_and_replayed(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(ENV)
    nodes, edges, _ = (await worker.reset(seed=1)).obs
    assert (nodes.dtype, nodes.shape[1], edges) == (np.float32, 2, None)
    action = await worker.sample(seed=3)
    result = await worker.step(action)
    assert result.rewards == 1.0
    np.testing.assert_array_equal(result.obs[0], action["net"][0])
    episodes: list[Any] = []
    game = await worker.play(seats="random", num_episodes=1, on_episode=episodes.append)
    await game.finished()
    assert [episode.returns for episode in episodes] == [1.0]
    assert (await worker.replay(episodes)).episodes == 1
    worker.destroy()


class Move(enum.Enum):
    LEFT = "left"


class Step(enum.IntEnum):
    LEFT = 3


def test_a_member_of_an_enum_cannot_be_sent_and_says_what_can() -> None:
    assert sent({"a": [Step.LEFT]}) == {"a": [3]}
    assert plain(Step.LEFT) == 3
    words = r"Move.LEFT cannot be sent.*: use its value, Move.LEFT.value, or an IntEnum"
    with pytest.raises(EncodeError, match=r"actions\['a'\]: " + words):
        encode({"a": Move.LEFT}, name="actions")
    with pytest.raises(EncodeError, match=r"actions\['a'\]: " + words):
        plain({"actions": {"a": Move.LEFT}})


@on_virtual_time
async def test_enums_on_the_way(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    worker = lab.worker()
    code = """
import enum

class Move(%s):
    LEFT = 3

class Env:
    def reset(self, *, seed=None, options=None):
        return 0, {"move": Move.LEFT, "other": 1}

    def step(self, action):
        assert action == Move.LEFT
        return 0, 1.0, True, False, {}

env = Env()
play = {"action_mapping": {"ArrowLeft": Move.LEFT}, "default_action": Move.LEFT}
"""
    await worker.init_env(code % "enum.IntEnum")
    assert (await worker.reset()).infos == {"move": 3, "other": 1}
    assert (await worker.step(Step.LEFT)).rewards == 1.0
    episodes: list[Any] = []
    game = await worker.play(num_episodes=1, on_episode=episodes.append)
    assert game.controls[0].action == 3
    await game.finished()
    assert (await worker.replay(episodes)).episodes == 1
    await worker.init_env(code % "enum.Enum")
    assert (await worker.reset()).infos == {"other": 1}
    assert "infos['move']: Move.LEFT cannot be sent" in caplog.text
    with pytest.raises(EncodeError, match=r"actions: Move.LEFT cannot be sent"):
        await worker.step(Move.LEFT)
    with pytest.raises(RemoteError, match=r"Move.LEFT cannot be sent.*: use its value"):
        await worker.play(num_episodes=1)
    worker.destroy()


def test_a_graph_instance_is_a_tuple_on_the_page() -> None:
    graph = GraphInstance(np.ones((2, 2), np.float32), None, None)
    nodes, edges, links = sent(graph)
    assert (nodes.tolist(), edges, links) == ([[1.0, 1.0], [1.0, 1.0]], None, None)
