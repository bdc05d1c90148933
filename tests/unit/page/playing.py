"""A game that counts its steps, and how a page begins it."""

from typing import Any

from gymworker.page.game import Game

from tests.loopback import Lab

GAME = """
class Count:
    n = 0

    def reset(self, *, seed=None, options=None):
        self.n = 0
        return [seed, 0], {}

    def step(self, action):
        self.n += 1
        if action == "fall":
            raise RuntimeError("the cart fell off")
        return [action, self.n], 1.0, self.n >= 30, False, {}


env = Count()
play = {"action_mapping": {"ArrowLeft": 0, ("w", "a"): 2, "f": "fall"}, "default_action": 5}
"""


async def playing(lab: Lab, code: str = GAME, **options: Any) -> tuple[Any, Game]:
    worker = lab.worker()
    await worker.init_env(code)
    return worker, await worker.play(**options)
