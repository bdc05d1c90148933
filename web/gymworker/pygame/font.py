"""Text on Surfaces of its own, by the browser's fonts; without a browser a box for each letter.

A letter is not pygame's to the pixel: fonts differ from browser to browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._lacking import Named, attributes_of
from ._text import Style, coverage, family, width
from .color import ColorValue, rgba
from .surface import Surface, of

_DEFAULT = "freesansbold.ttf"
_NAMELESS = 0.75
"""The height of the default font, to its size; that of others is their size."""


class Font(Named):
    """A font of a size.

    Args:
        name: of a family, or of a file, whose letters are not read; None for the default font.
        size: in pixels, of a line's height.
    """

    def __init__(self, name: Any = None, size: float = 20) -> None:
        nameless = name is None or str(name) == _DEFAULT
        self._height = max(round(size * (_NAMELESS if name is None else 1)), 1)
        self._style = Style(family(name), self._height * 0.8, bold=nameless)
        self.underline = False

    @property
    def bold(self) -> bool:
        """Whether it is bold."""
        return self._style.bold

    @bold.setter
    def bold(self, value: bool) -> None:
        self._style.bold = bool(value)

    @property
    def italic(self) -> bool:
        """Whether it is italic."""
        return self._style.italic

    @italic.setter
    def italic(self, value: bool) -> None:
        self._style.italic = bool(value)

    def set_bold(self, value: bool) -> None:
        """Make it bold, or not."""
        self.bold = value

    def set_italic(self, value: bool) -> None:
        """Make it italic, or not."""
        self.italic = value

    def get_height(self) -> int:
        """Return the height of a line, in pixels."""
        return self._height

    def get_linesize(self) -> int:
        """Return how far one line lies below another, in pixels."""
        return self._height

    def get_ascent(self) -> int:
        """Return the pixels of a line above what letters stand on."""
        return round(self._height * 0.8)

    def get_descent(self) -> int:
        """Return the pixels of a line below what letters stand on, as a negative number."""
        return self.get_ascent() - self._height

    def size(self, text: str) -> tuple[int, int]:
        """Return width and height of a line of text, in pixels."""
        return width(text, self._style), self._height

    def render(
        self,
        text: str | bytes | None,
        antialias: bool = True,
        color: ColorValue = "black",
        bgcolor: ColorValue | None = None,
        wraplength: int = 0,
    ) -> Surface:
        """Return text on a Surface of its own.

        Args:
            text: its lines lie one below the other.
            antialias: whether edges are soft.
            color: of the letters.
            bgcolor: of what is around them; None for nothing.
            wraplength: pixels after which a line goes on below, between two words; 0 for never.
        """
        words = text.decode() if isinstance(text, bytes) else str(text or "")
        lines = [part for line in words.split("\n") for part in self._wrapped(line, wraplength)]
        pictures = [self._line(line) for line in lines]
        alpha = np.zeros(
            (self._height * len(pictures), max(p.shape[1] for p in pictures)), np.uint8
        )
        for number, picture in enumerate(pictures):
            top = number * self._height
            alpha[top : top + self._height, : picture.shape[1]] = picture
        if not antialias:
            alpha = np.where(alpha > 127, np.uint8(255), np.uint8(0))
        return painted(alpha, color, bgcolor)

    def _wrapped(self, line: str, room: int) -> list[str]:
        """Return a line in pieces that are no wider than that, if each of its words is not."""
        pieces = [""]
        for word in line.split(" ") if room > 0 else [line]:
            longer = f"{pieces[-1]} {word}" if pieces[-1] else word
            if pieces[-1] and width(longer, self._style) > room:
                pieces.append(word)
            else:
                pieces[-1] = longer
        return pieces

    def _line(self, line: str) -> Any:
        return coverage(line, self._style, self._height, self.get_ascent())


def painted(alpha: Any, color: ColorValue, ground: ColorValue | None) -> Surface:
    """Return a Surface of one colour.

    Args:
        alpha: ``(H, W) uint8``.
        color: of all that ``alpha`` covers.
        ground: of what it does not; None for a clear one.
    """
    red, green, blue, opacity = rgba(color)
    rgb = np.empty((*alpha.shape, 3), np.uint8)
    rgb[...] = red, green, blue
    if opacity < 255:
        alpha = (alpha.astype(np.int32) * opacity // 255).astype(np.uint8)
    letters = of(rgb, alpha)
    if ground is None:
        return letters
    made = Surface(letters.size)
    made.fill(ground)
    made.blit(letters, (0, 0))
    return made


def SysFont(  # noqa: N802  pygame's own name for it
    name: Any, size: float, bold: bool = False, italic: bool = False
) -> Font:
    """Return a font by the name of its family, or by the first of several that the browser has."""
    names = ", ".join(name) if isinstance(name, (list, tuple)) else name
    font = Font(names or None, size)
    font.bold, font.italic = bold or not names, italic
    return font


def init() -> None:
    """Do nothing: fonts are always there."""


def quit() -> None:
    """Do nothing; see ``init``."""


def get_init() -> bool:
    """Return True; see ``init``."""
    return True


def get_default_font() -> str:
    """Return the name of pygame's default font."""
    return _DEFAULT


def get_fonts() -> list[str]:
    """Return no names: a browser does not tell its fonts."""
    return []


def match_font(name: Any, bold: bool = False, italic: bool = False) -> None:
    """Return None: there are no files of fonts."""
    return


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
