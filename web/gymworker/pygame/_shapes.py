"""Rows of rectangles with round corners, and of ellipses in rectangles.

Rows are their ``ys`` with the first and the last pixel of each, ``(N,) int64``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ._paint import rows
from ._rounds import disc
from ._whole import counting
from .color import RGBA
from .rect import Rect

if TYPE_CHECKING:
    from .surface import Surface


def fitting(area: Rect, radii: list[int]) -> list[int]:
    """Return the radii of the four corners, all smaller by one share if two do not fit a side."""
    top_left, top_right, low_left, low_right = radii
    across = max(top_left + top_right, low_left + low_right)
    down = max(top_left + low_left, top_right + low_right)
    if across <= area.w and down <= area.h:
        return radii
    share = min(np.float32(area.w) / max(across, 1), np.float32(area.h) / max(down, 1))
    return [int(radius * np.float32(share)) for radius in radii]


def rounded(area: Rect, radii: Sequence[int]) -> tuple[Any, Any, Any]:
    """Return the rows of a rectangle with round corners: ys, first and last pixel of each."""
    ys = counting(area.y, area.y + area.h)
    lefts, rights = (
        np.full(area.h, area.x, np.int64),
        np.full(area.h, area.x + area.w - 1, np.int64),
    )
    for number, radius in enumerate(radii):
        if radius > 0:
            inset = radius - disc(radius)[1][:radius]
            side = lefts if number % 2 == 0 else rights
            sign = 1 if number % 2 == 0 else -1
            if number < 2:
                side[:radius] += sign * inset
            else:
                side[-radius:] += sign * inset[::-1]
    return ys, lefts, rights


def rounded_edge(
    surface: Surface, area: Rect, radii: Sequence[int], width: int, shade: RGBA
) -> None:
    inner = Rect(area.x + width, area.y + width, area.w - 2 * width, area.h - 2 * width)
    hole = rounded(inner, [max(radius - width, 0) for radius in radii])
    between(surface, rounded(area, radii), hole, shade)


def between(surface: Surface, whole: Any, hole: Any, shade: RGBA) -> None:
    """Paint rows but for those of a hole, which lies in them."""
    ys, lefts, rights = whole
    begin = int(np.searchsorted(ys, hole[0][0]))
    left_ends, right_begins = rights.copy(), rights + 1
    part = slice(begin, begin + len(hole[0]))
    left_ends[part], right_begins[part] = hole[1] - 1, hole[2] + 1
    rows(surface, ys, lefts, left_ends, shade)
    rows(surface, ys, right_begins, rights, shade)


def oval(area: Rect) -> tuple[Any, Any, Any]:
    ys = counting(area.h)
    share = 1 - ((ys + 0.5) * 2 / area.h - 1) ** 2
    halves = np.sqrt(share) * area.w / 2
    lefts = np.floor(area.w / 2 - halves + 0.5).astype(np.int64)
    return ys + area.y, area.x + lefts, area.x + area.w - 1 - lefts
