"""Values that stay as they are, whatever the environment does with its arrays afterwards."""

import asyncio
from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import numpy as np
import pytest
from gymworker.worker.values import kept

Point = namedtuple("Point", "place speed")


def holders() -> list[tuple[Any, np.ndarray[Any, Any]]]:
    """Containers, each with the array in it that an environment will write into."""
    found = []
    for make in (
        lambda array: array,
        lambda array: [array],
        lambda array: (array, 1),
        lambda array: {"a": array},
        lambda array: OrderedDict(a=array, b=1),
        lambda array: defaultdict(list, a=array),
        lambda array: Point(array, [array]),
        lambda array: {"human": {"obs": (Point(array, 0),)}},
    ):
        array = np.zeros(3)
        found.append((make(array), array))
    return found


@pytest.mark.parametrize(("value", "array"), holders())
def test_a_kept_value_has_its_own_arrays_in_the_same_containers(value: Any, array: Any) -> None:
    copy = kept(value)
    before = repr(value)
    array += 1
    assert repr(copy) == before
    assert type(copy) is type(value)


@pytest.mark.parametrize("value", [[1, [2]], {"a": [1]}, bytearray(b"ab"), {1, 2}])
def test_a_kept_container_is_another_one(value: Any) -> None:
    copy = kept(value)
    assert copy == value
    assert copy is not value


def test_nested_lists_do_not_change_either() -> None:
    inner: list[int] = [1]
    copy = kept({"infos": {"path": [inner]}})
    inner.append(2)
    assert copy == {"infos": {"path": [[1]]}}


def test_what_is_no_container_stays_what_it_is() -> None:
    policy = asyncio.Lock
    assert kept({"policy": policy})["policy"] is policy


def test_a_container_that_holds_itself_does_no_harm() -> None:
    loop: dict[str, Any] = {"n": 1}
    loop["self"] = loop
    assert kept(loop)["self"]["self"]["n"] == 1


def test_a_default_dict_keeps_its_default() -> None:
    assert kept(defaultdict(list, a=[1]))["b"] == []
