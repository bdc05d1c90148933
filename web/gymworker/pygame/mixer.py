"""Sounds, which nobody hears: a worker has no loudspeaker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lacking import Named, attributes_of

_ready = False


def init(*how: Any, **more: Any) -> None:
    """Get ready; how is for pygame's sake."""
    global _ready
    _ready = True


def pre_init(*how: Any, **more: Any) -> None:
    """Do nothing; see ``init``."""


def quit() -> None:
    """Be no longer ready."""
    global _ready
    _ready = False


def get_init() -> tuple[int, int, int] | None:
    """Return samples a second, bits of one and channels, as pygame's are at first; or None."""
    return (44100, -16, 2) if _ready else None


def get_busy() -> bool:
    """Return False: nothing is ever played."""
    return False


class Sound(Named):
    """A sound.

    Args:
        file: whose sound it would be; it is not read.
        buffer: see ``file``.
    """

    def __init__(self, file: Any = None, buffer: Any = None) -> None:
        self._volume = 1.0

    def play(self, loops: int = 0, maxtime: int = 0, fade_ms: int = 0) -> None:
        """Do nothing, and return no channel."""

    def stop(self) -> None:
        """Do nothing."""

    def fadeout(self, time: int) -> None:
        """Do nothing."""

    def set_volume(self, value: float) -> None:
        """Remember how loud it would be, 0.0 to 1.0."""
        self._volume = min(float(value), 1.0)

    def get_volume(self) -> float:
        """Return how loud it would be."""
        return self._volume

    def get_num_channels(self) -> int:
        """Return 0: nobody plays it."""
        return 0


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
