"""What an object consists of, for whoever walks through a state. Runs in the worker.

``parts`` takes one object apart, as pickle would. What it holds comes in one of three shapes, which
say what in their order counts.
"""

import copyreg
import types
from collections import OrderedDict
from enum import Enum
from itertools import chain

from .atoms import FORMS, dtype_name, form_of
from .places import by_name, content_of, data_of, module_name
from .reductions import reduced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .wrappers import Wrappers

ROW, NAMED, LOOSE = "row", "named", "loose"
"""A row of values in order; pairs of a key and a value in any order; values in any order."""

DEEPEST = 200
"""Levels of objects within objects. A browser's stack holds some more of pickle's recursion."""

ITEM, ATTRIBUTE = "item", "attribute"
"""What a key of ``NAMED`` is."""

EMPTY: "dict[type, Any]" = {dict: {}, list: [], tuple: ()}

_PICTURES = frozenset(("Surface", "Clock", "Font", "SysFont", "Sound"))
"""Classes of pygame (and one of ours) whose objects show something and decide nothing."""

_WATCHES = {
    "Box": ("low_repr", "high_repr"),
    "OrderEnforcing": ("_has_rendered",),
    "PassiveEnvChecker": ("checked_render", "close_called"),
    "RecordEpisodeStatistics": ("episode_start_time", "time_queue"),
}
"""What Gymnasium's classes keep of the time of day, of pictures, and of having been printed."""

_EPISODE = {"r", "l", "t"}
"""What they write into ``info["episode"]``: its return, its length and the time that it took."""


class Parts:
    """What an object consists of.

    Attributes:
        label: its type, and what else tells it from others by itself.
        shape: of ``items``: ``ROW``, ``NAMED`` or ``LOOSE``.
        items: what it holds.
        keys: what the keys of ``NAMED`` are.
    """

    __slots__ = ("items", "keys", "label", "shape")

    def __init__(
        self, label: str, shape: str = ROW, items: "Any" = (), keys: str = ATTRIBUTE
    ) -> None:
        self.label, self.shape, self.items, self.keys = label, shape, items, keys


def parts(value: "Any", wrappers: "Wrappers") -> Parts:
    """Take an object apart that is no plain value.

    Args:
        value: the object.
        wrappers: of the environment that it belongs to.

    Raises:
        Exception: whatever its ``__reduce_ex__`` raises where it cannot be saved.
    """
    kind = type(value)
    if kind is dict:
        items = list(value.items())
        if "episode" in value:
            items = [(key, _untimed(held) if key == "episode" else held) for key, held in items]
        return Parts("dict", NAMED, items, ITEM)
    if kind is list or kind is tuple:
        return Parts(kind.__name__, ROW, value)
    if kind is set or kind is frozenset:
        return Parts(kind.__name__, LOOSE, list(value))
    if (place := wrappers.own.get(id(value))) is not None:
        return Parts(_name(kind), NAMED, [("get_state()", wrappers.state_of(place))])
    found = _SPECIAL.get(kind)
    if found is not None:
        taken: Parts = found(value)
        return taken
    if isinstance(value, type):
        if by_name(value):
            return Parts("type " + _name(value))
        return Parts("type " + _name(value), NAMED, list(data_of(value).items()))
    if isinstance(value, Enum):
        return Parts(f"{_name(kind)}.{value.name}")
    module = kind.__module__
    if module.startswith("numpy"):
        if kind.__name__ == "ndarray":  # of objects, or it would be plain
            return Parts(f"array {value.shape}", ROW, value.ravel().tolist())
        if kind.__name__ == "Generator":
            return Parts(_name(kind), NAMED, [("bit_generator", value.bit_generator)])
        if kind.__name__ == "RandomState":
            return Parts(_name(kind), NAMED, [("state", value.get_state(legacy=False))])
        if kind.__name__ == "SeedSequence":
            return Parts(_name(kind), NAMED, list(value.state.items()))
        if hasattr(value, "seed_seq"):  # a bit generator
            held = [("state", value.state), ("seed_seq", value.seed_seq)]
            return Parts(_name(kind), NAMED, held)
        if kind.__name__.endswith("DType"):
            return Parts("dtype " + dtype_name(value))
    if (name := module_name(value)) is not None:
        return Parts("module " + name)
    return _reduced(value, kind, wrappers)


def _untimed(episode: "Any") -> "Any":
    """Return what an info says of an episode, without the time that it took."""
    if type(episode) is dict and episode.keys() == _EPISODE:
        return {key: value for key, value in episode.items() if key != "t"}
    return episode


def is_picture(value: "Any", levels: int = 3) -> bool:
    """Tell whether an object shows something and decides nothing, or holds such objects alone.

    Args:
        value: the object. Among what it holds may be None and empty places too.
        levels: of lists and dicts of such objects, at most.
    """
    kind = type(value)
    if kind is dict or kind is list or kind is tuple:
        found = False
        for item in (value.values() if kind is dict else value) if levels else ():
            if item is not None and not is_empty(item):
                if not is_picture(item, levels - 1):
                    return False
                found = True
        return found
    top = kind.__module__.partition(".")[0]
    return kind.__name__ in _PICTURES and top in ("pygame", "gymworker")


def is_nothing(value: "Any") -> bool:
    """Tell whether an attribute might as well not be there: it is None, empty, or a picture.

    An environment makes its pictures when it is rendered at first. Before it has None in their
    place, an empty dict or list, or nothing at all.
    """
    return value is None or is_empty(value) or is_picture(value)


def is_empty(value: "Any") -> bool:
    """Tell whether it is an empty dict, list or tuple."""
    return type(value) in EMPTY and not value


def _is_plain_array(value: "Any") -> bool:
    return type(value).__name__ == "ndarray" and not value.dtype.hasobject


def check_depth(root: "Any", wrappers: "Wrappers") -> None:
    """Look whether objects lie in one another too deeply for pickle, which would end Pyodide.

    Raises:
        RecursionError: they do.
        Exception: whatever ``parts`` raises.
    """
    seen: set[int] = set()
    kept = []  # what was made on the way: ids stay theirs
    levels: list[Iterator[Any]] = [iter([root])]
    while levels:
        for item in levels[-1]:
            kind = type(item)
            if kind in FORMS or id(item) in seen:
                continue
            seen.add(id(item))
            if kind is dict:
                levels.append(chain(item, item.values()))
            elif kind is list or kind is tuple:
                levels.append(iter(item))
            elif form_of(item) is None and not is_picture(item) and not _is_plain_array(item):
                taken = parts(item, wrappers)
                kept.append(taken.items)
                named = taken.shape == NAMED
                levels.append(chain.from_iterable(taken.items) if named else iter(taken.items))
            if len(levels) > DEEPEST:
                raise RecursionError("the state is nested too deeply")
            break
        else:
            levels.pop()


def _reduced(value: "Any", kind: type, wrappers: "Wrappers") -> Parts:
    """Take any other object apart, as pickle does it."""
    reduce = copyreg.dispatch_table.get(kind)
    found: Any = reduce(value) if reduce is not None else reduced(value)
    if isinstance(found, str):
        return Parts(f"{_name(kind)} {found}")
    make, args, state, row, pairs = (*found, None, None, None)[:5]
    items: list[Any] = []
    if make is copyreg.__newobj__:  # type: ignore[attr-defined]
        args = args[1:]
    else:
        items.append(("made by", make))
    if isinstance(value, (set, frozenset)):
        items.append(("its items", set(value)))
    elif args:
        items.append(("made of", args))
    slots = type(state) is tuple and len(state) == 2 and type(state[1]) is dict
    for part in state if slots else (state,):
        if type(part) is dict:
            items += part.items()
        elif part is not None:
            items.append(("its state", part))
    if row is not None:
        items.append(("its items", list(row)))
    if pairs is not None:
        items.append(("its pairs", dict(pairs)))
        if isinstance(value, OrderedDict):
            items.append(("its order", list(value)))
    left = (*wrappers.skips.get(id(value), ()), *_WATCHES.get(kind.__name__, ()))
    if left:
        items = [item for item in items if item[0] not in left]
    return Parts(_name(kind), NAMED, items)


def _function(value: "Any") -> Parts:
    label = f"function {value.__module__}.{value.__qualname__}"
    if by_name(value):
        return Parts(label)
    code = value.__code__
    cells = map(content_of, value.__closure__ or ())
    held = [
        ("defaults", value.__defaults__),
        ("keyword defaults", value.__kwdefaults__),
        *vars(value).items(),
        *zip(code.co_freevars, cells, strict=True),
    ]
    return Parts(f"{label}:{code.co_firstlineno}", NAMED, held)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


_SPECIAL: "dict[type, Any]" = {
    types.FunctionType: _function,
    types.CellType: lambda value: Parts("cell", ROW, [content_of(value)]),
    types.MethodType: lambda value: Parts(
        "method", NAMED, [("__func__", value.__func__), ("__self__", value.__self__)]
    ),
}
