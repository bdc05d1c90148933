"""Everything on the page that touches JavaScript: worker, port, downloads. Runs on the page.

The worker is PyScript's. A MessageChannel of our own, whose port travels with the first message,
carries requests and replies: none of PyScript's listeners sits on it. A message is one string, or
an array of a string and its ArrayBuffers.
"""

import json

import js
from pyscript import PyWorker, config, ffi

from ..codec import Transfer
from ..codec.light import use_memory
from ..errors import MisuseError, WorkerCrashedError, WorkerStartError
from ..protocol import CONNECT, ERROR
from .aio import Waiter, run_ready
from .memory import js_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

use_memory(js_memory())

ENTRY = "gymworker/worker/js/entry.py"
"""What PyScript runs in the worker; it runs the user's script and reports how that fails."""


SCRIPT = "worker.py"
"""The user's script, where a page names no other."""


def settings() -> "dict[str, Any]":
    """Return the ``[worker]`` table of ``pyscript.toml``, as the server completed it."""
    return dict(config["worker"])


def absolute(address: str) -> str:
    """Return an absolute address: the worker is a Blob, for which none is relative."""
    return str(js.URL.new(address, js.document.baseURI).href)


async def download(address: str, on_bytes: "Callable[[int], None]") -> None:
    """Fetch a file to the end, which leaves it in the browser's cache for the worker.

    An XMLHttpRequest for a Blob: the browser tells at most every 50 ms how far it is, and the bytes
    never enter the page's thread. Reading a stream instead stalls the page for some 50 ms.

    Args:
        address: relative to the page.
        on_bytes: called with the bytes so far, as they are after decompression.

    Raises:
        WorkerStartError: the server has no such file, or cannot be reached.
    """
    done = Waiter()
    request = js.XMLHttpRequest.new()
    request.open("GET", absolute(address))
    request.responseType = "blob"
    proxies = [
        ffi.create_proxy(lambda event: on_bytes(event.loaded)),
        ffi.create_proxy(lambda event: done.settle(request.status)),
    ]
    request.onprogress, request.onloadend = proxies
    request.send()
    status = await done
    _destroy(proxies)
    if status == 0:
        raise WorkerStartError("cannot fetch " + address + ": the server cannot be reached")
    if status != 200:
        raise WorkerStartError("cannot fetch " + address + ": the server answered " + str(status))


class EventStream:
    """What the server sends by itself, an event at a time; the browser reconnects.

    Args:
        address: relative to the page.
        on_event: called with the text of each event.
        on_lost: called when the browser gives up; whoever wants more opens another stream.
    """

    def __init__(
        self, address: str, on_event: "Callable[[str], None]", on_lost: "Callable[[], None]"
    ) -> None:
        self._on_event = on_event
        self._on_lost = on_lost
        self._source = js.EventSource.new(absolute(address))
        self._proxies = [ffi.create_proxy(self._receive), ffi.create_proxy(self._failed)]
        self._source.onmessage, self._source.onerror = self._proxies

    def close(self) -> None:
        """Nothing arrives afterwards. May be called twice."""
        self._source.close()
        self._on_event = self._on_lost = _ignore
        _destroy(self._proxies)

    def _receive(self, event: "Any") -> None:
        self._on_event(event.data)
        run_ready()

    def _failed(self, event: "Any") -> None:
        """The browser asks again by itself, but not after a refusal: then it is closed."""
        if self._source.readyState == js.EventSource.CLOSED:
            self._on_lost()
            run_ready()


def load_again(file: str = "") -> None:
    """Load the page anew."""
    js.location.reload()


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
        channel = js.MessageChannel.new()
        self._port = channel.port1
        self._post = self._port.postMessage
        self._port.onmessage = self._proxy(self._receive)
        self._worker = _take_started(script, worker) or PyWorker(
            absolute(ENTRY),
            type="pyodide",
            version=absolute(worker["interpreter"]),
            config=_pyscript_config(script, worker),
        )
        self._worker.onerror = self._proxy(_ignore)  # PyScript's, for what `ready` tells too
        self._worker.ready.catch(self._proxy(self._not_started))
        self._worker.addEventListener("error", self._proxy(self._crashed))
        self._worker.addEventListener("message", self._proxy(self._receive_unaddressed))
        self._worker.postMessage(ffi.to_js({"type": CONNECT}), ffi.to_js([channel.port2]))

    def post(self, text: str, buffers: "Sequence[Any]" = ()) -> None:
        """Send a message; its buffers are copied, because the page may still hold their arrays."""
        if not buffers:
            self._post(text)
            return
        parts = [item.object if isinstance(item, Transfer) else item for item in buffers]
        moved = [item.object for item in buffers if isinstance(item, Transfer)]
        self._post(ffi.to_js([text] + parts), *([ffi.to_js(moved)] if moved else []))

    async def take_canvas(self, canvas: "Any") -> "dict[str, Any]":
        """Return the payload that hands a ``<canvas>`` over to the worker.

        Raises:
            MisuseError: it is no canvas, or in use already.
        """
        if not hasattr(canvas, "transferControlToOffscreen"):
            raise MisuseError("expected a <canvas> element of the page, got " + str(canvas))
        try:
            # Called by a promise: MicroPython cannot catch what JavaScript throws, but rejections.
            offscreen = await js.Promise.resolve().then(canvas.transferControlToOffscreen)
        except Exception:
            offscreen = None
        if offscreen is None:
            raise MisuseError(
                "this canvas cannot be handed to a worker: it was handed over already, or the page "
                "draws on it. Give a new <canvas>"
            )
        return _canvas_payload(offscreen)

    def replace_canvas(self, canvas: "Any") -> "tuple[Any, dict[str, Any]]":
        """Put a copy in the place of a canvas that an earlier worker has and cannot give back.

        Returns:
            The copy, with the attributes of the canvas and the focus if it had that; and the
            payload that hands it over.
        """
        copy = canvas.cloneNode(False)
        focused = canvas.matches(":focus")
        canvas.replaceWith(copy)
        if focused:
            copy.focus()
        return copy, _canvas_payload(copy.transferControlToOffscreen())

    def close(self) -> None:
        """End the worker. Nothing arrives afterwards."""
        self._on_message = self._on_failure = _ignore
        self._port.close()
        self._worker.terminate()
        _destroy(self._proxies)

    def _proxy(self, function: "Callable[[Any], None]") -> "Any":
        proxy = ffi.create_proxy(function)
        self._proxies.append(proxy)
        return proxy

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
            try:
                text = str(js.JSON.stringify(event.data))
            except Exception:  # a value that JSON has not: no message for a Python page
                return
            self._on_message("[" + text + "]", ())  # as the codec writes a plain value

    def _not_started(self, error: "Any") -> None:
        """PyScript tells what it caught."""
        self._on_failure(WorkerStartError("the worker did not start: " + str(error.message)))

    def _crashed(self, event: "Any") -> None:
        """The browser tells what nobody caught."""
        event.preventDefault()  # it is told to the page, not to the console
        message = str(event.message)
        if "PythonError" in message:  # in a callback of the user's: the worker lives on
            error = {"name": "PythonError", "message": message, "stack": ""}
            self._on_message(json.dumps([{"type": ERROR, "error": error}]), ())
        else:
            self._on_failure(WorkerCrashedError("the worker died: " + message))


def _take_started(script: str, worker: "dict[str, Any]") -> "Any":
    """Return the worker that a ``<script type="py" worker>`` of the page started, or None.

    PyScript starts it while MicroPython loads, which brings READY forward by that time. There is
    one to take: a second worker on the page, or one after a restart, starts anew.
    """
    tag = js.document.querySelector('script[type="py"][worker][src="' + ENTRY + '"]')
    if not tag or script != SCRIPT or worker != settings():
        return None
    tag.remove()
    return getattr(tag, "xworker", None)


def _canvas_payload(offscreen: "Any") -> "dict[str, Any]":
    return {"canvas": Transfer(offscreen), "baseURL": str(js.document.baseURI)}


def _destroy(proxies: "list[Any]") -> None:
    """Let go of callbacks: Pyodide counts them, MicroPython does not."""
    for proxy in proxies:
        if hasattr(proxy, "destroy"):
            proxy.destroy()
    proxies.clear()


def _ignore(*args: object) -> None:
    pass


def _pyscript_config(script: str, worker: "dict[str, Any]") -> "dict[str, Any]":
    """Return what PyScript needs to start the worker: absolute addresses, all files."""
    ours = ("downloads", "interpreter", "packages", "files")
    passed = {key: value for key, value in worker.items() if key not in ours}
    files = {absolute(source): target for source, target in worker.get("files", {}).items()}
    name = script.split("/")[-1]
    files[absolute(script)] = "./" + name
    passed["files"] = files
    passed["sync_main_only"] = True  # else PyScript warns that the page is not isolated
    passed["gymworker"] = {"script": name[: -len(".py")], "packages": worker.get("packages", [])}
    return passed
