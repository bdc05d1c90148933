"""Whatever an environment returns is shown, in CPython and in the Python of the page."""

import json
import math
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
from app.values import LONGEST, NOTHING, SCORE, amount, total, written
from gymworker.codec import encode
from gymworker.codec.light import Array, Scalar
from hypothesis import given
from hypothesis import strategies as st

from gymserver.site import ROOT
from tests.runtimes import Runtime

NAN, INF = math.nan, math.inf
DEEP: Any = 1
for _ in range(20):
    DEEP = [DEEP]

# A value, how it stands as a score, and how in the panel of the last step.
ODD: list[tuple[Any, str, str]] = [
    (NAN, "nan", "nan"),
    (INF, "∞", "∞"),
    (-INF, "-∞", "-∞"),
    (None, NOTHING, "None"),
    (True, "True", "True"),
    (3, "3", "3"),
    (2.0, "2", "2.0000"),
    (-0.37, "-0.37", "-0.3700"),
    (1e300, "1e+300", "1e+300"),
    ("won\nby two", "won by two", "won by two"),
    ("", "", ""),
    (b"\x00", "b'\\x00'", "b'\\x00'"),
    (1 + 2j, "(1+2j)", "(1+2j)"),
    ((), "[]", "[]"),
    ({}, NOTHING, "{}"),
    ([3.0, -0.375, 1e10], "[3, -0.38, 1e+10]", "[3.0000, -0.3750, 1e+10]"),
    ({"a": [1.0, 2.5], "b": None}, f"a [1, 2.50] · b {NOTHING}", "{a: [1.0000, 2.5000], b: None}"),
    ([1, 0.5, None], "[1, 0.5000, None]", "[1, 0.5000, None]"),
    ({"a": 1.0, "b": 1}, "1", "{a: 1.0000, b: 1}"),
    ({"a": 1.0, "b": NAN}, "a 1 · b nan", "{a: 1.0000, b: nan}"),
    ({"a": NAN, "b": NAN}, "nan", "{a: nan, b: nan}"),
    ({(0, "a"): None, 1: "x"}, f"(0, 'a') {NOTHING} · 1 x", "{(0, 'a'): None, 1: x}"),
    (["a"] * 13, "[" + "a, " * 12 + "…]", "[" + "a, " * 12 + "…]"),
    (DEEP, "[[[[[…]]]]]", "[[[[[…]]]]]"),
]  # fmt: skip

NUMPY = [
    np.float32(NAN),
    np.float64(0.5),
    np.int64(2**62),
    np.bool_(True),
    np.array(3.5),
    np.array([1.5, NAN, -INF], np.float32),
    np.zeros((3, 2)),
    np.zeros(0),
    np.array([True, False]),
    np.array([1j]),
    np.complex64(1j),
    {"left": np.float32(1), "right": np.float64("nan")},
]


@pytest.mark.parametrize(("value", "score", "line"), ODD)
def test_odd_values_are_shown(value: Any, score: str, line: str) -> None:
    assert amount(value) == score
    assert written(value) == line


@pytest.mark.parametrize("value", NUMPY, ids=repr)
def test_arrays_and_scalars_are_shown(value: Any) -> None:
    assert amount(value)
    assert written(value)


def test_known_arrays_and_scalars() -> None:
    assert written(np.array([1.5, NAN, -INF])) == "[1.5000, nan, -∞]"
    assert written(Array.from_list([0.5, 1.5], "float32")) == "[0.5000, 1.5000]"
    assert written(np.zeros((3, 2))) == "array (3, 2)"
    assert amount(Scalar("float32", INF)) == amount(np.float32(INF)) == "∞"
    assert amount(np.array([2.0, 0.5])) == amount(Array.from_list([2.0, 0.5], "float32"))
    assert amount(np.array([2.0, 0.5])) == "[2, 0.50]"
    assert amount(np.array(2.0)) == amount(Scalar("int64", 2)) == "2"


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


class Shapeless:
    shape = None
    dtype = "float32"

    def __len__(self) -> int:
        raise RuntimeError

    def item(self) -> Any:
        raise RuntimeError


@pytest.mark.parametrize(
    "value", [Mute(), [Mute()], {"a": Mute()}, {Mute(): 1}, Shapeless(), OrderedDict(a=Mute())]
)
def test_what_cannot_say_what_it_is_is_named(value: Any) -> None:
    assert "type" in amount(value)
    assert "type" in written(value)
    assert total(value) in (None, 1.0)


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, 10**5000, b"x" * 10**6, {"k" * 9999: "v" * 9999}, ["y" * 999] * 99,
     {str(number): number for number in range(999)}, np.arange(10**6), {1} | set(range(999))],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_nothing_is_long(value: Any) -> None:
    assert 0 < len(amount(value)) <= (LONGEST if isinstance(value, dict) else SCORE)
    assert 0 < len(written(value)) <= LONGEST
    assert "\n" not in written(value)


def test_a_long_item_leaves_room_for_the_others() -> None:
    assert written({"a": "x" * 999, "b": 10**300, "c": None}).endswith("…, c: None}")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner)
    | st.tuples(inner, inner),
))  # fmt: skip
def test_anything_is_one_short_line(value: Any) -> None:
    assert len(amount(value)) <= LONGEST
    assert len(written(value)) <= LONGEST
    found = total(value)
    assert found is None or math.isfinite(found)


def test_a_total_is_a_finite_number_or_none() -> None:
    assert total({"a": 1.5, "b": np.float32(2)}) == 3.5
    assert total([1, 2.5]) == total({"a": [1, 2], "b": 0.5}) == total(np.array([3, 0.5])) == 3.5
    assert total(np.array(2)) == total(True) + 1 == 2.0
    for value in (NAN, INF, None, "x", {"a": 1, "b": None}, 10**400, 1j, [1, None], [], [[1]]):
        assert total(value) is None


def test_the_page_shows_the_same(micropython: Runtime) -> None:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.write("values.py", (ROOT / "web" / "app" / "values.py").read_text("utf-8"))
    micropython.exec("""
from values import amount, total, written
from gymworker.codec import decode
import json

class Mute:
    def __repr__(self):
        raise RuntimeError("no words")
    __str__ = __repr__

def shown(text, buffers, out):
    value = decode(text, [])
    return json.dumps([amount(value), written(value), total(value)])

def mute(text, buffers, out):
    return json.dumps([amount(Mute()), written([Mute()]), total(Mute()), amount(10 ** 5000)[:6],
        total(10 ** 5000)])
""")
    for value in [item[0] for item in ODD if type(item[0]) is not complex] + NUMPY:
        text, buffers = encode(value)
        if buffers:  # another test's concern
            continue
        said = json.loads(micropython.call("shown", text)[0])
        if isinstance(value, dict) or str(getattr(value, "dtype", "")) in (
            "complex64",
            "complex128",
        ):
            assert all(said[:2])  # there dicts are not in order, and complex looks different
        else:
            assert said == [amount(value), written(value), total(value)]
    one, two, none, digits, huge = json.loads(micropython.call("mute", "")[0])
    assert "Mute" in one
    assert "list" in two
    assert none is huge is None
    assert digits == "100000"
