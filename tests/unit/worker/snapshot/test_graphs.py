"""Any graph of objects: saved, changed, restored; and its hash."""

import copy
import random
from typing import Any

import numpy as np
import pytest
from gymworker.worker.snapshot.blobs import Store
from gymworker.worker.snapshot.digest import Digests
from gymworker.worker.snapshot.pickling import load, save
from gymworker.worker.snapshot.wrappers import Wrappers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.worker.snapshot.graphs import ATOMS, Thing, graphs, same

PROPERTY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def digest(value: Any, store: Store | None = None) -> str:
    return Digests(store or Store(), Wrappers(None)).hash(value)


@PROPERTY
@given(graphs(), st.data())
def test_a_graph_comes_back_with_what_it_shares(nodes: list[Any], data: Any) -> None:
    store, layers = Store(), Wrappers(None)
    expected = copy.deepcopy(nodes)
    saved = []
    for _ in range(4):  # the later ones have blobs
        store.begin()
        saved.append(save(nodes, store, layers))
        store.end()
    hash = digest(nodes, store)
    assert hash == digest(nodes)
    for node in nodes:
        if isinstance(node, list):
            node.append("changed")
    for index in data.draw(st.permutations(range(4))):
        found = load(saved[index][0], saved[index][1], store, [])
        assert same(found, expected)
        store.begin()
        assert digest(found, store) == hash
        for node in found:  # what was restored is changed, too
            if isinstance(node, list):
                node.append(index)
            for item in node if isinstance(node, (list, tuple)) else ():
                if isinstance(item, np.ndarray) and item.size:
                    item[...] = 1


def test_what_leads_to_itself_is_hashed_together_however_often_it_was_saved() -> None:
    numbers: list[Any] = [1] * 70
    pair = ({"numbers": numbers}, 2)
    numbers.append(pair)
    nodes = [pair, numbers]
    store, layers = Store(), Wrappers(None)
    for _ in range(4):
        store.begin()
        save(nodes, store, layers)
        store.end()
    assert digest(nodes, store) == digest(nodes)


def shuffled(value: Any, chance: random.Random, memo: dict[int, Any]) -> Any:
    """A copy whose dicts and sets are in another order."""
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, list):
        made: Any = []
        memo[id(value)] = made
        made += [shuffled(item, chance, memo) for item in value]
    elif isinstance(value, (dict, Thing)):
        made = memo[id(value)] = type(value)()
        items = list((value if isinstance(value, dict) else vars(value)).items())
        chance.shuffle(items)
        for key, item in items:
            (made if isinstance(made, dict) else vars(made))[key] = shuffled(item, chance, memo)
    elif isinstance(value, set):
        items = list(value)
        chance.shuffle(items)
        made = memo[id(value)] = set(items)
    elif isinstance(value, tuple):
        made = tuple([shuffled(item, chance, memo) for item in value])
        made = memo.setdefault(id(value), made)  # it may hold itself
    else:
        made = copy.deepcopy(value)
    return made


@PROPERTY
@given(graphs(), st.randoms(use_true_random=False))
def test_order_and_identity_do_not_count(nodes: list[Any], chance: random.Random) -> None:
    assert digest(shuffled(nodes, chance, {})) == digest(nodes)


@PROPERTY
@given(st.lists(ATOMS, max_size=5), st.lists(ATOMS, max_size=5))
def test_other_values_have_other_hashes(a: list[Any], b: list[Any]) -> None:
    def key(items: list[Any]) -> str:
        plain = [item.item() if isinstance(item, np.int64) else item for item in items]
        return repr([sorted(map(repr, i)) if isinstance(i, frozenset) else i for i in plain])

    assert (digest(a) == digest(b)) == (key(a) == key(b))


def test_shared_or_copied_is_the_same_and_does_not_explode() -> None:
    shared: Any = [1.0]
    for _ in range(60):
        shared = [shared, shared]
    hash = digest(shared)
    copied: Any = [1.0]
    for _ in range(60):
        copied = [copied, list(copied)]
    assert digest(copied) == hash


def test_many_objects_that_all_know_one_another() -> None:
    def crowd(order: list[int]) -> list[Thing]:
        things = {number: Thing(number=number) for number in order}
        for thing in things.values():
            thing.others = [things[number] for number in range(30) if number != thing.number]
        return [things[number] for number in range(30)]

    hash = digest(crowd(list(range(30))))
    assert digest(crowd(list(range(29, -1, -1)))) == hash
    changed = crowd(list(range(30)))
    changed[7].others[3].number = 99
    assert digest(changed) != hash


@pytest.mark.parametrize(("first", "second"), [("ab", "abc"), ("a", "ab"), ("abab", "abac")])
def test_rings_are_told_apart(first: str, second: str) -> None:
    def ring(names: str) -> Thing:
        things = [Thing(name=name) for name in names]
        for thing, following in zip(things, things[1:] + things[:1], strict=True):
            thing.next = following
        return things[0]

    assert digest(ring(first)) == digest(ring(first)) != digest(ring(second))
    assert digest(ring("ab")) == digest(ring("abab")), "from inside they look the same"


NANS = [float("nan"), -float("nan"), np.array([0x7FF8_0000_0000_0001], "u8").view("f8")[0]]

VALUES: dict[str, tuple[list[Any], bool]] = {
    "ints by value": ([1, np.int32(1), np.int64(1), np.uint8(1)], True),
    "an int and a float": ([1, 1.0], False),
    "an int and a bool": ([1, True], False),
    "bools": ([True, np.bool_(True)], True),
    "floats": ([0.5, np.float64(0.5)], True),
    "floats of other widths": ([0.5, np.float32(0.5)], False),
    "zeros": ([0.0, -0.0], False),
    "kinds of NaN": (NANS, True),
    "arrays of ints": ([np.array([1, 2], kind) for kind in ("i4", "i8", ">i4")], True),
    "arrays of small ints": ([np.array([1, 2], "i1"), np.array([1, 2], "i8")], False),
    "arrays of other shapes": ([np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(6)], False),
    "order in memory": ([np.arange(6).reshape(2, 3), np.array([[0, 3], [1, 4], [2, 5]]).T], True),
    "arrays of NaN": ([np.array([1, float("nan")]), np.array([1, -float("nan")])], True),
    "arrays of zeros": ([np.array([0.0]), np.array([-0.0])], False),
    "complex arrays": ([np.array([1j]), np.array([1j + 0.5])], False),
    "complex NaN": ([np.array(complex(1, n)) for n in (float("nan"), -float("nan"))], True),
    "an array and a list": ([np.array([1.0]), [1.0]], False),
    "a list and a tuple": ([[1], (1,)], False),
    "a set and a frozenset": ([{1}, frozenset([1])], False),
    "text and bytes": (["a", b"a"], False),
    "records": ([np.array([(1, 2.0)], "i4,f8"), np.array([(1, 3.0)], "i4,f8")], False),
    "arrays of objects": ([np.array([{1}, None]), np.array([{2}, None])], False),
    "times": ([np.datetime64("2026-11-26"), np.datetime64("2026-11-27")], False),
    "dtypes": ([np.dtype("i4"), np.dtype("i8")], True),
    "long texts": (["a" * 99, "a" * 98 + "b"], False),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_what_is_equal(name: str) -> None:
    values, equal = VALUES[name]
    hashes = {digest([value]) for value in values}
    assert len(hashes) == (1 if equal else len(values))


def test_equal_arrays_stay_apart() -> None:
    store, layers = Store(), Wrappers(None)
    first = np.zeros((50, 50))
    data, blobs, _ = save([first], store, layers)
    store.end()
    first += 1
    found = load(data, blobs, store, [])[0]
    first -= 1  # equal to what it was, but another one is that now
    store.begin()
    one, other = load(*save([found, first], store, layers)[:2], store, [])
    assert one is not other
