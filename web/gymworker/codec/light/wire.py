"""How the codec writes and reads arrays without NumPy; see `codec.numpy_arrays` for its twin."""

import math

from ...errors import ProtocolError
from .array import Array, item_count
from .buffers import memory
from .dtype import dtype_of
from .scalar import Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def write_array(
    array: Array, most: int, careful: bool, buffers: "list[Any] | None"
) -> "tuple[str, Any]":
    """The dtype's name and what stands for the elements: numbers, or their bytes.

    Args:
        array: What to write.
        most: The largest number of elements for a flat list of numbers.
        careful: Whether nan and inf must not stand in a list.
        buffers: Takes the buffer with the bytes, which stands as its index; None writes the bytes
            as hexadecimal text, and ints as numbers, however many.
    """
    kind = dtype_of(array.dtype)
    items, buffer = array.wire()
    if items is None and buffers is None and kind.plain is not None:
        items = array.flat()
    if items is not None:
        few = len(items) <= most or (buffers is None and kind.whole)
        listable = few and kind.width == 1 and kind.little
        if listable and not (careful and not all(map(math.isfinite, items))):
            return array.dtype, items
    if buffers is None:
        return array.dtype, array.tobytes().hex()
    if buffer is None:
        assert items is not None
        buffer = memory().make(kind.pack(items))
    buffers.append(buffer)
    return array.dtype, len(buffers) - 1


def read_array(place: "Any", name: str, shape: "list[int]", buffers: "Any") -> Array:
    """The array of what stands in the text; elements in a buffer are not looked at."""
    dtype_of(name)
    if type(place) is list and len(shape) == 1 and len(place) == shape[0]:
        return Array(name, (len(place),), place)
    for length in shape:
        if type(length) is not int or length < 0:
            raise ProtocolError("a shape is a list of lengths, not " + repr(shape))
    if isinstance(place, list):
        if len(place) != item_count(tuple(shape)):
            raise ProtocolError("the elements of an array do not fill its shape")
        return Array(name, tuple(shape), place)
    if isinstance(place, str):
        return Array.from_buffer(memory().make(bytes.fromhex(place)), name, tuple(shape))
    return Array(name, tuple(shape), None, buffers[place])


def write_scalar(scalar: Scalar) -> "tuple[str, Any]":
    """The dtype's name and a finite number, or the element's bytes as hexadecimal text."""
    if scalar.bits:
        return scalar.dtype, scalar.bits
    value = scalar.value
    if isinstance(value, complex) or not math.isfinite(value):
        data = dtype_of(scalar.dtype).pack([value])
        return scalar.dtype, data.hex()
    return scalar.dtype, value


def read_scalar(place: "Any", name: str) -> Scalar:
    """The scalar of what `write_scalar` gave."""
    kind = dtype_of(name)
    if isinstance(place, str):
        data = bytes.fromhex(place)
        return Scalar(name, data if kind.plain is None else kind.unpack(data)[0], place)
    return Scalar(name, place)


def write_foreign(kind: type) -> "str | None":
    """`array` or `scalar` for what the functions above write, else None."""
    if issubclass(kind, Array):
        return "array"
    return "scalar" if issubclass(kind, Scalar) else None
