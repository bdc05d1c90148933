"""Rectangles, colours and vectors beside pygame's."""

from typing import Any

import pygame as real
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.worker.standin.pictures import (
    EACH,
    ours,
)

MODULES = pytest.mark.parametrize("pygame", [real, ours], ids=["pygame", "stand-in"])

numbers = st.integers(-100, 100)
fractions = st.one_of(numbers, st.floats(-100, 100))
rects = st.tuples(numbers, numbers, st.integers(0, 60), st.integers(0, 60))
PLACES = [
    *("left", "top", "right", "bottom", "centerx", "centery", "width", "height", "w", "h"),
    *("topleft", "midtop", "topright", "midleft", "center", "midright"),
    *("bottomleft", "midbottom", "bottomright", "size", "x", "y"),
]


def same(ask: Any) -> None:
    """Checks that pygame and the stand-in give the same answer, as tuples and numbers."""
    theirs, mine = (ask(pygame) for pygame in (real, ours))
    plain = [tuple(a) if hasattr(a, "__len__") else a for a in (theirs, mine)]
    assert plain[1] == plain[0]


@EACH
@given(rect=rects)
@pytest.mark.parametrize("name", PLACES)
def test_places_of_a_rectangle(name: str, rect: Any) -> None:
    same(lambda pygame: getattr(pygame.Rect(rect), name))


@EACH
@given(rect=rects, x=fractions, y=fractions)
@pytest.mark.parametrize("name", PLACES)
def test_places_that_a_rectangle_is_moved_to(name: str, rect: Any, x: float, y: float) -> None:
    pair = name in ("size", "center") or any(name.startswith(s) for s in ("top", "mid", "bottom"))
    pair = pair and name not in ("top", "bottom")

    def moved(pygame: Any) -> Any:
        made = pygame.Rect(rect)
        setattr(made, name, (x, y) if pair else x)
        return made

    same(moved)


@EACH
@given(rect=rects, start=st.tuples(numbers, numbers), end=st.tuples(numbers, numbers))
def test_lines_that_a_rectangle_cuts(rect: Any, start: Any, end: Any) -> None:
    same(lambda pygame: pygame.Rect(rect).clipline(start, end))
    same(lambda pygame: pygame.Rect(rect).clipline(*start, *end))
    same(lambda pygame: pygame.Rect(rect).clipline((start, end)))
    same(lambda pygame: pygame.Rect(rect).clipline((*start, *end)))
    x, y, w, h = rect
    same(lambda pygame: pygame.Rect(x + w, y + h, -w, -h).clipline(start, end))


@EACH
@given(one=rects, other=rects, x=numbers, y=numbers)
def test_what_rectangles_tell_of_each_other(one: Any, other: Any, x: int, y: int) -> None:
    for name in ("clip", "union", "clamp", "colliderect", "contains"):
        if name == "clip" and 0 in (*one[2:], *other[2:]):
            continue  # an empty one lies wherever
        same(lambda pygame, name=name: getattr(pygame.Rect(one), name)(other))
    for name in ("move", "inflate"):
        same(lambda pygame, name=name: getattr(pygame.Rect(one), name)(x, y))
        same(lambda pygame, name=name: getattr(pygame.Rect(one), name)((x, y)))
    same(lambda pygame: pygame.Rect(one).collidepoint(x, y))
    same(lambda pygame: pygame.Rect(one).collidelist([other, one]))
    same(lambda pygame: pygame.Rect(one).collidelistall([other, one]))
    same(lambda pygame: pygame.Rect(one) == other)
    same(lambda pygame: bool(pygame.Rect(one)))


@MODULES
def test_a_rectangle_is_made_of_many_things(pygame: Any) -> None:
    class Thing:
        rect = (1, 2, 3, 4)

    made = [(1, 2, 3, 4), ((1, 2), (3, 4)), [1.9, 2.9, 3.9, 4.9], Thing(), pygame.Rect(1, 2, 3, 4)]
    for value in made:
        assert tuple(pygame.Rect(value)) == (1, 2, 3, 4)
    assert tuple(pygame.Rect(1, 2, 3, 4)) == tuple(pygame.Rect((1, 2), (3, 4))) == (1, 2, 3, 4)
    for value in ("four", (1, 2, 3), 5):
        with pytest.raises(TypeError, match="rect style object"):
            pygame.Rect(value)
    rect = pygame.Rect(1, 2, 3, 4)
    rect[0], rect.h = 9, 8
    rect.move_ip(1, 1)
    rect.union_ip((0, 0, 1, 1))
    rect.inflate_ip(2, 2)
    assert tuple(rect) == (-1, -1, 15, 13)
    flipped = pygame.Rect(5, 5, -3, -2)
    flipped.normalize()
    assert tuple(flipped) == (2, 3, 3, 2)


@pytest.mark.parametrize(
    "value",
    ["red", "Dark Green", "gray51", "grey7", "#102030", "#10203040", "0x102030", (1, 2, 3),
     (1, 2, 3, 4), [5, 6, 7], 0x10203040],
)  # fmt: skip
def test_colours(value: Any) -> None:
    same(lambda pygame: pygame.Color(value))


@pytest.mark.parametrize("value", ["no colour", "#12", (1, 2), (1, 2, 300), (-1, 0, 0)])
def test_what_is_no_colour(value: Any) -> None:
    for pygame in (real, ours):
        with pytest.raises(ValueError, match="(?i)invalid|color"):
            pygame.Color(value)


def test_names_of_colours_are_pygame_s() -> None:
    assert len(ours.color.THECOLORS) > 300
    for name, value in ours.color.THECOLORS.items():
        assert real.Color(name) == real.Color(*value), name


@MODULES
def test_a_colour_can_be_changed(pygame: Any) -> None:
    color = pygame.Color(10, 20, 30)
    color.r, color[1] = 1, 2
    assert (tuple(color), color.a, len(color), color[2]) == ((1, 2, 30, 255), 255, 4, 30)
    assert color == pygame.Color(1, 2, 30) == (1, 2, 30, 255)
    assert tuple(pygame.Color(0, 0, 0).lerp((100, 200, 50), 0.5)) == (50, 100, 25, 255)
    assert pygame.Color("white").normalize() == (1, 1, 1, 1)
    assert int(pygame.Color(1, 2, 3, 4)) == 0x01020304


floats = st.floats(-100, 100)
vectors = st.tuples(floats, floats)


@EACH
@given(one=vectors, other=vectors, number=floats)
def test_vectors(one: Any, other: Any, number: float) -> None:
    asked: list[Any] = [
        lambda v, w: v + w, lambda v, w: v - other, lambda v, w: other - v, lambda v, w: -v,
        lambda v, w: v * number, lambda v, w: number * v, lambda v, w: v * w,
        lambda v, w: v.rotate(number), lambda v, w: v.rotate_rad(number),
        lambda v, w: v.length(), lambda v, w: v.length_squared(), lambda v, w: v.dot(w),
        lambda v, w: v.cross(w), lambda v, w: v.distance_to(w), lambda v, w: v.lerp(w, 0.25),
        lambda v, w: v.angle_to(w), lambda v, w: v.as_polar(),
    ]  # fmt: skip
    for ask in asked:
        theirs, mine = (ask(m.math.Vector2(one), m.math.Vector2(other)) for m in (real, ours))
        parts = [a if hasattr(a, "__len__") else (a,) for a in (theirs, mine)]
        assert tuple(parts[1]) == pytest.approx(tuple(parts[0]), abs=1e-9)


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 360, -90, 450, 90 + 2e-5, -1e-5, 89.9999, 45])
def test_a_quarter_of_a_turn_is_exact(angle: float) -> None:
    theirs, mine = (module.math.Vector2(0.1, -0.7).rotate(angle) for module in (real, ours))
    assert tuple(mine) == pytest.approx(tuple(theirs), abs=1e-15 if angle % 90 else 0)


@pytest.mark.parametrize("angle", [10, -10, 33.3, -190, 700, -800.5])
def test_a_turned_vector_is_pygame_s_to_the_bit(angle: float) -> None:
    for turn in ("rotate", "rotate_rad"):
        theirs, mine = (getattr(m.math.Vector2(0.3, -1), turn)(angle) for m in (real, ours))
        assert tuple(mine) == tuple(theirs)


@MODULES
def test_a_vector_can_be_changed(pygame: Any) -> None:
    vector = pygame.Vector2(3, 4)
    vector.x, vector[1] = 6, 8
    assert (tuple(vector), tuple(vector.normalize())) == ((6, 8), (0.6, 0.8))
    vector.scale_to_length(5)
    vector.rotate_ip(90)
    assert tuple(vector) == pytest.approx((-4, 3))
    vector.xy = 1, 2
    vector.update(3)
    assert vector == (3, 3)
    assert pygame.Vector2() == (0, 0)
    assert tuple(pygame.Vector2((1, 0)).reflect((1, 0))) == (-1, 0)
    with pytest.raises(ValueError, match="(?i)length zero"):
        pygame.Vector2(0, 0).normalize()


def test_what_is_not_there_names_itself() -> None:
    with pytest.raises(AttributeError, match=r"^pygame\.rect\.Rect\.fit is not there"):
        ours.Rect(0, 0, 1, 1).fit((0, 0, 3, 3))
    with pytest.raises(AttributeError, match=r"^pygame\.math\.Vector3 is not there"):
        ours.math.Vector3  # noqa: B018
