"""Values of one Python as text and buffers, and back in the other Python, without loss.

    text, buffers = encode({"obs": np.zeros(4, np.float32), "rewards": 1.0})
    value = decode(text, buffers)

Runs on the page and in the worker. The text is JSON: `[value]` if the value is plain (None, bools,
ints, finite floats, strs, lists, dicts with str keys), else `[value, marks]`, where each mark says
what is to be made of one place in `value`. A mark is `[tag, path, ...]`; the path leads from the
outer list to the place, and marks are applied in order, inner places first:

    tag   at the place                                           becomes
    "t"   a list                                                 a tuple
    "d"   a list of [key, value]                                 a dict
    "f"   "nan", "inf" or "-inf"                                 a float
    "i"   hexadecimal digits                                     an int too long for decimal text
    "s"   a list of code points                                  a str with lone surrogates
    "b"   hexadecimal text, or the index of a buffer             bytes
    "a"   a flat list of numbers, or the index of a buffer       an array; + dtype, shape
    "n"   a number, or hexadecimal text of the element's bytes   a NumPy scalar; + dtype
    "o"   the index of a buffer                                  what stands there: a `Transfer`

So the reader of a plain value does nothing but parse JSON, which both Pythons do in C, and one with
a few arrays touches only those.

Subclasses of the plain types (named tuples, OrderedDict, IntEnum) arrive as the plain type. A dict
arrives with all its items; a MicroPython dict does not keep their order.
"""

import json
import sys

from ..errors import ProtocolError
from .array import memory
from .encoder import INLINE_ITEMS, MAX_DEPTH, Transfer, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["INLINE_ITEMS", "MAX_DEPTH", "Transfer", "decode", "encode", "stacked"]

_reader: "Any" = None


def decode(text: str, buffers: "list[Any] | tuple[Any, ...]" = ()) -> "Any":
    """Reads what `encode` wrote.

    Args:
        text: The text.
        buffers: The buffers beside it, in order: for NumPy anything with the buffer protocol (the
            arrays share it), else what the `Memory` in use reads.

    Raises:
        ProtocolError: The text or the buffers are not from `encode`.
    """
    # MicroPython knows no chaining of exceptions, so the raise stands outside.
    try:
        document = json.loads(text)
        if type(document) is not list or not 1 <= len(document) <= 2:
            raise ProtocolError("a JSON list [value] or [value, marks] was expected")
        if len(document) == 1:
            return document[0]
        root = document[:1]
        for mark in document[1]:
            path = mark[1]
            key = path.pop()
            node = root
            for step in path:
                node = node[step]
            node[key] = _readers[mark[0]](node[key], mark, buffers)
        return root[0]
    except ProtocolError:
        raise
    except Exception as error:
        problem = repr(error)
    raise ProtocolError("the text cannot be decoded: " + problem)


def stacked(values: "list[Any]") -> "Any":
    """What is to be written for a list of many like values: one NumPy array for small arrays.

    Args:
        values: not empty; item ``i`` of what is returned is ``values[i]``.
    """
    if "numpy" not in sys.modules:
        return values
    from .numpy_arrays import stacked

    return stacked(values)


def _read_array(place: "Any", mark: "list[Any]", buffers: "Any") -> "Any":
    if type(place) is not list:
        _check_index(place, buffers)
    return (_reader or _arrays()).read_array(place, mark[2], mark[3], buffers)


def _read_scalar(place: "Any", mark: "list[Any]", buffers: "Any") -> "Any":
    return (_reader or _arrays()).read_scalar(place, mark[2])


def _read_bytes(place: "Any", mark: "list[Any]", buffers: "Any") -> bytes:
    if type(place) is str:
        return bytes.fromhex(place)
    _check_index(place, buffers)
    buffer = buffers[place]
    return memory().read(buffer, 0, memory().size(buffer))


def _read_transferred(place: "Any", mark: "list[Any]", buffers: "Any") -> "Any":
    _check_index(place, buffers)
    return buffers[place]


def _check_index(index: "Any", buffers: "Any") -> None:
    if type(index) is not int or not 0 <= index < len(buffers):
        raise ProtocolError("there is no buffer " + repr(index) + " of " + str(len(buffers)))


_readers: "dict[str, Callable[[Any, list[Any], Any], Any]]" = {
    "t": lambda place, mark, buffers: tuple(place),
    "d": lambda place, mark, buffers: dict(place),
    "f": lambda place, mark, buffers: float(place),
    "i": lambda place, mark, buffers: int(place, 16),
    "s": lambda place, mark, buffers: "".join([chr(point) for point in place]),
    "b": _read_bytes,
    "a": _read_array,
    "n": _read_scalar,
    "o": _read_transferred,
}


def _arrays() -> "Any":
    """The module that makes arrays: NumPy's where there is NumPy."""
    global _reader
    if _reader is None:
        from . import light_arrays

        if sys.implementation.name == "micropython":
            _reader = light_arrays
            return _reader
        try:
            from . import numpy_arrays
        except ImportError:  # not remembered: NumPy may be installed later
            return light_arrays
        _reader = numpy_arrays
    return _reader
