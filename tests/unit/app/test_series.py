"""Numbers out of whatever an environment gives, and lines of them with gaps."""

import math
from typing import Any

import numpy as np
import pytest
from app.series import HEIGHT, MOST, POINTS, Series, numbers


class Rude:
    """A value that cannot be looked at."""

    shape = property(lambda self: 1 / 0)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (3, [3.0]),
        (True, [1.0]),
        (np.float32(0.5), [0.5]),
        (np.int64(4), [4.0]),
        (np.array(7), [7.0]),
        (np.array([1.0, math.nan, math.inf]), [1.0, None, None]),
        (np.arange(4).reshape(2, 2), [0.0, 1.0, 2.0, 3.0]),
        (np.arange(100), [float(i) for i in range(MOST)]),
        (np.zeros((84, 84, 3), np.uint8), [0.0] * MOST),
        ({"teal": np.array([1, 2]), "amber": 3}, [1.0, 2.0, 3.0]),
        ((1, (2, 3)), [1.0, 2.0, 3.0]),
        ([], []),
        (None, [None]),
        ("left", [None]),
        ("7", [None]),
        (10**400, [None]),
        (1 + 2j, [None]),
        (Rude(), [None]),
        (object(), [None]),
    ],
)
def test_numbers_are_found_and_what_is_none_is_a_gap(value: Any, found: Any) -> None:
    assert numbers(value) == found


def drawn(*rows: Any) -> Any:
    series = Series()
    for step, row in enumerate(rows, 1):
        series.add((0, step), row)
    return series.paths()[0]


def test_each_component_is_a_line_in_one_scale() -> None:
    series = Series()
    series.add((0, 1), [0.0, 10.0])
    series.add((0, 2), [5.0, 10.0])
    lines, low, high = series.paths()
    assert (low, high) == (0.0, 10.0)
    assert lines == ["M0 92L0 92L4 48", "M0 4L0 4L4 4"]


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        ([[1.0], [2.0], [3.0]], 1),
        ([[1.0], [None], [3.0]], 2),
        ([[None], [2.0], [3.0]], 1),
        ([[1.0], [], [3.0]], 2),
    ],
)
def test_a_gap_breaks_a_line(rows: Any, pieces: int) -> None:
    assert drawn(*rows)[0].count("M") == pieces


def test_nothing_but_gaps_is_no_line() -> None:
    assert drawn([None], []) == []
    assert Series().paths() == ([], 0.0, 0.0)


def test_a_new_episode_and_a_jump_begin_a_new_piece() -> None:
    series = Series()
    for place in ((0, 1), (0, 2), (1, 1), (1, 2), (1, 9), (1, 4)):
        series.add(place, [1.0])
    assert series.paths()[0][0].count("M") == 4


def test_only_the_last_steps_are_kept() -> None:
    lines = drawn(*[[float(i)] for i in range(5 * POINTS)])
    assert lines[0].count("L") == POINTS


@pytest.mark.parametrize("value", [1e300, -1e300, 5e-324, 0.0])
def test_values_of_any_size_have_a_place(value: float) -> None:
    points = drawn([value], [1.0], [-value])[0].replace("M", "L").split("L")[1:]
    assert all(0 <= int(point.split()[1]) <= HEIGHT for point in points)


def walked(*steps: int) -> Series:
    series = Series()
    for step in steps:
        series.add((0, step), [float(step)])
    return series


def test_who_stands_at_a_step_sees_no_later_one_and_can_go_forth_again() -> None:
    series = walked(*range(1, 31))
    whole = series.paths()
    assert not series.stand((0, 30))
    assert series.stand((0, 12))
    assert series.paths() == walked(*range(1, 13)).paths()
    assert series.last == 12.0
    assert series.stand((0, 30))
    assert series.paths() == whole
    series.stand((0, 0))
    assert (series.paths()[0], series.last) == ([], None)


def test_what_was_played_later_is_cut_as_it_goes_on() -> None:
    series = walked(*range(1, 31))
    series.stand((0, 12))
    series.add((0, 13), [99.0])
    assert series.last == 99.0
    assert not series.stand((0, 30))
    lines = series.paths()[0]
    assert lines[0].count("L") == 13
    assert lines[0].count("M") == 1, "there is no gap"


def test_where_one_stands_is_in_an_episode() -> None:
    series = walked(*range(1, 5))
    series.add((1, 1), [1.0, 2.0])
    series.stand((1, 0))
    assert (series.paths(), series.last) == (walked(*range(1, 5)).paths(), 4.0)
    series.stand((1, 1))
    assert series.last == [1.0, 2.0]
