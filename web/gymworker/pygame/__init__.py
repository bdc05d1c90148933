"""A stand-in for pygame: the part that environments draw with, on NumPy arrays.

It is what ``import pygame`` finds in gymworker's worker where no real pygame is installed, which
has no display there. What is drawn equals pygame's pixels, but for some on antialiased and round
edges and for text, which the browser writes. People's keys and the clock are the page's, so no
events come and nothing waits; what is not here names itself. The modules load when they are first
used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import constants, version
from ._lacking import attributes_of, error
from .color import Color
from .constants import *  # noqa: F403
from .math import Vector2
from .rect import Rect
from .surface import Surface, SurfaceType

if TYPE_CHECKING:
    from . import (
        display,
        draw,
        event,
        font,
        freetype,
        gfxdraw,
        image,
        key,
        locals,
        math,
        mixer,
        mouse,
        sprite,
        surfarray,
        time,
        transform,
    )

__all__ = [
    *constants.__all__,
    "Color",
    "Rect",
    "Surface",
    "SurfaceType",
    "Vector2",
    "display",
    "draw",
    "error",
    "event",
    "font",
    "freetype",
    "get_init",
    "gfxdraw",
    "image",
    "init",
    "key",
    "locals",
    "math",
    "mixer",
    "mouse",
    "quit",
    "sprite",
    "surfarray",
    "time",
    "transform",
]
__version__ = ver = version.ver

_LAZY = [
    "display",
    "draw",
    "event",
    "font",
    "freetype",
    "gfxdraw",
    "image",
    "key",
    "locals",
    "mixer",
    "mouse",
    "sprite",
    "surfarray",
    "time",
    "transform",
]

_ready = False

if __name__ == "pygame":  # and not where it is compared with the real one
    print("pygame is gymworker's stand-in here; what it lacks says so")


def init() -> tuple[int, int]:
    """Get everything ready; return how many parts did, and how many failed (0)."""
    global _ready
    _ready = True
    importlib.import_module(".display", __name__).init()
    return 5, 0


def quit() -> None:
    """Let go of the display."""
    global _ready
    _ready = False
    importlib.import_module(".display", __name__).quit()


def get_init() -> bool:
    """Tell whether ``init`` was called."""
    return _ready


def get_sdl_version(linked: bool = True) -> tuple[int, int, int]:
    """Return the version of the library that the pixels are those of."""
    return version.SDL


def get_error() -> str:
    """Return nothing: errors are exceptions."""
    return ""


def register_quit(function: Any) -> None:
    """Do nothing: a worker ends without a word."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Load a module, return the number of a key, or name what is not there."""
        if name in _LAZY:
            return importlib.import_module(f".{name}", __name__)
        if name in constants.KEYS:
            return constants.KEYS[name]
        return attributes_of(__name__)(name)
