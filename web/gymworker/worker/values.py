"""Values that stay as they are when the environment reuses its arrays. Runs in the worker."""

import copy

from ..codec import MAX_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ATOMS = frozenset((bool, int, float, str, bytes, type(None)))
"""Types of values that nobody can change; ``kept`` returns them as they are."""


def kept(value: "Any", depth: int = 0) -> "Any":
    """Return a value that stays as it is when the environment writes into its arrays again.

    Args:
        value: arrays, and dicts, lists, tuples and sets of them, of any subclass. Anything else is
            returned as it is, and so is what stands deeper than a message can hold.
        depth: how many containers it stands in.
    """
    kind = type(value)
    if kind in ATOMS or depth > MAX_DEPTH:
        return value
    deeper = depth + 1
    if kind is dict:
        return {k: v if type(v) in ATOMS else kept(v, deeper) for k, v in value.items()}
    if kind is list or kind is tuple:
        return kind([v if type(v) in ATOMS else kept(v, deeper) for v in value])
    if hasattr(value, "dtype"):
        return value.copy()
    if isinstance(value, tuple):
        items = [kept(item, deeper) for item in value]
        return kind._make(items) if hasattr(kind, "_make") else tuple(items)
    if isinstance(value, (dict, list, set, bytearray)):
        found: Any = copy.copy(value)
        if isinstance(value, dict):
            for key, item in value.items():
                found[key] = kept(item, deeper)
        elif isinstance(value, list):
            found[:] = [kept(item, deeper) for item in value]
        return found
    return value
