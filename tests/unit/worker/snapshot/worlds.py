"""Environments made of source text, with their states, as a worker has them."""

import asyncio
from typing import Any

from gymworker.worker import code
from gymworker.worker.environment import Environment
from gymworker.worker.snapshot.file import Snapshot
from gymworker.worker.snapshot.states import States

PLAIN = """
class Env:
    def reset(self, *, seed=None, options=None): return 0, {}
    def step(self, action): return 0, 0.0, False, False, {}

env = Env()
"""
"""The shortest environment; tests put more behind it."""


class World:
    """An environment, run from its code.

    Args:
        source: the code.
        name: of its file.
        files: the modules beside it.
        module: the name of its module.
    """

    def __init__(
        self,
        source: str,
        name: str = "environment.py",
        files: dict[str, str] | None = None,
        module: str = code.MODULE,
    ) -> None:
        self.environment = Environment()
        self.module: Any = asyncio.run(code.run(source, name, {}, files, module))
        self.environment.take(self.module.env, self.module.__dict__, source)
        self.states = States(self.environment)

    @property
    def env(self) -> Any:
        return self.environment.required()

    def save(self) -> Snapshot:
        return self.states.save()

    def restore(self, snapshot: Snapshot) -> None:
        self.states.restore(snapshot)

    def run(self, line: str) -> Any:
        """Runs a line of Python in the module; returns what an expression gives."""
        try:
            return eval(line, self.module.__dict__)
        except SyntaxError:
            return exec(line, self.module.__dict__)

    def file(self) -> bytes:
        return self.states.write(self.states.save())

    def restore_file(self, data: bytes) -> None:
        self.states.restore(self.states.read(data))
