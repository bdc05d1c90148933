"""A worker that tells how much it holds, for sessions that are long."""

import asyncio
import gc
import importlib
import sys

import pyodide_js
from gymworker import Host

module = pyodide_js._module
module.enable_pyproxy_allocation_tracing()
host = Host()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def gauge() -> "dict[str, int]":
    """The room that is left on the C stack, and what is alive."""
    gc.collect()
    return {
        "stack": module.stackSave(),
        "memory": module.HEAPU8.length,
        "objects": len(gc.get_objects()),
        "held by JavaScript": module.pyproxy_alloc_map.size,
        "of JavaScript": module._hiwire_num_refs(),
        "tasks": len(asyncio.all_tasks()),
    }


@host.on("gauge")
def now(_: "Any") -> "dict[str, int]":
    return gauge()


@host.on("awaits")
async def awaits(_: "Any") -> None:
    for _ in range(100):
        await asyncio.sleep(0)


class Endless:
    """An environment that gauges as it goes.

    Attributes:
        gauged: every so many steps.
    """

    def __init__(self, every: int) -> None:
        self.every = every
        self.steps = 0
        self.gauged: list[dict[str, int]] = []

    def reset(self, *, seed: "int | None" = None, options: "Any" = None) -> "Any":
        return ({"steps": self.steps, "gauged": self.gauged} if options else [0.0]), {}

    def step(self, action: "Any") -> "Any":
        self.steps += 1
        if self.steps % self.every == 0:
            self.gauged.append(gauge())
        return [float(self.steps)], 1.0, False, False, {}


def full_pace() -> None:
    """Let a game step as fast as it can."""
    importlib.import_module("gymworker.worker.play.requests")  # the first game would import it
    limits = [m for name, m in sys.modules.items() if "gymworker" in name and hasattr(m, "FASTEST")]
    assert limits
    for limit in limits:
        setattr(limit, "FASTEST", float("inf"))  # noqa: B010


host.start()
