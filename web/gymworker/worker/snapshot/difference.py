"""Where two states differ, and what in a state cannot be saved: paths for people. In the worker."""

import sys
from collections import deque

from .atoms import form_of
from .graph import ATTRIBUTE, LOOSE, NAMED, is_nothing, parts
from .places import OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .digest import Digests
    from .wrappers import Wrappers


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()
"""Stands for a value that only one of two states has."""

_LONGEST = 200
"""Characters of a path that somebody may want to read."""

_TOP = {"obs": "the last observation", "random": "random", "numpy": "numpy.random", "game": "game"}


def difference(
    a: "Any", b: "Any", forms: "tuple[Digests, Digests]", layers: "tuple[Wrappers, Wrappers]"
) -> str | None:
    """Return the first difference of two states: its path and both values; None if they are equal.

    Of those that there are it is the one with the fewest steps from the top, and of these the first
    in the order of the first state. The last observation and the shared generators come last.

    Args:
        a: the root of one state.
        b: of the other one.
        forms: of the objects of each.
        layers: the wrappers of each.
    """
    steps, others = dict(_top(a)), dict(_top(b))
    last = list(_TOP.values())
    for group in [[step for step in steps | others if step not in last], last]:
        pending = deque(
            (step, steps.get(step, MISSING), others.get(step, MISSING)) for step in group
        )
        found = _first(pending, forms, layers)
        if found is not None:
            return found
    return None


def _first(
    pending: "deque[tuple[str, Any, Any]]",
    forms: "tuple[Digests, Digests]",
    layers: "tuple[Wrappers, Wrappers]",
) -> str | None:
    """Return the first difference of pairs of values, each with its path, and what they hold."""
    seen = set()
    kept = []  # what was made on the way: ids stay theirs
    while pending:
        path, first, second = pending.popleft()
        kept.append((first, second))
        if (id(first), id(second)) in seen or forms[0].form(first) == forms[1].form(second):
            continue
        seen.add((id(first), id(second)))
        place = _first_element(first, second)
        if place is not None:
            return _told(path + str(list(place)), first[place], second[place])
        if _is_leaf(first) or _is_leaf(second):
            return _told(path, first, second)
        one, other = parts(first, layers[0]), parts(second, layers[1])
        if (one.label, one.shape) != (other.label, other.shape) or one.shape == LOOSE:
            return _told(path, first, second)
        steps = dict(_steps(path, first, one, layers[0]))
        others = dict(_steps(path, second, other, layers[1]))
        for step in steps | others:
            pair = steps.get(step, MISSING), others.get(step, MISSING)
            if one.keys == ATTRIBUTE and all(p is MISSING or is_nothing(p) for p in pair):
                continue
            pending.append((step, *pair))
    return None


def culprit(
    root: "Any", layers: "Wrappers", problem: "Callable[[Any], str | None]"
) -> "tuple[str, str]":
    """Return the path of what in a state cannot be saved, and why.

    Args:
        root: of the state.
        layers: the wrappers.
        problem: tries to save a value, and returns why it cannot be; None if it can.
    """
    path, value, why = "", root, problem(root) or "unknown"
    seen = {id(value)}
    while len(path) < _LONGEST:
        try:
            steps = list(_steps(path, value, parts(value, layers), layers))
        except Exception:
            return path, why
        for step, item in steps:
            found = None if id(item) in seen or form_of(item) is not None else problem(item)
            if found is not None:
                path, value, why = step, item, found
                seen.add(id(item))
                break
        else:
            break
    return path, why


def _steps(
    path: str, value: "Any", taken: "Any", layers: "Wrappers"
) -> "Iterator[tuple[str, Any]]":
    """Yield the path of each part of an object, and the part."""
    if not path:
        yield from _top(value)
    elif taken.shape != NAMED:
        for number, item in enumerate(taken.items):
            yield f"{path}[{number}]", item
    elif taken.keys != ATTRIBUTE:
        for key, item in taken.items:
            yield f"{path}[{key!r:.80}]", item
    else:
        for name, item in taken.items:
            if item is layers.chain[-1] and item is not layers.chain[0]:
                yield "env.unwrapped", item
            else:
                yield f"{path}.{name}" if name.isidentifier() else f"{path}.<{name}>", item


def _top(root: "Any") -> "Iterator[tuple[str, Any]]":
    """Yield what is at the top of a state, under the names that its author knows."""
    yield "env", root["env"]
    for name, module in root["modules"].items():
        for path, value in _in_module(module):
            if value is not root["env"]:
                yield path if name == OWN else f"{name}.{path}", value
    for name, said in _TOP.items():
        yield said, root[name]


def _in_module(module: "Any") -> "Iterator[tuple[str, Any]]":
    """Yield what a module of a state holds, by the path within it."""
    yield from module["variables"].items()
    for name, values in module["classes"].items():
        for attribute, value in values.items():
            yield f"{name}.{attribute}", value
    for name, (defaults, keywords, attributes, held) in module["functions"].items():
        function = name.partition(":")[0]
        yield f"{function}.__defaults__", defaults
        yield f"{function}.__kwdefaults__", keywords
        for inner in (attributes, held):
            for variable, value in inner.items():
                yield f"{function}.{variable}", value


def _first_element(first: "Any", second: "Any") -> "tuple[int, ...] | None":
    """Return the place of the first elements in which two like arrays differ."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(first) is not numpy.ndarray or type(second) is not numpy.ndarray:
        return None
    if first.shape != second.shape or first.dtype != second.dtype or not first.ndim:
        return None
    if first.dtype.names:
        apart = first != second
    else:
        apart = (first != second) & ~((first != first) & (second != second))
        if first.dtype.kind == "f":
            apart |= numpy.signbit(first) != numpy.signbit(second)
    return tuple(numpy.argwhere(apart)[0].tolist()) if apart.any() else None


def _is_leaf(value: "Any") -> bool:
    if value is MISSING or form_of(value) is not None:
        return True
    return type(value).__name__ == "ndarray" and not value.dtype.hasobject


def _told(path: str, first: "Any", second: "Any") -> str:
    return f"{path}: {_text(first)} then {_text(second)}"


def _text(value: "Any") -> str:
    if hasattr(value, "dtype") and not getattr(value, "ndim", 0):  # a scalar of NumPy's
        value = value.item()
    return f"{value!r:.80}"
