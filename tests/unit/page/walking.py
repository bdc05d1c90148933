"""A walk whose steps hang on all that was before, and a page that plays it."""

import json
from typing import Any

from gymworker.page.client import PyodideWorker
from gymworker.page.fields import Progress
from gymworker.page.game import Game

from tests.loopback import Lab

WALK = """
import asyncio, random
import numpy as np

class Walk:
    action_space = None
    def reset(self, *, seed=None, options=None):
        self.generator = np.random.default_rng(seed)
        random.seed(seed)
        self.place, self.n = 0.0, 0
        memory.clear()
        return self.place, {}

    def step(self, action):
        self.n += 1
        memory.append(action)
        self.place += action * self.generator.normal() + random.random() + len(memory) / 7
        return self.place, self.place, self.n == length, False, {}

memory = []
length = 1000
env = Walk()
play = {"action_mapping": {"a": -1, "d": 2}, "default_action": 1, "fps": 50}
"""
"""What comes of a step hangs on generators, on the module and on all steps before it."""


class Page:
    """A page that plays the walk, and what it was told."""

    def __init__(self, lab: Lab, **options: Any) -> None:
        self.lab = lab
        self.said: list[Progress] = []
        self.logs: list[str] = []
        self.steps: list[Any] = []
        self.episodes: list[Any] = []
        self.states: list[Any] = []
        self.worker = PyodideWorker(
            connect=lab.connect,
            on_progress=self.said.append,
            on_log=lambda log: self.logs.append(log.text),
            **options,
        )

    async def play(self, code: str = WALK, **settings: Any) -> Game:
        await self.worker.init_env(code)
        told: Any = {"on_episode": self.episodes.append, "on_state": self.states.append}
        if settings.pop("steps", False):
            told["on_step"] = self.steps.append
        return await self.worker.play(**told, **{"seed": 7, **settings})

    @property
    def record(self) -> Any:
        """The last record."""
        return json.loads(self.episodes[-1].record)

    async def end(self, game: Game) -> str:
        """Ends the game; replays the last record, and returns the hash of the environment."""
        found = await self.worker.compute_hash()
        await game.stop()
        replayed = await self.worker.replay([self.episodes[-1]])
        assert (replayed.difference, replayed.episodes) == (None, 1)
        self.worker.destroy()
        return found


def actions(record: Any) -> Any:
    return [item["value"] if isinstance(item, dict) else item for item in record["actions"]]


async def undisturbed(lab: Lab, taken: list[Any], code: str = WALK) -> str:
    """The hash after these actions in a game that nothing happens to."""
    worker = lab.worker()
    await worker.init_env(code)
    await worker.reset(seed=7)
    for action in taken:
        await worker.step(action)
    found = await worker.compute_hash()
    worker.destroy()
    return found
