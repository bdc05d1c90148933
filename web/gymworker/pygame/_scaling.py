"""Pixels in another size, each the mean of those that it covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._blend import Pixels
from ._whole import Ints, counting

Floats = NDArray[np.float32]

WHOLE = 256
"""What the shares of two neighbours come to, in pygame as well."""


def smooth(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return pixels in another size.

    Rows, and columns, that are equal to the one before are scaled once with it: pictures of tiles
    or of cells have many of them.

    Args:
        pixels: ``(H, W)`` or ``(H, W, 3) uint8``.
        width: wanted.
        height: wanted.

    Returns:
        ``(height, width)`` or ``(height, width, 3) uint8``.
    """
    if 0 in (width, height, *pixels.shape):
        return np.zeros((height, width, *pixels.shape[2:]), np.uint8)
    rows, number = _distinct(pixels)
    if width != pixels.shape[1]:
        columns = _scaled(*_distinct(rows.swapaxes(0, 1)), width)
        rows = columns.swapaxes(0, 1)
    return _scaled(np.ascontiguousarray(rows), number, height)


def _distinct(lines: Pixels) -> tuple[Pixels, Ints]:
    """Return the lines that differ from the one before, and which of them stands for each."""
    lines = np.ascontiguousarray(lines)
    flat = lines.reshape(len(lines), -1)
    begins = np.ones(len(lines), bool)
    begins[1:] = (flat[1:] != flat[:-1]).any(axis=1)
    return lines[begins], np.cumsum(begins, dtype=np.int64) - 1


def _scaled(lines: Pixels, number: Ints, count: int) -> Pixels:
    """Return so many lines.

    Args:
        lines: ``(N, ...) uint8``.
        number: which of them stands for each of those that are given.
        count: wanted.
    """
    if count == len(number):
        return lines[number]
    if count < len(number):
        return _shrunk(lines[number].astype(np.float32), count).astype(np.uint8)
    return _grown(lines, number, count)


def _shrunk(values: Floats, count: int) -> Floats:
    """Return the means over equal parts, whose edges may lie within a value."""
    given = len(values)
    edges = counting(count + 1) * given / count
    low = np.minimum(edges.astype(int), given - 1)
    sums = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0, dtype=np.float64)])
    share = (edges - low).reshape(-1, *[1] * (values.ndim - 1))
    until = sums[low] + share * values[low]
    means: Floats = (np.diff(until, axis=0) * (count / given) + 1e-3).astype(np.float32)
    return means


def _grown(lines: Pixels, number: Ints, count: int) -> Pixels:
    """Return lines between neighbours, the first where it was; see ``_scaled``."""
    given = len(number)
    places = counting(count) * (given - 1)
    low, share = places // count, places % count * WHOLE // count
    one, next = number[low], number[np.minimum(low + 1, given - 1)]
    made = lines[one]
    between = np.flatnonzero((one != next) & (share != 0))
    if len(between):
        weight = share[between].astype(np.uint16).reshape(-1, *[1] * (lines.ndim - 1))
        mixed = lines[one[between]] * (np.uint16(WHOLE) - weight)
        mixed += lines[next[between]] * weight
        mixed >>= 8
        made[between] = mixed
    return made
