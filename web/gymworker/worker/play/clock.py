"""Time in the worker: when it is, when to wake, and the rhythm of a game. Runs in the worker."""

import time
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..js.timer import JsTimer


class Clock:
    """The worker's clock and timers. A test hands in one that it moves by hand."""

    def __init__(self) -> None:
        self.now: Callable[[], float] = time.monotonic
        self._idle: list[_Call] = []

    def wall(self) -> float:
        """Milliseconds since the epoch."""
        return time.time() * 1000

    def timer(self, callback: "Callable[[], None]") -> "JsTimer":
        """Return a timer for this callback; whoever has it closes it."""
        from ..js.timer import JsTimer

        return JsTimer(callback)

    def call_later(self, delay: float, function: "Callable[[], None]") -> "_Call":
        """Call a function after ``delay`` seconds; return a handle with ``cancel()``."""
        call = self._idle.pop() if self._idle else _Call(self)
        call.function = function
        call.timer.set(delay)
        return call


class _Call:
    """A call that is to come; its timer is used again afterwards."""

    def __init__(self, clock: Clock) -> None:
        self.function: Callable[[], None] | None = None
        self.timer = clock.timer(self._run)
        self._idle = clock._idle

    def cancel(self) -> None:
        if self.function is not None:
            self.timer.cancel()
            self.function = None
            self._idle.append(self)

    def _run(self) -> None:
        function = self.function
        self.function = None
        self._idle.append(self)
        if function is not None:
            function()


EARLY = 0.002
"""Seconds that a step may come before its time: Pyodide does not wait for a shorter while."""

WINDOW = 10
"""Measurements that the rate is taken over."""


class Rhythm:
    """When steps are due. The n-th is due at start + n / fps, however late the others were.

    One that is more than a frame late begins the schedule anew: lost frames are not caught up.

    Attributes:
        fps: steps a second.
        late: whether the schedule began anew since ``mark`` was called.
    """

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self.late = False
        self.start(0.0)

    def start(self, now: float) -> None:
        """Begin: the first step is due a frame from now."""
        self._began = now
        self._last = now
        self._count = 0
        self._total = 0
        self._points: deque[tuple[float, int]] = deque([(now, 0)], WINDOW)

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
            self.late = True

    def measure(self) -> "tuple[float, bool]":
        """Return the steps a second, of the last while, and whether that is less than ``fps``."""
        before, steps = self._points[0]
        rate = (self._total - steps) / (self._last - before) if self._last > before else 0.0
        return rate, self.late or 0 < rate < 0.9 * self.fps

    def mark(self) -> None:
        """Note that the rate was reported."""
        self.late = False
        if self._total > self._points[-1][1]:
            self._points.append((self._last, self._total))
