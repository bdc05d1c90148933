"""What a page in JavaScript gets."""

from typing import Any

import numpy as np
import pytest
from gymworker.codec import written
from gymworker.errors import EncodeError
from gymworker.worker.js.plain import plain


@pytest.mark.parametrize("value", [None, True, 0, 2**70, -0.0, float("inf"), "text", b"bytes"])
def test_plain_values_stay_as_they_are(value: object) -> None:
    assert plain(value) is value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2, 3)), [1, [2, 3]]),
        ({1: "a", None: {"b": (1,)}}, {"1": "a", "None": {"b": [1]}}),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.array(7), 7),
        ([np.int64(2**40)], [2**40]),
        (written([{"at": [0.5, None]}]), [{"at": [0.5, None]}]),
    ],
)
def test_values_become_what_javascript_has(value: object, expected: object) -> None:
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.zeros((2, 3), "uint8"), "uint8"),
        (np.zeros(3, ">f4"), "<f4"),
        (np.asfortranarray(np.ones((2, 3))), "float64"),
        (np.zeros(2, "float16"), "float32"),
        (np.zeros(4, "int64")[::2], "int64"),
    ],
)
def test_arrays_become_what_a_typed_array_can_hold(array: Any, dtype: str) -> None:
    result = plain({"obs": array})["obs"]
    assert result.dtype == np.dtype(dtype)
    assert result.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize(
    ("array", "data"),
    [
        (np.arange(84 * 84 * 4, dtype="uint8").reshape(84, 84, 4), "uint8"),
        (np.asfortranarray(np.arange(1024.0).reshape(32, 32)), "float64"),
        (np.ones((2, 512), "float16"), "float32"),
        (np.arange(4096, dtype=">i4").reshape(64, 64)[::2], "int32"),
    ],
)
def test_a_large_array_is_one_typed_array_with_its_shape_and_dtype(array: Any, data: str) -> None:
    result = plain({"obs": array})["obs"]
    assert sorted(result) == ["data", "dtype", "shape"]
    assert (result["shape"], result["dtype"]) == (list(array.shape), array.dtype.name)
    assert (result["data"].ndim, result["data"].dtype) == (1, np.dtype(data))
    np.testing.assert_array_equal(result["data"].reshape(array.shape), array)


def test_an_array_below_that_size_is_nested_and_one_of_one_dimension_always_flat() -> None:
    assert plain(np.zeros((31, 33))).shape == (31, 33)
    assert plain(np.zeros(100_000)).shape == (100_000,)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (object(), "value: object cannot be sent"),
        ({"infos": {"human": [0, {1, 2}]}}, r"infos\['human'\]\[1\]: set cannot be sent"),
        ({"obs": np.zeros(2, "complex64")}, "obs: arrays of complex64 cannot be sent"),
    ],
)
def test_what_cannot_be_sent_is_named_with_its_path(value: object, path: str) -> None:
    with pytest.raises(EncodeError, match=path):
        plain(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(EncodeError, match="deep"):
        plain({"obs": loop})
