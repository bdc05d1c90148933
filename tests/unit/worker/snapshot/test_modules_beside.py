"""What changes in the modules beside an environment is in its state too."""

import sys

import pytest

from tests.unit.worker.snapshot.worlds import PLAIN, World

RULES = {
    "rules.py": """\
import numpy as np
seen, best = [], 0
grid = np.zeros(2000)
class Policy:
    memory = {}
    def act(self, obs, calls=[]):
        calls.append(obs)
        self.last = obs
        return len(calls)
policy = Policy()
""",
    "art/__init__.py": "from . import colors\nname = 'one'\n",
    "art/colors.py": "used = []\n",
    "levels/easy.py": "stones = [3]\n",
}
BESIDE = {
    "a variable": ("rules.seen.append(1)", "rules.seen", "rules.seen"),
    "a variable set anew": ("rules.__dict__.update(best=7)", "rules.best", "rules.best"),
    "an array": ("rules.grid.__setitem__(3, 1)", "rules.grid.sum()", "rules.grid[3]"),
    "a class attribute": ("P.memory.update(a=1)", "P.memory", "rules.Policy.memory"),
    "a default": ("rules.policy.act(1)", "P.act.__defaults__", "rules.policy.last"),
    "a module of a package": ("colors.used.append(1)", "colors.used", "art.colors.used"),
    "a package": ("art.__dict__.update(name='two')", "art.name", "art.name"),
    "a module of a folder": (
        "levels.easy.stones.append(1)", "levels.easy.stones", "levels.easy.stones",
    ),
}  # fmt: skip
IMPORTS = "import rules, art, levels.easy\nfrom rules import Policy as P\nfrom art import colors\n"


@pytest.mark.parametrize("place", BESIDE)
def test_what_changes_in_a_module_beside_it(place: str) -> None:
    change, look, path = BESIDE[place]
    world = World(PLAIN + IMPORTS + "env.policy = rules.policy\n", files=RULES)
    start = repr(world.run(look))
    before, hash, data = world.save(), world.states.digest(), world.file()
    world.run(change)
    changed, after = repr(world.run(look)), world.states.digest()
    assert changed != start
    assert after != hash
    told = world.states.difference(before, world.save())
    assert told is not None and told.startswith((path, "env.policy.last"))
    world.restore(before)
    assert repr(world.run(look)) == start
    assert world.states.digest() == hash
    assert world.run("rules.policy is env.policy")
    assert world.run("type(env.policy) is P")
    world = World(PLAIN + IMPORTS + "env.policy = rules.policy\n", files=RULES)
    world.run(change)
    world.restore_file(data)
    assert repr(world.run(look)) == start
    world.run(change)
    assert (repr(world.run(look)), world.states.digest()) == (changed, after)


LATER = "def later():\n    import art, levels.easy, rules\n    return rules\nenv.held = None\n"


def test_a_module_that_was_imported_later_is_imported_anew() -> None:
    world = World(PLAIN + LATER, files=RULES)
    before, hash = world.save(), world.states.digest()
    for _ in range(2):
        world.run("later().seen.append(1)")
        world.run("setattr(env, 'held', later().policy)")
        after, changed, data = world.save(), world.states.digest(), world.file()
        world.restore(before)
        assert world.states.digest() == hash
        assert not {"rules", "art.colors", "levels.easy"} & sys.modules.keys()
        assert world.run("later().seen") == []
        world.restore(before)
        world.restore(after)
        assert world.run("later().seen") == [1]
        assert world.run("env.held is later().policy and type(env.held) is later().Policy")
        assert world.states.digest() == changed
        world = World(PLAIN + LATER, files=RULES)
        world.restore_file(data)
        assert world.run("later().seen") == [1]
        assert world.states.digest() == changed
        world.restore(before)


def test_each_environment_has_the_modules_beside_it_though_they_share_their_names() -> None:
    first, second = (
        World(PLAIN + IMPORTS + "env.policy = rules.policy\n", files=RULES, module=name)
        for name in ("environment_a", "environment_b")
    )
    before = [world.save() for world in (first, second)]
    first.run("rules.seen.append(1)")
    assert sys.modules["rules"] is second.module.rules
    assert first.states.difference(before[0], first.save()) == "rules.seen[0]: nothing then 1"
    assert second.states.difference(before[1], second.save()) is None
    first.restore(before[0])
    assert first.run("rules.seen") == []
    assert first.run("rules.policy is env.policy and type(env.policy) is P")
    assert sys.modules["rules"] is second.module.rules
    World(PLAIN, module="environment_b")
    assert sys.modules["rules"] is first.module.rules
