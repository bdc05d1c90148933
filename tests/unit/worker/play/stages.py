"""Games of environments that are run from their code, with their states, as a worker has them."""

import asyncio
from typing import Any

from gymworker.recording import read_record
from gymworker.worker import code
from gymworker.worker.snapshot.states import States

from tests.unit.worker.play.games import Table

WALK = """
import numpy as np
from gymnasium.spaces import Box, Discrete

class Walk:
    metadata = {"render_modes": []}
    action_space = Discrete(3)
    observation_space = Box(-np.inf, np.inf, (2,))

    def reset(self, *, seed=None, options=None):
        self.np_random = np.random.default_rng(seed)
        self.place = np.zeros(2)
        return self.place, {}

    def step(self, action):
        self.place = self.place + [action - 1, self.np_random.normal()]
        return self.place, float(self.place[1]), bool(abs(self.place[0]) > 9), False, {}

env = Walk()
"""
"""One agent that walks at random, with the player's help."""

THINKER = """
class Thinker:
    def __init__(self): self.seen = []
    def __call__(self, obs):
        self.seen.append(float(obs[1]))
        return int(sum(self.seen) * 1000) % 3

policy = Thinker()
"""
"""What decides in the walk by all that it has seen."""

CROWD = """
import random
from gymnasium.spaces import Discrete

class Crowd:
    possible_agents = None
    def __init__(self): self.agents = []
    def action_space(self, agent): return Discrete(5)

    def reset(self, *, seed=None, options=None):
        self.agents, self.total = ["a", "b"], seed
        return self._told(), {agent: {} for agent in self.agents}

    def step(self, actions):
        self.total = (self.total * 31 + sum(a * n for n, a in enumerate(actions.values(), 1))) % 997
        playing = self.agents
        done = {agent: agent == "b" and self.total % 5 == 0 for agent in playing}
        rewards = {agent: float(self.total % 7) for agent in playing}
        self.agents = [agent for agent in playing if not done[agent]]
        if self.total % 3 == 0 and len(self.agents) < 5:
            self.agents.append(f"c{self.total}")
        told = self._told() | {agent: self.total for agent in playing}
        no = dict.fromkeys(playing, False)
        return told, rewards, done, no, {agent: {} for agent in playing}

    def _told(self): return {agent: self.total for agent in self.agents}

memory = []

def policy(obs, agent=None, start=False):
    if start: memory.append(agent)
    memory.append(obs)
    return (obs + len(memory)) % 5

env = Crowd()
"""
"""Agents that come and go; policies with a memory in the module, and chance."""


KEYS = {"a": 0, "d": 2}
PLAYED = {"actionMapping": KEYS, "defaultAction": 1, "paused": True, "seed": 5, "fps": 10}
GAMES: dict[str, tuple[str, dict[str, Any]]] = {
    "keys": (WALK, PLAYED),
    "a policy with a memory": (WALK + THINKER, {"paused": True, "seed": 5}),
    "chance": (WALK, {"seats": "random", "paused": True, "seed": 5}),
    "agents that come and go": (CROWD, {"paused": True, "seed": 7}),
    "chance for agents that come and go": (CROWD, {"seats": "random", "paused": True, "seed": 7}),
    "keys beside policies": (
        CROWD,
        {"agents": {"a": {"a": 1, "d": 3}}, "defaultAction": 0, "paused": True, "seed": 7},
    ),
}
"""Games by what decides in them: the code, and the settings."""


class NoRests:
    """A long request in which nobody else has a turn."""

    def due(self) -> bool:
        return False


class Stage(Table):
    """A game of an environment that was run from its code.

    Args:
        source: the code.
        settings: of the game.
    """

    def __init__(self, source: str, **settings: Any) -> None:
        self.take(asyncio.run(code.run(source, "environment.py", {})), **settings)

    def take(self, module: Any, **settings: Any) -> None:
        """Begins with an environment's module."""
        self.module = module
        super().__init__(module.env, module.__dict__, **settings)
        self.states = States(self.environment)

    def act(self, keys: str) -> None:
        """Makes a step for each letter, in which that key is held; a dot is none."""
        for key in keys:
            self.game.hold([] if key == "." else [key], self.clock.wall())
            self.game.step()
            self._raise()
            self.clock.pass_time(0.1)

    def rewind(self, step: int) -> None:
        """Goes back, as the request does."""
        asyncio.run(self.game.rewind(step, NoRests()))  # type: ignore[arg-type]
        self._raise()

    def correct(self, *corrections: tuple[int, Any]) -> dict[str, Any]:
        """Corrects the actions of some steps, as the request does."""
        wanted = [{"step": step, "actions": actions} for step, actions in corrections]
        found = asyncio.run(self.game.correct(wanted, NoRests()))  # type: ignore[arg-type]
        self._raise()
        return found

    def _raise(self) -> None:
        if self.game.error is not None:
            raise self.game.error

    def save(self) -> bytes:
        """The game and its environment, as a file."""
        return self.states.write(self.states.save(self.game.capture()))

    def restore(self, data: bytes) -> None:
        self.game.restore(self.states.restore(self.states.read(data)))

    @property
    def done(self) -> list[Any]:
        """The actions of the episode so far."""
        record = self.game._episodes.episode._record
        assert record is not None
        return record._actions[: self.game.fields()["step"]]

    @property
    def hash(self) -> str:
        return self.states.digest()

    def record(self) -> dict[str, Any]:
        """Ends the game; what its last record holds, but for when things happened."""
        self.game.stop()
        return untimed(read_record(self.episodes[-1]["record"]))


def untimed(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what depends on the time."""
    timed = ("times", "events", "seconds", "startedAt")
    return {name: value for name, value in record.items() if name not in timed}
