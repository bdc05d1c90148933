"""What the server sends by itself. Runs on the page."""

import js
from pyscript import ffi

from ..aio import run_ready
from .callbacks import destroy, ignore
from .settings import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class EventStream:
    """What the server sends by itself, an event at a time; the browser reconnects.

    Our server ends each answer, so that no page holds one of the browser's few connections.

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
        self._on_event = self._on_lost = ignore
        destroy(self._proxies)

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
