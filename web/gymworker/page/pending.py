"""The map of pending requests: every one settles exactly once. Runs on the page."""

from ..errors import RequestTimeoutError
from .aio import Waiter, now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Request(Waiter):
    """A request that was, or is about to be, sent; whoever awaits it gets the reply."""

    def __init__(self, requests: "Requests", id: int, type: str, timeout: "float | None") -> None:
        self._requests = requests
        self.id = id
        self.type = type
        self.timeout = timeout
        self.deadline: float | None = None

    def remove(self, task: "Any") -> None:
        """Forget the request, whose caller was cancelled."""
        self._task = None
        self._requests.forget(self)


class Requests:
    """Pending requests by id, with their deadlines.

    The clock of a request starts when the worker could run it: at once, or at READY for those sent
        earlier.

    Attributes:
        dropped: how many replies came for a request that was unknown or settled already.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._pending: dict[int, Request] = {}
        self._last_id = 0
        self._clock_runs = False

    def __len__(self) -> int:
        return len(self._pending)

    def open(self, type: str, timeout: "float | None") -> Request:
        """Register a request, before it is sent.

        Args:
            type: its name on the wire.
            timeout: seconds that it may take; None for ever.
        """
        self._last_id += 1
        request = Request(self, self._last_id, type, timeout)
        if timeout is not None and self._clock_runs:
            request.deadline = now() + timeout
        self._pending[self._last_id] = request
        return request

    def settle(self, id: "Any", value: "Any" = None, error: "Exception | None" = None) -> None:
        """Settle the request ``id``; a reply that nobody waits for is dropped and counted."""
        request = self._pending.pop(id, None)
        if request is None:
            self.dropped += 1
        else:
            request.settle(value, error)

    def forget(self, request: Request) -> None:
        """Take back a request that could not be sent, or whose caller gave up."""
        self._pending.pop(request.id, None)

    def reject_all(self, error: Exception) -> None:
        """Settle whatever is pending with ``error``."""
        pending, self._pending = self._pending, {}
        for request in pending.values():
            request.settle(None, error)

    def start_clock(self) -> None:
        """From now on the deadlines count: the worker is ready."""
        self._clock_runs = True
        for request in self._pending.values():
            if request.timeout is not None:
                request.deadline = now() + request.timeout

    def stop_clock(self) -> None:
        """Deadlines do not count while a worker boots."""
        self._clock_runs = False

    def expire(self) -> bool:
        """Settle with ``RequestTimeoutError`` what is past its deadline; tell if there was any."""
        time = now()
        late = [r for r in self._pending.values() if r.deadline is not None and r.deadline <= time]
        for request in late:
            message = request.type + " had no answer within " + str(request.timeout) + " s"
            self.settle(request.id, error=RequestTimeoutError(message))
        return bool(late)
