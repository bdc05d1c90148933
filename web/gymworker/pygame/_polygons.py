"""Polygons: the rows of pixels inside of them.

A row is its ``y`` with the first and the last pixel, ``(N,) int64`` each. Corners are whole
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ._whole import Ints, counting

Rows = tuple[Ints, Ints, Ints]
Points = Sequence[tuple[int, int]]
Crossing = Callable[[Ints, int, int, int, int], Ints]
"""Takes rows, and ``x1, y1, x2, y2`` of an edge, the upper end first; returns where it crosses."""

_NOWHERE = int(np.iinfo(np.int64).max)


def gfx_rows(points: Points, top: int, bottom: int) -> Rows:
    """Return the rows of a filled polygon as gfxdraw has them.

    Where an edge crosses a row is known to a 65536th of a pixel, and then rounded.

    Args:
        points: the corners.
        top: the first row that is wanted.
        bottom: the first one that is not.
    """

    def crossing(ys: Ints, x1: int, y1: int, x2: int, y2: int) -> Ints:
        return (ys - y1) * 65536 // (y2 - y1) * (x2 - x1) + x1 * 65536

    ys, crossings = _crossings(points, top, bottom, crossing)
    places, lefts, rights = _pairs(ys, crossings)
    lefts, rights = lefts + 1 + 32768 >> 16, rights - 1 + 32768 >> 16
    return places, np.minimum(lefts, rights), np.maximum(lefts, rights)


def rows(points: Points, top: int, bottom: int) -> Rows:
    """Return the rows of a filled polygon as draw.polygon has them; see ``gfx_rows``.

    Those of a triangle are pygame's to the pixel. Of others the pixels on the left and the right
    edge may be one more or one less than pygame's.
    """
    triangle = len(points) == 3

    def crossing(ys: Ints, x1: int, y1: int, x2: int, y2: int) -> Ints:
        # In halves, so that the order stays where two edges share a pixel.
        product, height = (ys - y1) * (x2 - x1), y2 - y1
        if triangle:  # cut towards the upper corner
            return (x1 + np.sign(product) * (abs(product) // height)) * 2
        return x1 * 2 + product // height + -(-product // height)

    ys, crossings = _crossings(points, top, bottom, crossing)
    places, lefts, rights = _pairs(ys, crossings)
    return places, lefts >> 1, rights + 1 >> 1


def _crossings(
    points: Points, top: int, bottom: int, crossing: Crossing
) -> tuple[Ints, NDArray[np.int64]]:
    """Return rows, and where the edges cross them: ``(E, N)``, sorted, the rest ``_NOWHERE``.

    An edge has its upper end and not its lower one, but for those at the very bottom.
    """
    heights = [y for _, y in points]
    low, high = min(heights), max(heights)
    ys = counting(max(low, top), min(high + 1, bottom))
    found = np.full((len(points), len(ys)), _NOWHERE, np.int64)
    for number, ((x1, y1), (x2, y2)) in enumerate(edges(points)):
        if y1 == y2:
            continue
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        begin, end = np.searchsorted(ys, [y1, y2 + 1 if y2 == high else y2])
        found[number, begin:end] = crossing(ys[begin:end], x1, y1, x2, y2)
    found.sort(axis=0)
    return ys, found


def _pairs(ys: Ints, crossings: NDArray[np.int64]) -> Rows:
    """Return the rows between each odd crossing and the next one."""
    count = len(crossings) // 2 * 2
    lefts, rights = crossings[0:count:2], crossings[1:count:2]
    there = rights != _NOWHERE
    return np.broadcast_to(ys, lefts.shape)[there], lefts[there], rights[there]


def edges(points: Points, closed: bool = True) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the pairs of neighbours, with the last and the first at the end if it is closed."""
    following = [*points[1:], points[0]] if closed else points[1:]
    return list(zip(points, following, strict=False))
