"""What ``from pygame.locals import *`` brings: all constants, ``Rect`` and ``Color``."""

from __future__ import annotations

from . import constants
from ._lacking import attributes_of
from .color import Color
from .constants import *  # noqa: F403
from .rect import Rect

__all__ = [*constants.__all__, "Color", "Rect"]


def __getattr__(name: str) -> int:
    """Return the number of a key."""
    if name in constants.KEYS:
        return constants.KEYS[name]
    attributes_of(__name__)(name)
    return None
