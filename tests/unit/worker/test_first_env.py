"""An author's first `Env`, which renders nothing: it can be used in every way all the same."""

from typing import Any

import numpy as np
import pytest

from tests.loopback import Lab, on_virtual_time
from tests.screens import RecordingScreen

FIRST = """
import gymnasium

class First(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(9)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = 0
        return self.place, {}

    def step(self, action):
        self.place += int(action)
        return self.place, 1.0, self.place == 8, False, {}

env = First()
"""

PAIR = """
from gymnasium.spaces import Discrete
from pettingzoo import ParallelEnv

class First(ParallelEnv):
    metadata = {"name": "first"}
    possible_agents = ["one", "two"]

    def observation_space(self, agent):
        return Discrete(9)

    def action_space(self, agent):
        return Discrete(2)

    def reset(self, seed=None, options=None):
        self.agents, self.steps = list(self.possible_agents), 0
        return dict.fromkeys(self.agents, 0), {agent: {} for agent in self.agents}

    def step(self, actions):
        self.steps += 1
        over = dict.fromkeys(self.agents, self.steps == 8)
        obs, rewards = dict.fromkeys(self.agents, self.steps), dict.fromkeys(self.agents, 1.0)
        infos = {agent: {} for agent in self.agents}
        if self.steps == 8:
            self.agents = []
        return obs, rewards, over, dict.fromkeys(over, False), infos

env = First()
"""

RAISES = (
    FIRST
    + """
def render():
    raise NotImplementedError

env.render = render
"""
)

WRAPPED = (
    FIRST
    + """
env = gymnasium.wrappers.TimeLimit(env, 8)
"""
)

NO_RENDER = (
    FIRST
    + """
class Bare:
    reset, step = env.reset, env.step
    action_space = env.action_space

env = Bare()
"""
)


@pytest.mark.parametrize("canvas", [False, True], ids=["no canvas", "canvas"])
@pytest.mark.parametrize(
    "code",
    [FIRST, PAIR, RAISES, WRAPPED, NO_RENDER],
    ids=["env", "pair", "raises", "wrapped", "bare"],
)
@on_virtual_time
async def test_what_renders_nothing_is_used_in_every_way(
    lab: Lab, caplog: pytest.LogCaptureFixture, code: str, canvas: bool
) -> None:
    worker = lab.worker()
    screen = RecordingScreen()
    if canvas:
        await worker.attach_canvas(screen)
    await worker.init_env(code)
    actions: Any = {"one": 1, "two": 1} if code == PAIR else 1
    assert (await worker.reset(seed=1)).render_state is None
    assert (await worker.step(actions)).render_state is None
    assert (await worker.render()).render_state is None
    results = await worker.batch(
        [{"op": "reset", "params": {"seed": 1}}, {"op": "step", "params": {"actions": actions}}]
    )
    assert [result.render_state for result in results] == [None, None]
    if not canvas:
        await worker.attach_canvas(screen)
    episodes: list[Any] = []
    seats: Any = {"one": "random", "two": "random"} if code == PAIR else "random"
    game = await worker.play(seats=seats, num_episodes=1, on_episode=episodes.append)
    await game.finished()
    screen.refresh()
    assert (await worker.replay(episodes)).episodes == 1
    screen.refresh()
    assert screen.shown == [] == screen.context.calls == caplog.messages
    worker.destroy()


GREY = """
import numpy as np

class Grey:
    def reset(self, *, seed=None, options=None):
        self.frame = np.full((2, 3), 0.2)
        return 0, {}

    def step(self, action):
        self.frame[:] = action  # in the same array
        return 0, 1.0, False, False, {}

    def render(self):
        return [self.frame > 1, self.frame]

env = Grey()
"""


@on_virtual_time
async def test_frames_of_other_kinds_reach_the_page_as_they_are_and_the_canvas(lab: Lab) -> None:
    worker = lab.worker()
    screen = RecordingScreen()
    await worker.init_env(GREY)
    (_, grey) = (await worker.reset()).render_state
    assert (grey.dtype, grey.tolist()) == (np.float64, [[0.2] * 3] * 2)
    results = await worker.batch([{"op": "step", "params": {"actions": a}} for a in (0.4, 0.6)])
    assert [result.render_state[1][0, 0] for result in results] == [0.4, 0.6]
    await worker.attach_canvas(screen)
    await worker.step(1.0)
    screen.refresh()
    assert (screen.shown[-1] == 255).all()
    worker.destroy()
