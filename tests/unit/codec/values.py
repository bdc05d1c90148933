"""Values that must cross, and how to tell that they did."""

import math
import struct
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

DTYPES = [
    "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
    "float32", "float64", "complex64", "complex128", ">f4", ">i8", ">u2", ">c16", ">f2", "<U3",
    ">U2", "|S4", "<M8[ns]", "<m8[s]",
]  # fmt: skip
NUMBERS = DTYPES[:14]
NAN = float("nan")

# CPython reads and writes ints of up to 4300 digits as decimal text: 10**4300 has 14285 bits.
LONG = [10**4300 - 1, 10**4300, 2**14283, 2**14285, 2**14500 + 1, 2**15000 - 1, 2**50000 - 1]

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, -(2**64), 10**40, -7**6000,
    *[sign * number for sign in (1, -1) for number in LONG],
    0.0, -0.0, 1.0, 0.1, 5e-324, 1.7976931348623157e308, 1e22, NAN, float("inf"), -float("inf"),
    "", "text", "é€", "\U0001f600", "\x00\x1f\x7f\"\\\u2028", "\ud800", "a\ud83d\ude00b", "\udfff é",
    "nan", "inf", b"", b"\x00\xff", bytes(range(256)) * 20, [], (), {}, [[]], [()], ((),), (1, [2, (3,)]),
    {1: 2}, {"1": 1, 1: 2}, {None: 0, True: 1, 2.5: 2, "s": 3, (1, (2,)): 4, b"b": 5, -(2**70): 6},
    {"\ud800": 1}, {"a": {1: {(): [NAN]}}}, [1, 1.0, True], {"x": (NAN, {"y": -0.0})},
    np.float64(1.0), np.float32(0.1), np.float16(NAN), np.float64("-inf"), np.float64(-0.0),
    np.int64(-(2**63)), np.uint64(2**64 - 1), np.int8(-1), np.bool_(True), np.complex64(1 - 2j), np.complex64(complex(0.0, -0.0)), np.complex128(complex(NAN, -0.0)),
    {np.int64(3): np.bool_(False)}, np.datetime64("2020-01-01"),
    np.zeros(()), np.array(7), np.array(NAN), np.zeros(0), np.zeros((0, 3), np.int8), np.zeros((3, 0)),
    np.arange(6).reshape(2, 3).T, np.asfortranarray(np.arange(2000.0).reshape(50, 40)),
    np.arange(1000)[::-7], np.array([NAN, -0.0, np.inf]), np.array([-(2**63), 2**63 - 1]),
    np.array([2**64 - 1], np.uint64), np.arange(84 * 84 * 4, dtype=np.uint8).reshape(84, 84, 4),
    *[np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype) for dtype in DTYPES],
    *[np.array([[0, 1, 2], [3, 4, 5]] * 40).astype(dtype) for dtype in DTYPES],
]  # fmt: skip


def same(a: Any, b: Any) -> bool:
    """Whether two values are of the same types, all through, and equal to the bit.

    The order of a dict's items and the bits of a Python nan do not count.
    """
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)):
        alike = a.dtype == b.dtype and a.shape == b.shape
        return alike and np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(_has(b, key, item) for key, item in a.items())
    return bool(a == b)


def _has(items: dict[Any, Any], key: Any, item: Any) -> bool:
    return any(same(key, other) and same(item, found) for other, found in items.items())


def values() -> st.SearchStrategy[Any]:
    """Any nesting of what can cross."""
    scalars = st.sampled_from(NUMBERS).flatmap(lambda name: hnp.from_dtype(np.dtype(name)))
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
    arrays = st.sampled_from(NUMBERS + [">f4", ">i8"]).flatmap(
        lambda name: hnp.arrays(np.dtype(name), shapes)
    )
    keys = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    atoms = keys | st.floats() | st.binary() | scalars | arrays
    texts = st.text(st.characters(), max_size=5)
    return st.recursive(
        atoms | texts,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.lists(inner, max_size=4).map(tuple)
            | st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4)
        ),
        max_leaves=12,
    )
