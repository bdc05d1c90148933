"""Each function of `gfxdraw` beside pygame's."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.worker.standin.pictures import (
    EACH,
    Draw,
    check_same,
    clear_colors,
    colors,
    inside,
    off,
    ours,
    places,
    rects,
    xs,
    ys,
)

radii = st.integers(2, 18)


def called(name: str, *arguments: Any) -> Draw:
    """Calls a function of `gfxdraw`."""
    return lambda pygame, surface: getattr(pygame.gfxdraw, name)(surface, *arguments)


@EACH
@given(x=xs, y=ys, ends=st.tuples(xs, xs), color=clear_colors, alpha=st.booleans())
def test_lines_along_the_axes_and_pixels_are_pygame_s(
    x: int, y: int, ends: tuple[int, int], color: Any, alpha: bool
) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.hline(surface, *ends, y, color))
    check_same(lambda pygame, surface: pygame.gfxdraw.vline(surface, x, *ends, color))
    check_same(lambda pygame, surface: pygame.gfxdraw.pixel(surface, x, y, color))


@EACH
@given(rect=rects, color=clear_colors)
def test_rectangles_are_pygame_s(rect: Any, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.box(surface, rect, color))
    opaque = color[:3]
    check_same(lambda pygame, surface: pygame.gfxdraw.rectangle(surface, rect, opaque))


@EACH
@given(start=places, end=places, color=colors)
def test_lines_are_pygame_s(start: Any, end: Any, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.line(surface, *start, *end, color))


@EACH
@given(points=st.lists(places, min_size=3, max_size=7), color=colors)
def test_filled_polygons_are_pygame_s(points: Any, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.filled_polygon(surface, points, color))


@EACH
@given(points=st.lists(places, min_size=3, max_size=7), color=colors)
def test_edges_of_polygons_are_pygame_s(points: Any, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.polygon(surface, points, color))
    check_same(lambda pygame, surface: pygame.gfxdraw.aapolygon(surface, points, color))


@EACH
@given(points=st.lists(inside, min_size=3, max_size=7), color=clear_colors)
def test_clear_edges_of_polygons_are_pygame_s(points: Any, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.aapolygon(surface, points, color))


@EACH
@given(a=places, b=places, c=places, color=colors)
def test_triangles_are_pygame_s(a: Any, b: Any, c: Any, color: Any) -> None:
    for name in ("trigon", "aatrigon", "filled_trigon"):
        check_same(called(name, *a, *b, *c, color))


@EACH
@given(place=places, radius=radii, color=clear_colors)
def test_filled_circles_are_pygame_s(place: Any, radius: int, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.filled_circle(surface, *place, radius, color))


@EACH
@given(place=places, radius=st.integers(0, 18), color=clear_colors)
def test_circles_are_pygame_s(place: Any, radius: int, color: Any) -> None:
    check_same(called("circle", *place, radius, color))


@EACH
@given(place=places, radius=radii, color=colors)
def test_antialiased_circles_are_pygame_s(place: Any, radius: int, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.gfxdraw.aacircle(surface, *place, radius, color))


@EACH
@given(place=places, rx=radii, ry=radii, color=colors)
def test_antialiased_ellipses_are_nearly_pygame_s(place: Any, rx: int, ry: int, color: Any) -> None:
    """At most a tenth of the pixels on the edge differ."""
    apart = off(lambda pygame, surface: pygame.gfxdraw.aaellipse(surface, *place, rx, ry, color))
    assert np.count_nonzero(apart) <= 0.1 * 8 * (rx + ry)


@EACH
@given(place=places, rx=radii, ry=radii, color=colors)
def test_ellipses_are_nearly_pygame_s(place: Any, rx: int, ry: int, color: Any) -> None:
    """A pixel of the edge may be its neighbour."""
    for name in ("filled_ellipse", "ellipse"):
        apart = off(called(name, *place, rx, ry, color))
        assert np.count_nonzero(apart) <= 4 * (rx + ry)


def test_what_is_not_there_names_itself() -> None:
    gfxdraw = ours.gfxdraw
    with pytest.raises(AttributeError, match=r"^pygame\.gfxdraw\.bezier is not there: .*stand-in"):
        gfxdraw.bezier  # noqa: B018
    assert not hasattr(gfxdraw, "textured_polygon")


def test_two_corners_are_no_polygon() -> None:
    with pytest.raises(ValueError, match="more than 2 points"):
        ours.gfxdraw.polygon(ours.Surface((9, 9)), [(0, 0), (1, 1)], "red")
