"""Wherever an author keeps what changes, it is in a state; what is shared stays shared."""

import colorsys
import random
import sys
from functools import partial
from typing import Any

import numpy as np
import pytest

from tests.unit.worker.snapshot.worlds import PLAIN, World

KEPT = {
    "a variable": ("count = [0]", "count.append(1)", "count"),
    "a variable set anew": ("count = 0", "globals().update(count=count + 1)", "count"),
    "a class attribute": (
        "class Policy:\n    memory = {}\n",
        "Policy.memory.update(a=len(Policy.memory))",
        "Policy.memory",
    ),
    "a class attribute set anew": (
        "class Policy:\n    best = None\n", "setattr(Policy, 'best', 3)", "Policy.best",
    ),
    "an attribute of a nested class": (
        "class Outer:\n    class Inner:\n        seen = []\n",
        "Outer.Inner.seen.append(1)",
        "Outer.Inner.seen",
    ),
    "a space of the class": (
        "from gymnasium.spaces import Discrete\nEnv.action_space = Discrete(1000)\n",
        "Env.action_space.sample()",
        "Env.action_space.np_random.bit_generator.state",
    ),
    "a default": (
        "def policy(obs, memory=[]):\n    memory.append(obs)\n    return len(memory)\n",
        "policy(1)",
        "policy.__defaults__",
    ),
    "a keyword's default": (
        "def policy(obs, *, memory=[]):\n    memory.append(obs)\n    return len(memory)\n",
        "policy(1)",
        "policy.__kwdefaults__",
    ),
    "a method's default": (
        "class P:\n    def act(self, memory=[]):\n        memory.append(1)\n",
        "P().act()",
        "P.act.__defaults__",
    ),
    "a static method's default": (
        "class P:\n    @staticmethod\n    def act(memory=[]):\n        memory.append(1)\n",
        "P.act()",
        "P.act.__defaults__",
    ),
    "a property's default": (
        "class P:\n    @property\n    def x(self, memory=[]):\n        memory.append(1)\n",
        "P().x",
        "P.x.fget.__defaults__",
    ),
    "an attribute of a function": (
        "def policy(obs):\n    policy.calls += 1\npolicy.calls = 0\n", "policy(1)", "policy.calls",
    ),
    "a closure": (
        "def make():\n    calls = 0\n    def policy():\n        nonlocal calls\n"
        "        calls += 1\n        return calls\n    return policy\npolicy = make()\n",
        "policy()",
        "policy.__closure__[0].cell_contents",
    ),
    "the closure of a decorator": (
        "import functools\ndef counted(f):\n    calls = [0]\n    @functools.wraps(f)\n"
        "    def inner(*a):\n        calls[0] += 1\n        return f(*a)\n    return inner\n"
        "@counted\ndef policy(obs):\n    return obs\n",
        "policy(1)",
        "[cell.cell_contents for cell in policy.__closure__ if type(cell.cell_contents) is list]",
    ),
    "a lambda's default": (
        "policy = lambda obs, memory=[]: memory.append(obs)\n", "policy(1)", "policy.__defaults__",
    ),
    "an object that is called": (
        "class P:\n    def __init__(self):\n        self.calls = 0\n"
        "    def __call__(self, obs):\n        self.calls += 1\npolicy = P()\n",
        "policy(1)",
        "policy.calls",
    ),
    "slots": (
        "class P:\n    __slots__ = ('calls',)\np = P()\np.calls = 0\n",
        "setattr(p, 'calls', p.calls + 1)",
        "p.calls",
    ),
    "random": ("import random\n", "random.random()", "random.getstate()"),
    "NumPy's generator": (
        "import numpy as np\n", "np.random.random()", "np.random.get_state()[1].tolist()",
    ),
    "a generator of one's own": (
        "import numpy as np\nrng = np.random.default_rng(1)\n",
        "rng.random()",
        "rng.bit_generator.state",
    ),
    "an old generator": (
        "import numpy as np\nrng = np.random.RandomState(1)\n",
        "rng.normal()",
        "[str(rng.get_state())]",
    ),
    "a counter": ("import itertools\nids = itertools.count()\n", "next(ids)", "repr(ids)"),
    "a deque": (
        "import collections\nd = collections.deque([1], 3)\n", "d.append(len(d))", "repr(d)",
    ),
    "a local class": (
        "def make():\n    class P:\n        seen = 0\n        def act(self):\n"
        "            self.mine = 1\n            return super().__repr__()\n    return P()\n"
        "p = make()\n",
        "p.act()",
        "vars(p)",
    ),
    "an enumeration": (
        "import enum\nclass Mode(enum.Enum):\n    A = 1\n    B = 2\nmode = Mode.A\n",
        "globals().update(mode=Mode.B)",
        "(mode, mode is Mode(mode.value))",
    ),
    "a data class": (
        "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: list\np = P([1])\n",
        "p.x.append(2)",
        "p",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("place", KEPT)
def test_what_changes_in(place: str) -> None:
    source, change, look = KEPT[place]
    world = World(PLAIN + source)
    start = repr(world.run(look))
    before, hash, data = world.save(), world.states.digest(), world.file()
    world.run(change)
    changed, after = repr(world.run(look)), world.states.digest()
    assert changed != start
    assert after != hash, "the hash sees it"
    told = world.states.difference(before, world.save())
    assert told is not None and " then " in told
    world.restore(before)
    assert repr(world.run(look)) == start
    assert world.states.digest() == hash
    world.run(change)
    assert repr(world.run(look)) == changed
    assert world.states.digest() == after
    world = World(PLAIN + source)
    world.restore_file(data)
    assert repr(world.run(look)) == start
    world.run(change)
    assert repr(world.run(look)) == changed
    assert world.states.digest() == after


def test_what_came_since_is_taken_away() -> None:
    world = World(PLAIN + "class P: pass\n")
    before = world.save()
    world.run("globals().update(late=1)")
    world.run("setattr(P, 'late', 1)")
    world.restore(before)
    assert "late" not in world.module.__dict__
    assert not hasattr(world.module.P, "late")


def test_the_environment_is_the_module_s_own_and_what_is_shared_stays_shared() -> None:
    world = World(
        PLAIN + "import numpy as np\nlog = env.log = []\ngrid = np.zeros((40, 50))\n"
        "env.row, env.part, env.turned = grid[3], grid[::2, 1:7], grid.T\nhold = lambda: log\n"
        "rows = [[i] * 30 for i in range(40)]\nenv.third = rows[3]\n"
        "env.some = rows[10:30]\n"
    )
    for snapshot in [world.save() for _ in range(4)]:
        world.restore(snapshot)
        module: Any = world.module
        assert module.env is world.env
        assert module.log is world.env.log is module.hold()
        module.grid[:] = 7
        assert world.env.row.sum() == 350 and (world.env.part == 7).all()
        world.env.turned[0, 3] = 1
        assert world.env.row[0] == 1
        assert world.env.third is module.rows[3]
        assert world.env.some[2] is module.rows[12]
        module.rows[5].append(1)
        assert module.hold.__globals__ is module.__dict__


def test_the_memory_below_an_array_stays_shared() -> None:
    source = "import numpy as np\nraw = bytearray(40)\nseen = np.frombuffer(raw, 'u1')[4:8]\n"
    world = World(PLAIN + source)
    world.restore(world.save())
    world.module.raw[5] = 9
    assert world.module.seen.tolist() == [0, 9, 0, 0]


def test_read_only_and_fortran_arrays_stay_so() -> None:
    world = World(
        PLAIN + "import numpy as np\na = np.arange(6000).reshape(60, 100)\n"
        "a.flags.writeable = False\n"
        "b = np.asfortranarray(np.ones((50, 40)))\n"
        "c = b[:, 3]\nd = np.broadcast_to(b[0], (3, 40))\n"
    )
    world.restore(world.save())
    world.restore_file(world.file())
    module = world.module
    assert not module.a.flags.writeable and not module.d.flags.writeable
    assert module.b.flags.f_contiguous and module.b.flags.owndata
    module.b[5, 3] = 4
    assert module.c[5] == 4
    module.b[0, 7] = 2
    assert module.d[:, 7].tolist() == [2, 2, 2]


def test_a_function_that_knows_itself() -> None:
    source = (
        "def make():\n    def count(n, seen=[]):\n        seen.append(n)\n"
        "        return n and count(n - 1)\n    return count\nf = make()\n"
    )
    world = World(PLAIN + source)
    before = world.save()
    world.run("f(3)")
    world.restore(before)
    assert world.run("f.__defaults__") == ([],)
    assert world.run("f.__closure__[0].cell_contents is f")


OWN = """
class Own:
    def __init__(self): self.steps, self.file = 0, __import__("threading").Lock()
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, action):
        self.steps += 1
        return self.steps, 0.0, False, False, {}
    def get_state(self): return {"steps": self.steps}
    def set_state(self, state):
        if state["steps"] == 13: raise ValueError("unlucky")
        self.steps = state["steps"]

class Wrapper:
    def __init__(self, env): self.env, self.calls = env, 0
    def reset(self, **given): return self.env.reset(**given)
    def step(self, action):
        self.calls += 1
        return self.env.step(action)

env = Wrapper(Own())
last = env.env
"""


def test_an_environment_with_a_state_of_its_own_is_asked_for_it() -> None:
    world = World(OWN)
    world.environment.step(0)
    before, hash = world.save(), world.states.digest()
    inner = world.env.env
    world.environment.step(0)
    assert world.states.digest() != hash
    told = world.states.difference(before, world.save())
    assert told == "env.calls: 1 then 2"
    world.restore(before)
    assert (world.env.calls, world.env.env.steps) == (1, 1)
    assert world.env.env is inner is world.module.last, "it is the present object"
    assert world.states.digest() == hash
    data = world.file()
    world = World(OWN)
    world.restore_file(data)
    assert (world.env.calls, world.env.env.steps, world.states.digest()) == (1, 1, hash)


def test_an_environment_that_refuses_its_state_is_what_it_was() -> None:
    world = World(OWN + "count = 0\n")
    for _ in range(13):
        world.environment.step(0)
    unlucky = world.save()
    world.environment.step(0)
    world.module.count = 5
    with pytest.raises(Exception, match="cannot be restored: ValueError: unlucky"):
        world.restore(unlucky)
    assert (world.env.env.steps, world.env.calls, world.module.count) == (14, 14, 5)


SKIPPING = """
class Env:
    snapshot_skip = ("screen",)
    def __init__(self): self.screen, self.steps = __import__("threading").Lock(), 0
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, action):
        self.steps += 1
        return 0, 0.0, False, False, {}

env = Env()
snapshot_skip = ["socket"]
socket = __import__("threading").Lock()
"""


def test_what_is_to_be_left_out_is_what_the_present_environment_has() -> None:
    world = World(SKIPPING)
    before, hash = world.save(), world.states.digest()
    screen, socket = world.env.screen, world.module.socket
    world.environment.step(0)
    world.restore(before)
    assert world.env.steps == 0
    assert world.env.screen is screen
    assert world.module.socket is socket
    assert world.states.digest() == hash
    data = world.file()
    other = World(SKIPPING)
    here = other.env.screen
    other.restore_file(data)
    assert other.env.screen is here is not screen


def test_the_generators_are_those_of_the_whole_process() -> None:
    world = World(PLAIN)
    random.seed(1)
    np.random.seed(1)
    before = world.save()
    drawn = random.random(), random.gauss(0, 1), np.random.random(), np.random.normal()
    world.restore(before)
    assert drawn == (random.random(), random.gauss(0, 1), np.random.random(), np.random.normal())


MODULES = {
    "a module": "import colorsys as tool\n",
    "one that is loaded when it is used": (
        "import importlib.util as u, sys\nsys.modules.pop('colorsys', None)\n"
        "spec = u.find_spec('colorsys')\nspec.loader = u.LazyLoader(spec.loader)\n"
        "tool = sys.modules['colorsys'] = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(tool)\ndel u, spec\n"
    ),
    "one with a class of its own": (
        "import sys, types\nclass Tool(types.ModuleType): pass\n"
        "tool = sys.modules['colorsys'] = Tool('colorsys')\n"
    ),
}


@pytest.mark.parametrize("kind", MODULES)
def test_a_module_is_kept_by_its_name(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "colorsys", colorsys)
    world = World(PLAIN + MODULES[kind] + "env.tool = tool\n")
    tool, before, hash, data = world.module.tool, world.save(), world.states.digest(), world.file()
    world.run("globals().update(tool=None)")
    assert world.states.digest() != hash
    for restore in (partial(world.restore, before), partial(world.restore_file, data)):
        restore()
        assert world.env.tool is world.module.tool is tool is sys.modules["colorsys"]
        assert world.states.digest() == hash
