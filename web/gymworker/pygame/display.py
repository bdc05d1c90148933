"""The display: a Surface, which ``flip`` and ``update`` show on the page's canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gymworker.worker import standin

from ._lacking import attributes_of, error
from .surface import Surface

_PLAIN = 640, 480
"""Width and height of a display that nobody said a size for, in pixels."""

_ready = False
_screen: Surface | None = None
_caption = "pygame window"


def init() -> None:
    """Get ready."""
    global _ready
    _ready = True


def quit() -> None:
    """Let go of the display; the canvas keeps its last picture."""
    global _ready, _screen
    _ready, _screen = False, None


def get_init() -> bool:
    """Tell whether it is ready."""
    return _ready


def set_mode(
    size: Sequence[float] = (0, 0), flags: int = 0, depth: int = 0, display: int = 0, vsync: int = 0
) -> Surface:
    """Return the Surface of the display, black and of a size of its own.

    Args:
        size: width and height in pixels; (0, 0) for 640 x 480.
        flags: for pygame's sake, as those that follow.
        depth: see ``flags``.
        display: see ``flags``.
        vsync: see ``flags``.
    """
    global _screen
    init()
    width, height = int(size[0]), int(size[1])
    _screen = Surface((width or _PLAIN[0], height or _PLAIN[1]))
    return _screen


def get_surface() -> Surface | None:
    """Return the Surface of the display, None before ``set_mode``."""
    return _screen


def get_window_size() -> tuple[int, int]:
    """Return width and height of the display, in pixels.

    Raises:
        error: there is none; see ``set_mode``.
    """
    return _shown().get_size()


def flip() -> None:
    """Show the picture on the page's canvas, as it is now.

    Raises:
        error: there is none; see ``set_mode``.
    """
    picture = _shown()._rgb
    if standin.show is not None:
        standin.show(picture.copy())


def update(*rectangle: Any) -> None:
    """Show the picture, all of it; see ``flip``."""
    flip()


def _shown() -> Surface:
    if _screen is None:
        raise error("Display mode not set")
    return _screen


def set_caption(title: str, icontitle: str = "") -> None:
    """Remember a title."""
    global _caption
    _caption = title


def get_caption() -> tuple[str, str]:
    """Return the title, twice."""
    return _caption, _caption


def set_icon(surface: Surface) -> None:
    """Do nothing: a canvas has no icon."""


def get_active() -> bool:
    """Tell whether there is a display."""
    return _screen is not None


def iconify() -> bool:
    """Return False: a canvas cannot be put away."""
    return False


def toggle_fullscreen() -> int:
    """Return 0: that is the page's to do."""
    return 0


def get_driver() -> str:
    """Return ``gymworker``."""
    return "gymworker"


def get_desktop_sizes() -> list[tuple[int, int]]:
    """Return one size, that of a display that nobody said a size for."""
    return [_PLAIN]


def get_num_displays() -> int:
    """Return 1."""
    return 1


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
