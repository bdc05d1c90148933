"""Where two states differ: the path, and both values."""

import pytest

from tests.unit.worker.snapshot.worlds import PLAIN, World

START = """
import random, collections
import numpy as np
class W(Env):
    def __init__(self, env): self.env, self.calls = env, 0
class Tool: size = 1
def policy(obs, seen={}): pass
env.state = np.array([0.0, 1.0, 0.1])
env.grid = np.zeros((60, 70), np.uint8)
env.rng = np.random.default_rng(1)
env.tools = {"left": [1, 2], 3: None}
env.queue = collections.deque([1, 2])
env.best = np.float32(0.5)
env = W(env)
memory = {}
"""

CHANGES = {
    "env.unwrapped.state[2]: 0.1 then 0.2": "env.env.state[2] = 0.2",
    "env.unwrapped.grid[3, 69]: 0 then 7": "env.env.grid[3, 69] = 7",
    "env.unwrapped.state[0]: 0.0 then -0.0": "env.env.state[0] = -0.0",
    "env.unwrapped.best: 0.5 then 0.25": "env.env.best = np.float32(0.25)",
    "env.calls: 0 then 5": "env.calls = 5",
    "env.unwrapped.tools['left'][1]: 2 then 9": "env.env.tools['left'][1] = 9",
    "env.unwrapped.tools[3]: None then True": "env.env.tools[3] = True",
    "env.unwrapped.late: nothing then 'x'": "env.env.late = 'x'",
    "env.unwrapped.tools: {'left': [1, 2], 3: None} then 8": "env.env.tools = 8",
    "env.unwrapped.queue.<its items>[1]: 2 then 4": "env.env.queue[1] = 4",
    "memory['a']: nothing then 1": "memory['a'] = 1",
    "Tool.size: 1 then 2": "Tool.size = 2",
    "policy.__defaults__[0]['a']: nothing then 1": "policy.__defaults__[0]['a'] = 1",
    "env.unwrapped.rng.bit_generator.state['has_uint32']: 0 then 1": (
        "env.env.rng.integers(9, dtype='u4')"
    ),
    "random[1]: ": "random.random()",
    "numpy.random['state']['key'][0]: 1 then": "np.random.random()",
    "count: nothing then 1": "count = 1",
}


@pytest.mark.parametrize("expected", CHANGES)
def test_a_difference_has_a_path_and_both_values(expected: str) -> None:
    world = World(PLAIN + START)
    world.run("np.random.seed(1)")
    before = [world.save() for _ in range(4)][-1]
    assert world.states.difference(before, world.save()) is None
    exec(CHANGES[expected], world.module.__dict__)
    after = world.save()
    told = world.states.difference(before, after)
    assert told is not None and told.startswith(expected)
    assert world.states.difference(after, after) is None


def test_the_present_state_stays_what_it_is() -> None:
    world = World(PLAIN + START)
    before = world.save()
    world.module.memory["a"] = 1
    after, hash = world.save(), world.states.digest()
    assert world.states.difference(before, after)
    assert world.states.digest() == hash
    assert world.module.memory == {"a": 1}


def test_only_the_time_that_an_episode_took_is_left_out() -> None:
    world = World(PLAIN + "pose = {'r': 1.0, 'l': 2, 't': 3.0}\ninfo = {'episode': dict(pose)}\n")
    before, hash = world.save(), world.states.digest()
    world.run("info['episode']['t'] = 9.0")
    assert world.states.digest() == hash
    world.run("pose['t'] = 9.0")
    assert world.states.digest() != hash
    assert world.states.difference(before, world.save()) == "pose['t']: 3.0 then 9.0"


def test_a_space_that_was_printed_is_the_same() -> None:
    world = World("import gymnasium\nenv = gymnasium.make('Pendulum-v1')\n")
    before, hash = world.save(), world.states.digest()
    world.run("repr(env.action_space) + repr(env.observation_space)")
    assert world.states.digest() == hash
    assert world.states.difference(before, world.save()) is None
