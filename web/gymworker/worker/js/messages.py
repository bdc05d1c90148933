"""Messages in and out of the worker. Runs in the worker.

A Python page connects over a MessagePort that comes with its first message, and speaks the lossless
encoding. Any page may also send plain objects with ``worker.postMessage`` and gets plain objects.
"""

import js
from polyscript import xworker
from pyodide.ffi import create_proxy, to_js

import __main__

from ...codec import Transfer
from ...envelope import read_request, write_message
from ...errors import ProtocolError
from ...protocol import CONNECT, KEEP
from .plain import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Receive = Callable[["JavaScriptPage | PythonPage", Any], None]


class JavaScriptPage:
    """A page in JavaScript, or one that has not connected yet: plain objects."""

    def send(self, message: "dict[str, Any]") -> None:
        """Post one message as plain objects.

        Args:
            message: as ``protocol`` says.

        Raises:
            EncodeError: something in it cannot cross; nothing was posted.
        """
        xworker.postMessage(to_js(plain(message), dict_converter=js.Object.fromEntries))

    def check(self, message: "dict[str, Any]") -> None:
        """Raise what ``send`` would, and post nothing."""
        plain(message)


class PythonPage:
    """A Python page: JSON text and transferred buffers over its own port."""

    def __init__(self, port: "Any", receive: "Receive") -> None:
        self._post = port.postMessage
        self._receive = receive
        port.onmessage = create_proxy(self._on_message)

    def send(self, message: "dict[str, Any]") -> None:
        """Post one message in the lossless encoding; see ``JavaScriptPage.send``."""
        text, buffers = write_message(message)
        if not buffers:
            self._post(text)
            return
        moved = [item.object if isinstance(item, Transfer) else _copy(item) for item in buffers]
        self._post(to_js([text, *moved]), to_js(moved))

    def check(self, message: "dict[str, Any]") -> None:
        """Raise what ``send`` would, and post nothing."""
        write_message(message)

    def _on_message(self, event: "Any") -> None:
        data = event.data
        try:
            if isinstance(data, str):
                message = read_request(data, ())
            else:
                text, *buffers = data
                message = read_request(text, [buffer.to_py() for buffer in buffers])
        except Exception as error:
            message = ProtocolError(f"expected text and buffers: {error}")
        self._receive(self, message)


def _copy(data: "Any") -> "Any":
    """Copy bytes out of WebAssembly's memory, which cannot be transferred."""
    copy = js.Uint8Array.new(len(data))
    copy.assign(data)
    return copy.buffer


def _hand_over() -> None:
    """Leave with the page what the next worker need not make anew, if there is such a thing."""
    if keep := getattr(js, "gymworkerKeep", None):
        xworker.postMessage(keep, to_js([keep.memory]))
        del js.gymworkerKeep


def listen(receive: "Receive", connected: "Callable[[PythonPage], None]") -> JavaScriptPage:
    """Take messages from now on.

    Args:
        receive: called with the page and each request; one that cannot be read comes as the
            ``ProtocolError`` that says why.
        connected: called with a Python page that has connected.

    Returns:
        The page behind ``worker.postMessage``.
    """
    page = JavaScriptPage()

    def on_message(event: "Any") -> None:
        data = event.data
        if getattr(data, "type", None) == KEEP:  # the module that starts Pyodide has taken it
            return
        try:
            message = data.to_py() if hasattr(data, "to_py") else data
            if isinstance(message, dict) and message.get("type") == CONNECT:
                connected(PythonPage(event.ports[0], receive))
                _hand_over()
                return
        except Exception as error:
            message = ProtocolError(f"expected a message of plain objects: {error}")
        receive(page, message)

    xworker.onmessage = on_message
    __main__.xworker = xworker  # PyScript looks for this name there, for each event
    return page
