"""Time, which nobody waits for: whoever steps the environment has the clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._lacking import Named, attributes_of

_START = time.monotonic()


class Clock(Named):
    """Tells the milliseconds between two ticks, as if each had waited for its frame."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._time = 0
        self._raw = 0

    def tick(self, framerate: float = 0) -> int:
        """Return the milliseconds since the last tick; do not wait.

        Args:
            framerate: of the frames a second that a real clock would keep by waiting; with it, at
                least the milliseconds of such a frame have passed.
        """
        now = time.monotonic()
        self._raw = round((now - self._last) * 1000)
        self._time = max(self._raw, int(1000 / framerate) if framerate > 0 else 0)
        self._last = now
        return self._time

    tick_busy_loop = tick

    def get_time(self) -> int:
        """Return the milliseconds between the last two ticks."""
        return self._time

    def get_rawtime(self) -> int:
        """Return the milliseconds that really passed between the last two ticks."""
        return self._raw

    def get_fps(self) -> float:
        """Return the frames a second, by the last two ticks; 0.0 before them."""
        return 1000 / self._time if self._time else 0.0


def get_ticks() -> int:
    """Return the milliseconds since pygame was imported."""
    return round((time.monotonic() - _START) * 1000)


def wait(milliseconds: int) -> int:
    """Return the milliseconds; do not wait."""
    return max(int(milliseconds), 0)


def delay(milliseconds: int) -> int:
    """Return the milliseconds; do not wait."""
    return wait(milliseconds)


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
