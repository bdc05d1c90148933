"""The link to one worker: its life, what is sent and what arrives. Runs on the page.

Nothing here touches JavaScript: ``connect`` makes the connection, so that a test can hand in a
loopback.
"""

import time

from ..codec import decode
from ..envelope import write_request, write_step
from ..errors import (
    LoadError,
    ProtocolError,
    RequestTimeoutError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)
from ..protocol import (
    CHECKPOINT,
    CONTROL,
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
from .aio import tell
from .downloads import FALLBACK
from .fields import Log, Progress, Version, remote_error
from .lifecycle import BOOTING, CLOSED, STALLED, Lifecycle
from .pending import Pending, Request
from .reply import Reply
from .spare import Spares
from .watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .downloads import Downloads
    from .game import Game

GAME_MESSAGES = (PLAY_STATE, TRANSITIONS, EPISODE, CHECKPOINT)


class Link:
    """One worker after another (a restart makes a new one), and the requests that wait for it.

    Args:
        connect: ``connect(on_message, on_failure)`` starts a worker and returns an object with
            ``post(text, buffers)`` and ``close()``.
        boot_timeout: seconds of silence after which a boot has failed; None for ever.
        on_progress, on_log: callbacks of the page, or None.
        on_hang: called after the worker stalled or crashed; it may restart it.
        fetch: ``fetch(report, fail)`` begins the ``Downloads`` of a boot.
        spare: hold a worker in reserve while this one is ready.

    Attributes:
        connection: to the present worker.
        games: who hears what games tell, by the id of their request; see ``game.Game``.
        heard: counts what the worker said, and what the page says of its downloads.
        pending: the requests that it has not answered.
        version: of the worker; None before its first READY.
        watch: over its deadlines.
    """

    def __init__(
        self,
        connect: "Callable[..., Any]",
        boot_timeout: "float | None",
        on_progress: "Callable[[Progress], None] | None",
        on_log: "Callable[[Log], None] | None",
        on_hang: "Callable[[], None]",
        fetch: "Callable[..., Downloads]",
        spare: bool,
    ) -> None:
        self.pending = Pending()
        self.version: Version | None = None
        self.games: dict[int, Game] = {}
        self._lost: list[Game] = []  # with this worker: it may still answer, or the next one go on
        self._stuck: list[Game] = []  # with one before, and only to go on if somebody asks for it
        self._lifecycle = Lifecycle()
        self._connect = Spares(connect, spare)
        self._fetch = fetch
        self._on_progress = on_progress
        self._on_log = on_log
        self._on_hang = on_hang
        self._refusal: Exception | None = None  # why no request can be sent
        self._start()
        self.watch = Watch(self, boot_timeout)

    @property
    def state(self) -> str:
        """``booting``, ``ready``, ``stalled``, ``failed`` or ``closed``."""
        return self._lifecycle.state

    def check(self) -> None:
        """Make sure that requests can be sent.

        Raises:
            WorkerClosedError: the worker was destroyed.
            WorkerStartError, WorkerCrashedError: why this worker is no longer there.
        """
        if self._refusal is not None:
            raise self._refusal

    def send(self, type: str, payload: "Any", timeout: "float | None") -> Request:
        """Register a request and send it.

        Raises:
            EncodeError: the payload cannot cross.
            Exception: as ``check``.
        """
        self.check()
        request = self.pending.open(type, timeout)
        try:
            self.connection.post(*write_request(type, request.id, payload))
        except Exception:
            self.pending.forget(request)
            raise
        return request

    def step(self, actions: "Any", render: "bool | str", timeout: "float | None") -> Request:
        """Register a step and send it, as ``send`` does."""
        if self._refusal is not None:
            raise self._refusal
        request = self.pending.open(STEP, timeout)
        try:
            text, buffers = write_step(request.id, actions, render)
            self.connection.post(text, buffers)
        except Exception:
            self.pending.forget(request)
            raise
        return request

    def end(self, game: "Game") -> None:
        """Stop a game that nobody waits for any more."""
        self.games.pop(game.id, None)
        if self._refusal is None:
            self.send(CONTROL, {"command": "stop", "game": game.id}, game.timeout)

    def restart(self, by_itself: bool = False, revive: bool = True) -> "Game | None":
        """Put a new worker in the place of this one, and reject what is pending.

        Args:
            by_itself: whether nobody asked for it: a game that was restored in vain stays lost.
            revive: whether a game with a checkpoint is to go on.

        Returns:
            The game that waits for the new worker, if there is one.

        Raises:
            WorkerClosedError: it was destroyed.
            Exception: the new one cannot even be started; it has failed with that.
        """
        if self.state == CLOSED:
            self.check()
        self._lifecycle.handle("restart")
        self._let_go()
        self._refusal = None
        games = self._release()
        game = self._outlasting(by_itself) if revive else None
        self._stuck = self._lost if by_itself and game is None else []
        self._lost = [] if game is None else [game]
        self._reject(
            WorkerCrashedError("the worker was restarted before it answered this request"), games
        )
        self.watch.restart()
        try:
            self._start()
        except Exception as error:
            self.fail(error)
            if game is not None:
                game.give_up(error)
            raise
        self._lost = []
        return game

    def close(self) -> None:
        """End the worker; what is pending raises ``WorkerClosedError``. May be called twice."""
        if self.state == CLOSED:
            return
        self._lifecycle.handle("close")
        self._refusal = WorkerClosedError("this worker was destroyed: make a new PyodideWorker")
        self._let_go()
        self._connect.close()
        self.watch.stop()
        closed = WorkerClosedError("the worker was destroyed before it answered")
        self._reject(closed, self._release())

    def fail(self, error: Exception) -> None:
        """Note that the worker cannot start or died, and reject what is pending with that."""
        if not self._lifecycle.allows("fail"):
            return
        booted = self.state != BOOTING
        if not booted and not isinstance(error, WorkerStartError):
            lead = "" if isinstance(error, LoadError) else "the worker did not start: "
            error = WorkerStartError(lead + str(error))
        self._lifecycle.handle("fail")
        self._refusal = error
        self._let_go()
        games = self._release()
        self.pending.reject_all(error)
        if booted:
            self._on_hang()
        for game in games:  # but for one that a new worker has by now
            game.lost(error)

    def stall(self, why: str) -> None:
        """Note that the worker hangs, as it seems, and tell whoever waits.

        Args:
            why: what had no answer for how long.
        """
        if self._lifecycle.allows("stall"):
            self._lifecycle.handle("stall")
        self.pending.give_up(why)
        games = self._release()
        self._on_hang()
        for game in games:
            game.lost(RequestTimeoutError(why))

    def report(self, stage: str, message: str, **units: int) -> None:
        """Tell the page about progress of its own, and note that the boot is alive."""
        self.heard += 1
        fields = dict(stage=stage, message=message, timestamp=time.time(), **units)
        if self.state != CLOSED:
            tell(self._on_progress, Progress(fields))

    def _answered(self) -> None:
        """The stalled worker said something: it goes on, without the games that were given up."""
        self._lifecycle.handle("answer")
        self.pending.resume()
        self.watch.restart()
        lost, self._lost = self._lost, []
        for game in lost:
            self.end(game)

    def _received(self, text: str, buffers: "list[Any] | tuple[()]") -> None:
        if self._lifecycle.state == STALLED:
            self._answered()
        try:
            if not text.startswith("["):
                reply = Reply(text, buffers)
                self.pending.settle(reply.id, reply)
                return
            message = decode(text, buffers)
            kind = message["type"]
            self.heard += 1
            if kind == PROGRESS:
                self.pending.report(message.get("id"))
                if message["stage"] == FALLBACK:
                    self._downloads.fall_back()
                # What a worker said of its boot before it had our port may come after READY.
                if "id" in message or self.state == BOOTING:
                    tell(self._on_progress, Progress(message))
            elif kind == LOG:
                tell(self._on_log, Log(message))
            elif kind == ERROR:
                self._error(message.get("id"), message["error"])
            elif "id" in message:
                settled = message["result"] if kind == RESULT else message
                self.pending.settle(message["id"], settled)
            elif kind == READY:
                self._ready(message["version"])
            elif kind in GAME_MESSAGES and message["game"] in self.games:
                self.games[message["game"]].receive(message)
            else:
                self.pending.dropped += 1
        except (ProtocolError, LookupError, TypeError, AttributeError):
            self.pending.dropped += 1

    def _start(self) -> None:
        """Start a worker, and the downloads of its boot."""
        self.heard = 0
        self._downloads = self._fetch(self.report, self._not_fetched)
        self.connection = self._connect(self._received, self.fail)

    def _let_go(self) -> None:
        """Let go of the worker, and of the downloads of its boot."""
        self._downloads.cancel()
        self.connection.close()

    def _not_fetched(self, error: Exception) -> None:
        """A file cannot be fetched: without it no boot, but a worker that is ready has it."""
        if self.state == BOOTING:
            self.fail(error)

    def _release(self) -> "list[Game]":
        """Return the games, which this worker has no more."""
        games, self.games = list(self.games.values()), {}
        self._lost += games
        return games

    def _outlasting(self, by_itself: bool) -> "Game | None":
        """Return the game that goes on in the next worker, which knows it from now on."""
        for game in self._lost if by_itself else self._lost + self._stuck:
            if game.checkpoint is not None and not (by_itself and game.stuck):
                game.outlast()
                return game
        return None

    def _reject(self, error: Exception, games: "list[Game]") -> None:
        """Settle what waits for this worker, and tell its games."""
        self.pending.reject_all(error)
        for game in games:
            game.lost(error)

    def _ready(self, version: "dict[str, Any]") -> None:
        if self.state != BOOTING:
            return
        if version["protocol"] != PROTOCOL_VERSION:
            ours = str(PROTOCOL_VERSION)
            theirs = str(version["protocol"])
            self.fail(ProtocolError("page speaks protocol " + ours + ", worker " + theirs))
            return
        self._lifecycle.handle("ready")
        self.version = Version(version)
        self._downloads.cancel()
        self._connect.prepare()

    def _error(self, id: "int | None", error: "dict[str, Any]") -> None:
        text = error["name"] + ": " + error["message"]
        if id is not None:
            self.pending.settle(id, error=remote_error(error))
        elif not error.get("fatal"):
            tell(self._on_log, Log({"level": "error", "stream": "stderr", "text": text}))
        elif self.state == BOOTING:
            self.fail(WorkerStartError("the worker did not start: " + text, error["stack"]))
        else:
            self.fail(WorkerCrashedError("the worker died: " + text, error["stack"]))
