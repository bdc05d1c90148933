"""Environments with one fault each, and what the doctor is to say of them."""

from dataclasses import dataclass, field

BASE = """
import gymnasium
import numpy as np


class Walk(gymnasium.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 60}
    observation_space = gymnasium.spaces.Box(-10, 10, (3,), np.float32)
    action_space = gymnasium.spaces.Discrete(3)
    render_mode = "rgb_array"

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        self.place = self.np_random.uniform(-1, 1, 3)
        self.begin()
        return self.look(), {}

    def begin(self):
        pass

    def look(self):
        return self.place.astype(np.float32)

    def step(self, action):
        self.steps += 1
        self.place[self.steps % 3] += (action - 1) * 0.125
        self.move()
        return self.look(), self.reward(), self.steps >= 20, False, self.infos()

    def move(self):
        pass

    def reward(self):
        return float(self.place[0])

    def infos(self):
        return {"steps": self.steps}

    def render(self):
        return np.full((20, 30, 3), self.steps, np.uint8)


BODY

env = MADE()
"""
"""A walk that has no fault; see `walk`."""

PARALLEL = """
import functools

import gymnasium
import numpy as np
from pettingzoo import ParallelEnv


class Pair(ParallelEnv):
    metadata = {"name": "pair_v0", "render_modes": []}
    possible_agents = ["a", "b"]
    render_mode = None

    @functools.cache
    def observation_space(self, agent):
        return gymnasium.spaces.Box(-1, 1, (2,), np.float32)

    @functools.cache
    def action_space(self, agent):
        return gymnasium.spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        self.agents, self.steps = list(self.possible_agents), 0
        return self.look(), {agent: {} for agent in self.agents}

    def look(self):
        return {agent: np.zeros(2, np.float32) for agent in self.agents}

    def step(self, actions):
        self.steps += 1
        over = self.steps >= 15
        told = self.look(), *(dict.fromkeys(self.agents, x) for x in (1.0, over, False, {}))
        self.agents = [] if over else self.agents
        return self.after(told)

    def after(self, told):
        return told


BODY

env = MADE()
"""


OTHER = """
import gymnasium


class Mine:
    action_space = observation_space = gymnasium.spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 0, 0.0, False, False, {}


env = Mine()
"""


@dataclass(frozen=True)
class Fault:
    """A fault that was planted.

    Attributes:
        name: of it.
        source: the environment.
        check: that finds it.
        status: of its line.
        says: a part of the line.
        files: beside the environment.
    """

    name: str
    source: str
    check: str
    status: str
    says: str
    files: dict[str, str] = field(default_factory=dict)


def walk(body: str = "", base: str = BASE, of: str = "Walk") -> str:
    """Returns the code of the walk with some of its methods replaced."""
    if not body:
        return base.replace("BODY", "").replace("MADE", of)
    lines = "\n".join("    " + line if line else "" for line in body.strip("\n").split("\n"))
    return base.replace("BODY", f"class Faulty({of}):\n{lines}\n").replace("MADE", "Faulty")


def pair(body: str = "") -> str:
    """Returns the code of the pair with some of its methods replaced."""
    return walk(body, PARALLEL, "Pair")


GOOD = {
    "walk": walk(),
    "pair": pair(),
    "sampled": walk("def __init__(self): self.action_space.sample()"),
}

FAULTS = [
    Fault(
        "no syntax",
        "x = 1\ndef f(:\n",
        "code",
        "failed",
        "SyntaxError: invalid syntax (fault.py, line 2)",
    ),
    Fault("no env", "x = 1\n", "code", "failed", "left no variable `env`"),
    Fault("no environment", "env = 3\n", "code", "failed", "which has no reset and no step()"),
    Fault(
        "code raises",
        walk() + "1 / 0\n",
        "code",
        "failed",
        "ZeroDivisionError: division by zero (fault.py, line 4",
    ),
    Fault(
        "code ends Python",
        "import sys\nsys.exit(3)\n",
        "code",
        "failed",
        "SystemExit: 3 (fault.py, line 2)",
    ),
    Fault(
        "helper raises",
        "import rules\nenv = 1\n",
        "code",
        "failed",
        "KeyError: 'x' (rules.py, line 2)",
        {"rules.py": "a = {}\na['x']\n"},
    ),
    Fault("no such helper", walk() + "from . import rules\n", "code", "failed", "relative import"),
    Fault(
        "play", walk() + "play = {'fps': -1}\n", "code", "failed", "`play` is wrong: expected fps"
    ),
    Fault(
        "maybe missing",
        walk() + "def plot():\n    import nosuchplot\n",
        "imports",
        "warning",
        "nosuchplot is not there (fault.py, line 4",
    ),
    Fault(
        "reset raises",
        walk("def begin(self): raise KeyError('no map')"),
        "spaces",
        "failed",
        "KeyError: 'no map' (fault.py",
    ),
    Fault(
        "step raises",
        walk("def move(self): self.place[self.steps] = 0"),
        "spaces",
        "failed",
        "IndexError",
    ),
    Fault(
        "step exits",
        walk("def move(self): raise SystemExit(3)"),
        "spaces",
        "failed",
        "SystemExit: 3 (fault.py",
    ),
    Fault(
        "four values",
        walk("def step(self, action): return super().step(action)[:4]"),
        "spaces",
        "failed",
        "got a tuple of 4",
    ),
    Fault(
        "reset alone",
        walk("def reset(self, **options): return super().reset(**options)[0]"),
        "spaces",
        "failed",
        "expected env.reset() to return (obs, info)",
    ),
    Fault(
        "dtype",
        walk("def look(self): return self.place"),
        "spaces",
        "failed",
        "its dtype is float64, not float32",
    ),
    Fault(
        "shape",
        walk("def look(self): return super().look()[:2]"),
        "spaces",
        "failed",
        "its shape is (2,), not (3,)",
    ),
    Fault(
        "bounds",
        walk("def look(self): return super().look() + np.float32(12 * (self.steps == 4))"),
        "spaces",
        "failed",
        "step 4: obs is not in Box",
    ),
    Fault(
        "nan",
        walk("def look(self): return super().look() * np.float32('nan')"),
        "spaces",
        "failed",
        "there is nan in it",
    ),
    Fault(
        "no array",
        walk("def look(self): return 3"),
        "spaces",
        "failed",
        "it is int, no array",
    ),
    Fault(
        "keys",
        walk(
            "observation_space = gymnasium.spaces.Dict(a=Walk.observation_space)\n"
            "def look(self): return {'b': super().look()}"
        ),
        "spaces",
        "failed",
        "its keys are ['b'], not ['a']",
    ),
    Fault(
        "nested",
        walk(
            "observation_space = gymnasium.spaces.Dict(a=Walk.observation_space)\n"
            "def look(self): return {'a': super().look() + 20}"
        ),
        "spaces",
        "failed",
        "its ['a']: ",
    ),
    Fault(
        "no actions",
        walk("action_space = None"),
        "spaces",
        "failed",
        "expected the action_space to be a space",
    ),
    Fault(
        "no observations",
        walk("observation_space = None"),
        "spaces",
        "warning",
        "there is no observation_space",
    ),
    Fault(
        "one agent's",
        pair(
            "def after(self, told):\n    told[0].update(b=np.ones(3, np.float32))\n    return told"
        ),
        "spaces",
        "failed",
        "obs['b'] is not in Box",
    ),
    Fault(
        "not by agent",
        pair("def look(self): return np.zeros(2, np.float32)"),
        "spaces",
        "failed",
        "expected observations by agent",
    ),
    Fault(
        "object in obs",
        walk("def look(self): return {'me': self}"),
        "values",
        "failed",
        "obs['me']: Faulty cannot be sent",
    ),
    Fault(
        "array of objects",
        walk("def look(self): return np.array([None, 1])"),
        "values",
        "failed",
        "obs: ",
    ),
    Fault(
        "object in infos",
        walk("def infos(self): return {'policy': self}"),
        "values",
        "warning",
        "infos['policy']: Faulty cannot be sent",
    ),
    Fault(
        "object in metadata",
        walk("metadata = {'render_modes': ['rgb_array'], 'me': object}"),
        "values",
        "warning",
        "metadata['me']",
    ),
    Fault(
        "reward",
        walk("def reward(self): return 'ten'"),
        "values",
        "failed",
        "expected a reward that is a number",
    ),
    Fault(
        "reward by agent",
        pair("def after(self, told): return told[0], 1.0, *told[2:]"),
        "values",
        "failed",
        "expected rewards by agent",
    ),
    Fault(
        "api",
        walk("def reset(self, *, seed=None): return super().reset(seed=seed)"),
        "api",
        "failed",
        "check_env",
    ),
    Fault("api of infos", walk("def infos(self): return [1]"), "api", "failed", "check_env"),
    Fault(
        "no gymnasium.Env",
        OTHER,
        "api",
        "warning",
        "check_env takes none but gymnasium.Env, this is Mine",
    ),
    Fault(
        "revived",
        pair("def after(self, told):\n    self.agents = self.agents or ['a']\n    return told"),
        "api",
        "failed",
        "parallel_api_test",
    ),
    Fault(
        "render raises",
        walk("def render(self): raise OSError('no display')"),
        "render",
        "failed",
        "render raises OSError: no display (fault.py",
    ),
    Fault(
        "channels",
        walk("def render(self): return super().render().transpose(2, 0, 1)"),
        "render",
        "failed",
        "put its channels last",
    ),
    Fault(
        "floats",
        walk("def render(self): return super().render() * 2.0"),
        "render",
        "failed",
        "floats are to lie in 0..1",
    ),
    Fault(
        "text for pixels",
        walk("def render(self): return 'x'"),
        "render",
        "failed",
        "text needs the render_mode 'ansi'",
    ),
    Fault(
        "render decides",
        walk("def render(self):\n    self.place += 1\n    return super().render()"),
        "render",
        "warning",
        "render() changes what the environment does: env.place[0]",
    ),
    Fault(
        "slow",
        "import time\n" + walk("def move(self): time.sleep(0.03)"),
        "speed",
        "warning",
        "60 fps leave 16.7",
    ),
    Fault(
        "slow picture",
        "import time\n"
        + walk("def render(self):\n    time.sleep(0.03)\n    return super().render()"),
        "speed",
        "warning",
        "60 fps leave 16.7",
    ),
    Fault(
        "random",
        "import random\n" + walk("def move(self): self.place[0] = random.random()"),
        "determinism",
        "failed",
        "not from the module random",
    ),
    Fault(
        "numpy.random",
        walk("def begin(self): self.place = np.random.uniform(-1, 1, 3)"),
        "determinism",
        "failed",
        "not from numpy.random",
    ),
    Fault(
        "hidden random",
        "import random\n" + walk("def move(self): self.hidden = random.random()"),
        "determinism",
        "failed",
        "env.hidden: ",
    ),
    Fault(
        "unseeded",
        walk("def begin(self): self.place = np.random.default_rng().uniform(-1, 1, 3)"),
        "determinism",
        "failed",
        "from reset(seed=7) on: obs[0]",
    ),
    Fault(
        "system",
        "import os\n" + walk("def move(self): self.place[0] = os.urandom(1)[0] / 256"),
        "determinism",
        "failed",
        "from step 1 after reset(seed=7) on",
    ),
    Fault(
        "time",
        "import time\n" + walk("def move(self): self.place[1] = time.perf_counter() % 1"),
        "determinism",
        "failed",
        "obs[1]",
    ),
    Fault(
        "time again",
        "import time\n" + walk("def move(self): self.place[1] = time.perf_counter() % 1"),
        "sync test",
        "failed",
        "step 1 comes out otherwise when it is made again: env.place[1]",
    ),
    Fault(
        "address",
        walk(
            "def move(self):\n"
            "    self.junk = [object() for _ in range(self.steps)]\n"
            "    self.place[2] = id(self.junk[-1]) % 4096 / 4096\n"
        ),
        "sync test",
        "failed",
        "env.place[2]",
    ),
    Fault(
        "order of a set",
        "class Thing:\n    def __init__(self, number): self.number = number\n"
        + walk(
            "def begin(self): self.things = {Thing(number) for number in range(16)}\n"
            "def move(self): self.place[0] = next(iter(self.things)).number / 4"
        ),
        "sync test",
        "failed",
        "env.place[0]",
    ),
    Fault(
        "memory",
        walk("def move(self): self.place[0] = np.empty(40)[self.steps] % 4"),
        "sync test",
        "failed",
        "env.place[0]",
    ),
    Fault(
        "another module",
        "import sys\nsys.dont = 0\n"
        + walk("def move(self):\n    sys.dont += 1\n    self.place[0] = sys.dont % 7"),
        "sync test",
        "failed",
        "env.place[0]",
    ),
    Fault(
        "reward again",
        "import time\n" + walk("def reward(self): return time.perf_counter()"),
        "sync test",
        "failed",
        "rewards: ",
    ),
    Fault(
        "no state",
        walk("def begin(self): self.paths = (x for x in [1])"),
        "sync test",
        "warning",
        "env.paths cannot be saved",
    ),
    Fault(
        "left over",
        walk("games = 0\ndef begin(self):\n    self.games += 1\n    self.place += self.games"),
        "replay",
        "failed",
        "episode 1 differs at step 0 in obs",
    ),
    Fault(
        "reward left over",
        walk(
            "games = 0\n"
            "def begin(self): self.games += 1\n"
            "def reward(self): return float(self.games)"
        ),
        "replay",
        "failed",
        "differs at step 1 in reward",
    ),
]
