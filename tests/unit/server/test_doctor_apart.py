"""How far two games lie apart, and whether that is rounding."""

import math
from typing import Any

import numpy as np
import pytest

from gymserver.doctor.trial.apart import compare, name_of, packed, unpacked

ROWS: list[Any] = [
    {"seed": 7, "obs": np.zeros(3, np.float32)},
    {"action": 1, "obs": np.array([1.0, 2.0, 3.0], np.float32), "rewards": 1.0},
    {"action": 0, "obs": np.array([4.0, 5.0, 6.0], np.float32), "rewards": {"a": 0.5}},
]


def with_change(row: int, **told: Any) -> list[Any]:
    return [{**fields, **told} if number == row else fields for number, fields in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("others", "row", "text", "absolute", "rounding"),
    [
        (ROWS, None, "", 0.0, True),
        (with_change(1, obs=np.array([1, 2, 3])), None, "", 0.0, True),
        (with_change(1, action=np.int32(1)), None, "", 0.0, True),
        (with_change(1, rewards=1.25), 1, "rewards: 1.0 and 1.25", 0.25, False),
        (with_change(1, rewards=1 + 2**-40), 1, "rewards: 1.0 and", 2**-40, True),
        (with_change(2, rewards={"a": 1.0}), 2, "rewards['a']: 0.5 and 1.0", 0.5, False),
        (with_change(2, rewards={"b": 0.5}), 2, "the keys of rewards", math.inf, False),
        (with_change(2, rewards=0.5), 2, "rewards: ", math.inf, False),
        (with_change(1, obs=np.array([1.0, 2.0])), 1, "the length of obs", math.inf, False),
        (with_change(1, rewards=True), 1, "rewards", math.inf, False),
        (with_change(1, rewards=math.nan), 1, "rewards: 1.0 and nan", math.inf, False),
        (with_change(0, obs=np.array([0.0, 1e-9, 0.0])), 0, "obs[1]: 0.0 and 1e-09", 1e-9, True),
        (ROWS[:2], 2, "steps: 3 and 2", math.inf, False),
    ],
)
def test_a_difference_has_a_place_and_a_size(
    others: list[Any], row: int | None, text: str, absolute: float, rounding: bool
) -> None:
    found = compare(ROWS, others)
    assert found.row == row
    assert found.text.startswith(text)
    assert found.first[0] == found.largest[0] == absolute
    assert found.rounding == rounding


def test_nan_is_as_it_was() -> None:
    rows = [{"seed": 1, "obs": math.nan}]
    assert compare(rows, [{"seed": 1, "obs": math.nan}]).row is None


def test_the_largest_difference_is_of_all_rows_and_the_first_one_decides() -> None:
    others = with_change(1, rewards=1 + 2**-40)
    others[2] = {**others[2], "rewards": {"a": 2.5}}
    found = compare(ROWS, others)
    assert (found.row, found.first[0], found.largest[0]) == (1, 2**-40, 2.0)
    assert found.largest[1] == 0.8
    assert found.rounding


def test_rows_have_names() -> None:
    names = [name_of(ROWS, row) for row in range(4)]
    assert names == [
        "reset(seed=7)",
        "step 1 after reset(seed=7)",
        "step 2 after reset(seed=7)",
        "the end",
    ]


def test_rows_travel() -> None:
    assert compare(ROWS, unpacked(packed(ROWS))).row is None
    big = [{"seed": 1, "obs": np.arange(99.0)}]
    assert compare(big, unpacked(packed(big))).row is None
