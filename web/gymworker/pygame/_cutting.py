"""A line cut by a rectangle, in whole numbers, as SDL does it."""

from __future__ import annotations

Point = tuple[int, int]
Bounds = tuple[int, int, int, int]


def cut(start: Point, end: Point, bounds: Bounds) -> tuple[Point, Point] | None:
    """Return the part of a line inside of a rectangle, None if there is none.

    Args:
        start: one end.
        end: the other.
        bounds: left, top, right and bottom, all inside.
    """
    left, top, right, bottom = bounds
    if left > right or top > bottom:
        return None
    ends = [start, end]
    while True:
        sides = [(y < top, y > bottom, x < left, x > right) for x, y in ends]
        if any(one and other for one, other in zip(*sides, strict=True)):
            return None
        outside = next((number for number in (0, 1) if any(sides[number])), None)
        if outside is None:
            return ends[0], ends[1]
        (x, y), (x2, y2) = ends
        above, below, before, _ = sides[outside]
        if above or below:
            edge = top if above else bottom
            ends[outside] = x + _share(x2 - x, edge - y, y2 - y), edge
        else:
            edge = left if before else right
            ends[outside] = edge, y + _share(y2 - y, edge - x, x2 - x)


def _share(length: int, part: int, whole: int) -> int:
    """Return a part of a length, cut towards 0 as C divides."""
    share = abs(length * part) // abs(whole)
    return share if (length * part < 0) == (whole < 0) else -share
