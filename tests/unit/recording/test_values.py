"""Checksums of observations, and many like values as one."""

import itertools
import zlib
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

import numpy as np
import pytest
from gymworker.codec.light import Array, Scalar
from gymworker.recording import checksum
from gymworker.recording.values import stack, unstack
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codec.values import same, values
from tests.unit.recording.records import PLAYS

Point = namedtuple("Point", "x y")


class Side(Enum):
    LEFT = 0


class Number(IntEnum):
    ONE = 1


@dataclass
class Pose:
    x: float


class Broken:
    def __repr__(self) -> str:
        return "a\ud800"


class Plain:
    pass


def test_checksums_tell_observations_apart() -> None:
    observations: list[Any] = [
        0, 1, 0.0, True, None, "a", b"a", (1, 2), (2, 1), {"a": 1}, {"b": 1}, {1: "a"},
        np.zeros((2, 3)), np.ones((2, 3)), np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3).T,
        np.array([1 + 2j]), np.array(["a"]), np.array(["b"]),
    ]  # fmt: skip
    assert len({checksum(obs) for obs in observations}) == len(observations)


BOARD = np.arange(6.0).reshape(2, 3)
PARTS: list[Any] = [
    BOARD, BOARD.T, BOARD[:, ::2], np.float32(0.5), np.array(3), np.array(["ab"]), np.array([1j]),
    np.array([1, "a"], object), 5, "text", [BOARD], {"a": BOARD}, {2: (BOARD,)},
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=repr)
def test_what_comes_before_and_after_a_part_counts(part: Any) -> None:
    around: list[Any] = [
        (0, part), (1, part), (part, 0), (part, 1), [BOARD + 1, part], [part, BOARD + 1],
        {"a": 0, "b": part}, {"a": 1, "b": part}, {"a": part, "b": 0}, {"x": 0, "b": part},
        {"b": part}, {"c": part}, part,
    ]  # fmt: skip
    for first, second in itertools.combinations(around, 2):
        assert checksum(first) != checksum(second), (first, second)
    assert checksum(part, 1) != checksum(part, 2)


# As recordings of version 1 have them.
KNOWN: list[tuple[Any, int]] = [
    (3, 1842515611),
    (np.int64(3), 1842515611),
    (0.1, zlib.crc32(b"0.1")),
    (np.float32(0.1), zlib.crc32(b"0.10000000149011612")),
    (np.array(2.0), zlib.crc32(b"2.0")),
    ("é\ud800", zlib.crc32(b"'\xc3\xa9\\ud800'")),
    (Broken(), zlib.crc32(b"a\\ud800")),
    (Number.ONE, zlib.crc32(b"<Number.ONE: 1>")),
    (Side.LEFT, zlib.crc32(b"<Side.LEFT: 0>")),
    (Pose(0.5), zlib.crc32(b"Pose(x=0.5)")),
    (1 + 2j, zlib.crc32(b"(1+2j)")),
    ("an object at 0x7f", zlib.crc32(b"'an object at 0x7f'")),
    (b" at 0x7f", zlib.crc32(b"b' at 0x7f'")),
    (BOARD, zlib.crc32(BOARD.tobytes())),
    (BOARD.T, zlib.crc32(BOARD.T.tobytes())),
    (np.arange(3, dtype=">i4"), zlib.crc32(bytes([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]))),
    (np.array([True, False]), zlib.crc32(b"\x01\x00")),
    (np.array([1j]), zlib.crc32(np.array([1j]).tobytes())),
    ((1, [2, (3,)]), zlib.crc32(b"123")),
    (Point(1, 2), zlib.crc32(b"12")),
    ({"a": 1, 2: "b"}, zlib.crc32(b"'a'12'b'")),
    (OrderedDict(b=1), zlib.crc32(b"'b'1")),
    ((), 0),
]


@pytest.mark.parametrize(("value", "known"), KNOWN, ids=lambda value: repr(value)[:30])
def test_checksums_stay_what_they_were(value: Any, known: int) -> None:
    assert checksum(value) == known


def test_the_order_of_a_dict_counts() -> None:
    assert checksum({"a": 1, "b": 2}) != checksum({"b": 2, "a": 1})


def test_an_array_of_objects_counts_by_them_and_not_by_their_addresses() -> None:
    first, second = [np.array([["a" * i], [10**20 * i]], object) for i in (50, 50)]
    assert checksum(first) == checksum(second)
    with pytest.raises(TypeError, match=r"obs\[1\]\[0\]: Plain cannot be recorded"):
        checksum(np.array([[1], [Plain()]], object))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Plain(), r"^obs: Plain cannot be recorded; numbers, text,"),
        ({"human": [0, (Plain(),)]}, r"^obs\['human'\]\[1\]\[0\]: Plain cannot"),
        ({"a": {3: "".__len__}}, r"^obs\['a'\]\[3\]: method-wrapper cannot"),
        ({"a": {Plain(): 1}}, r"^obs\['a'\]: Plain cannot"),
        (Pose(Plain()), r"^obs: Pose cannot"),  # type: ignore[arg-type]
        ({"goals": {"a", "b"}}, r"^obs\['goals'\]: set cannot"),
        (frozenset([1]), "^obs: frozenset cannot"),
        (type("Tensor", (), {"dtype": 1})(), "^obs: Tensor cannot"),
    ],
)
def test_what_is_not_the_same_in_the_next_run_has_no_checksum(value: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        checksum(value)


@pytest.mark.parametrize("name", PLAYS)
def test_like_values_as_one_are_the_same_values_again(name: str) -> None:
    assert same(unstack(stack(PLAYS[name])), PLAYS[name])


@settings(deadline=2000)
@given(st.lists(values(), max_size=4), st.integers(1, 3))
def test_any_values_as_one_are_the_same_values_again(some: list[Any], times: int) -> None:
    assert same(unstack(stack(some * times)), some * times)


def test_values_that_only_look_like_numpys_stay_a_list() -> None:
    for alike in ([Array.from_list([1])] * 2, [Scalar("int8", 1)] * 2):
        assert stack(alike) is alike


def test_values_that_are_alike_stand_as_one() -> None:
    actions = [{"a": (i, np.zeros(2)), "b": np.int64(i)} for i in range(3)]
    column = stack(actions)
    assert column["a"][0] == [0, 1, 2]
    assert column["a"][1].shape == (3, 2)
    assert column["b"].tolist() == [0, 1, 2]
    big = stack([np.zeros(500), np.zeros(500)])
    assert big.shape == (2, 500)
