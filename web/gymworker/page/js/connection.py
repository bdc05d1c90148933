"""One worker and the port to it. Runs on the page.

The worker is PyScript's. A MessageChannel of our own, whose port travels with the first message,
carries requests and replies: none of PyScript's listeners sits on it. A message is one string, or
an array of a string and its ArrayBuffers.
"""

import asyncio
import json

import js
from pyscript import PyWorker, ffi

from ...codec import Transfer
from ...codec.light import use_memory
from ...errors import WorkerCrashedError, WorkerStartError
from ...protocol import CONNECT, ERROR, GIVE_BACK, KEEP
from ..aio import run_ready
from .callbacks import destroy, ignore
from .canvas import replace_canvas, take_canvas
from .files import explain
from .memory import js_memory
from .settings import ENTRY, absolute, pyscript_config, take_started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

WORD = 10.0
"""Seconds after the end of the worker's script until it has to have said something."""

REASON = 2.0
"""Seconds in which one learns why a file did not come that the worker cannot name."""

use_memory(js_memory())

_kept: "dict[str, Any]" = {}
"""By the interpreter: what a worker compiled, and its memory, for the next one."""


def connector(script: str, worker: "dict[str, Any]") -> "Callable[..., Connection]":
    """Return a function that starts a worker, given ``on_message`` and ``on_failure``."""
    return lambda on_message, on_failure: Connection(script, worker, on_message, on_failure)


class Connection:
    """One PyScript worker and the port to it.

    Args:
        script: address of the user's worker script.
        worker: the settings of the worker: ``interpreter`` and PyScript's own keys, such as
            ``files``.
        on_message: called with the text and the buffers of each message.
        on_failure: called with the exception when the worker cannot start or dies.
    """

    take_canvas = staticmethod(take_canvas)
    replace_canvas = staticmethod(replace_canvas)

    def __init__(
        self,
        script: str,
        worker: "dict[str, Any]",
        on_message: "Callable[[str, Sequence[Any]], None]",
        on_failure: "Callable[[Exception], None]",
    ) -> None:
        self._on_message = on_message
        self._on_failure = on_failure
        self._proxies: list[Any] = []
        self._heard = False
        self._script, self._settings = script, worker
        js.document.documentElement.setAttribute("data-python", "on")  # guard.js need not look
        channel = js.MessageChannel.new()
        self._port = channel.port1
        self._post = self._port.postMessage
        self._port.onmessage = self._proxy(self._receive_first)
        interpreter = absolute(worker["interpreter"])
        self._worker = take_started(script, worker) or PyWorker(
            absolute(ENTRY),
            type="pyodide",
            version=interpreter + ("#kept" if interpreter in _kept else ""),
            config=pyscript_config(script, worker),
        )
        self._worker.onerror = self._proxy(ignore)  # PyScript's, for what `ready` tells too
        self._worker.ready.then(self._proxy(self._script_ended), self._proxy(self._not_started))
        self._listeners = {
            "error": self._proxy(self._crashed),
            "message": self._proxy(self._receive_unaddressed),
        }
        for name, listener in self._listeners.items():
            self._worker.addEventListener(name, listener)
        self._worker.postMessage(ffi.to_js({"type": CONNECT}), ffi.to_js([channel.port2]))

    def post(self, text: str, buffers: "Sequence[Any]" = ()) -> None:
        """Send a message; its buffers are copied, because the page may still hold their arrays."""
        if not buffers:
            self._post(text)
            return
        parts = [item.object if isinstance(item, Transfer) else item for item in buffers]
        moved = [item.object for item in buffers if isinstance(item, Transfer)]
        self._post(ffi.to_js([text] + parts), *([ffi.to_js(moved)] if moved else []))

    def close(self) -> None:
        """End the worker. Nothing arrives afterwards. May be called twice."""
        self._on_message = self._on_failure = self._post = ignore
        if self._worker is None:
            return
        # Python holds the worker, whose listeners hold Python: neither lets go of that circle.
        for name, listener in self._listeners.items():
            self._worker.removeEventListener(name, listener)
        self._worker.onerror = self._port.onmessage = None
        self._port.close()
        self._worker.terminate()
        self._worker = self._port = None
        self._listeners.clear()
        destroy(self._proxies)

    def _proxy(self, function: "Callable[[Any], None]") -> "Any":
        proxy = ffi.create_proxy(function)
        self._proxies.append(proxy)
        return proxy

    def _receive_first(self, event: "Any") -> None:
        self._heard = True
        self._port.onmessage = self._proxy(self._receive)
        self._receive(event)

    def _receive(self, event: "Any") -> None:
        data = event.data
        if isinstance(data, str):
            self._on_message(data, ())
        else:
            self._on_message(data[0], [data[i] for i in range(1, data.length)])
        run_ready()

    def _receive_unaddressed(self, event: "Any") -> None:
        """Take what the worker says, as plain objects, before it has our port."""
        if js.Object.prototype.toString.call(event.data) == "[object Object]":
            interpreter = absolute(self._settings["interpreter"])
            if event.data.type == KEEP:
                _kept[interpreter] = event.data
                return
            if event.data.type == GIVE_BACK:
                self._worker.postMessage(_kept[interpreter])
                return
            try:
                text = str(js.JSON.stringify(event.data))
            except Exception:  # a value that JSON has not: no message for a Python page
                return
            self._on_message("[" + text + "]", ())  # as the codec writes a plain value

    def _script_ended(self, worker: "Any") -> None:
        """The script of the worker came to its end; what it started speaks from then on."""
        self._task = asyncio.create_task(self._expect_word())

    async def _expect_word(self) -> None:
        await asyncio.sleep(WORD)
        if not self._heard:
            text = " came to its end and said nothing: does it start a Host, and is it whole, as "
            self._on_failure(
                WorkerStartError("the worker did not start: " + self._script + text + ENTRY + "?")
            )

    def _not_started(self, error: "Any") -> None:
        """PyScript tells what it caught."""
        self._task = asyncio.create_task(self._explain(str(error.name), str(error.message)))

    async def _explain(self, kind: str, words: str) -> None:
        why = await explain(words) or self._suspect(kind, words)
        if not why:  # the page may know in a moment which file it is
            await asyncio.sleep(REASON)
            why = "" if js.navigator.onLine else "You are offline; Python could not be loaded"
        text = why + "\n" + words if why else "the worker did not start: " + words
        self._on_failure(WorkerStartError(text))

    def _suspect(self, kind: str, words: str) -> str:
        """Return which file is damaged, where the words do not name it; "" if none seems so."""
        damaged = ""
        if kind == "SyntaxError":
            damaged = self._settings["interpreter"]
        elif "tarfile" in words:
            archives = [name for name in self._settings["files"] if name.endswith(".gz")]
            damaged = " or ".join(archives)
        return damaged and damaged + " could not be loaded: it is damaged or cut short"

    def _crashed(self, event: "Any") -> None:
        """The browser tells what nobody caught."""
        event.preventDefault()  # it is told to the page, not to the console
        message = str(event.message)
        if "PythonError" in message:  # in a callback of the user's: the worker lives on
            error = {"name": "PythonError", "message": message, "stack": ""}
            self._on_message(json.dumps([{"type": ERROR, "error": error}]), ())
        else:
            self._on_failure(WorkerCrashedError("the worker died: " + message))
