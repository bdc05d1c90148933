"""The link to one worker: its life, its pending requests, its deadlines. Runs on the page.

Nothing here touches JavaScript: ``connect`` makes the connection, so that a test can hand in a
loopback.
"""

import asyncio
import sys
import time

from ..codec import decode
from ..envelope import read_result, write_request, write_step
from ..errors import (
    ProtocolError,
    RemoteError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)
from ..protocol import (
    EPISODE,
    ERROR,
    LOG,
    PLAY_STATE,
    PROGRESS,
    PROTOCOL_VERSION,
    READY,
    RESULT,
    STEP,
    TRANSITIONS,
)
from . import lifecycle
from .aio import now
from .fields import Log, Progress
from .pending import Request, Requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GAME_MESSAGES = (PLAY_STATE, TRANSITIONS, EPISODE)

TICK = 0.05
"""Seconds between two looks at the deadlines."""


class Link:
    """One worker after another (a restart makes a new one), and the requests that wait for it.

    Args:
        connect: ``connect(on_message, on_failure)`` starts a worker and returns an object with
            ``post(text, buffers)`` and ``close()``.
        boot_timeout: seconds of silence after which a boot has failed; None for ever.
        on_progress, on_log: callbacks of the page, or None.
        on_hang: called after a request timed out or the worker crashed.

    Attributes:
        connection: to the present worker.
        games: who hears what games tell, by the id of their request; see ``game.Game``.
    """

    def __init__(
        self,
        connect: "Callable[..., Any]",
        boot_timeout: "float | None",
        on_progress: "Callable[[Progress], None] | None",
        on_log: "Callable[[Log], None] | None",
        on_hang: "Callable[[], None]",
    ) -> None:
        self.requests = Requests()
        self.version: dict[str, Any] = {}
        self.games: dict[int, Any] = {}
        self._lifecycle = lifecycle.Lifecycle()
        self._connect = connect
        self._boot_timeout = boot_timeout
        self._on_progress = on_progress
        self._on_log = on_log
        self._on_hang = on_hang
        self._refusal: Exception | None = None  # why no request can be sent
        self._heard = now()
        self.connection = connect(self._received, self.fail)
        self._watcher = asyncio.create_task(self._watch())

    @property
    def state(self) -> str:
        """``booting``, ``ready``, ``failed`` or ``closed``."""
        return self._lifecycle.state

    def send(self, type: str, payload: "Any", timeout: "float | None") -> Request:
        """Register a request and send it.

        Raises:
            WorkerClosedError: the worker was destroyed.
            WorkerStartError, WorkerCrashedError: why this worker is no longer there.
            EncodeError: the payload cannot cross.
        """
        request = self._open(type, timeout)
        try:
            self.connection.post(*write_request(type, request.id, payload))
        except Exception:
            self.requests.forget(request)
            raise
        return request

    def send_step(self, actions: "Any", render: bool, timeout: "float | None") -> Request:
        """Register and send a step; see ``send``, which does the same in more time."""
        request = self._open(STEP, timeout)
        try:
            self.connection.post(*write_step(request.id, actions, render))
        except Exception:
            self.requests.forget(request)
            raise
        return request

    def _open(self, type: str, timeout: "float | None") -> Request:
        if self._refusal is not None:
            raise self._refusal
        return self.requests.open(type, timeout)

    def restart(self) -> None:
        """Put a new worker in the place of this one, and reject what is pending."""
        if self.state == lifecycle.CLOSED:
            raise WorkerClosedError("this worker was destroyed: make a new PyodideWorker")
        self._lifecycle.handle("restart")
        self.connection.close()
        self._refusal = None
        self.requests.stop_clock()
        self._reject_all(
            WorkerCrashedError("the worker was restarted before it answered this request")
        )
        self._heard = now()
        self.connection = self._connect(self._received, self.fail)

    def close(self) -> None:
        """End the worker; what is pending raises ``WorkerClosedError``. May be called twice."""
        if self.state == lifecycle.CLOSED:
            return
        self._lifecycle.handle("close")
        self._refusal = WorkerClosedError("this worker was destroyed: make a new PyodideWorker")
        self.connection.close()
        self._watcher.cancel()
        self._reject_all(WorkerClosedError("the worker was destroyed before it answered"))

    def fail(self, error: Exception) -> None:
        """Note that the worker cannot start or died, and reject what is pending with that."""
        if not self._lifecycle.allows("fail"):
            return
        was_ready = self.state == lifecycle.READY
        if not was_ready and not isinstance(error, WorkerStartError):
            error = WorkerStartError("the worker did not start: " + str(error))
        self._lifecycle.handle("fail")
        self._refusal = error
        self.connection.close()
        self._reject_all(error)
        if was_ready:
            self._on_hang()

    def report(self, stage: str, message: str, **units: int) -> None:
        """Tell the page about progress of its own, and note that the boot is alive."""
        self._heard = now()
        fields = {"stage": stage, "message": message, "timestamp": time.time()}
        fields.update(units)
        tell(self._on_progress, Progress(fields))

    def _received(self, text: str, buffers: "list[Any] | tuple[()]") -> None:
        try:
            result = read_result(text, buffers)
            if result is not None:
                self.requests.settle(result[0], result[1])
                return
            message = decode(text, buffers)
            kind = message["type"]
            self._heard = now()
            if kind == PROGRESS:
                tell(self._on_progress, Progress(message))
            elif kind == LOG:
                tell(self._on_log, Log(message))
            elif kind == ERROR:
                self._error(message.get("id"), message["error"])
            elif "id" in message:
                settled = message["result"] if kind == RESULT else message
                self.requests.settle(message["id"], settled)
            elif kind == READY:
                self._ready(message["version"])
            elif kind in GAME_MESSAGES and message["game"] in self.games:
                self.games[message["game"]].receive(message)
            else:
                self.requests.dropped += 1
        except (ProtocolError, KeyError, TypeError, AttributeError):
            self.requests.dropped += 1

    def _reject_all(self, error: Exception) -> None:
        """Settle what waits for this worker, games included."""
        self.requests.reject_all(error)
        games, self.games = self.games, {}
        for game in games.values():
            game.lost(error)

    def _ready(self, version: "dict[str, Any]") -> None:
        if self.state != lifecycle.BOOTING:
            return
        if version["protocol"] != PROTOCOL_VERSION:
            ours = str(PROTOCOL_VERSION)
            theirs = str(version["protocol"])
            self.fail(ProtocolError("page speaks protocol " + ours + ", worker " + theirs))
            return
        self._lifecycle.handle("ready")
        self.version = version
        self.requests.start_clock()

    def _error(self, id: "int | None", error: "dict[str, Any]") -> None:
        text = error["name"] + ": " + error["message"]
        if id is not None:
            self.requests.settle(id, error=remote_error(error))
        elif not error.get("fatal"):
            tell(self._on_log, Log({"level": "error", "stream": "stderr", "text": text}))
        elif self.state == lifecycle.BOOTING:
            self.fail(WorkerStartError("the worker did not start: " + text, error["stack"]))
        else:
            self.fail(WorkerCrashedError("the worker died: " + text, error["stack"]))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self.requests.expire():
                self._on_hang()
            silence = now() - self._heard
            limit = self._boot_timeout
            if self.state == lifecycle.BOOTING and limit is not None and silence > limit:
                self.fail(
                    WorkerStartError("the worker gave no sign of life for " + str(limit) + " s")
                )


def tell(callback: "Callable[[Any], None] | None", argument: "Any") -> None:
    """Call a callback of the page's; its own mistake must not stop the messages."""
    if callback is None:
        return
    try:
        callback(argument)
    except Exception as error:
        sys.print_exception(error) if hasattr(sys, "print_exception") else print(repr(error))


def remote_error(error: "dict[str, Any]") -> RemoteError:
    return RemoteError(
        error["name"] + ": " + error["message"],
        remote_type=error["name"],
        remote_traceback=error["stack"],
        failed_index=error.get("failedIndex"),
        partial_results=error.get("partialResults"),
    )
