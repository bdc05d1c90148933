"""Each function of `draw` beside pygame's."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.unit.worker.standin.pictures import (
    EACH,
    HEIGHT,
    WIDTH,
    check_same,
    clear_colors,
    colors,
    inside,
    off,
    ours,
    places,
    rects,
    whole_rects,
)

draw, Surface = ours.draw, ours.Surface

radii = st.integers(1, 18)
spots = st.tuples(st.floats(2, WIDTH - 3), st.floats(2, HEIGHT - 3))


@EACH
@given(rect=whole_rects, color=clear_colors, width=st.integers(0, 12), alpha=st.booleans())
def test_rectangles_are_pygame_s(rect: Any, color: Any, width: int, alpha: bool) -> None:
    check_same(lambda pygame, surface: pygame.draw.rect(surface, color, rect, width), alpha)


@EACH
@given(rect=whole_rects, color=colors, radius=st.integers(1, 20))
def test_round_corners_are_nearly_pygame_s(rect: Any, color: Any, radius: int) -> None:
    """A pixel in each row of a corner may differ."""
    apart = off(
        lambda pygame, surface: pygame.draw.rect(surface, color, rect, border_radius=radius)
    )
    assert np.count_nonzero(apart) <= 4 * radius


@EACH
@given(rect=whole_rects, radii=st.tuples(*[st.integers(-1, 14)] * 5), color=colors)
def test_corners_of_their_own_are_pygame_s_but_for_a_pixel(
    rect: Any, radii: Any, color: Any
) -> None:
    apart = off(lambda pygame, surface: pygame.draw.rect(surface, color, rect, 0, *radii))
    assert np.count_nonzero(apart) <= 4


@EACH
@given(rect=whole_rects, radius=st.integers(1, 12), width=st.integers(1, 6), color=colors)
def test_edges_with_round_corners_are_nearly_pygame_s(
    rect: Any, radius: int, width: int, color: Any
) -> None:
    """Two pixels in each row of a corner may differ; pygame draws beside a narrower rectangle."""
    assume(2 * width < min(rect[2:]))
    apart = off(lambda pygame, surface: pygame.draw.rect(surface, color, rect, width, radius))
    assert np.count_nonzero(apart) <= 8 * radius


@EACH
@given(start=inside, end=inside, color=clear_colors, alpha=st.booleans())
def test_lines_are_pygame_s(start: Any, end: Any, color: Any, alpha: bool) -> None:
    check_same(lambda pygame, surface: pygame.draw.line(surface, color, start, end), alpha)


@EACH
@given(start=inside, end=inside, width=st.integers(2, 9), color=colors)
def test_wide_lines_are_pygame_s(start: Any, end: Any, width: int, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.draw.line(surface, color, start, end, width))


@EACH
@given(
    points=st.lists(inside, min_size=2, max_size=6),
    closed=st.booleans(),
    color=colors,
    width=st.integers(1, 6),
)
def test_many_lines_are_pygame_s(points: Any, closed: bool, color: Any, width: int) -> None:
    check_same(lambda pygame, surface: pygame.draw.lines(surface, color, closed, points, width))


@EACH
@given(points=st.lists(inside, min_size=3, max_size=6), color=clear_colors, width=st.integers(1, 6))
def test_edges_of_polygons_are_pygame_s(points: Any, color: Any, width: int) -> None:
    check_same(lambda pygame, surface: pygame.draw.polygon(surface, color, points, width))


@EACH
@given(place=places, radius=radii, color=clear_colors, alpha=st.booleans())
def test_circles_are_pygame_s(place: Any, radius: int, color: Any, alpha: bool) -> None:
    check_same(lambda pygame, surface: pygame.draw.circle(surface, color, place, radius), alpha)


@EACH
@given(place=inside, radius=st.integers(2, 18), color=colors)
def test_thin_circles_are_pygame_s(place: Any, radius: int, color: Any) -> None:
    check_same(lambda pygame, surface: pygame.draw.circle(surface, color, place, radius, 1))


@EACH
@given(place=places, radius=radii, width=st.integers(2, 8), color=colors)
def test_rings_are_nearly_pygame_s(place: Any, radius: int, width: int, color: Any) -> None:
    """At most as many pixels of its inner edge differ as the radius has."""
    apart = off(lambda pygame, surface: pygame.draw.circle(surface, color, place, radius, width))
    assert np.count_nonzero(apart) <= max(2 * radius, 4)


@EACH
@given(points=st.lists(places, min_size=3, max_size=6), color=clear_colors)
def test_polygons_differ_from_pygame_s_on_their_left_and_right_edges_alone(
    points: Any, color: Any
) -> None:
    apart = off(lambda pygame, surface: pygame.draw.polygon(surface, color, points))
    assert not (apart > 0)[~_along(points)].any()


def _along(points: list[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which pixels lie within one of the edges of a polygon, along its row."""
    near = np.zeros((HEIGHT, WIDTH), bool)
    columns, rows = np.arange(WIDTH), np.arange(HEIGHT)
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        low, high = min(y1, y2), max(y1, y2)
        for y in rows[(rows >= low) & (rows <= high)]:
            x = x1 + (y - y1) * (x2 - x1) / (y2 - y1) if y1 != y2 else None
            near[y] |= True if x is None else np.abs(columns - x) <= 1
    return near


@EACH
@given(start=spots, end=spots, color=colors)
def test_antialiased_lines_are_pygame_s_but_for_rounding(start: Any, end: Any, color: Any) -> None:
    apart = off(lambda pygame, surface: pygame.draw.aaline(surface, color, start, end))
    assert apart.max() <= 2


@EACH
@given(points=st.lists(spots, min_size=3, max_size=6), closed=st.booleans(), color=colors)
def test_antialiased_lines_differ_from_pygame_s_where_they_meet_alone(
    points: Any, closed: bool, color: Any
) -> None:
    apart = off(lambda pygame, surface: pygame.draw.aalines(surface, color, closed, points))
    down, across = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    meets = np.zeros(apart.shape, bool)
    for x, y in points:
        meets |= (np.abs(across - x) <= 2) & (np.abs(down - y) <= 2)
    assert apart[~meets].max() <= 2


@EACH
@given(rect=rects, color=colors)
def test_ellipses_are_nearly_pygame_s(rect: Any, color: Any) -> None:
    """Two pixels of each row may differ, and of each column."""
    apart = off(lambda pygame, surface: pygame.draw.ellipse(surface, color, rect))
    assert np.count_nonzero(apart) <= 2 * (rect[2] + rect[3])


@EACH
@given(rect=rects, width=st.integers(1, 6), color=colors)
def test_edges_of_ellipses_are_nearly_pygame_s(rect: Any, width: int, color: Any) -> None:
    """Two pixels of each row may differ inside and outside, and of each column."""
    apart = off(lambda pygame, surface: pygame.draw.ellipse(surface, color, rect, width))
    assert np.count_nonzero(apart) <= 4 * (rect[2] + rect[3])


@EACH
@given(rect=rects, start=places, end=places, place=places, radius=radii)
def test_what_was_changed_is_told(rect: Any, start: Any, end: Any, place: Any, radius: int) -> None:
    """Nothing outside of the rectangle that a function returns has changed."""
    shapes: list[Any] = [
        lambda to: draw.rect(to, "red", rect, 2),
        lambda to: draw.line(to, "red", start, end, 3),
        lambda to: draw.aaline(to, "red", start, end),
        lambda to: draw.circle(to, "red", place, radius),
        lambda to: draw.polygon(to, "red", [start, end, place]),
        lambda to: draw.ellipse(to, "red", rect),
    ]
    for shape in shapes:
        surface = Surface((WIDTH, HEIGHT))
        area = shape(surface)
        changed: NDArray[np.bool_] = surface._rgb.any(axis=2)
        changed[area.y : area.y + area.h, area.x : area.x + area.w] = False
        assert not changed.any()


def test_nothing_is_drawn_for_a_negative_width_or_an_empty_circle() -> None:
    check_same(lambda pygame, surface: pygame.draw.rect(surface, "red", (5, 5, 9, 9), -1))
    check_same(lambda pygame, surface: pygame.draw.circle(surface, "red", (9, 9), 0.5))
    check_same(lambda pygame, surface: pygame.draw.line(surface, "red", (1, 1), (9, 9), 0))


def test_a_clip_holds() -> None:
    def drawn(pygame: Any, surface: Any) -> None:
        surface.set_clip((10, 5, 20, 20))
        pygame.draw.circle(surface, "red", (20, 15), 12)
        pygame.draw.line(surface, "blue", (0, 10), (59, 10), 3)
        pygame.draw.rect(surface, (0, 200, 0), (25, 0, 30, 12))

    check_same(drawn)


def test_too_few_places_are_told() -> None:
    surface = Surface((9, 9))
    with pytest.raises(ValueError, match="2 or more points"):
        draw.lines(surface, "red", False, [(1, 1)])
    with pytest.raises(ValueError, match="more than 2 points"):
        draw.polygon(surface, "red", [(1, 1), (2, 2)])


def test_what_is_not_there_names_itself() -> None:
    surface = Surface((9, 9))
    with pytest.raises(AttributeError, match=r"^pygame\.draw\.arc is not there"):
        draw.arc  # noqa: B018
    with pytest.raises(NotImplementedError, match=r"^pygame\.draw\.circle\(draw_top_right"):
        draw.circle(surface, "red", (4, 4), 3, draw_top_left=True)
    with pytest.raises(NotImplementedError, match=r"^pygame\.draw\.aalines\(width=3\)"):
        draw.aaline(surface, "red", (1, 1), (5, 7), 3)
