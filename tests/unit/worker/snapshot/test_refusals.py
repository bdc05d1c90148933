"""What cannot be saved is named with its path, and what is nested too deeply is told."""

import pytest
from gymworker.errors import ProtocolError, StateError
from gymworker.worker.environment import Environment
from gymworker.worker.snapshot.states import States

from tests.unit.worker.snapshot.worlds import PLAIN, World

LOCK = "import threading\n"

REFUSED = {
    "env.lock": LOCK + "env.lock = threading.Lock()",
    "env.tools['left'][1].lock": LOCK
    + "class Tool: pass\nt = Tool()\nt.lock = threading.Lock()\n"
    + "env.tools = {'left': [1, t]}\ndel t",
    "env.env.lock": LOCK
    + "class W(Env):\n    def __init__(self, env): self.env = env\n"
    + "inner = W(Env())\ninner.lock = threading.Lock()\nenv = W(inner)\ndel inner",
    "env.unwrapped.lock": LOCK
    + "class W(Env):\n    def __init__(self, env): self.env = env\n"
    + "env.lock = threading.Lock()\nenv = W(env)",
    "shared": LOCK + "shared = threading.Lock()",
    "moves": "moves = (n for n in [1])",
    "Env.lock": LOCK + "Env.lock = threading.Lock()",
    "policy.lock": LOCK + "def policy(obs): pass\npolicy.lock = threading.Lock()",
    "policy.__defaults__[0]": LOCK + "def policy(obs, lock=threading.Lock()): pass",
    "env.tape": "import sys\nenv.tape = sys.__stdout__",
    "env.raw": "import sys\nenv.raw = sys.__stdout__.buffer",
    "act.lock": LOCK
    + "def make():\n    lock = threading.Lock()\n    return lambda: lock\nact = make()",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_saved_has_a_path(path: str) -> None:
    world = World(PLAIN + REFUSED[path])
    for attempt in (world.save, world.states.digest):
        with pytest.raises(StateError) as problem:
            attempt()
        text = str(problem.value)
        assert text.startswith(f"{path} cannot be saved: TypeError: cannot pickle"), text
        assert "snapshot_skip" in text


def test_what_has_no_hash_has_a_path() -> None:
    world = World(PLAIN + "env.keys = {}.keys()")
    with pytest.raises(StateError, match=r"env\.keys cannot be saved: TypeError: cannot pickle"):
        world.states.digest()


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(5000): env.deep = [getattr(env, 'deep', None)]",
        "class Node: pass\nfor _ in range(5000):\n    node = Node()\n"
        "    node.next, env.first = getattr(env, 'first', None), node\n",
    ],
)
def test_what_is_nested_too_deeply_is_told(source: str) -> None:
    world = World(PLAIN + source)
    for attempt in (world.save, world.states.digest):
        with pytest.raises(StateError, match="is nested too deeply"):
            attempt()


def test_many_objects_side_by_side_are_fine() -> None:
    world = World(PLAIN + "class Node: pass\nenv.nodes = [Node() for _ in range(5000)]\n")
    before = world.save()
    world.env.nodes[70].late = True
    world.restore(before)
    assert not hasattr(world.env.nodes[70], "late")


def test_a_value_that_fails_to_load_changes_nothing() -> None:
    world = World(
        PLAIN + "class Odd:\n    def __setstate__(self, state): raise OSError('odd')\n"
        "    x = 1\nodd = Odd()\nodd.y = 1\ncount = 1\n"
    )
    before = world.save()
    world.module.count = 2
    with pytest.raises(StateError, match="the state cannot be read: OSError: odd"):
        world.restore(before)
    assert world.module.count == 2


def test_there_must_be_an_environment() -> None:
    states = States(Environment())
    for attempt in (states.save, states.digest):
        with pytest.raises(ProtocolError, match="there is no environment yet"):
            attempt()


OWN = "Env.get_state = {get}\nEnv.set_state = {put}\nenv.place = 1\n"
PUT = "lambda self, state: setattr(self, 'place', state)"
LACKS = "def lacks(self, *given): raise NotImplementedError\n"


@pytest.mark.parametrize(
    ("get", "put"),
    [
        ("lambda self, agent: agent", PUT),
        ("lambda self: 7", "lambda self, agent, state: None"),
        ("lambda self: 7", "lambda self: None"),
        ("lacks", "lacks"),
        ("lacks", PUT),
        ("3", PUT),
    ],
)
def test_methods_that_only_have_the_name_are_not_asked(get: str, put: str) -> None:
    world = World(PLAIN + LACKS + OWN.format(get=get, put=put))
    before, hash = world.save(), world.states.digest()
    world.run("env.place = 2")
    assert world.states.digest() != hash
    world.restore(before)
    assert (world.env.place, world.states.digest()) == (1, hash)


def test_a_state_of_its_own_that_fails_is_told() -> None:
    wrapped = (
        "class W:\n    def __init__(self, env): self.env = env\n"
        "    def reset(self, **options): pass\n    def step(self, action): pass\n"
        "env = W(env)\n"
    )
    world = World(PLAIN + OWN.format(get="lambda self: 1 / self.place", put=PUT) + wrapped)
    before = world.save()
    world.run("env.env.place = 0")
    for attempt in (world.save, world.states.digest, lambda: world.restore(before)):
        with pytest.raises(StateError, match=r"^env\.env\.get_state\(\) failed: ZeroDivisionError"):
            attempt()


def test_a_state_of_its_own_that_cannot_be_put_back_is_told() -> None:
    world = World(PLAIN + LACKS + OWN.format(get="lambda self: self.place", put="lacks"))
    before = world.save()
    with pytest.raises(StateError, match="^the state cannot be restored: NotImplementedError"):
        world.restore(before)


@pytest.mark.parametrize("place", ["env.snapshot_skip", "Env.snapshot_skip", "snapshot_skip"])
def test_names_to_skip_are_one_or_several(place: str) -> None:
    owner = "" if place == "snapshot_skip" else "env."
    lock = f"import threading\n{owner}lock = threading.Lock()\n"
    for skip in ("'lock'", "['lock']", "('lock', 'other')", "{'lock'}"):
        World(PLAIN + lock + f"{place} = {skip}").save()
    for wrong in ("5", "[5]", "True"):
        world = World(PLAIN + f"{place} = {wrong}")
        with pytest.raises(StateError, match=r"expected snapshot_skip to be a name or several"):
            world.save()
