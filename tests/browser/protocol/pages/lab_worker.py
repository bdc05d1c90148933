"""The worker of the lab: what a test wants to know of it, as request types of its own."""

import asyncio
import sys

import js
import pyodide_js
from gymworker import Host
from pyodide.ffi import create_once_callable

host = Host(imports=[])
compiled: "list[object]" = []
puts: "list[object]" = []

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

sys.addaudithook(lambda event, args: compiled.append(args) if event == "compile" else None)


@host.on("echo")
def echo(payload: "Any") -> "Any":
    return payload


@host.on("sleep")
async def sleep(payload: "Any") -> "Any":
    await asyncio.sleep(payload)
    return payload


@host.on("proxies")
def proxies(payload: "Any") -> "Any":
    return pyodide_js._module._hiwire_num_refs()


@host.on("compiled")
def count_compiled(payload: "Any") -> "Any":
    return len(compiled)


@host.on("flood")
def flood(payload: "Any") -> "Any":
    for i in range(payload):
        print("line", i)
    return payload


@host.on("fail_later")
def fail_later(payload: "Any") -> None:
    js.setTimeout(create_once_callable(lambda: 1 / 0), 0)


@host.on("modules")
def modules(payload: "Any") -> "Any":
    return [name for name in payload if name in sys.modules]


@host.on("watch")
def watch(payload: "Any") -> None:
    """Count from now on how often pixels are put on a canvas."""
    from gymworker.worker.channel import Screen

    put = Screen.put
    puts.clear()

    def counted(screen: Screen, pixels: "Any") -> None:
        puts.append(pixels.shape)
        put(screen, pixels)

    setattr(Screen, "put", counted)  # noqa: B010


@host.on("watched")
def watched(payload: "Any") -> int:
    return len(puts)


host.start()
