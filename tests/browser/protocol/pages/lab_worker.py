"""The worker of the lab: what a test wants to know of it, as request types of its own."""

import asyncio
import builtins
import gc
import os
import sys
import time

import js
import pyodide_js
from gymworker import Host
from pyodide.code import run_js
from pyodide.ffi import create_once_callable

host = Host(imports=[])
compiled: "list[object]" = []
puts: "list[object]" = []
hoard: "list[object]" = []

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gymworker.worker.call import Call

sys.addaudithook(lambda event, args: compiled.append(args) if event == "compile" else None)


@host.on("echo")
def echo(call: "Call") -> "Any":
    return call.payload


@host.on("sleep")
async def sleep(call: "Call") -> "Any":
    await asyncio.sleep(call.payload)
    return call.payload


@host.on("stretched")
async def stretched(call: "Call") -> float:
    """Return the seconds that so many of the browser's timers take, one after another."""
    began = time.monotonic()
    await run_js("""async (count) => {
        for (let i = 0; i < count; i++) await new Promise((done) => setTimeout(done, 0));
    }""")(call.payload)
    return time.monotonic() - began


@host.on("proxies")
def proxies(call: "Call") -> "Any":
    gc.collect()
    return pyodide_js._module._hiwire_num_refs()


@host.on("compiled")
def count_compiled(call: "Call") -> "Any":
    return len(compiled)


@host.on("flood")
def flood(call: "Call") -> "Any":
    for i in range(call.payload):
        print("line", i)
    return call.payload


@host.on("fail_later")
def fail_later(call: "Call") -> None:
    js.setTimeout(create_once_callable(lambda: 1 / 0), 0)


@host.on("modules")
def modules(call: "Call") -> "Any":
    return [name for name in call.payload if name in sys.modules]


@host.on("watch")
def watch(call: "Call") -> None:
    """Count from now on how often pixels are put on a canvas."""
    from gymworker.worker.js.screen import Screen

    put = Screen.put
    puts.clear()

    def counted(screen: Screen, pixels: "Any") -> None:
        puts.append(pixels.shape)
        put(screen, pixels)

    setattr(Screen, "put", counted)  # noqa: B010


@host.on("watched")
def watched(call: "Call") -> int:
    return len(puts)


@host.on("die")
def die(call: "Call") -> None:
    """Have Python end in the middle of the next step that asks ``builtins.fate()``."""
    ends = {"exit": lambda: os._exit(3), "loop": loop, "memory": exhaust}
    setattr(builtins, "fate", ends[call.payload])  # noqa: B010


def loop() -> None:
    while True:
        pass


def exhaust() -> None:
    """Take all memory, of a heap that cannot grow: the machine's own may be needed elsewhere."""
    run_js("WebAssembly.Memory.prototype.grow = () => { throw new RangeError('no more') }")
    while True:
        hoard.append(bytearray(1 << 20))


host.start()
