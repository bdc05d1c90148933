"""Circles and ellipses: the rows inside of them, and the pixels on their edge.

Everything is relative to the centre, and remembered: environments draw the same few circles.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ._whole import Ints, counting

FULL = 256
"""The weight of a pixel that gets the colour as it is."""


@lru_cache(maxsize=256)
def gfx_disc(radius: int) -> tuple[Ints, Ints]:
    """Return the rows of a filled circle as gfxdraw has it, whose centre is a pixel.

    Returns:
        The rows, ``-radius`` to ``radius``, and how many pixels each reaches to both sides.
    """
    halves = np.zeros(radius + 1, np.int64)
    seen = -1
    for x, y in _octant(radius):
        if x < y or radius == 0:
            halves[x] = y
        if y != seen:  # of a row in the flat part of the arc only the first pixel counts
            halves[y], seen = x, y
    return _mirrored(halves)


@lru_cache(maxsize=256)
def gfx_circle(radius: int) -> tuple[Ints, Ints]:
    """Return the pixels of a circle's edge as gfxdraw has it, whose centre is a pixel: xs, ys."""
    eighth = _octant(radius)
    pixels = {(p * x, q * y) for x, y in eighth for p in (-1, 1) for q in (-1, 1)}
    both = np.array(sorted(pixels | {(y, x) for x, y in pixels}), np.int64)
    return both[:, 0], both[:, 1]


@lru_cache(maxsize=256)
def gfx_edge(rx: int, ry: int) -> list[tuple[Ints, Ints, Ints]]:
    """Return the pixels of an antialiased ellipse as gfxdraw has it.

    Along the flat part of the arc each column, along the steep part each row has two pixels, which
    share the weight of one by how far the ideal arc lies from them. The numbers of columns and rows
    are rounded, so that around the middle a row may be left out, or come twice.

    Returns:
        Groups of ``xs``, ``ys`` and weights (0 to 255, or ``FULL``), one after the
        other, within which no pixel comes twice.
    """
    diagonal = np.hypot(rx, ry)
    columns = counting(1, int(np.rint(rx * rx / diagonal)) + 1)
    near_y, far_y, weight_y = _straddle(columns, rx, ry)
    last = int(near_y[-1]) if len(near_y) else ry
    along = last - counting(1, int(np.rint(ry * ry / diagonal)) + 1)
    near_x, far_x, weight_x = _straddle(along, ry, rx)
    groups = [(np.array([0]), np.array([end]), np.array([FULL])) for end in (-ry, ry)]
    for up in (-1, 1):
        sides = [(side * columns, up * near_y, 255 - weight_y) for side in (-1, 1)]
        sides += [(side * columns, up * far_y, weight_y) for side in (-1, 1)]
        groups.append(_joined(sides))
    for up in (-1, 1):
        sides = [(side * near_x, up * along, 255 - weight_x) for side in (-1, 1)]
        sides += [(side * far_x, up * along, weight_x) for side in (-1, 1)]
        groups.append(_joined(sides))
    return groups


def _straddle(along: Ints, radius: int, height: int) -> tuple[Ints, Ints, Ints]:
    """Return the two pixels at each place that the arc passes between.

    Returns:
        The nearer one, the other one, and the weight of that, 0 to 255.
    """
    a2, b2 = radius * radius, height * height
    ideal = np.sqrt(np.maximum(1 - along * along / a2, 0)) * height
    near = np.rint(ideal).astype(np.int64)
    off = (along * along - a2) * b2 + near * near * a2  # above 0 outside of the arc
    steep = np.maximum(2 * near * a2, 1)
    share = np.where(near == 0, 1.0, np.minimum(np.abs(off) / steep, 1.0))
    weights = (share * 255).astype(np.int64)
    return near, np.where(off > 0, near - 1, near + 1), weights


@lru_cache(maxsize=256)
def disc(radius: int) -> tuple[Ints, Ints]:
    """Return the rows of a filled circle as draw.circle has it, whose centre is a corner of pixels.

    Returns:
        The rows, ``-radius`` to ``radius - 1``, and the pixels that each has to either side.
    """
    halves = np.ones(radius, np.int64)
    for x, y in _steps(radius):
        halves[y - 1], halves[x - 1] = x, max(y, halves[x - 1])
    return counting(-radius, radius), np.concatenate([halves[::-1], halves])


@lru_cache(maxsize=256)
def ring(radius: int, width: int) -> tuple[Ints, Ints]:
    """Return the pixels of a circle's edge as draw.circle has it; see ``disc``."""
    pixels: set[tuple[int, int]] = set()
    for inner in range(radius - width + 1, radius + 1):
        for x, y in _steps(inner):
            pixels |= {(x, y), (y, x)}
    if width > 1:  # between two circles pixels can be left out
        outside, inside = disc(radius)[1], disc(radius - width)[1]
        for y in range(1, radius + 1):
            outer = int(outside[radius + y - 1])
            begin = int(inside[radius - width + y - 1]) if y <= radius - width else 0
            pixels |= {(x, y) for x in range(begin + 1, outer + 1)}
    quarter = np.array(sorted(pixels), np.int64).reshape(-1, 2)
    xs, ys = quarter[:, 0], quarter[:, 1]
    return np.concatenate([xs - 1, -xs, xs - 1, -xs]), np.concatenate([ys - 1, ys - 1, -ys, -ys])


def _octant(radius: int) -> list[tuple[int, int]]:
    """Return the pixels of an eighth of a circle around a pixel, from the top on.

    A step goes aside, and down too once the middle between the two lies outside of the circle.
    """
    found, x, y, middle = [], 0, radius, 1 - radius
    while x <= y:
        found.append((x, y))
        if middle < 0:
            middle += 2 * x + 3
        else:
            middle += 2 * (x - y) + 5
            y -= 1
        x += 1
    return found


def _steps(radius: int) -> list[tuple[int, int]]:
    """Return the pixels of an eighth of a circle around a corner, counted from 1.

    As ``_octant``, but for the order: first down, then aside.
    """
    found, x, y, middle = [], 0, radius, 1 - radius
    while x < y:
        if middle >= 0:
            y -= 1
            middle -= 2 * y
        x += 1
        middle += 2 * x + 1
        found.append((x, y))
    return found


def _mirrored(halves: Ints) -> tuple[Ints, Ints]:
    reach = len(halves) - 1
    return counting(-reach, reach + 1), np.concatenate([halves[:0:-1], halves])


def _joined(parts: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    xs, ys, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return xs, ys, weights
