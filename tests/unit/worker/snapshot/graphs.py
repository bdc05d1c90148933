"""Random object graphs for the tests: shared, cyclic, with sets, NaN and arrays."""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st


class Thing:
    """An object with attributes."""

    number: int
    others: "list[Thing]"
    next: "Thing"

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.binary(max_size=9),
    st.complex_numbers(),
    st.integers(-99, 99).map(np.int64),
    st.floats(width=32).map(np.float32),
    st.frozensets(st.integers() | st.text(max_size=3), max_size=4),
    st.tuples(st.integers(), st.text(max_size=3)),
)
ARRAYS = st.one_of(
    st.lists(st.floats(), max_size=9).map(np.array),
    st.lists(st.integers(-99, 99), min_size=1, max_size=9).map(lambda items: np.array(items, "i4")),
    st.integers(0, 3).map(lambda n: np.full((40, 40), n, np.uint8)),
    st.integers(0, 3).map(lambda n: np.full((30, 60), math.nan if n else -0.0)),
)
KEYS = st.one_of(st.text(max_size=3), st.integers(), st.tuples(st.integers(), st.booleans()))


@st.composite
def graphs(draw: Any) -> list[Any]:
    """Containers that hold atoms, arrays and one another, in any way; the first is the top."""
    nodes: list[Any] = []
    for kind in draw(st.lists(st.sampled_from("ldstow"), min_size=1, max_size=9)):
        if kind == "t":
            earlier = draw(st.lists(st.sampled_from(nodes), max_size=3)) if nodes else []
            nodes.append((*earlier, draw(ATOMS)))
        elif kind == "w":
            nodes.append([draw(st.integers(0, 5)) for _ in range(draw(st.integers(60, 90)))])
        else:
            nodes.append({"l": list, "d": dict, "s": set, "o": Thing}[kind]())
    for node in nodes:
        for _ in range(draw(st.integers(0, 4))):
            value = draw(ATOMS | ARRAYS | st.sampled_from(nodes))
            if isinstance(node, list):
                node.append(value)
            elif isinstance(node, dict):
                node[draw(KEYS)] = value
            elif isinstance(node, set):
                node.add(draw(KEYS))
            elif isinstance(node, Thing):
                setattr(node, draw(st.sampled_from("abc")), value)
    return nodes


def same(a: Any, b: Any, pairs: dict[int, int] | None = None) -> bool:
    """Whether two graphs are equal to the bit, with the same objects shared."""
    pairs = {} if pairs is None else pairs
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        shared = pairs.setdefault(id(a), id(b)) == id(b)
        like = a.dtype == b.dtype and a.shape == b.shape
        return bool(shared and like and a.tobytes() == b.tobytes())
    if not isinstance(a, (list, dict, set, tuple, Thing)):
        return repr(a) == repr(b)
    if id(a) in pairs:
        return isinstance(a, tuple) or pairs[id(a)] == id(b)
    pairs[id(a)] = id(b)
    if isinstance(a, Thing):
        return _all(vars(a), vars(b), pairs)
    if isinstance(a, dict):
        return _all(a, b, pairs)
    if isinstance(a, set):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    return len(a) == len(b) and all(same(x, y, pairs) for x, y in zip(a, b, strict=True))


def _all(a: dict[Any, Any], b: dict[Any, Any], pairs: dict[int, int]) -> bool:
    return list(a) == list(b) and all(same(a[key], b[key], pairs) for key in a)
