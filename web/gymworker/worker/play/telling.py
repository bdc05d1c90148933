"""What a game tells its page, and when: transitions, episodes, states. Runs in the worker.

States and transitions leave at most ten times a second. From a key to the frame that shows what it
did is the latency; a transition waits a little for its own.
"""

from ...protocol import EPISODE, ERROR, PLAY_STATE, TRANSITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...shapes import ErrorFields, PlayStateFields
    from .clock import Clock, Rhythm
    from .episode import Episode

    Send = Callable[[dict[str, Any]], None]

INTERVAL = 0.1
"""Seconds between two reports."""

MOST_WAITING = 64
"""Keys that wait for a frame; while a tab is hidden there is none."""

LONGEST = 5000.0
"""Milliseconds; what took longer was not seen by anyone meanwhile, as in a hidden tab."""


class Mean:
    """The mean of what was added since it was cleared."""

    def __init__(self) -> None:
        self.clear()

    def add(self, value: float) -> None:
        """Take a value."""
        self._sum += value
        self._count += 1

    def value(self, digits: int) -> "float | None":
        """Return the mean, None of nothing."""
        return round(self._sum / self._count, digits) if self._count else None

    def clear(self) -> None:
        """Begin again."""
        self._sum, self._count = 0.0, 0


class Telling:
    """Collects what happens in a game, and sends it.

    Args:
        game: the id of the ``play`` request, which each message carries.
        send: posts a message to the page.
        clock: the game's.
        rhythm: its pace.
        report: called when it is time to report, after ``later``.

    Attributes:
        steps: whether the page wants each transition.
    """

    def __init__(
        self,
        game: "Any",
        send: "Send",
        clock: "Clock",
        rhythm: "Rhythm",
        report: "Callable[[], None]",
    ) -> None:
        self.steps = False
        self._game = game
        self._send = send
        self._clock = clock
        self._rhythm = rhythm
        self._due = report
        self._timer = clock.timer(report)
        self._set = False
        self._reported = clock.now()
        self._number = 0
        self._transitions: list[dict[str, Any]] = []
        self._kept: Any = None  # the transition that has waited once
        self._stepped: list[tuple[float, Any]] = []  # when the key changed, and its transition
        self._drawn: list[tuple[float, Any]] = []
        self._latency = Mean()
        self._step_time = Mean()

    def follow(self, wanted: bool) -> None:
        """Tell of each transition from now on, or of none."""
        self.steps = wanted

    def step(self, seconds: float, pressed: "float | None", transition: "Any") -> None:
        """Note a step.

        Args:
            seconds: that ``env.step()`` took.
            pressed: when the key changed that it used, in ms since the epoch, if a frame will show
                what it did.
            transition: to be sent, or None; its ``latency`` is filled in while it waits.
        """
        self._step_time.add(seconds * 1000)
        if transition is not None:
            self._transitions.append(transition)
        if pressed is not None and len(self._stepped) < MOST_WAITING:
            self._stepped.append((pressed, transition))

    def drawn(self) -> None:
        """Note that a frame was made: it shows all steps so far."""
        if self._stepped:
            self._drawn += self._stepped
            self._stepped = []

    def painted(self, time: float, note: "Callable[[float], None]" = lambda latency: None) -> bool:
        """Note that this frame is on the display; tell whether a key had waited for it.

        Args:
            time: in ms since the epoch.
            note: called with each latency, in ms.
        """
        if not self._drawn:
            return False
        for changed, transition in self._drawn:
            latency = max(0.0, time - changed)
            if latency > LONGEST:
                continue
            self._latency.add(latency)
            note(latency)
            if transition is not None:
                transition["latency"] = round(latency, 1)
        self._drawn = []
        return True

    def flush(self, all: bool) -> None:
        """Send the transitions.

        Args:
            all: also those that wait for their frame, which otherwise stay for one more time.
        """
        ready, self._transitions = self._transitions, []
        waiting = next((item for _, item in self._drawn or self._stepped), None)
        if not all and waiting is not None and waiting is not self._kept:
            self._kept = waiting
            cut = next((i for i, item in enumerate(ready) if item is waiting), len(ready))
            ready, self._transitions = ready[:cut], ready[cut:]
        if ready:
            self._post(TRANSITIONS, {"transitions": ready})

    def episode(self, summary: "dict[str, Any]") -> None:
        """Send an episode's summary, after all of its transitions, even if these cannot be sent."""
        try:
            self.flush(True)
        finally:
            self._post(EPISODE, summary)

    def fatal(self, error: "ErrorFields") -> None:
        """Say that this worker is at its end."""
        self._send({"type": ERROR, "error": {**error, "fatal": True}})

    def state(
        self, state: str, running: bool, episode: "Episode", error: "ErrorFields | None"
    ) -> "PlayStateFields":
        """Return a state; its means are those since the last report.

        Args:
            state: its name.
            running: whether the clock steps the environment.
            episode: the last one.
            error: why it failed, if it did.
        """
        self._number += 1
        rate, slow = self._rhythm.measure()
        fields: PlayStateFields = {
            "number": self._number,
            "state": state,
            "episode": episode.index,
            "step": episode.steps,
            "seed": episode.seed,
            "returns": episode.returns,
            "fps": self._rhythm.fps,
            "rate": round(rate, 2) if running else 0.0,
            "stepTime": self._step_time.value(3),
            "latency": self._latency.value(1),
            "slow": running and slow,
            "kept": None,
        }
        if error is not None:
            fields["error"] = error
        return fields

    def report(self, fields: "PlayStateFields") -> None:
        """Send a state now, and begin new means."""
        self._post(PLAY_STATE, fields)  # type: ignore[arg-type]
        self._reported = self._clock.now()
        self._rhythm.mark()
        self._latency.clear()
        self._step_time.clear()

    def wait(self) -> float:
        """Return the seconds until it is time for a report, 0 if it is."""
        return max(0.0, self._reported + INTERVAL - self._clock.now())

    def later(self, delay: float) -> None:
        """Report after ``delay`` seconds, unless that is to happen already."""
        if not self._set:
            self._set = True
            self._timer.set(delay)

    def soon(self) -> None:
        """Report now, or when it is time again."""
        delay = self.wait()
        if delay:
            self.later(delay)
        else:
            self._due()

    def cancel(self) -> None:
        """Forget the report that is to come."""
        if self._set:
            self._set = False
            self._timer.cancel()

    def close(self) -> None:
        """Let go of the timer: the game is over."""
        self._set = False
        self._timer.close()

    def _post(self, type: str, fields: "dict[str, Any]") -> None:
        self._send({"type": type, "game": self._game, **fields})
