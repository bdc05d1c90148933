"""The codec in CPython: what survives, what is refused, what is not a message."""

import json
import math
from collections import OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from gymworker.codec import MAX_DEPTH, Transfer, decode, encode
from gymworker.errors import EncodeError, GymWorkerError, ProtocolError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codec_values import VALUES, same, values

Point = namedtuple("Point", "x y")


class Action(IntEnum):
    LEFT = 0


def there_and_back(value: Any) -> Any:
    text, buffers = encode(value)
    json.loads(text)
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
    assert json.loads(encode(value)[0]) == [value]


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


def test_drop_leaves_out_what_cannot_cross_and_is_asked_once() -> None:
    asked: list[str] = []

    def drop(error: EncodeError) -> bool:
        asked.append(error.path)
        return bool(error.keys[0] == "infos")

    value: Any = {
        "obs": 1,
        "infos": {"a": object(), "b": [1, {2}, (3, len)], 4: len, "n": math.nan},
    }
    text, buffers = encode(value, drop=drop)
    assert repr(decode(text, buffers)) == "{'obs': 1, 'infos': {'b': [1, (3,)], 'n': nan}}"
    assert asked == ["infos['a']", "infos['b'][1]", "infos['b'][2][1]", "infos[4]"]
    with pytest.raises(EncodeError, match="^obs: "):
        encode({"obs": len}, drop=drop)


def test_a_cycle_is_an_error_or_dropped() -> None:
    cycle: list[Any] = [1]
    cycle += [cycle, cycle]
    with pytest.raises(EncodeError, match="contains itself"):
        encode({"infos": cycle})
    assert decode(*encode({"infos": cycle}, drop=lambda error: True)) == {"infos": [1]}


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


BROKEN = [
    "", "1", "[]", "[1,2,3]", '{"0":1}', "[" * 100_000, "[1,2]", "[1,[[]]]", '[1,[["zz",[0]]]]',
    '[1,[["t",[0]]]]', '[1,[["t",[]]]]', '[1,[["t",[7]]]]', '[{"a":1},[["t",[0,"b"]]]]',
    '[1,[["a",[0],"float32",[1]]]]', '[-1,[["a",[0],"uint8",[1]]]]', '[true,[["b",[0]]]]',
    '[0,[["a",[0],"uint8",[5]]]]', '[[1,2],[["a",[0],"float32",[-2,-1]]]]',
    '[[1,2],[["a",[0],"float32",[3]]]]', '[[1],[["a",[0],"O",[1]]]]', '[[1],[["a",[0],"V8",[1]]]]',
    '[[1],[["a",[0],"nonsense",[1]]]]', '["zz",[["n",[0],"int8"]]]', '["aa",[["n",[0],"int64"]]]',
    '[[[[1],2]],[["d",[0]]]]', '["x",[["f",[0]]]]', '["x",[["i",[0]]]]', '[[-5],[["s",[0]]]]',
    '["0",[["b",[0]]]]', '[1,7]', "[1,[[[],[0]]]]",
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
