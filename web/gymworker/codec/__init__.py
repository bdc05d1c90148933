"""Values of one Python as text and buffers, and back in the other Python, without loss.

    text, buffers = encode({"obs": np.zeros(4, np.float32), "rewards": 1.0})
    value = decode(text, buffers)

Runs on the page and in the worker. The text is JSON: `[value]` if the value is plain (None, bools,
ints, finite floats, strs, lists, dicts with str keys), else `[value, marks]`, where each mark says
what is to be made of one place in `value`. A mark is `[tag, path, ...]`; the path leads from the
outer list to the place, and marks are applied in order, inner places first. An array alone, as most
observations are, is `[place, dtype, shape]`. The marks:

    tag   at the place                                           becomes
    "t"   a list                                                 a tuple
    "d"   a list of [key, value]                                 a dict
    "f"   "nan", "inf" or "-inf"                                 a float
    "i"   hexadecimal digits                                     an int too long for decimal text
    "s"   a list of code points                                  a str with lone surrogates
    "b"   hexadecimal text, or the index of a buffer             bytes
    "a"   a flat list of numbers, hexadecimal text of the        an array; + dtype, shape
          elements' bytes, or the index of a buffer
    "n"   a number, or hexadecimal text of the element's bytes   a NumPy scalar; + dtype
    "o"   the index of a buffer                                  what stands there: a `Transfer`

So the reader of a plain value does nothing but parse JSON, which both Pythons do in C, and one with
a few arrays touches only those.

`encode_line` writes a dict for a file instead: one object of JSON, whose field `marks`, if there
are any, holds them, with paths from that object; nothing stands beside it.

Subclasses of the plain types (named tuples, OrderedDict, IntEnum) arrive as the plain type; a
member of another Enum cannot be sent, its value can. A dict arrives with all its items; a
MicroPython dict does not keep their order.
"""

import sys

from .arrays import numpy_side
from .decoder import decode, restore
from .encoder import INLINE_ITEMS, Transfer, encode, encode_line, refusal
from .light import Array
from .text import MAX_DEPTH, Written, plain_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "INLINE_ITEMS",
    "MAX_DEPTH",
    "Transfer",
    "Written",
    "decode",
    "encode",
    "encode_line",
    "joined",
    "refusal",
    "restore",
    "stacked",
    "written",
]


def stacked(values: "list[Any]", whole: bool = False) -> "Any":
    """What is to be written for a list of many like values: one NumPy array for small arrays.

    Args:
        values: not empty; item ``i`` of what is returned is ``values[i]``.
        whole: whether big arrays, which would be copied once more, and NumPy's scalars, which a
            page without NumPy would get as numbers, are stacked too.
    """
    found = numpy_side() if "numpy" in sys.modules else None
    return values if found is None else found.stacked(values, whole)


def joined(arrays: "list[Any]") -> "Any":
    """One ``uint8`` array with the elements of several, none of them empty."""
    found = numpy_side()
    if found is not None and not isinstance(arrays[0], Array):
        return found.joined(arrays)
    return Array.joined(arrays)


def written(value: "Any") -> "Written | None":
    """A plain value (None, bool, int, float and str in lists and dicts) as its document; else None.

    It is sent as the value is, and costs what sending it would have cost.
    """
    text = plain_text(value)
    return None if text is None else Written(text)
