"""Lines: which pixels they go through, and how much of each antialiased ones cover.

All in whole numbers, ``(xs, ys)`` as ``(N,) int64``, each pixel once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ._whole import Ints, counting

Point = tuple[int, int]
Spot = tuple[float, float]


def line(start: Point, end: Point) -> tuple[Ints, Ints]:
    """Return the pixels of a line, both ends included, as draw.line has them.

    There is one for each step of the longer side, the nearest to the ideal line; of two that are as
    near it is the one nearer to ``start``.
    """
    (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    longer, shorter = max(abs(across), abs(down)), min(abs(across), abs(down))
    steps = counting(longer + 1)
    aside = (2 * shorter * steps + longer - 1) // (2 * longer) if longer else steps
    if abs(across) >= abs(down):
        return x + _sign(across) * steps, y + _sign(down) * aside
    return x + _sign(across) * aside, y + _sign(down) * steps


def staircase(start: Point, end: Point) -> tuple[Ints, Ints]:
    """Return the pixels of a line, both ends included, as gfxdraw has them: in equal stairs."""
    (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    longer, shorter = max(abs(across), abs(down)), min(abs(across), abs(down))
    steps = counting(longer + 1)
    aside = steps * (shorter + 1) // (longer + 1)
    if abs(across) >= abs(down):
        return x + _sign(across) * steps, y + _sign(down) * aside
    return x + _sign(across) * aside, y + _sign(down) * steps


def soft_line(start: Point, end: Point) -> tuple[Ints, Ints, Ints]:
    """Return pixels between the ends of a slanted line, two for each step, as gfxdraw has them.

    Returns:
        xs, ys, and the weight of each, 0 to 255; the ends themselves are not among them.
    """
    if start[1] > end[1]:
        start, end = end, start
    (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    longer, shorter = max(abs(across), down), min(abs(across), down)
    steps = counting(1, longer)
    # The slope has 16 bits behind the point, the place of a step 32.
    places = steps * (((shorter << 16) // longer) << 16)
    aside, share = places >> 32, places >> 24 & 255
    along = np.concatenate([steps, steps])
    aside, weights = np.concatenate([aside, aside + 1]), np.concatenate([255 - share, share])
    if down > abs(across):
        return x + _sign(across) * aside, y + along, weights
    return x + _sign(across) * along, y + aside, weights


def clipped(start: Point, end: Point, bounds: tuple[int, int, int, int]) -> list[Point] | None:
    """Return the part of a line inside of a rectangle as gfxdraw cuts it, None if there is none.

    Args:
        start: one end.
        end: the other.
        bounds: left, top, right and bottom; the last two are the first that lie outside.
    """
    left, top, right, bottom = bounds[0], bounds[1], bounds[2] - 1, bounds[3] - 1
    ends = [start, end]
    if all(left <= x <= right and top <= y <= bottom for x, y in ends):
        return ends
    while True:
        sides = [
            (x < left, x > right, y > bottom, y < top) for x, y in ends
        ]  # the order in which they are cut
        if not any(sides[0]) and not any(sides[1]):
            return ends
        if any(one and other for one, other in zip(*sides, strict=True)):
            return None
        if not any(sides[0]):
            ends.reverse()
            sides.reverse()
        (x, y), (x2, y2) = ends
        slope = np.float32(y2 - y) / np.float32(x2 - x) if x2 != x else np.float32(1)
        if sides[0][0] or sides[0][1]:
            edge = left if sides[0][0] else right
            ends[0] = edge, y + int((edge - x) * slope)
        else:
            edge = bottom if sides[0][2] else top
            ends[0] = x + (int((edge - y) / slope) if x2 != x else 0), edge


def shaded_line(
    start: Spot, end: Spot, *, first: bool = True, last: bool = True
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return the pixels of an antialiased line between any two places, as draw.aaline has them.

    Args:
        start: where it begins; a whole number is the middle of a pixel.
        end: where it ends.
        first: whether the pixels of its left or upper end are wanted.
        last: whether those of its other end are.

    Returns:
        xs, ys, and the share of each that is covered, 0.0 to 1.0.
    """
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) < 1e-4 and abs(y1 - y0) < 1e-4:
        at = np.array([math.floor(x0 + 0.5)]), np.array([math.floor(y0 + 0.5)])
        return *at, np.ones(1)
    steep = is_steep(start, end)
    if steep:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if x1 < x0:
        x0, y0, x1, y1 = x1, y1, x0, y0
    begin, stop = math.floor(x0), math.ceil(x1)
    along = counting(begin, stop + 1)
    aside = y0 + (along - x0) * ((y1 - y0) / (x1 - x0))
    share = np.ones(len(along))
    share[0] = 1 - (x0 - begin) if first else 0
    share[-1] = 1 - (stop - x1) if last else 0
    low = np.floor(aside)
    rest = aside - low
    xs = np.concatenate([along, along])
    ys = np.concatenate([low, low + 1]).astype(np.int64)
    shares = np.concatenate([(1 - rest) * share, rest * share])
    return (ys, xs, shares) if steep else (xs, ys, shares)


def is_steep(start: Spot, end: Spot) -> bool:
    """Tell whether a line goes further down or up than across."""
    return abs(end[0] - start[0]) < abs(end[1] - start[1])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
