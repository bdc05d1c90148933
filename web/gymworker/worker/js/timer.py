"""One timer, one callback, as often as it is set. Runs in the worker.

The event loop's ``call_later`` makes a closure and a proxy each time; this one makes nothing.
"""

import time

import js
from pyodide.ffi import create_proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CLAMP = 0.004
"""Seconds: a timer that is set again and again is stretched to this by browsers."""

GRAIN = 0.001
"""Seconds: browsers count timers in whole milliseconds."""


class JsTimer:
    """A timer of the browser's, whose proxy stays until it is closed.

    A short wait begins with a message to itself: a browser does not stretch the first timers that a
    message sets, and a message alone takes a fraction of a millisecond.

    Args:
        callback: called each time that the timer runs out, up to ``GRAIN`` early; what it raises
            is an uncaught error of the worker's.
    """

    def __init__(self, callback: "Callable[[], None]") -> None:
        self._callback = callback
        self._due = 0.0
        self._timeout: Any = None  # the browser's number of it
        self._message = 0  # the number of the last one; those before were cancelled
        self._proxy = create_proxy(self._wake)
        self._port = js.MessageChannel.new()
        self._port.port1.onmessage = self._proxy
        self._post = self._port.port2.postMessage
        self._set_timeout = js.setTimeout
        self._clear_timeout = js.clearTimeout

    def set(self, seconds: float) -> None:
        """Call the callback after this time; it replaces what was set before."""
        self.cancel()
        if seconds < CLAMP:
            self._due = time.monotonic() + seconds
            self._post(self._message)
        else:
            self._timeout = self._set_timeout(self._proxy, seconds * 1000)

    def cancel(self) -> None:
        """Call nothing, until it is set again."""
        self._message += 1
        if self._timeout is not None:
            self._clear_timeout(self._timeout)
            self._timeout = None

    def close(self) -> None:
        """Cancel for good, and let go of the proxy. May be called in the callback, and twice."""
        self.cancel()
        self._port.port1.onmessage = None  # one may be on its way
        self._port.port1.close()
        self._proxy.destroy()

    def _wake(self, event: "Any" = None) -> None:
        """Take a message, or the end of the browser's timer."""
        if event is not None:
            if event.data != self._message:
                return
            left = self._due - time.monotonic()
            if left >= GRAIN:
                self._timeout = self._set_timeout(self._proxy, left * 1000)
                return
        self._timeout = None
        self._callback()
