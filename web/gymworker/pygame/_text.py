"""Text as pixels: by the browser's fonts, or, where there is no browser, as a box for each letter.

So what is written in CPython has its place and about its size, and no letters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gymworker.worker import standin

from ._blend import Pixels

_LETTER = 0.55
"""How wide a box is, in sizes of the font."""


@dataclass(unsafe_hash=True)
class Style:
    """How text looks.

    Attributes:
        family: of the font, as CSS has it.
        size: of the font, in pixels.
        bold: whether it is.
        italic: whether it is.
    """

    family: str
    size: float
    bold: bool = False
    italic: bool = False

    @property
    def css(self) -> str:
        """The font, as CSS has it."""
        words = ["italic"] * self.italic + ["bold"] * self.bold
        return " ".join([*words, f"{self.size:.2f}px", self.family])


def width(text: str, style: Style) -> int:
    """Return how many pixels wide a line of text is."""
    if standin.writer is not None:
        across: float = standin.writer.width(text, style.css)
        return math.ceil(across)
    return math.ceil(len(text) * style.size * _LETTER)


def coverage(text: str, style: Style, height: int, baseline: int) -> Pixels:
    """Return how much of each pixel a line of text covers.

    Args:
        text: one line.
        style: how it looks.
        height: of the picture, in pixels.
        baseline: the row that the letters stand on.

    Returns:
        ``(height, width(text, style)) uint8``.
    """
    across = width(text, style)
    if standin.writer is not None and across:
        data = standin.writer.pixels(text, style.css, across, height, baseline)
        return np.frombuffer(data, np.uint8).reshape(height, across)
    picture = np.zeros((height, across), np.uint8)
    step = style.size * _LETTER
    top = max(baseline - round(style.size * 0.7), 0)
    for number, letter in enumerate(text):
        if not letter.isspace():
            left, right = round(number * step) + 1, round((number + 1) * step) - 1
            picture[top:baseline, left:right] = 255
            picture[top + 1 : baseline - 1, left + 1 : right - 1] = 0
    return picture


def family(name: object) -> str:
    """Return the family of a font that somebody named, as CSS has it, with one to fall back on."""
    names = name if isinstance(name, str) else ""
    wanted = [part.strip() for part in names.split(",") if part.strip() and "." not in part]
    plain = (
        "monospace"
        if any("mono" in one.lower() or "courier" in one.lower() for one in wanted)
        else "sans-serif"
    )
    return ", ".join([*(f'"{one}"' for one in wanted if one.replace(" ", "").isalnum()), plain])
