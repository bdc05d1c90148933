"""The state of a game, handed to its page now and then. Runs in the worker.

If this worker hangs or dies, the next one goes on from there; see docs/snapshots.md.
"""

import logging

from ...errors import ProtocolError, StateError
from ...protocol import CHECKPOINT
from ..snapshot.requests import for_page, to_bytes
from .course import OVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..environment import Environment
    from ..snapshot.file import Snapshot
    from ..snapshot.states import States
    from .clock import Clock
    from .game import Game
    from .telling import Send

log = logging.getLogger(__name__)

LARGEST = 16_000_000
"""Bytes of a state; a larger one is not handed over."""

SHARE = 0.03
"""Of the time that saving may take: what takes longer is done less often."""

RESTORED = "restored"
"""The event of a record where a worker died and another one went on."""


class Checkpoints:
    """Hands over the state of a game when something has changed, at most once an interval.

    Args:
        game: whose.
        environment: that it plays.
        states: makes the ``States`` of that, when they are needed first.
        interval: seconds between two states, at least.
        send: posts a message to the page.
        clock: the game's.
        moving: tells whether the environment is on its way to where the game stands.
        known: whether the page has the present state.
    """

    def __init__(
        self,
        game: "Game",
        environment: "Environment",
        states: "Callable[[Environment], States]",
        interval: float,
        send: "Send",
        clock: "Clock",
        moving: "Callable[[], bool]",
        known: bool,
    ) -> None:
        self._game = game
        self._environment = environment
        self._states = states
        self._interval = interval
        self._send = send
        self._clock = clock
        self._moving = moving
        self._known = environment.revision if known else None
        self._failing = False
        self._handed: list[Any] = []  # the blobs of the last state that the page got
        self._timer = clock.timer(self._look)
        self._timer.set(0)  # after the reply

    def close(self) -> None:
        """Let go of the timer. May be called twice."""
        self._timer.close()

    def _look(self) -> None:
        """Hand over the state if the page has another one, and look again later."""
        if self._game.state in OVER:
            self.close()
            return
        wait, revision = self._interval, self._environment.revision
        if revision != self._known and not self._moving():
            began = self._clock.now()
            self._hand_over()
            self._known = self._environment.revision
            wait = max(wait, (self._clock.now() - began) / SHARE)
        self._timer.set(wait)

    def _hand_over(self) -> None:
        """Send the state, or say once why there is none; the game goes on in any case."""
        self._game.flush()  # the steps before it are told; those after it may be told anew
        if self._game.state in OVER:
            return
        episode = self._game.episode
        fields = {
            "type": CHECKPOINT,
            "game": self._game.id,
            "episode": episode.index,
            "seed": episode.seed,
            "step": episode.steps,
        }
        try:
            snapshot = self._saved()
            self._send({**fields, **self._told(snapshot)})
            self._handed = snapshot.blobs
            self._failing = False
        except Exception as error:
            failed, self._failing = self._failing, True
            if not failed:
                problem = str(error) if isinstance(error, StateError) else f"{error!r:.300}"
                log.warning("if the worker dies, so does the game: %s", problem)
                self._send({**fields, "problem": problem})

    def _told(self, snapshot: "Snapshot") -> "dict[str, Any]":
        """Return what the page has to know of a state, beside the parts of the last one."""
        head, *data = self._states(self._environment).pieces(snapshot)
        known = {id(blob): place for place, blob in enumerate(self._handed)}
        parts = [
            known[id(blob)] if id(blob) in known else for_page(part)
            for blob, part in zip(snapshot.blobs, data, strict=True)
        ]
        return {"state": for_page(head), "parts": parts} if parts else {"state": for_page(head)}

    def _saved(self) -> "Snapshot":
        states = self._states(self._environment)
        snapshot = states.save(self._game.capture())
        if snapshot.size > LARGEST:
            size, limit = snapshot.size / 1e6, LARGEST / 1e6
            raise StateError(f"its state has {size:.1f} MB, more than the {limit:.0f} MB of a game")
        return snapshot


class Restoring:
    """A game that goes on from a checkpoint, in this worker.

    Args:
        fields: of the request; see ``shapes.RestoreFields``.
        states: of the environment.

    Raises:
        StateError: the state cannot be read, or belongs to something else.
        ProtocolError: the fields are not as they should be.
    """

    def __init__(self, fields: "dict[str, Any]", states: "States") -> None:
        self._states = states
        parts = fields.get("parts") or []
        if not isinstance(parts, list):
            raise ProtocolError(f"expected parts to be a list, got {parts!r:.80}")
        state = b"".join(map(to_bytes, [fields.get("state"), *parts]))
        self._snapshot = states.read(state)
        self._episode, self._seed = fields.get("episode"), fields.get("seed")
        for name, value in (("episode", self._episode), ("seed", self._seed)):
            if value is not None and type(value) is not int:
                raise ProtocolError(f"expected {name} to be int, got {value!r:.80}")

    def into(self, game: "Game") -> None:
        """Put a game there, which was not started, and paint it.

        Raises:
            StateError: it cannot be restored.
        """
        captured = self._states.restore(self._snapshot)
        if captured is None:
            raise StateError("the state has no game in it: restore it with setState")
        game.restore(captured)
        if self._episode is not None:
            game.skip(self._episode, self._seed)
        game.events.note(RESTORED, game.episode.steps)
