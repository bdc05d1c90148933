"""From key to paint: how long until the display shows what a key did. In the worker."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_WAITING = 64
"""Keys that wait for a frame; while a tab is hidden there is none."""

LONGEST = 5000.0
"""Milliseconds; what took longer was not seen by anyone meanwhile, as in a hidden tab."""


class Latency:
    """Follows keys from the step that used them to the frame that shows it.

    Each has an entry, a transition whose ``latency`` is filled in, or None.
    """

    def __init__(self) -> None:
        self._stepped: list[tuple[float, Any]] = []
        self._drawn: list[tuple[float, Any]] = []
        self._sum = 0.0
        self._count = 0

    def used(self, time: float, entry: "Any") -> None:
        """Note that a step used a key which changed at ``time``, in ms since the epoch."""
        if len(self._stepped) < MOST_WAITING:
            self._stepped.append((time, entry))

    def drawn(self) -> None:
        """Note that a frame was made: it shows all steps so far."""
        if self._stepped:
            self._drawn += self._stepped
            self._stepped = []

    def painted(self, time: float) -> bool:
        """Note that this frame is on the display; tell whether a key had waited for it."""
        if not self._drawn:
            return False
        for changed, entry in self._drawn:
            latency = max(0.0, time - changed)
            if latency > LONGEST:
                continue
            self._sum += latency
            self._count += 1
            if entry is not None:
                entry["latency"] = round(latency, 1)
        self._drawn = []
        return True

    def first_waiting(self) -> "Any":
        """Return the first entry whose frame is still to come, or None."""
        for _, entry in self._drawn or self._stepped:
            return entry
        return None

    def mean(self) -> "float | None":
        """Return the mean in ms of what was painted since ``mark``, None if nothing was."""
        return round(self._sum / self._count, 1) if self._count else None

    def mark(self) -> None:
        """Note that the mean was reported."""
        self._sum, self._count = 0.0, 0
