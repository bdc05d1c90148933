"""What was told stays as it was; pixels stay where the canvas is; each change counts."""

import asyncio
from typing import Any

import numpy as np
import pytest
from gymworker import RemoteError

from tests.loopback import Lab, on_virtual_time
from tests.screens import RecordingScreen

REUSES = """
import collections
import numpy as np

Point = collections.namedtuple("Point", "place path")
HOLDERS = {
    "array": lambda b: b,
    "list": lambda b: [b],
    "ordered": lambda b: collections.OrderedDict(b=b),
    "named": lambda b: Point(b, [b]),
    "deep": lambda b: {"a": (b, {"c": [b]})},
}
hold = HOLDERS[holder]


class Reuses:
    def __init__(self):
        self.b = np.zeros(2, np.int64)
        self.path = []
    def reset(self, *, seed=None, options=None):
        self.b[:] = 0
        self.path.clear()
        return hold(self.b), {"path": self.path, "b": hold(self.b)}
    def step(self, action):
        self.b[action] += 1
        self.path.append(action)
        return hold(self.b), self.b[:1], False, False, {"path": self.path, "b": hold(self.b)}
    def render(self):
        self.frame = getattr(self, "frame", np.zeros((2, 3, 3), np.uint8))
        self.frame += 1
        return self.frame

env = Reuses()
"""


def counts(value: Any) -> list[int]:
    """The two numbers of the array in a value, wherever it stands."""
    while not isinstance(value, np.ndarray):
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    found: list[int] = value.tolist()
    return found


@pytest.mark.parametrize("holder", ["array", "list", "ordered", "named", "deep"])
@on_virtual_time
async def test_a_batch_tells_each_step_as_it_was(lab: Lab, holder: str) -> None:
    worker = lab.worker()
    await worker.init_env(REUSES, {"holder": holder})
    first = await worker.reset()
    results = await worker.batch([{"op": "step", "params": {"actions": a}} for a in (0, 0, 1)])
    assert counts(first.obs) == [0, 0]
    assert [counts(result.obs) for result in results] == [[1, 0], [2, 0], [2, 1]]
    assert [counts(result.infos["b"]) for result in results] == [[1, 0], [2, 0], [2, 1]]
    assert [result.infos["path"] for result in results] == [[0], [0, 0], [0, 0, 1]]
    assert [result.rewards.tolist() for result in results] == [[1], [2], [2]]
    assert [int(result.render_state[0, 0, 0]) for result in results] == [2, 3, 4]


@on_virtual_time
async def test_a_batch_with_resets_tells_them_as_they_were_too(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(REUSES, {"holder": "array"})
    results = await worker.batch(
        [{"op": "reset"}, {"op": "step", "params": {"actions": 1}}, {"op": "reset"}]
    )
    assert [result.obs.tolist() for result in results] == [[0, 0], [0, 1], [0, 0]]


DRAWS = """
class Draws:
    def __init__(self):
        self.dot = {"type": "circle", "at": [0, 0.5], "kind": odd}
        self.drawn = [self.dot]
    def reset(self, *, seed=None, options=None):
        self.dot["at"][0] = 0
        return 0, {}
    def step(self, action):
        if action == "fail":
            raise ValueError("that is it")
        self.dot["at"][0] += 1
        return 0, 0.0, False, False, {"odd": object()} if action == "odd" else {}
    def render(self):
        return self.drawn

env = Draws()
"""
BATCHES: dict[str, list[Any]] = {
    "steps": [0, 0, 0],
    "infos that are left out": [0, "odd", 0],
    "with a reset": [0, None, 0],
    "that fails": [0, 0, "fail"],
}


@pytest.mark.parametrize("odd", [None, (1, 2)])
@pytest.mark.parametrize("name", BATCHES)
@on_virtual_time
async def test_a_batch_tells_drawings_as_they_were(lab: Lab, name: str, odd: Any) -> None:
    worker = lab.worker()
    await worker.init_env(DRAWS, {"odd": odd})
    await worker.reset()
    operations: list[dict[str, Any]] = [
        {"op": "reset"} if action is None else {"op": "step", "params": {"actions": action}}
        for action in BATCHES[name]
    ]
    if name == "that fails":
        with pytest.raises(RemoteError, match="that is it") as problem:
            await worker.batch(operations)
        drawn = [result["render_state"] for result in problem.value.partial_results or ()]
    else:
        drawn = [result.render_state for result in await worker.batch(operations)]
    places = {"with a reset": [1, 0, 1], "that fails": [1, 2]}.get(name, [1, 2, 3])
    assert drawn == [[{"type": "circle", "at": [at, 0.5], "kind": odd}] for at in places]


IN_PLACE = """
import numpy as np

class InPlace:
    def reset(self, *, seed=None, options=None):
        return 0, {}
    def step(self, action):
        seen = np.array(action["left"] if isinstance(action, dict) else action)
        (action["left"] if isinstance(action, dict) else action).__imul__(2)
        return seen, 0.0, False, False, {}

env = InPlace()
"""


@pytest.mark.parametrize("action", [np.ones(2), {"left": np.ones(2)}])
@on_virtual_time
async def test_an_environment_that_changes_its_action_changes_its_own(
    lab: Lab, action: Any
) -> None:
    worker = lab.worker()
    await worker.init_env(IN_PLACE)
    environment = lab_environment(lab)
    seen = [environment.step(action)[0].tolist() for _ in range(3)]
    assert seen == [[1.0, 1.0]] * 3


def lab_environment(lab: Lab) -> Any:
    assert lab.wire.host is not None
    return lab.wire.host._environments.default


@on_virtual_time
async def test_each_reset_step_and_new_environment_is_a_revision(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(REUSES, {"holder": "array"})
    environment = lab_environment(lab)
    seen = [environment.revision]
    await worker.reset()
    seen.append(environment.revision)
    await worker.batch([{"op": "step", "params": {"actions": 0}}] * 3)
    seen.append(environment.revision)
    await worker.render()
    seen.append(environment.revision)
    await worker.init_env(REUSES, {"holder": "array"})
    seen.append(environment.revision)
    assert seen == [1, 2, 5, 5, 6]


@on_virtual_time
async def test_with_a_canvas_pixels_stay_in_the_worker_unless_the_page_asks(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(REUSES, {"holder": "array"})
    assert (await worker.reset()).render_state is not None
    await worker.attach_canvas(RecordingScreen())
    assert (await worker.reset()).render_state is None
    assert (await worker.step(0)).render_state is None
    assert (await worker.request("step", {"actions": 0, "render": "send"}))[
        "render_state"
    ].shape == (2, 3, 3)
    assert (await worker.request("reset", {"render": "send"}))["render_state"] is not None
    assert (await worker.render()).render_state is not None
    batch: list[dict[str, Any]] = [{"op": "step", "params": {"actions": 0}}, {"op": "render"}]
    step, picture = await worker.batch(batch)
    assert step.render_state is None
    assert picture.render_state is not None


GYM_WITH_AGENTS = """
import gymnasium

class Crowd(gymnasium.Env):
    def __init__(self):
        self.agents = ["a", "b"]
        self.possible_agents = ["a", "b"]
    def reset(self, *, seed=None, options=None):
        return 0, {}
    def step(self, action):
        return action, 0.0, False, False, {}

env = Crowd()
"""


@on_virtual_time
async def test_a_gymnasium_environment_with_agents_is_one_agent(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(GYM_WITH_AGENTS)
    assert lab_environment(lab).parallel is False
    wrapped = GYM_WITH_AGENTS + "env = gymnasium.wrappers.TimeLimit(env, 5)\n"
    await worker.init_env(wrapped)
    assert lab_environment(lab).parallel is False


@on_virtual_time
async def test_code_that_fails_leaves_the_game_that_runs(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(GYM_WITH_AGENTS + 'play = {"action_mapping": {"a": 1}}\n')
    game = await worker.play(fps=10)
    for code in ("def broken(:", "1 / 0", "env = None"):
        with pytest.raises(Exception):  # noqa: B017 - each fails in its own way
            await worker.init_env(code)
    assert game.state is not None
    before = game.state.step
    await asyncio.sleep(1)
    assert (await game.pause()).step > before
