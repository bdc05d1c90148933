"""Shapes that replace what is on a Surface, alpha included; ``aa…`` lines are mixed into it.

Each returns the rectangle that it may have changed. Places are ``(x, y)``; floats are cut, but for
those of antialiased lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ._lacking import attributes_of, lacking
from ._lines import is_steep, shaded_line
from ._lines import line as _pixels_of_line
from ._paint import block, shaded_points
from ._paint import points as _put_points
from ._paint import rows as _put_rows
from ._polygons import edges
from ._polygons import rows as _rows_of_polygon
from ._rounds import disc, ring
from ._shapes import between, fitting, oval, rounded, rounded_edge
from ._whole import counting
from .color import ColorValue
from .rect import Rect
from .surface import Surface

Place = Sequence[float]


def rect(
    surface: Surface,
    color: ColorValue,
    rect: Any,
    width: int = 0,
    border_radius: int = -1,
    border_top_left_radius: int = -1,
    border_top_right_radius: int = -1,
    border_bottom_left_radius: int = -1,
    border_bottom_right_radius: int = -1,
) -> Rect:
    """Draw a rectangle.

    Args:
        surface: to draw on.
        color: of all that is drawn.
        rect: what to draw.
        width: of its edge, inwards, in pixels; 0 fills it, and a negative one draws nothing.
        border_radius: of its corners.
        border_top_left_radius: of that corner, if not negative.
        border_top_right_radius: the same.
        border_bottom_left_radius: the same.
        border_bottom_right_radius: the same.
    """
    area = Rect(rect)
    area.normalize()
    if width < 0 or not area:
        return Rect(area.x, area.y, 0, 0)
    own = (
        border_top_left_radius,
        border_top_right_radius,
        border_bottom_left_radius,
        border_bottom_right_radius,
    )
    radii = fitting(area, [max(border_radius if one < 0 else one, 0) for one in own])
    shade = surface._color(color)
    if width == 0 or 2 * width >= min(area.w, area.h):
        if not any(radii):
            block(surface, area.x, area.y, area.w, area.h, shade)
        else:
            _put_rows(surface, *rounded(area, radii), shade)
    elif not any(radii):
        block(surface, area.x, area.y, area.w, width, shade)
        block(surface, area.x, area.y + area.h - width, area.w, width, shade)
        block(surface, area.x, area.y, width, area.h, shade)
        block(surface, area.x + area.w - width, area.y, width, area.h, shade)
    else:
        rounded_edge(surface, area, radii, width, shade)
    return _changed(surface, area)


def polygon(surface: Surface, color: ColorValue, points: Iterable[Place], width: int = 0) -> Rect:
    """Draw a polygon.

    Args:
        surface: to draw on.
        color: of all that is drawn.
        points: three corners or more.
        width: of its edges, in pixels; 0 fills it.

    Raises:
        ValueError: there are fewer than three corners.
    """
    corners = [_whole(point) for point in points]
    if len(corners) < 3:
        raise ValueError("points argument must contain more than 2 points")
    if width:
        return lines(surface, color, True, corners, width)
    shade = surface._color(color)
    _, top, _, bottom = surface._bounds
    _put_rows(surface, *_rows_of_polygon(corners, top, bottom), shade)
    heights = [y for _, y in corners]
    for (x1, y1), (x2, y2) in edges(corners):
        if y1 == y2 and (min(heights) < y1 < max(heights) or min(heights) == max(heights)):
            _put_rows(surface, [y1], [min(x1, x2)], [max(x1, x2)], shade)
    return _around(surface, corners)


def circle(
    surface: Surface,
    color: ColorValue,
    center: Place,
    radius: float,
    width: int = 0,
    draw_top_right: bool = False,
    draw_top_left: bool = False,
    draw_bottom_left: bool = False,
    draw_bottom_right: bool = False,
) -> Rect:
    """Draw a circle, whose centre is the upper left corner of a pixel.

    Args:
        surface: to draw on.
        color: of all that is drawn.
        center: where it lies.
        radius: in pixels; below 1 nothing is drawn.
        width: of its edge, inwards, in pixels; 0 fills it.
        draw_top_right: whether that quarter alone is drawn, which is not there.
        draw_top_left: the same.
        draw_bottom_left: the same.
        draw_bottom_right: the same.

    Raises:
        NotImplementedError: a quarter is wanted.
    """
    x, y = _whole(center)
    reach, shade = int(radius), surface._color(color)
    if reach < 1 or width < 0:
        return Rect(x, y, 0, 0)
    if draw_top_right or draw_top_left or draw_bottom_left or draw_bottom_right:
        lacking("draw.circle(draw_top_right=True), or another quarter of it,")
    if width == 0 or width >= reach:
        ys, halves = disc(reach)
        _put_rows(surface, ys + y, x - halves, x + halves - 1, shade)
    else:
        xs, ys = ring(reach, int(width))
        _put_points(surface, xs + x, ys + y, shade)
    return _changed(surface, Rect(x - reach, y - reach, 2 * reach, 2 * reach))


def ellipse(surface: Surface, color: ColorValue, rect: Any, width: int = 0) -> Rect:
    """Draw the ellipse that fills a rectangle.

    Args:
        surface: to draw on.
        color: of all that is drawn.
        rect: that it lies in.
        width: of its edge, inwards, in pixels; 0 fills it.
    """
    area, shade = Rect(rect), surface._color(color)
    if width < 0 or not area:
        return Rect(area.x, area.y, 0, 0)
    ys, lefts, rights = oval(area)
    if width == 0 or 2 * width >= min(area.w, area.h):
        _put_rows(surface, ys, lefts, rights, shade)
    else:
        hole = oval(Rect(area.x + width, area.y + width, area.w - 2 * width, area.h - 2 * width))
        between(surface, (ys, lefts, rights), hole, shade)
    return _changed(surface, area)


def line(
    surface: Surface, color: ColorValue, start_pos: Place, end_pos: Place, width: int = 1
) -> Rect:
    """Draw a line, both ends included.

    Args:
        surface: to draw on.
        color: of all that is drawn.
        start_pos: one end.
        end_pos: the other.
        width: in pixels, across for steep lines, down for flat ones; below 1 nothing is drawn.
    """
    start, end = _whole(start_pos), _whole(end_pos)
    if width < 1:
        return Rect(*start, 0, 0)
    xs, ys = _pixels_of_line(start, end)
    shifts = counting(width) - (width - 1) // 2
    if abs(end[0] - start[0]) > abs(end[1] - start[1]):
        xs, ys = np.tile(xs, width), np.add.outer(shifts, ys).ravel()
    else:
        xs, ys = np.add.outer(shifts, xs).ravel(), np.tile(ys, width)
    _put_points(surface, xs, ys, surface._color(color))
    return _around(surface, [start, end], width // 2)


def lines(
    surface: Surface, color: ColorValue, closed: bool, points: Iterable[Place], width: int = 1
) -> Rect:
    """Draw lines from each place to the next one; see ``line``.

    Raises:
        ValueError: there are fewer than two places.
    """
    places = _several([_whole(point) for point in points])
    for start, end in edges(places, closed and len(places) > 2):
        line(surface, color, start, end, width)
    return _around(surface, places, width // 2)


def aaline(
    surface: Surface, color: ColorValue, start_pos: Place, end_pos: Place, width: int = 1
) -> Rect:
    """Draw an antialiased line between any two places, one pixel wide."""
    return aalines(surface, color, False, [start_pos, end_pos], width)


def aalines(
    surface: Surface, color: ColorValue, closed: bool, points: Iterable[Place], width: int = 1
) -> Rect:
    """Draw antialiased lines from each place to the next one, one pixel wide.

    Raises:
        ValueError: there are fewer than two places.
        NotImplementedError: the width is above 1.
    """
    places = _several([(float(point[0]), float(point[1])) for point in points])
    if isinstance(width, int) and not isinstance(width, bool) and width > 1:
        lacking(f"draw.aalines(width={width})")
    shade = surface._color(color)
    pairs = list(zip(places, [*places[1:], places[0]] if closed else places[1:], strict=False))
    steep = [is_steep(start, end) for start, end in pairs]
    for number, (start, end) in enumerate(pairs):
        # Where two lines meet, their ends would be drawn twice.
        after = number + 1 < len(pairs)
        joins = number > 0 and steep[number - 1] == steep[number]
        meets = (after or closed) and not (after and steep[number] > steep[number + 1])
        met = shaded_line(start, end, first=not joins, last=not meets)
        shaded_points(surface, met[0], met[1], shade, met[2])
    return _around(surface, [_whole(place) for place in places], 1)


def _whole(place: Place) -> tuple[int, int]:
    return int(place[0]), int(place[1])


def _several(places: list[Any]) -> list[Any]:
    if len(places) < 2:
        raise ValueError("points argument must contain 2 or more points")
    return places


def _changed(surface: Surface, area: Rect) -> Rect:
    return area.clip(surface.get_clip())


def _around(surface: Surface, places: Sequence[tuple[int, int]], more: int = 0) -> Rect:
    left, top = min(x for x, _ in places) - more, min(y for _, y in places) - more
    right, bottom = max(x for x, _ in places) + more, max(y for _, y in places) + more
    return _changed(surface, Rect(left, top, right - left + 1, bottom - top + 1))


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
