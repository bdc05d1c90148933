"""Text on Surfaces, cut to the letters; see ``font``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gymworker.worker import standin

from ._lacking import Named, attributes_of, lacking
from ._text import Style, coverage, family
from .color import Color, ColorValue
from .font import painted
from .rect import Rect
from .surface import Surface

_DEFAULT = "freesansbold.ttf"
STYLE_DEFAULT, STYLE_NORMAL, STYLE_STRONG, STYLE_OBLIQUE = 255, 0, 1, 2


class Font(Named):
    """A font.

    Args:
        file: of it, or the name of a family; None for the default font.
        size: in pixels, which each function may be given too.

    Attributes:
        fgcolor: of the letters, where no other is given.
        bgcolor: of what is around them, None for nothing.
        antialiased: whether edges are soft.
        strong: whether it is bold.
        oblique: whether it is italic.
        origin: whether a place is where the first letter stands, and not its upper left corner.
    """

    def __init__(self, file: Any = None, size: float = 0, **options: Any) -> None:
        self._family, self.size = family(file), float(size)
        self.fgcolor = Color("black")
        self.bgcolor: ColorValue | None = None
        self.antialiased = True
        self.strong = file is None or str(file) == _DEFAULT
        self.oblique = self.origin = False

    def get_rect(
        self, text: str, style: int = STYLE_DEFAULT, rotation: int = 0, size: float = 0
    ) -> Rect:
        """Return the rectangle of the letters: the first stands at (0, 0), ``y`` goes up."""
        return self._write(text, size)[1]

    def render(
        self,
        text: str,
        fgcolor: ColorValue | None = None,
        bgcolor: ColorValue | None = None,
        style: int = STYLE_DEFAULT,
        rotation: int = 0,
        size: float = 0,
    ) -> tuple[Surface, Rect]:
        """Return text on a Surface that is cut to the letters, and their rectangle."""
        if rotation:
            lacking(f"freetype.Font.render(rotation={rotation})")
        if style not in (STYLE_DEFAULT, STYLE_NORMAL):
            lacking(f"freetype.Font.render(style={style})")
        alpha, rect = self._write(text, size)
        color = self.fgcolor if fgcolor is None else fgcolor
        ground = self.bgcolor if bgcolor is None else bgcolor
        return painted(alpha, color, ground), rect

    def render_to(
        self,
        surf: Surface,
        dest: Any,
        text: str,
        fgcolor: ColorValue | None = None,
        bgcolor: ColorValue | None = None,
        style: int = STYLE_DEFAULT,
        rotation: int = 0,
        size: float = 0,
    ) -> Rect:
        """Write text on a Surface; return the rectangle that it fills."""
        made, rect = self.render(text, fgcolor, bgcolor, style, rotation, size)
        x, y = int(dest[0]), int(dest[1])
        if self.origin:
            x, y = x + rect.x, y - rect.y
        surf.blit(made, (x, y))
        return Rect(x, y, rect.w, rect.h)

    def get_sized_ascender(self, size: float = 0) -> int:
        """Return the pixels of a line above what letters stand on."""
        return round((size or self.size) * 0.8)

    def get_sized_descender(self, size: float = 0) -> int:
        """Return the pixels of a line below what letters stand on, as a negative number."""
        return -round((size or self.size) * 0.2)

    def get_sized_height(self, size: float = 0) -> int:
        """Return the height of a line, in pixels."""
        return self.get_sized_ascender(size) - self.get_sized_descender(size)

    def _write(self, text: str, size: float) -> tuple[Any, Rect]:
        """Return what letters cover, ``(H, W) uint8``, and their rectangle; see ``get_rect``."""
        size = size or self.size
        style = Style(self._family, size * 0.9, self.strong, self.oblique)
        letters, x, y = _letters(text or "", style, size, self.antialiased, standin.writer)
        return letters.copy(), Rect(x, y, letters.shape[1], letters.shape[0])


@lru_cache(maxsize=64)
def _letters(
    text: str, style: Style, size: float, antialiased: bool, writer: Any
) -> tuple[Any, int, int]:
    """Return what letters cover, and the ``x`` and ``y`` of its corner; see ``Font.get_rect``.

    Environments write the same text in each frame, and measure it before.

    Args:
        text: one line.
        style: how it looks.
        size: of the font, in pixels.
        antialiased: whether edges are soft.
        writer: who writes; another one writes anew.
    """
    baseline = round(size)
    alpha = coverage(text, style, round(size * 1.4), baseline)
    if not antialiased:
        alpha = np.where(alpha > 127, np.uint8(255), np.uint8(0))
    ys, xs = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not len(ys):
        return np.zeros((0, 0), np.uint8), 0, 0
    cut = alpha[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    return cut, int(xs[0]), baseline - int(ys[0])


def SysFont(  # noqa: N802  pygame's own name for it
    name: Any, size: float, bold: bool = False, italic: bool = False
) -> Font:
    """Return a font by the name of its family, or by the first of several that the browser has."""
    font = Font(", ".join(name) if isinstance(name, (list, tuple)) else name, size)
    font.strong, font.oblique = bold or font.strong, italic
    return font


def init(*args: Any, **options: Any) -> None:
    """Do nothing: fonts are always there."""


def quit() -> None:
    """Do nothing; see ``init``."""


def get_init() -> bool:
    """Return True; see ``init``."""
    return True


was_init = get_init


def get_default_font() -> str:
    """Return the name of pygame's default font."""
    return _DEFAULT


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
