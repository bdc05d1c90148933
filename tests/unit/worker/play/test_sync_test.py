"""Steps that do not come out the same a second time end the game, which names the place."""

import asyncio
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from gymworker.errors import NondeterminismError, ProtocolError

from gymserver.site import ROOT
from tests.unit.turnbased import Relay
from tests.unit.worker.play.games import Desk
from tests.unit.worker.play.stages import CROWD, GAMES, PLAYED, THINKER, WALK, Stage

STEPS = 50
BUNDLED = sorted((ROOT / "web" / "envs").glob("*.py"), key=lambda file: file.name)

WORLD = """
import os, random, secrets, sys, time
import numpy as np
from gymnasium.spaces import Discrete
{before}
class Blob:
    def __init__(self, number): self.number = number

class World:
    action_space = Discrete(2)

    def reset(self, *, seed=None, options=None):
        self.found = [0, 0, 0]
        {start}
        return 0, {{}}

    def step(self, action):
        {change}
        return 0, {reward}, False, False, {{}}

env = World()
policy = lambda obs: {policy}
"""


def world(change: str, **parts: str) -> str:
    """An environment in whose step something happens."""
    defaults = {"before": "", "start": "", "reward": "1.0", "policy": "0"}
    return WORLD.format(change=change, **{**defaults, **parts})


PLANTED = {
    "the time": (
        world("self.found[1] = time.perf_counter()"),
        r"env\.found\[1\]: \d.* then \d",
    ),
    "the time of day": (world("self.found[1] = time.time_ns()"), r"env\.found\[1\]: "),
    "os.urandom": (world("self.found[2] = os.urandom(4)"), r"env\.found\[2\]: b['\"]"),
    "SystemRandom": (
        world("self.found[0] = dice.randrange(6)", before="dice = random.SystemRandom()"),
        r"env\.found\[0\]: \d then \d",
    ),
    "secrets": (world("self.found[0] = secrets.token_hex(3)"), r"env\.found\[0\]: '"),
    "a generator without a seed": (
        world("self.found[0] = float(np.random.default_rng().normal())"),
        r"env\.found\[0\]: ",
    ),
    "id()": (
        world("self.blob = Blob(3); self.found[2] = id(self.blob) % 1009"),
        r"env\.found\[2\]: \d+ then \d+",
    ),
    "a set's order": (
        world(
            "self.blobs = {Blob(n) for n in range(8)}; "
            "self.found[:] = [blob.number for blob in self.blobs][:3]"
        ),
        r"env\.found\[\d\]: \d then \d",
    ),
    "a set's order, of what was restored": (
        world(
            "self.found[0] = next(iter(self.blobs)).number",
            start="self.blobs = {Blob(n) for n in range(20)}",
        ),
        r"env\.found\[0\]: \d+ then \d+",
    ),
    "an uninitialised array": (
        world("self.data = np.empty(6, int)"),
        r"env\.data\[\d\]: ",
    ),
    "an uninitialised array, of flags": (
        world("self.data = np.empty(12, bool).view('int8')"),
        r"env\.data\[\d+\]: ",
    ),
    "a large uninitialised array": (
        world(
            "self.data = np.empty((60, 50), int); self.found[0] += 1; "
            "self.rest = np.full((60, 50), self.found[0])"
        ),
        r"env\.data\[\d+, \d+\]: ",
    ),
    "another module's variable": (
        world(
            "helper.calls += 1; self.found[1] = helper.calls",
            before="helper = sys.modules['a_helper_of_the_test']",
        ),
        r"env\.found\[1\]: \d+ then \d+",
    ),
    "a counter that another module holds": (
        world(
            "self.found[1] = next(helper.counter)",
            before="helper = sys.modules['a_helper_of_the_test']",
        ),
        r"env\.found\[1\]: \d+ then \d+",
    ),
    "a closure in another module": (
        world(
            "self.found[1] = helper.tick()",
            before="helper = sys.modules['a_helper_of_the_test']",
        ),
        r"env\.found\[1\]: \d+ then \d+",
    ),
    "a wrapped environment": (
        world("self.found[1] = time.perf_counter()").replace(
            "env = World()",
            "import gymnasium\n"
            "World = type('World', (World, gymnasium.Env), {'__module__': __name__})\n"
            "env = gymnasium.wrappers.TimeLimit(World(), 1000)",
        ),
        r"env\.unwrapped\.found\[1\]: ",
    ),
    "the module's own variable": (
        world("table['n'] = time.perf_counter()", before="table = {'n': 0}"),
        r"table\['n'\]: ",
    ),
    "a reward alone": (world("pass", reward="time.perf_counter()"), r"reward: \d.* then \d"),
    "a policy": (world("pass", policy="secrets.randbelow(2)"), r"the action: [01] then [01]"),
}
"""Each with what it keeps in the state, and where that is."""

HELPER = """
import itertools
calls = 0
counter = itertools.count()

def _ticker():
    n = 0
    def tick():
        nonlocal n
        n += 1
        return n
    return tick

tick = _ticker()
"""


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is not the environment's."""
    module = types.ModuleType("a_helper_of_the_test")
    exec(HELPER, module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("helper")
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("name", PLANTED)
def test_what_decides_besides_the_state_is_found(name: str, count: int) -> None:
    source, place = PLANTED[name]
    stage = Stage(source, paused=True, seed=3, syncTest=count).start()
    with pytest.raises(
        NondeterminismError, match=rf"^step \d+ came out .* again: {place}"
    ) as found:
        stage.act("." * STEPS)
    assert stage.game.state == "failed"
    (episode,) = stage.episodes
    assert (episode["ended"], episode["error"]["name"]) == ("error", "NondeterminismError")
    assert str(found.value) == episode["error"]["message"]
    assert episode["steps"] <= STEPS


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_the_bundled_environments_pass(file: Path) -> None:
    stage = Stage(file.read_text("utf-8"), paused=True, seed=3, syncTest=2, seats="random")
    stage.environment.renders = False
    stage.start().act("." * 30)
    assert stage.game.state == "paused"


@pytest.mark.parametrize("name", GAMES)
def test_games_with_all_who_may_decide_pass(name: str) -> None:
    source, settings = GAMES[name]
    stage = Stage(source, **settings, syncTest=3).start()
    stage.act("ad.addd." * 6)
    plain = Stage(source, **settings).start()
    plain.act("ad.addd." * 6)
    assert stage.record() == plain.record()


def test_a_deterministic_environment_passes_500_steps() -> None:
    source = (
        "import gymnasium\n"
        "from gymnasium.wrappers import NormalizeObservation, RecordEpisodeStatistics\n"
        "env = RecordEpisodeStatistics(NormalizeObservation(gymnasium.make('CartPole-v1')))\n"
    )
    stage = Stage(source, seats="random", paused=True, seed=3, syncTest=2).start()
    while sum(episode["steps"] for episode in stage.episodes) < 500:
        stage.act("...")
    assert stage.game.state == "paused"


def test_it_goes_well_with_going_back() -> None:
    stage = Stage(WALK + THINKER, paused=True, seed=5, keep=True, syncTest=3).start()
    stage.act("......")
    stage.rewind(4)
    stage.act("..")
    stage.correct((3, 0))
    stage.act("...")
    stage.game.reset()
    stage.act("..")
    assert stage.game.state == "paused"


def test_the_steps_time_is_that_of_the_first_time() -> None:
    stage = Stage(WALK, **PLAYED, syncTest=4).start()
    stage.act("..")
    inner = stage.environment.step

    def slow(actions: Any) -> Any:
        stage.clock.time += 0.25
        return inner(actions)

    stage.environment.step = slow  # type: ignore[method-assign]
    stage.act(".")
    stage.clock.pass_time(1)
    times = [state["stepTime"] for state in stage.of("playState")]
    assert [time for time in times if time] == [250.0]


def test_an_async_policy_cannot_be_asked_again() -> None:
    async def play() -> Any:
        desk = Desk(Relay(), {"policy": policy})
        desk.handle("play", paused=True, seed=1, syncTest=1)
        return await desk.handle("control", command="step")

    async def policy(obs: Any, agent: Any) -> int:
        return 1

    with pytest.raises(ProtocolError, match="cannot ask an async policy"):
        asyncio.run(play())


@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_it_goes_back_a_number_of_steps(count: Any) -> None:
    with pytest.raises(ProtocolError, match="syncTest"):
        Stage(CROWD, syncTest=count)
