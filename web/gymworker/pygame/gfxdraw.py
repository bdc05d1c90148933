"""Shapes that are mixed into a Surface by the alpha of their colour; places are whole numbers.

``aa…`` are the antialiased edges: two pixels share the weight of one. Floats are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ._lacking import attributes_of
from ._lines import clipped, soft_line, staircase
from ._paint import mixed_block, mixed_points, mixed_rows
from ._polygons import edges, gfx_rows
from ._rounds import FULL, gfx_circle, gfx_disc, gfx_edge
from ._whole import counting
from .color import RGBA, ColorValue, rgba
from .rect import Rect
from .surface import Surface

Points = Iterable[Sequence[float]]


def pixel(surface: Surface, x: int, y: int, color: ColorValue) -> None:
    """Mix a colour into a pixel."""
    mixed_block(surface, int(x), int(y), 1, 1, rgba(color))


def hline(surface: Surface, x1: int, x2: int, y: int, color: ColorValue) -> None:
    """Draw a horizontal line, both ends included."""
    left, right = sorted((int(x1), int(x2)))
    mixed_block(surface, left, int(y), right - left + 1, 1, rgba(color))


def vline(surface: Surface, x: int, y1: int, y2: int, color: ColorValue) -> None:
    """Draw a vertical line, both ends included."""
    top, bottom = sorted((int(y1), int(y2)))
    mixed_block(surface, int(x), top, 1, bottom - top + 1, rgba(color))


def line(surface: Surface, x1: int, y1: int, x2: int, y2: int, color: ColorValue) -> None:
    """Draw a line, both ends included."""
    _line(surface, (int(x1), int(y1)), (int(x2), int(y2)), rgba(color))


def box(surface: Surface, rect: Any, color: ColorValue) -> None:
    """Fill a rectangle."""
    area = Rect(rect)
    mixed_block(surface, area.x, area.y, area.w, area.h, rgba(color))


def rectangle(surface: Surface, rect: Any, color: ColorValue) -> None:
    """Draw the edge of a rectangle."""
    area, shade = Rect(rect), rgba(color)
    right, bottom = area.x + area.w - 1, area.y + area.h - 1
    for y in (area.y, bottom):
        mixed_block(surface, area.x, y, area.w, 1, shade)
    for x in (area.x, right):
        mixed_block(surface, x, area.y, 1, area.h, shade)


def polygon(surface: Surface, points: Points, color: ColorValue) -> None:
    """Draw the edges of a polygon."""
    for start, end in edges(_corners(points)):
        _line(surface, start, end, rgba(color))


def aapolygon(surface: Surface, points: Points, color: ColorValue) -> None:
    """Draw the edges of a polygon, antialiased."""
    shade = rgba(color)
    for start, end in edges(_corners(points)):
        _soft_line(surface, start, end, shade)


def filled_polygon(surface: Surface, points: Points, color: ColorValue) -> None:
    """Fill a polygon; where it overlaps itself twice, it has a hole."""
    _, top, _, bottom = surface._bounds
    mixed_rows(surface, *gfx_rows(_corners(points), top, bottom), rgba(color))


def trigon(
    surface: Surface, x1: int, y1: int, x2: int, y2: int, x3: int, y3: int, color: ColorValue
) -> None:
    """Draw the edges of a triangle."""
    polygon(surface, [(x1, y1), (x2, y2), (x3, y3)], color)


def aatrigon(
    surface: Surface, x1: int, y1: int, x2: int, y2: int, x3: int, y3: int, color: ColorValue
) -> None:
    """Draw the edges of a triangle, antialiased."""
    aapolygon(surface, [(x1, y1), (x2, y2), (x3, y3)], color)


def filled_trigon(
    surface: Surface, x1: int, y1: int, x2: int, y2: int, x3: int, y3: int, color: ColorValue
) -> None:
    """Fill a triangle."""
    filled_polygon(surface, [(x1, y1), (x2, y2), (x3, y3)], color)


def circle(surface: Surface, x: int, y: int, r: int, color: ColorValue) -> None:
    """Draw the edge of a circle around a pixel."""
    xs, ys = gfx_circle(_radius(r))
    mixed_points(surface, xs + int(x), ys + int(y), rgba(color))


def aacircle(surface: Surface, x: int, y: int, r: int, color: ColorValue) -> None:
    """Draw the edge of a circle around a pixel, antialiased."""
    aaellipse(surface, x, y, r, r, color)


def filled_circle(surface: Surface, x: int, y: int, r: int, color: ColorValue) -> None:
    """Fill a circle around a pixel."""
    ys, reaches = gfx_disc(_radius(r))
    mixed_rows(surface, ys + int(y), int(x) - reaches, int(x) + reaches, rgba(color))


def ellipse(surface: Surface, x: int, y: int, rx: int, ry: int, color: ColorValue) -> None:
    """Draw the edge of an ellipse around a pixel."""
    pixels = _outline(*_oval(_radius(rx), _radius(ry)))
    mixed_points(surface, pixels[:, 0] + int(x), pixels[:, 1] + int(y), rgba(color))


def aaellipse(surface: Surface, x: int, y: int, rx: int, ry: int, color: ColorValue) -> None:
    """Draw the edge of an ellipse around a pixel, antialiased."""
    rx, ry, shade = _radius(rx), _radius(ry), rgba(color)
    if rx == 0:
        vline(surface, x, int(y) - ry, int(y) + ry, color)
    elif ry == 0:
        hline(surface, int(x) - rx, int(x) + rx, y, color)
    else:
        for xs, ys, weights in gfx_edge(rx, ry):
            full = (weights == FULL).all()
            mixed_points(surface, xs + int(x), ys + int(y), shade, None if full else weights)


def filled_ellipse(surface: Surface, x: int, y: int, rx: int, ry: int, color: ColorValue) -> None:
    """Fill an ellipse around a pixel."""
    ys, reaches = _oval(_radius(rx), _radius(ry))
    mixed_rows(surface, ys + int(y), int(x) - reaches, int(x) + reaches, rgba(color))


def _corners(points: Points) -> list[tuple[int, int]]:
    corners = [(int(point[0]), int(point[1])) for point in points]
    if len(corners) < 3:
        raise ValueError("points must contain more than 2 points")
    return corners


def _radius(value: float) -> int:
    """Return a radius; pygame draws nothing for a negative one, this a pixel."""
    return max(int(value), 0)


def _line(surface: Surface, start: tuple[int, int], end: tuple[int, int], color: RGBA) -> None:
    ends = clipped(start, end, surface._bounds)
    if ends is not None:
        mixed_points(surface, *staircase(ends[0], ends[1]), color)


def _soft_line(surface: Surface, start: tuple[int, int], end: tuple[int, int], color: RGBA) -> None:
    ends = clipped(start, end, surface._bounds)
    if ends is None:
        return
    (x1, y1), (x2, y2) = start, end = ends[0], ends[1]
    if x1 == x2 or y1 == y2:
        left, top, wide, high = min(x1, x2), min(y1, y2), abs(x2 - x1) + 1, abs(y2 - y1) + 1
        mixed_block(surface, left, top, wide, high, color)
        return
    mixed_block(surface, x1, y1, 1, 1, color)  # the other end begins the next edge
    xs, ys, weights = soft_line(start, end)
    mixed_points(surface, xs, ys, color, weights)


def _oval(rx: int, ry: int) -> tuple[Any, Any]:
    """Return the rows of an ellipse, and how many pixels each reaches to both sides."""
    ys = counting(-ry, ry + 1)
    share = 1 - (ys / max(ry, 1)) ** 2
    return ys, np.rint(rx * np.sqrt(np.maximum(share, 0))).astype(np.int64)


def _outline(ys: Any, reaches: Any) -> Any:
    """Return the pixels ``(N, 2)`` on the edge of rows that lie around the middle."""
    inside = {
        (x, y)
        for y, reach in zip(ys.tolist(), reaches.tolist(), strict=True)
        for x in range(-reach, reach + 1)
    }
    edge = [
        (x, y) for x, y in inside if not {(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)} <= inside
    ]
    return np.array(sorted(edge), np.int64).reshape(-1, 2)


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
