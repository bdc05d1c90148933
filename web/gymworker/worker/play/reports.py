"""When a game reports and what its state says. Runs in the worker."""

from ...protocol import PLAY_STATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol import ErrorFields, PlayStateFields
    from .clock import Clock, Rhythm
    from .episodes import Episodes
    from .latency import Latency
    from .outbox import Outbox

INTERVAL = 0.1
"""Seconds between two reports."""


class Reports:
    """The state of a game for its page: at most ten times a second, but for changes.

    Args:
        clock: the game's.
        rhythm, latency, session: what there is to tell of.
        outbox: takes it.
    """

    def __init__(
        self,
        clock: "Clock",
        rhythm: "Rhythm",
        latency: "Latency",
        session: "Episodes",
        outbox: "Outbox",
    ) -> None:
        self._clock = clock
        self._rhythm = rhythm
        self._latency = latency
        self._session = session
        self._outbox = outbox
        self._timer: Any = None
        self._reported = clock.now()

    def state(self, state: str, running: bool, error: "ErrorFields | None") -> "PlayStateFields":
        """Return the state; its means are those since the last report.

        Args:
            state: its name.
            running: whether the clock steps the environment.
            error: why it failed, if it did.
        """
        session = self._session
        timed = session.timed
        rate, slow = self._rhythm.measure()
        fields: PlayStateFields = {
            "state": state,
            "episode": session.episode.index,
            "step": session.episode.steps,
            "seed": session.episode.seed,
            "returns": session.episode.returns,
            "fps": self._rhythm.fps,
            "rate": round(rate, 2) if running else 0.0,
            "stepTime": round(session.step_time * 1000 / timed, 3) if timed else None,
            "latency": self._latency.mean(),
            "slow": running and slow,
        }
        if error is not None:
            fields["error"] = error
        return fields

    def send(self, fields: "PlayStateFields") -> None:
        """Report now, and begin new means."""
        self._outbox.send(PLAY_STATE, fields)  # type: ignore[arg-type]
        self._reported = self._clock.now()
        self._rhythm.mark()
        self._latency.mark()
        self._session.step_time, self._session.timed = 0.0, 0

    def wait(self) -> float:
        """Return the seconds until it is time for a report, 0 if it is."""
        return max(0.0, self._reported + INTERVAL - self._clock.now())

    def later(self, delay: float, report: "Callable[[], None]") -> None:
        """Call ``report`` after ``delay`` seconds, unless it is to be called already."""
        if self._timer is None:
            self._timer = self._clock.call_later(delay, report)

    def cancel(self) -> None:
        """Forget the call that is to come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
