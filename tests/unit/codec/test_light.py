"""Arrays and scalars without NumPy, in CPython: what they hold, and that they follow NumPy."""

import json
import math
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gymworker.codec import INLINE_ITEMS, decode, decoder, encode, encode_line, joined, restore
from gymworker.codec.light import Array, Memory, Scalar, memory, use_memory, wire
from gymworker.codec.light.dtype import ARGUMENTS, dtype_of
from gymworker.errors import ProtocolError
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.codec.values import DTYPES, NUMBERS, VALUES, same

ARRAY = Array.from_list([[0, 1, 2], [3, 4, 5]], "int8")
ORDERS = [*NUMBERS, ">f4", ">i8", ">u2", ">c16", ">f2"]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Decodes as a page without NumPy does."""

    def decode_there(text: str, buffers: Any = ()) -> Any:
        with monkeypatch.context() as there:
            there.setattr(decoder, "reader", lambda: wire)
            return decode(text, buffers)

    return decode_there


def bytes_of(buffers: list[Any]) -> list[bytes]:
    return [bytes(buffer) for buffer in buffers]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_arrays_without_numpy(page: Any, value: Any) -> None:
    text, buffers = encode(value)
    light = page(text, bytes_of(buffers))
    again, there = encode(light)
    assert same(decode(again, bytes_of(there)), value)
    line = encode_line({"value": light})
    assert same(restore(json.loads(line))["value"], value)


def light(array: Any, page: Any) -> Array:
    text, buffers = encode(array)
    found = page(text, bytes_of(buffers))
    assert isinstance(found, Array)
    return found


@pytest.mark.parametrize("repeat", [1, 40], ids=["in the text", "in a buffer"])
@pytest.mark.parametrize("dtype", ORDERS)
def test_an_array_tells_what_numpy_tells(page: Any, dtype: str, repeat: int) -> None:
    array = np.array([[0, 1, 2], [3, 4, 5]] * repeat).astype(dtype)
    found = light(array, page)
    assert (found.dtype, found.shape) == (dtype, array.shape)
    assert (found.ndim, found.size, found.nbytes) == (array.ndim, array.size, array.nbytes)
    assert len(found) == len(array)
    assert same(found.tolist(), array.tolist())
    assert same(found.flat(), array.ravel().tolist())
    assert found.tobytes() == array.tobytes()
    assert same([row.tolist() for row in found], array.tolist())
    assert same(list(found[1]), array[1].tolist())
    for index in (0, -1, (1, 2), (-2, -3), (0,)):
        part = found[index]
        assert same(part.tolist() if isinstance(part, Array) else part, array[index].tolist())
    for start in (None, 0, 1, -1, -9, 9):
        for stop in (None, 0, 1, -1, -9, 9):
            part = found[start:stop]
            assert same(part.tolist(), array[start:stop].tolist()), (start, stop)
            assert part.tobytes() == array[start:stop].tobytes()
            assert same(decode(*encode(part)), array[start:stop])
    assert found == light(array, page)
    array = array.copy()
    array[0, 1] = 0
    assert found != light(array, page)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_memory_of_an_array_is_its_bytes(page: Any, dtype: str) -> None:
    for repeat in (1, 40):
        array = np.array([[0, 1, 2], [3, 4, 5]] * repeat).astype(dtype)
        found = light(array, page)
        assert bytes(found[1:].data) == array[1:].tobytes()
        assert bytes(found.data) == array.tobytes() == found.tobytes()


def test_what_is_written_to_the_memory_of_an_array_is_seen() -> None:
    class Writable(Memory):
        def make(self, data: Any) -> Any:
            return bytearray(data)

    use_memory(Writable())
    try:
        array = Array.from_list([1, 2, 3], "uint8")
        array.data[1] = 9
        assert array.tolist() == [1, 9, 3]
    finally:
        use_memory(Memory())


def test_arrays_of_an_unknown_kind_can_be_passed_on_but_not_looked_into(page: Any) -> None:
    array = np.array(["ab", "c"] * 20)
    found = light(array, page)
    assert found.tobytes() == array.tobytes()
    assert found == light(array, page)
    assert found != light(array[::-1], page)
    with pytest.raises(TypeError, match="dtype <U2 can be passed on but not looked into here"):
        found.tolist()


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([[0.1, 2], (3, 4)], "float32", np.array([[0.1, 2], [3, 4]], np.float32)),
        (list(range(1000)), "int64", np.arange(1000)),
        ([1.5, -2], "float16", np.array([1.5, -2], np.float16)),
        (7, "uint8", np.array(7, np.uint8)),
        ([], "float64", np.zeros(0)),
        ([[], []], "int8", np.zeros((2, 0), np.int8)),
        ([1, 2j], "complex64", np.array([1, 2j], np.complex64)),
        ([0, 2, "", "a"], "bool", np.array([False, True, False, True])),
        ([1.0, True], "int16", np.array([1, 1], np.int16)),
        ([1, 2], ">i4", np.array([1, 2], ">i4")),
        ([math.nan, -0.0], "float64", np.array([math.nan, -0.0])),
        ([[[1], [2]], [[3], [4]]], "uint64", np.array([[[1], [2]], [[3], [4]]], np.uint64)),
    ],
)
def test_an_array_is_made_of_lists(values: Any, dtype: str, expected: Any) -> None:
    assert same(decode(*encode(Array.from_list(values, dtype))), expected)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Array.from_list([[1, 2], [3]]), "ValueError: the nested lists must have the same"),
        (lambda: Array.from_list([[1], 2]), "ValueError: the nested lists must have the same"),
        (lambda: Array.from_list([256], "uint8"), "ValueError: 256 does not fit into uint8"),
        (lambda: Array.from_list([-1], "uint8"), "ValueError: -1 does not fit into uint8"),
        (lambda: Array.from_list([-129], "int8"), "ValueError: -129 does not fit into int8"),
        (lambda: Array.from_list([128], "int8"), "ValueError: 128 does not fit into int8"),
        (lambda: Array.from_list([1 << 64], "uint64"), "ValueError: .* does not fit into uint64"),
        (lambda: Array.from_list([1.5], "int8"), "ValueError: 1.5 does not fit into int8"),
        (lambda: Array.from_list(["a"]), "ValueError: could not convert string"),
        (lambda: Array.from_list([None]), "TypeError: float"),
        (lambda: Array.from_list([1], "float7"), "ProtocolError: unknown dtype 'float7'"),
        (lambda: Array.from_list([1], "<U2"), "TypeError: elements of dtype <U2 can be passed on"),
        (lambda: Array.from_buffer(b"123", "int16", (2,)), "ValueError: .* 4 bytes .* not of 3"),
        (lambda: ARRAY[2], "IndexError: index 2 is out of range for axis 0"),
        (lambda: ARRAY[-3], "IndexError: index -3 is out of range for axis 0"),
        (lambda: ARRAY[0, 3], "IndexError: index 3 is out of range for axis 1"),
        (lambda: ARRAY[0, 0, 0], "IndexError: too many indices: the array has 2 axes"),
        (lambda: ARRAY[::2], "TypeError: a slice must have step 1"),
        (lambda: ARRAY[0, 1:], "TypeError: an index is an int, a tuple of ints, or one slice"),
        (lambda: ARRAY.item(), "ValueError: item.. needs an array of one element, not of 6"),
        (lambda: len(Array.from_list(1)), "TypeError: an array without axes has no length"),
        (lambda: hash(ARRAY), "TypeError: unhashable"),
        (lambda: Array("int8", (9,), None, b"123").tolist(), "ProtocolError: .* is too short"),
    ],
)
def test_what_cannot_be_is_an_error(make: Any, words: str) -> None:
    kind, _, words = words.partition(": ")
    error = {"ProtocolError": ProtocolError}.get(kind) or getattr(__import__("builtins"), kind)
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize("dtype", NUMBERS[1:9])
def test_ints_of_each_dtype_have_its_bounds(dtype: str) -> None:
    info = np.iinfo(dtype)
    bounds = [int(info.min), int(info.max)]
    assert Array.from_list(bounds, dtype).tobytes() == np.array(bounds, dtype).tobytes()
    for number in (bounds[0] - 1, bounds[1] + 1):
        with pytest.raises(ValueError, match=f"{number} does not fit into {dtype}"):
            Array.from_list([number], dtype)


def test_arrays_of_many_axes_are_nested_lists(page: Any) -> None:
    for shape in ((2, 3, 4), (2, 1, 3, 2), (1, 2, 0), (3, 1)):
        array = np.arange(math.prod(shape)).reshape(shape)
        assert light(array, page).tolist() == array.tolist()


def test_in_a_line_ints_stand_as_numbers_and_many_floats_as_their_bytes(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"ints": np.arange(100), "floats": np.arange(100.0), "few": np.arange(3.0)}
    expected = encode_line(fields)
    made = encode_line({name: light(array, page) for name, array in fields.items()})
    assert made == expected
    made = encode_line({n: Array.from_list(a.tolist(), str(a.dtype)) for n, a in fields.items()})
    assert made == expected
    monkeypatch.setattr(decoder, "reader", lambda: wire)
    back = restore(json.loads(made))
    assert all(back[name].tolist() == array.tolist() for name, array in fields.items())


def test_scalars_stand_in_the_text_as_numpys_do() -> None:
    for dtype, value in (("float64", 2.5), ("int8", 3), ("float32", math.inf), ("complex64", 1j)):
        assert encode(Scalar(dtype, value)) == encode(np.dtype(dtype).type(value))


def test_a_scalar_from_its_bytes_has_its_number(page: Any) -> None:
    for scalar in (np.float32(math.inf), np.float16(math.nan), np.complex64(1 - 2j)):
        assert same(page(*encode(scalar)).item(), scalar.item())
    date = np.datetime64("2020-01-01")
    assert page(*encode(date)).item() == date.tobytes()


def test_small_things_about_arrays() -> None:
    assert repr(ARRAY) == "Array(dtype='int8', shape=(2, 3))"
    assert (ARRAY == 3) is False
    assert ARRAY[::1] == ARRAY[0:2:1] == ARRAY
    assert ARRAY != [[0, 1, 2], [3, 4, 5]]
    assert Array.from_list([0, 1, 2, 3, 4, 5], "int8") != ARRAY
    assert Array.from_list([[0, 1, 2], [3, 4, 5]], "int16") != ARRAY
    assert Array.from_list([0.0]) == Array.from_list([-0.0])
    assert Array.from_list([math.nan]) != Array.from_list([math.nan])
    assert Array.from_list(5, "int8").item() == Array.from_list([[5]], "int8").item() == 5
    assert Array.from_list(2.5).tolist() == 2.5
    assert list(Array.from_list([1, 2], "int8")) == [1, 2]
    flat = ARRAY.flat()
    flat[0] = 9
    assert ARRAY[0, 0] == 0


def test_an_array_over_a_buffer_shares_it_and_hands_on_no_more_than_its_own() -> None:
    buffer = bytearray(range(100))
    array = Array.from_buffer(buffer, "uint8", (100,))
    assert array.wire()[1] is buffer
    assert array[10:90].wire()[1] == bytes(range(10, 90))
    assert array[:90].wire()[1] == bytes(range(90))
    buffer[5] = 77
    assert array[5] == 77


@pytest.mark.parametrize(
    "bits", [*range(0, 65536, 97), 0, 1, 0x03FF, 0x0400, 0x7BFF, 0x7C00, 0x8000]
)
def test_half_floats_are_read_and_written_as_numpy_does_it(bits: int) -> None:
    data = struct.pack("<H", bits)
    kind = dtype_of("float16")
    (expected,) = np.frombuffer(data, np.float16).tolist()
    (found,) = kind.unpack(data)
    assert same(found, expected)
    if not math.isnan(expected):
        assert kind.pack([expected]) == data


@given(st.floats(allow_nan=False) | st.floats(-70000, 70000) | st.floats(-1e-4, 1e-4))
def test_a_float_is_rounded_to_a_half_as_numpy_does_it(number: float) -> None:
    with np.errstate(over="ignore"):
        expected = np.array([number]).astype("<f2").tobytes()
    assert dtype_of("float16").pack([number]) == expected


@pytest.mark.parametrize("number", [65519.0, 65520.0, 2049.0, 2051.0, 2.0**-25, 3 * 2.0**-25])
def test_a_half_is_rounded_to_even(number: float) -> None:
    for sign in (1, -1):
        with np.errstate(over="ignore"):
            expected = np.array([sign * number]).astype("<f2").tobytes()
        assert dtype_of("float16").pack([sign * number]) == expected


def test_nan_as_a_half_is_numpys() -> None:
    for number in (math.nan, -math.nan):
        assert dtype_of("float16").pack([number]) == np.array([number]).astype("<f2").tobytes()


@pytest.mark.parametrize("count", [ARGUMENTS - 1, ARGUMENTS, ARGUMENTS + 1, 5 * ARGUMENTS])
def test_any_number_of_elements_is_packed(count: int) -> None:
    assert dtype_of("int16").pack(list(range(count))) == np.arange(count).astype("<i2").tobytes()


def test_what_is_known_of_a_dtype_by_its_name() -> None:
    for name, plain, size, little in (
        ("float32", "float32", 4, True), (">f4", "float32", 4, False), ("<i8", "int64", 8, True),
        ("|b1", "bool", 1, True), ("=u2", "uint16", 2, True), ("<c16", "complex128", 16, True),
        ("<U3", None, 12, True), ("|S4", None, 4, True), (">M8[ns]", None, 8, False),
    ):  # fmt: skip
        kind = dtype_of(name)
        assert (kind.name, kind.plain, kind.itemsize, kind.little) == (name, plain, size, little)
    for name in ("", "float", "O", "<O8", "<f3", "<Ux", "xU3", "<V8"):
        with pytest.raises(ProtocolError, match="unknown dtype"):
            dtype_of(name)


def test_broken_arrays_are_protocol_errors_without_numpy_too(page: Any) -> None:
    for text in (
        '[[1,2],[["a",[0],"int8",[3]]]]', '[[1,2],[["a",[0],"int8",[-1,-2]]]]',
        '[[1,2],[["a",[0],"int8",[1,2.0]]]]', '["00",[["a",[0],"int16",[1]]]]',
        '[[1],[["a",[0],"nonsense",[1]]]]', '["00",[["n",[0],"nonsense"]]]',
        '["zz",[["a",[0],"int8",[1]]]]', '[true,[["a",[0],"int8",[1]]]]',
        '[1,[["a",[0],"int8",[1]]]]', '[-1,[["a",[0],"int8",[1]]]]',
    ):  # fmt: skip
        with pytest.raises(ProtocolError):
            page(text, [b"x"])
    assert page('[0,[["a",[0],"int8",[1]]]]', [b"x"]).tolist() == [120]


def test_arrays_are_joined(page: Any) -> None:
    pieces = [np.arange(n, dtype=np.uint8) for n in (200, 1, 40)]
    whole = np.concatenate(pieces)
    assert same(joined(pieces), whole)
    found = joined([light(piece, page) for piece in pieces])
    assert isinstance(found, Array)
    assert (found.dtype, found.shape, found.tolist()) == ("uint8", (241,), whole.tolist())


def test_memory_is_of_bytes_unless_a_page_gives_another() -> None:
    ours = memory()
    data = bytes(range(8))
    assert (ours.size(data), ours.read(data, 1, 3), ours.cut(data, 2, 4)) == (8, b"\1\2", b"\2\3")
    assert ours.open(data) is data and ours.make(data) is data
    assert bytes(ours.view(data, "uint16", 2, 2)) == b"\2\3\4\5"

    class Other(Memory):
        pass

    use_memory(Other())
    try:
        assert type(memory()) is Other
    finally:
        use_memory(Memory())


NUMBER = Scalar("float64", 2.5)


def test_a_scalar_computes_and_compares_as_its_number() -> None:
    for other in (2, Scalar("int8", 2), 0.5, Scalar("float64", 3.0)):
        plain = other.value if isinstance(other, Scalar) else other
        for code in ("{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} // {}", "{} % {}", "{} ** {}"):
            for left, right in (("a", "b"), ("b", "a")):
                text = code.format(left, right)
                expected = eval(text, {"a": 2.5, "b": plain})
                assert same(eval(text, {"a": NUMBER, "b": other}), expected), text
        for code in ("a < b", "a <= b", "a > b", "a >= b", "a == b", "a != b", "b < a", "b == a"):
            expected = eval(code, {"a": 2.5, "b": plain})
            assert eval(code, {"a": NUMBER, "b": other}) is expected, code
    assert NUMBER <= 2.5 and NUMBER >= 2.5 and not NUMBER < 2.5 and not NUMBER > 2.5
    assert Scalar("float32", 2.5) == NUMBER and hash(NUMBER) == hash(2.5)


def test_a_scalar_turns_into_other_numbers_and_text() -> None:
    three, none = Scalar("int8", -3), Scalar("int8", 0)
    for found, expected in (
        (-NUMBER, -2.5), (+NUMBER, 2.5), (abs(three), 3), (round(NUMBER), 2), (int(NUMBER), 2),
        (round(Scalar("float64", 2.26), 1), 2.3), (float(three), -3.0), (complex(NUMBER), 2.5 + 0j),
        (bool(NUMBER), True), (bool(none), False), (NUMBER.item(), 2.5), (NUMBER.tolist(), 2.5),
        (str(NUMBER), "2.5"), (repr(NUMBER), "Scalar('float64', 2.5)"), (f"{NUMBER:.2f}", "2.50"),
    ):  # fmt: skip
        assert same(found, expected)
    assert [10, 20, 30][Scalar("int8", 1)] == 20
    assert [10, 20][Scalar("bool", True)] == 20
    with pytest.raises(TypeError, match="float64 cannot be used as an index"):
        [1, 2, 3][NUMBER]


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    yield
    assert type(memory()) is Memory


@pytest.mark.parametrize("count", [INLINE_ITEMS - 1, INLINE_ITEMS, INLINE_ITEMS + 1])
def test_as_many_elements_stand_in_the_text_as_numpys(count: int) -> None:
    made = Array.from_list(list(range(count)), "int16")
    text, buffers = encode(made)
    expected, beside = encode(np.arange(count, dtype=np.int16))
    assert (text, bytes_of(buffers)) == (expected, bytes_of(beside))
