"""Values for a page in JavaScript: what becomes plain objects and typed arrays. Runs in the worker.

The lossless codec is for the Python page. Here a tuple becomes an Array, a key a string, a float a
number; an array of one dimension becomes a typed array, a small one of more dimensions an Array of
those, as Pyodide's ``toJs`` does it. A large one would be thousands of Arrays: it becomes ``{data,
shape, dtype}`` with all its elements in one typed array, in C order.
"""

import json

from ...codec import MAX_DEPTH, Written, refusal
from ...errors import EncodeError
from ..text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LARGE = 1024
"""Elements from which on an array of several dimensions is one typed array."""

ATOMS = (str, int, float, bool, type(None), bytes)


def plain(value: "Any", path: "tuple[Any, ...]" = ()) -> "Any":
    """Return ``value`` made of what crosses as plain objects.

    Args:
        value: what to send.
        path: where the value is, for the error.

    Raises:
        EncodeError: a value cannot be sent.
    """
    if type(value) in ATOMS:
        return value
    if len(path) > MAX_DEPTH:
        raise EncodeError(path, f"is nested too deeply to be sent; {MAX_DEPTH} levels can")
    if isinstance(value, dict):
        return {str(key): plain(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, Written):
        return json.loads(value)[0]
    if isinstance(value, Text):
        return str(value)
    if hasattr(value, "dtype"):
        return _from_numpy(value, path)
    if isinstance(value, (str, int, float, bytes)):
        return value
    kind = type(value).__name__ + " cannot be sent to a JavaScript page"
    raise EncodeError(path, refusal(value) or kind)


def _from_numpy(value: "Any", path: "tuple[Any, ...]") -> "Any":
    """Return a NumPy scalar as a number, an array as one that a typed array can hold."""
    kind = value.dtype.kind
    if kind not in "biuf":
        raise EncodeError(path, f"arrays of {value.dtype} cannot be sent to a JavaScript page")
    if value.ndim == 0:
        return value.item()
    half = value.dtype.itemsize == 2 and kind == "f"
    wanted = "float32" if half else value.dtype.newbyteorder("=")
    made = value.astype(wanted, order="C", copy=False)
    if value.ndim == 1 or value.size < LARGE:
        return made
    return {"data": made.reshape(-1), "shape": list(value.shape), "dtype": value.dtype.name}
