"""Requests in, replies out: one at a time, in order. Runs in the worker.

Nothing here touches JavaScript: a page is whatever ``outgoing`` can send to.
"""

import asyncio
import inspect
import sys
from collections import deque
from types import NoneType

from ..envelope import Steps
from ..errors import EncodeError, ProtocolError
from ..protocol import BATCH, ERROR, REPLY_TO, RESULT, STEP
from .call import Call
from .tracebacks import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, TypeVar

    from .environments import Environments
    from .outgoing import Outgoing, Page

    Handler = Callable[[Call], Any]
    AnyHandler = TypeVar("AnyHandler", bound=Handler)


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
        outgoing: how replies leave.
        environments: what a handler may reach.
        done: called after each request, before its reply.
    """

    def __init__(
        self,
        outgoing: "Outgoing",
        environments: "Environments",
        done: "Callable[[], None]" = lambda: None,
    ) -> None:
        self._outgoing = outgoing
        self._environments = environments
        self._done = done
        self._handlers: dict[str, Handler] = {}
        self._queue: deque[tuple[Page, Any]] = deque()
        self._open = False
        self._busy = False
        self._draining = False
        self._task: asyncio.Task[None] | None = None  # kept, lest it be collected
        self.on(BATCH)(self._batch)

    def on(self, type: str) -> "Callable[[AnyHandler], AnyHandler]":
        """Register a handler: it takes the ``Call``, returns the result, and may be ``async``.

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

    def receive(self, page: "Page", message: "Any") -> None:
        """Take a request; it is answered before any that comes later, at once if none waits."""
        if self._queue or self._busy or self._draining or not self._open:
            self._queue.append((page, message))
        else:
            self._draining = True
            try:
                self._handle(page, message)
            finally:
                self._draining = False
        if self._queue:
            self._drain()

    def _drain(self) -> None:
        if self._draining:  # by a handler, or a task that was done at once: the loop goes on below
            return
        self._draining = True
        try:
            while self._open and not self._busy and self._queue:
                self._handle(*self._queue.popleft())
        finally:
            self._draining = False

    def _handle(self, page: "Page", message: "Any") -> None:
        id = message.get("id") if isinstance(message, dict) else None
        try:
            type = _checked_type(message)
            call = Call(message.get("payload"), id, page, self._outgoing, self._environments)
            value = self._answer(type, call)
            if _is_awaitable(value):
                self._busy = True
                self._task = _start(self._finish(page, type, call, value))
                return
            call.done()
            self._reply(page, id, type, value)
        except BaseException as error:
            self._reply_error(page, id, error)

    async def _finish(self, page: "Page", type: str, call: Call, waiting: "Any") -> None:
        try:
            self._reply(page, call.id, type, await self._awaited(call, waiting))
        except BaseException as error:
            self._reply_error(page, call.id, error)
        finally:
            self._busy = False
            self._drain()

    def _reply(self, page: "Page", id: "Any", type: str, value: "Any") -> None:
        self._done()
        kind = REPLY_TO.get(type, RESULT)
        if kind == RESULT:
            self._outgoing.send(page, {"type": kind, "id": id, "result": value})
        else:
            self._outgoing.send(page, {"type": kind, "id": id, **value})

    def _reply_error(self, page: "Page", id: "Any", error: BaseException) -> None:
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
            self._outgoing.send(page, message)
        except Exception as unsendable:  # one of the partial results
            fields["partialResults"] = []
            fields["message"] += f" (and its partial results cannot be sent: {unsendable})"
            self._outgoing.send(page, message)

    def _answer(self, type: str, call: Call) -> "Any":
        handler = self._handlers.get(type)
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            raise ProtocolError(f"unknown request type {type!r}; this worker knows {known}")
        try:
            return handler(call)
        except BaseException:
            call.done()
            raise

    async def _awaited(self, call: Call, waiting: "Any") -> "Any":
        try:
            return await waiting
        finally:
            call.done()

    async def _batch(self, call: Call) -> "list[Any]":
        results: list[Any] = []
        steps = 0
        alike = True  # in what environment they are about
        about = call.field("env", object, None)
        one = call.operation(None)  # serves all steps, which nobody keeps
        for index, operation in enumerate(call.field("operations", (list, tuple))):
            try:
                type = params = None
                if isinstance(operation, dict):
                    type, params = operation.get("op"), operation.get("params")
                if isinstance(params, dict) and "env" in params:
                    alike = False
                elif about is not None and isinstance(params, (dict, NoneType)):
                    params = {**(params or {}), "env": about}
                if type == STEP:
                    steps += 1
                    inner = one
                    inner.payload = params
                elif isinstance(type, str) and type != BATCH:
                    inner = call.operation(params)
                else:
                    raise ProtocolError(
                        f"expected {{op, params}}, the op no batch, got {operation!r:.80}"
                    )
                value = self._answer(type, inner)
                if _is_awaitable(value):
                    value = await self._awaited(inner, value)
                else:
                    inner.done()
                results.append(value)
            except BaseException as error:
                raise BatchError(index, results) from error
        return Steps(results) if alike and steps == len(results) else results


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
