"""Requests in, replies out: one at a time, in order. Runs in the worker.

Nothing here touches JavaScript: a client is whatever has ``send(message)``.
"""

import asyncio
import inspect
import sys
from collections import deque

from ..envelope import Steps
from ..errors import EncodeError, ProtocolError
from ..protocol import BATCH, ERROR, REPLY_TO, RESULT, STEP
from .tracebacks import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Protocol, TypeVar

    Drop = Callable[[EncodeError], bool]
    Handler = Callable[[Any], Any]
    AnyHandler = TypeVar("AnyHandler", bound=Handler)

    class Client(Protocol):
        """Who sent a request."""

        def send(self, message: "dict[str, Any]", drop: "Drop | None" = None) -> None:
            """Post a message; see ``channel.Client``."""


class BatchError(Exception):
    """An operation of a batch failed; its cause says why."""

    def __init__(self, index: int, results: "list[Any]") -> None:
        super().__init__(index)
        self.index = index
        self.results = results


class Dispatcher:
    """The table of handlers and the queue of what waits for its turn.

    Requests wait until ``open()``, and behind a handler that awaits.

    Args:
        drop: asked about each value of a result that cannot be sent; true leaves it out.
        done: called after each request, before its reply.

    Attributes:
        current: the client and the id of the request that runs now, else None.
    """

    def __init__(
        self, drop: "Drop | None" = None, done: "Callable[[], None]" = lambda: None
    ) -> None:
        self._drop = drop
        self._done = done
        self.current: tuple[Client, Any] | None = None
        self._handlers: dict[str, Handler] = {}
        self._queue: deque[tuple[Client, Any]] = deque()
        self._open = False
        self._draining = False
        self._task: asyncio.Task[None] | None = None  # kept, lest it be collected
        self.on(BATCH)(self._batch)

    def on(self, type: str) -> "Callable[[AnyHandler], AnyHandler]":
        """Register a handler: it takes the payload, returns the result, and may be ``async``.

        Raises:
            ValueError: the type has a handler already.
        """

        def register(handler: "AnyHandler") -> "AnyHandler":
            if type in self._handlers:
                raise ValueError(f"request type {type!r} has a handler already")
            self._handlers[type] = handler
            return handler

        return register

    def open(self) -> None:
        """Run what has waited, in order, and from now on whatever comes."""
        self._open = True
        self._drain()

    def receive(self, client: "Client", message: "Any") -> None:
        """Take a request; it is answered before any that comes later."""
        self._queue.append((client, message))
        self._drain()

    def _drain(self) -> None:
        if self._draining:  # by a handler, or a task that was done at once: the loop goes on below
            return
        self._draining = True
        try:
            while self._open and self.current is None and self._queue:
                self._handle(*self._queue.popleft())
        finally:
            self._draining = False

    def _handle(self, client: "Client", message: "Any") -> None:
        id = message.get("id") if isinstance(message, dict) else None
        self.current = client, id
        try:
            type = _checked_type(message)
            value = self._call(type, message.get("payload"))
            if _is_awaitable(value):
                self._task = _start(self._finish(client, id, type, value))
                return
            self._reply(client, id, type, value)
        except BaseException as error:
            self.current = None  # first: whatever becomes of the reply, the next request runs
            self._reply_error(client, id, error)
        self.current = None

    async def _finish(self, client: "Client", id: "Any", type: str, waiting: "Any") -> None:
        try:
            self._reply(client, id, type, await waiting)
        except BaseException as error:
            self._reply_error(client, id, error)
        finally:
            self.current = None
            self._drain()

    def _reply(self, client: "Client", id: "Any", type: str, value: "Any") -> None:
        self._done()
        kind = REPLY_TO.get(type, RESULT)
        if kind == RESULT:
            client.send({"type": kind, "id": id, "result": value}, self._drop)
        else:
            client.send({"type": kind, "id": id, **value})

    def _reply_error(self, client: "Client", id: "Any", error: BaseException) -> None:
        self._done()
        fields = describe(error)
        if isinstance(error, BatchError):
            fields = describe(error.__cause__ or error)
            fields["failedIndex"] = error.index
            fields["partialResults"] = error.results
        elif isinstance(error, EncodeError) and error.keys[:1] == ("result",):
            fields["message"] = str(error.within("result"))
        message: dict[str, Any] = {"type": ERROR, "error": fields}
        if _is_id(id):
            message["id"] = id
        try:
            client.send(message, self._drop)
        except Exception as unsendable:  # one of the partial results
            fields["partialResults"] = []
            fields["message"] += f" (and its partial results cannot be sent: {unsendable})"
            client.send(message)

    def _call(self, type: str, payload: "Any") -> "Any":
        handler = self._handlers.get(type)
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            raise ProtocolError(f"unknown request type {type!r}; this worker knows {known}")
        return handler(payload)

    async def _batch(self, payload: "Any") -> "list[Any]":
        operations = payload.get("operations") if isinstance(payload, dict) else None
        if not isinstance(operations, (list, tuple)):
            raise ProtocolError(f"expected a payload with 'operations': list, got {payload!r:.80}")
        results: list[Any] = []
        steps = 0
        for index, operation in enumerate(operations):
            try:
                type = operation.get("op") if isinstance(operation, dict) else None
                if not isinstance(type, str) or type == BATCH:
                    raise ProtocolError(
                        f"expected {{op, params}}, the op no batch, got {operation!r:.80}"
                    )
                steps += type == STEP
                value = self._call(type, operation.get("params"))
                results.append(await value if _is_awaitable(value) else value)
            except BaseException as error:
                raise BatchError(index, results) from error
        return Steps(results) if steps == len(results) else results


_READY = frozenset((dict, list, Steps, str, int, float, bool, type(None)))


def _is_awaitable(value: "Any") -> bool:
    return type(value) not in _READY and inspect.isawaitable(value)


def _start(waiting: "Coroutine[Any, Any, None]") -> "asyncio.Task[None]":
    """Make a task that runs at once: a handler that awaits nothing is done when this returns."""
    if sys.version_info < (3, 12):
        return asyncio.create_task(waiting)
    return asyncio.Task(waiting, loop=asyncio.get_running_loop(), eager_start=True)


def _checked_type(message: "Any") -> str:
    if isinstance(message, ProtocolError):
        raise message
    if not isinstance(message, dict):
        raise ProtocolError(f"expected {{type, id, payload}}, got {type(message).__name__}")
    kind, id = message.get("type"), message.get("id")
    if not isinstance(kind, str):
        raise ProtocolError(f"expected a message with a type, got {message!r:.80}")
    if not _is_id(id):
        raise ProtocolError(f"expected {kind!r} to have an integer id, got {id!r:.80}")
    return kind


def _is_id(id: "Any") -> bool:
    return isinstance(id, int) and not isinstance(id, bool)
