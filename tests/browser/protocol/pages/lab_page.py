"""A page that runs what a test hands to it: the body of an async function, `lab` in scope."""

import asyncio
import json
import time

import js
from gymworker import errors
from gymworker.page.client import PyodideWorker
from gymworker.page.js.settings import settings
from pyscript import ffi

COUNTER = """
class Counter:
    steps = 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return [seed], {}

    def step(self, action):
        self.steps += 1
        return [self.steps, action], 1.0, False, False, {}


env = Counter()
"""


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any


def make(**options: "Any") -> PyodideWorker:
    """A worker with the lab's own script."""
    return PyodideWorker(script="lab_worker.py", **options)


def without_packages() -> "dict[str, Any]":
    """The site's settings with nothing to install: a worker that is there sooner."""
    found = settings()
    found["packages"] = []
    return found


async def outcome(waiting: "Awaitable[Any]") -> "Any":
    """What became of a request: its value, or the error's type and text."""
    try:
        value = await waiting
    except Exception as error:
        return [type(error).__name__, str(error)]
    return getattr(value, "fields", value)


async def every(waiting: "list[Any]") -> "list[Any]":
    """Await each in turn: MicroPython has no await in comprehensions."""
    values = []
    for item in waiting:
        values.append(await item)
    return values


scope: "dict[str, Any]" = {
    "COUNTER": COUNTER,
    "asyncio": asyncio,
    "errors": errors,
    "every": every,
    "ffi": ffi,
    "js": js,
    "json": json,
    "make": make,
    "outcome": outcome,
    "settings": settings,
    "time": time,
    "without_packages": without_packages,
}


async def perform(number: str, body: str) -> None:
    try:
        source = "async def case():\n" + "".join(
            ["    " + line + "\n" for line in body.split("\n")]
        )
        exec(source, scope)
        reply: dict[str, Any] = {"value": await scope["case"]()}
    except BaseException as error:
        reply = {"error": type(error).__name__ + ": " + str(error)}
        reply["traceback"] = getattr(error, "remote_traceback", "")
    setattr(js.labReplies, number, json.dumps(reply))


def run(number: str, body: str) -> None:
    scope["task"] = asyncio.create_task(perform(str(number), body))


js.labReplies = js.Object.new()
js.labRun = ffi.create_proxy(run)
