"""Time in the worker: when it is, when to wake, and the rhythm of a game. Runs in the worker."""

import asyncio
import time
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Timer(Protocol):
        """One callback, called as often as it is set."""

        def set(self, seconds: float) -> None:
            """Call back after this time; it replaces what was set before."""

        def cancel(self) -> None:
            """Do not call back until it is set again."""

        def close(self) -> None:
            """Let go of the callback, for good."""


class Clock:
    """The browser's time and timers. A test hands in one that it moves by hand."""

    def __init__(self) -> None:
        self.now: Callable[[], float] = asyncio.get_running_loop().time

    def wall(self) -> float:
        """Milliseconds since the epoch."""
        return time.time() * 1000

    def timer(self, callback: "Callable[[], None]") -> "Timer":
        """Return a timer, which is not set yet."""
        from ..js.timer import JsTimer

        return JsTimer(callback)


EARLY = 0.002
"""Seconds that a step may come before its time: browsers count timers in milliseconds."""

WINDOW = 10
"""Measurements that the rate is taken over."""


class Rhythm:
    """When steps are due. The n-th is due at start + n / fps, however late the others were.

    One that is more than a frame late begins the schedule anew: lost frames are not caught up.

    Attributes:
        fps: steps a second.
    """

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._late = False
        self._began = self._last = 0.0
        self._count = self._total = 0
        self.start(0.0)

    def start(self, now: float) -> None:
        """Begin: the first step is due a frame from now."""
        self._total = 0
        self._begin(now)

    def hurry(self, now: float) -> None:
        """Begin anew: the next step is due now."""
        self.start(now - 1 / self.fps)

    def change(self, fps: float) -> None:
        """Change the pace: the next step is due a frame of the new one after the last."""
        if fps != self.fps:
            self.fps = fps
            self._begin(self._last)

    def wait(self, now: float) -> float:
        """Return the seconds until the next step is due, 0 if it is."""
        delay = self._began + (self._count + 1) / self.fps - now
        return delay if delay > min(EARLY, 0.25 / self.fps) else 0.0

    def beat(self, now: float) -> None:
        """Note that a step begins."""
        self._last = now
        self._count += 1
        self._total += 1
        if now - self._began - self._count / self.fps > 1 / self.fps:
            self._began, self._count = now, 0
            self._late = True

    def measure(self) -> "tuple[float, bool]":
        """Return the steps a second, of the last while, and whether they cannot keep up."""
        before, steps = self._points[0]
        rate = (self._total - steps) / (self._last - before) if self._last > before else 0.0
        return rate, self._late or 0 < rate < 0.9 * self.fps

    def mark(self) -> None:
        """Note that the rate was reported."""
        self._late = False
        if self._total > self._points[-1][1]:
            self._points.append((self._last, self._total))

    def _begin(self, now: float) -> None:
        self._began = self._last = now
        self._count = 0
        self._points: deque[tuple[float, int]] = deque([(now, self._total)], WINDOW)


class Metronome:
    """Calls when a step is due, once each time that it is wound up.

    Args:
        clock: time and timers.
        rhythm: when steps are due.
        beat: called when one is.

    Attributes:
        wound: whether it is going to call.
    """

    def __init__(self, clock: Clock, rhythm: Rhythm, beat: "Callable[[], None]") -> None:
        self.wound = False
        self._clock = clock
        self._rhythm = rhythm
        self._beat = beat
        self._timer = clock.timer(self._tick)

    def wind(self) -> None:
        """Call when the next step is due."""
        self.wound = True
        self._timer.set(self._rhythm.wait(self._clock.now()))

    def change(self, fps: float) -> None:
        """Change the pace."""
        self._rhythm.change(fps)
        if self.wound:
            self.wind()

    def stop(self) -> None:
        """Do not call."""
        self.wound = False
        self._timer.cancel()

    def close(self) -> None:
        """Stop for good."""
        self.wound = False
        self._timer.close()

    def _tick(self) -> None:
        if self._rhythm.wait(self._clock.now()):  # the timer came early
            self.wind()
            return
        self.wound = False
        self._beat()
