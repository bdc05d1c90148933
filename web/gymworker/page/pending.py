"""The requests that a worker has not answered: every one settles exactly once. Runs on the page."""

from ..errors import RequestTimeoutError
from .aio import Waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Request(Waiter):
    """A request that was, or is about to be, sent; whoever awaits it gets the reply.

    Attributes:
        settled: nobody waits any more: it was answered or given up, or its caller was cancelled.
        reports: how often the worker told of its progress; with each its time begins anew.
    """

    reports = 0

    def __init__(self, id: int, type: str, timeout: "float | None") -> None:
        self.id = id
        self.type = type
        self.timeout = timeout

    def remove(self, task: "Any") -> None:
        """Note that the caller was cancelled. The worker still works on it: it keeps its place."""
        self._task = None
        self.settled = True


class Pending:
    """Requests by id, in the order in which the worker does them.

    Those that nobody waits for any more stay until their reply comes: the worker is at work on
    them, and the others wait behind them.

    Attributes:
        dropped: how many replies came for a request that was unknown or settled already.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._requests: dict[int, Request] = {}
        self._last_id = 0
        self._given_up = 0  # the id of the last request that was there when the worker stalled

    def __len__(self) -> int:
        """How many are waited for."""
        return sum([not request.settled for request in self._requests.values()])

    def open(self, type: str, timeout: "float | None") -> Request:
        """Register a request, before it is sent.

        Args:
            type: its name on the wire.
            timeout: seconds that the worker may take for it; None for ever.
        """
        self._last_id += 1
        request = self._requests[self._last_id] = Request(self._last_id, type, timeout)
        return request

    def settle(self, id: "Any", value: "Any" = None, error: "Exception | None" = None) -> None:
        """Settle the request ``id``; a reply that nobody waits for is dropped and counted."""
        request = self._requests.pop(id, None)
        if request is None or request.settled:
            self.dropped += 1
        else:
            request.settle(value, error)

    def report(self, id: "int | None") -> None:
        """Note progress of the request ``id``."""
        request = self._requests.get(id)  # type: ignore[arg-type]
        if request is not None:
            request.reports += 1

    def forget(self, request: Request) -> None:
        """Take back a request that could not be sent."""
        self._requests.pop(request.id, None)

    def reject_all(self, error: Exception) -> None:
        """Settle all with ``error``: the worker is gone."""
        requests, self._requests = self._requests, {}
        for request in requests.values():
            if not request.settled:
                request.settle(None, error)

    def owed(self) -> "Request | None":
        """Return what the worker is at work on as far as one knows, None for nothing.

        While it is stalled, that is the first of those that were sent since, if there are any.
        """
        ids: Any = self._requests
        if self._given_up:
            ids = [id for id in ids if id > self._given_up] or ids
        return self._requests[min(ids)] if ids else None  # MicroPython's dict keeps no order

    def gave_up(self, request: Request) -> bool:
        """Tell whether it was there when the worker stalled, and is still."""
        return request.id <= self._given_up

    def give_up(self, why: str) -> None:
        """Settle all with ``RequestTimeoutError``; they keep their places: it may still answer.

        Args:
            why: what had no answer for how long.
        """
        self._given_up = self._last_id
        for request in self._requests.values():
            if not request.settled:
                waited = "" if why.startswith(request.type) else request.type + " waited in vain: "
                request.settle(None, RequestTimeoutError(waited + why))

    def resume(self) -> None:
        """Count on those that were given up again: the worker has answered."""
        self._given_up = 0
