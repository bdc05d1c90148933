"""The codec in CPython: what survives, what is refused, what is not a message."""

import json
import math
import sys
from collections import OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from gymworker.codec import (
    MAX_DEPTH,
    Transfer,
    arrays,
    decode,
    encode,
    encode_line,
    encoder,
    restore,
    stacked,
)
from gymworker.codec.light import Array, wire
from gymworker.errors import EncodeError, GymWorkerError, ProtocolError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codec.values import VALUES, same, values

Point = namedtuple("Point", "x y")


class Action(IntEnum):
    LEFT = 0


def there_and_back(value: Any) -> Any:
    text, buffers = encode(value)
    json.loads(text.encode())  # what MicroPython gets is UTF-8
    return decode(text, [bytearray(buffer) for buffer in buffers])


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_arrives_as_it_left(value: Any) -> None:
    assert same(there_and_back(value), value)


@settings(deadline=2000, max_examples=300)
@given(values())
def test_any_nesting_of_values_arrives_as_it_left(value: Any) -> None:
    assert same(there_and_back(value), value)


def test_a_plain_value_is_json_without_marks() -> None:
    value: Any = {"obs": [1, 2.5], "infos": {}, "text": "é", "none": None}
    assert encode(value)[0] == '[{"obs":[1,2.5],"infos":{},"text":"é","none":null}]'


def test_few_bytes_stand_in_the_text_and_many_beside_it() -> None:
    assert encode(b"ab") == ('["6162",[["b",[0]]]]', [])
    assert encode(b"a" * 1024)[1] == []
    assert encode(b"a" * 1025) == ('[0,[["b",[0]]]]', [b"a" * 1025])
    assert encode(np.zeros(16))[1] == []
    assert len(encode(np.zeros(17))[1]) == 1


def test_numpys_finite_scalars_stand_as_numbers() -> None:
    assert encode(np.float64(2.5)) == ('[2.5,[["n",[0],"float64"]]]', [])
    assert encode(np.int8(0))[0] == '[0,[["n",[0],"int8"]]]'
    assert encode(np.float32(math.inf))[0] == '["0000807f",[["n",[0],"float32"]]]'


def test_beside_what_is_rare_all_else_stands_as_it_would_alone() -> None:
    value: Any = [math.nan, "text", 1.5, 1 << 70, {"a": True}, np.arange(2.0)]
    written, marks = json.loads(encode([*value, Array.from_list([0.5])])[0])
    assert written == ["nan", "text", 1.5, 1 << 70, {"a": True}, [0.0, 1.0], [0.5]]
    assert [mark[0] for mark in marks] == ["f", "a", "a"]


def test_the_value_itself_is_not_changed() -> None:
    value: Any = {"a": (1, [np.float64(2.0)]), "b": {1: float("nan")}}
    encode(value)
    assert repr(value) == "{'a': (1, [np.float64(2.0)]), 'b': {1: nan}}"


def test_subclasses_arrive_as_the_plain_type() -> None:
    value: list[Any] = [Point(1, 2), Action.LEFT, OrderedDict(a=1), np.str_("text")]
    assert repr(there_and_back(value)) == "[(1, 2), 0, {'a': 1}, 'text']"


def test_dict_order_is_kept_between_cpythons() -> None:
    value: Any = {"z": 1, "a": (), "m": 2, 3: {"y": 0, "b": 1}}
    assert list(there_and_back(value)) == ["z", "a", "m", 3]


def test_a_mixed_dict_sends_its_arrays_once() -> None:
    big = np.zeros(1000)
    assert len(encode({"big": big, 1: 2})[1]) == 1


def test_big_arrays_are_shared_not_copied() -> None:
    array = np.zeros((84, 84, 4), np.uint8)
    assert np.shares_memory(encode(array)[1][0], array)
    buffer = bytearray(1000)
    text, _ = encode(np.zeros(1000, np.uint8))
    assert np.shares_memory(decode(text, [buffer]), np.frombuffer(buffer, np.uint8))


@pytest.mark.parametrize(
    "bad",
    [object(), {1}, 1 + 2j, bytearray(2), np.array([object()]), np.zeros(2, "i4,f8"), len],
    ids=repr,
)
def test_what_cannot_cross_is_an_error_with_its_path(bad: Any) -> None:
    with pytest.raises(EncodeError) as caught:
        encode({"infos": {"human": {"policy": bad}}})
    assert caught.value.path == "infos['human']['policy']"
    assert caught.value.keys == ("infos", "human", "policy")
    with pytest.raises(EncodeError, match=r"^actions\[\(1, 2\)\]\[1\]\[0\]: .* cannot be sent"):
        encode({(1, 2): [0, (bad,)]}, name="actions")


@pytest.mark.parametrize("rare", [0, math.nan], ids=["at once", "at a closer look"])
@pytest.mark.parametrize(
    ("infos", "keys"),
    [
        ({"a": 1, "b": object()}, ("b",)),
        ({"a": [1, {2}]}, ("a", 1)),
        ({"a": [1, (2, len)]}, ("a", 1, 1)),
        ({"a": {4: len}}, ("a", 4)),
        ({"a": {len: 4}}, ("a", len)),
        ({"a": {(1, (len,)): 4}}, ("a", (1, (len,)))),
        ({"a": np.array([len])}, ("a",)),
    ],
)
def test_the_keys_of_an_error_lead_to_what_cannot_cross(infos: Any, keys: Any, rare: float) -> None:
    with pytest.raises(EncodeError, match="cannot be sent") as caught:
        encode({"rare": rare, "infos": infos})
    assert caught.value.keys == ("infos", *keys)


def test_a_cycle_is_an_error_with_the_keys_of_where_it_closes() -> None:
    cycle: list[Any] = [1]
    cycle += [{"again": cycle}]
    with pytest.raises(EncodeError, match="contains itself") as caught:
        encode({"infos": cycle})
    assert caught.value.keys == ("infos", 1, "again")


def test_a_value_that_stands_twice_is_no_cycle() -> None:
    shared = [math.nan, (1,)]
    assert repr(there_and_back([shared, shared])) == "[[nan, (1,)], [nan, (1,)]]"


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 100_000])
def test_depth_has_a_limit(depth: int) -> None:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    if depth <= MAX_DEPTH:
        assert there_and_back(value) == value
    else:
        with pytest.raises(EncodeError, match="too deeply"):
            encode(value)


def test_a_stack_that_is_at_its_end_is_an_error_of_the_value() -> None:
    value: Any = ()
    for _ in range(MAX_DEPTH - 1):
        value = (value,)

    def dive() -> None:
        try:
            dive()
        except RecursionError:
            encode(value)

    with pytest.raises(EncodeError, match="^value: is nested too deeply to be sent"):
        dive()


BROKEN = [
    "", "1", "[]", "[1,2,3]", "[1,[],[]]", '{"0":1}', "[" * 100_000, "[1,2]", "[1,[[]]]",
    '[1,[["zz",[0]]]]',
    '[1,[["t",[0]]]]', '[1,[["t",[]]]]', '[1,[["t",[7]]]]', '[{"a":1},[["t",[0,"b"]]]]',
    '[1,[["a",[0],"float32",[1]]]]', '[-1,[["a",[0],"uint8",[1]]]]', '[true,[["b",[0]]]]',
    '[0,[["a",[0],"uint8",[5]]]]', '[[1,2],[["a",[0],"float32",[-2,-1]]]]',
    '[[1,2],[["a",[0],"float32",[3]]]]', '[[1],[["a",[0],"O",[1]]]]', '[[1],[["a",[0],"V8",[1]]]]',
    '[[1],[["a",[0],"nonsense",[1]]]]', '["zz",[["n",[0],"int8"]]]', '["aa",[["n",[0],"int64"]]]',
    '[[[[1],2]],[["d",[0]]]]', '["x",[["f",[0]]]]', '["x",[["i",[0]]]]', '[[-5],[["s",[0]]]]',
    '["0",[["b",[0]]]]', '[1,7]', "[1,[[[],[0]]]]",
    '[-1,[["o",[0]]]]', '[-1,[["b",[0]]]]', '[0,[["a",[0],"uint8",[2]]]]',
]  # fmt: skip


@pytest.mark.parametrize("text", [*BROKEN, None], ids=lambda text: str(text)[:30])
def test_broken_text_is_a_protocol_error(text: Any) -> None:
    with pytest.raises(ProtocolError):
        decode(text, [b"123"])


@settings(deadline=2000, max_examples=300)
@given(values(), st.data())
def test_damaged_text_is_read_or_a_protocol_error(value: Any, data: st.DataObject) -> None:
    text, buffers = encode(value)
    at = data.draw(st.integers(0, len(text) - 1))
    text = (
        text[:at] + data.draw(st.sampled_from(['"', "0", "[", "]", ",", "-", ""])) + text[at + 1 :]
    )
    try:
        decode(text, [bytes(buffer) for buffer in buffers][1:])
    except ProtocolError:
        pass


def test_all_errors_have_one_root() -> None:
    assert issubclass(EncodeError, GymWorkerError)
    assert issubclass(ProtocolError, GymWorkerError)


def test_what_is_transferred_arrives_as_itself() -> None:
    canvas, value = object(), np.zeros(500)
    text, buffers = encode({"a": [value, Transfer(canvas)], "b": (Transfer(canvas), math.nan)})
    moved = [item for item in buffers if isinstance(item, Transfer)]
    assert [item.object for item in moved] == [canvas, canvas]
    there = [item.object if isinstance(item, Transfer) else item for item in buffers]
    result = decode(text, there)
    assert result["a"][1] is result["b"][0] is canvas
    assert np.array_equal(result["a"][0], value)


def test_a_transferred_object_that_is_not_there_is_a_protocol_error() -> None:
    text, _ = encode([Transfer(object())])
    with pytest.raises(ProtocolError, match="no buffer 0 of 0"):
        decode(text, [])


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_line_holds_any_value_with_nothing_beside_it(value: Any) -> None:
    line = encode_line({"value": value, "other": [value, 1]})
    assert b"\n" not in line.encode()
    back = restore(json.loads(line))
    assert same(back, {"value": value, "other": [value, 1]})


def test_a_line_of_plain_values_is_their_json() -> None:
    fields: dict[str, Any] = {"actions": [0, 1], "infos": {"a": None}}
    assert encode_line(fields) == '{"actions":[0,1],"infos":{"a":null}}'


def test_ints_stand_in_a_line_as_numbers_and_many_floats_as_their_bytes() -> None:
    line = json.loads(encode_line({"a": np.arange(100), "b": np.zeros(100), "c": np.zeros(3)}))
    assert line["a"] == list(range(100))
    assert line["b"] == "00" * 800
    assert line["c"] == [0.0, 0.0, 0.0]
    assert restore(line)["b"].flags.writeable


def test_what_is_transferred_cannot_stand_in_a_line() -> None:
    with pytest.raises(EncodeError, match=r"record\['canvas'\]: Transfer cannot be sent"):
        encode_line({"canvas": Transfer(object())}, name="record")


@pytest.mark.parametrize("text", BROKEN[10:], ids=lambda text: text[:30])
def test_broken_marks_of_a_line_are_a_protocol_error(text: str) -> None:
    value, *marks = json.loads(text)
    marks = marks[0] if marks else [7]
    for mark in marks if isinstance(marks, list) else []:
        if isinstance(mark, list) and len(mark) > 1 and mark[1][:1] == [0]:
            mark[1][0] = "value"
    with pytest.raises(ProtocolError):
        restore({"value": value, "marks": marks})


def test_buffers_of_values_that_travel_together_are_counted_on() -> None:
    buffers: list[Any] = []
    parts = [np.arange(99), b"x" * 2000, [math.nan, np.arange(98)]]
    texts = [encode(part, buffers=buffers)[0] for part in parts]
    assert len(buffers) == 3
    assert all(same(decode(text, buffers), part) for text, part in zip(texts, parts, strict=True))


def test_numpys_arrays_without_the_module_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_numpy", None)
    monkeypatch.setattr(arrays, "_tried", False)
    monkeypatch.setattr(encoder, "_tags", dict(encoder._tags))
    encoder._tags.pop(np.ndarray, None)
    monkeypatch.setitem(sys.modules, "gymworker.codec.numpy_arrays", None)
    monkeypatch.delattr("gymworker.codec.numpy_arrays", raising=False)
    text = '[[1.0],[["a",[0],"float32",[1]]]]'
    assert decode(text) == Array.from_list([1.0], "float32")
    with pytest.raises(EncodeError, match="ndarray cannot be sent"):
        encode(np.zeros(2))
    assert stacked([np.zeros(2)] * 2)[0].tolist() == [0.0, 0.0]


def test_numpy_is_looked_for_once_and_found_when_somebody_imports_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrays, "_numpy", None)
    monkeypatch.setattr(arrays, "_tried", False)
    monkeypatch.delattr("gymworker.codec.numpy_arrays", raising=False)
    with monkeypatch.context() as gone:
        gone.delitem(sys.modules, "numpy")
        gone.setitem(sys.modules, "gymworker.codec.numpy_arrays", None)
        assert arrays.reader() is wire
    with monkeypatch.context() as first:  # installed, but nobody has imported it yet
        first.delitem(sys.modules, "numpy")
        first.setattr(arrays, "_tried", False)
        assert arrays.writers() == [wire]
        assert stacked([1, 2]) == [1, 2]
        assert not arrays._tried
        assert arrays.reader().__name__ == "gymworker.codec.numpy_arrays"
    monkeypatch.setattr(arrays, "_numpy", None)
    with monkeypatch.context() as there:
        there.delitem(sys.modules, "numpy")
        assert arrays.reader() is wire
        assert arrays.writers() == [wire]
    assert arrays.reader() is not wire
    assert arrays.writers() == [arrays.reader(), wire]


class Name(bytes):
    pass


def test_a_subclass_of_bytes_arrives_as_bytes() -> None:
    back = there_and_back([Name(b"ab"), Name(b"c" * 2000)])
    assert same(back, [b"ab", b"c" * 2000])
