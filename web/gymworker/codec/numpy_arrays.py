"""How the codec writes and reads NumPy's arrays and scalars; see `light.wire` for its twin."""

from typing import Any

import numpy as np

from ..errors import ProtocolError
from .light.buffers import memory

SMALL = 1024
"""Bytes up to which an array is stacked with others."""

# dtype -> (its name on the wire, whether its elements may stand as numbers in the text).
_names: dict[Any, tuple[str, bool]] = {}
_dtypes: dict[str, Any] = {}

joined = np.concatenate

_CANNOT = "numpy arrays of dtype {} cannot be sent; numbers, bools, fixed-width text and dates can"


def _describe(dtype: Any) -> tuple[str, bool]:
    """Raises TypeError for a dtype that cannot cross."""
    if dtype.kind not in "biufcUSmM" or dtype.char in "gG":
        raise TypeError(_CANNOT.format(dtype))
    little = dtype.byteorder != ">"
    named = dtype.kind in "biufc" and little
    found = _names[dtype] = (dtype.name if named else dtype.str, dtype.kind in "biuf" and little)
    return found


def _dtype(name: str) -> Any:
    dtype = _dtypes.get(name)
    if dtype is None:
        dtype = np.dtype(name)
        _describe(dtype)
        _dtypes[name] = dtype
    return dtype


def write_array(
    array: "np.ndarray[Any, Any]", most: int, careful: bool, buffers: list[Any] | None
) -> tuple[str, Any]:
    """The dtype's name and what stands for the elements: numbers, or their bytes.

    Args:
        array: What to write, of any layout.
        most: The largest number of elements for a flat list of numbers.
        careful: Whether nan and inf must not stand in a list.
        buffers: Takes the buffer with the bytes, which stands as its index; None writes the bytes
            as hexadecimal text, and ints as numbers, however many.
    """
    name, listable = _names.get(array.dtype) or _describe(array.dtype)
    few = array.size <= most or (buffers is None and array.dtype.kind != "f")
    if few and listable and not (careful and not np.isfinite(array).all()):
        return name, array.tolist() if array.ndim == 1 else array.ravel().tolist()
    if buffers is None:
        return name, array.tobytes().hex()
    buffers.append(memory().make(np.ascontiguousarray(array).reshape(-1).view(np.uint8)))
    return name, len(buffers) - 1


def stacked(values: list[Any], whole: bool) -> Any:
    """Arrays of one dtype and shape as one array, ``(len(values), ...)``; else ``values``.

    Args:
        values: not empty.
        whole: whether big arrays, which would be copied once more, and scalars are stacked too.
    """
    first = values[0]
    kind = type(first)
    if kind is np.ndarray:
        if not first.ndim or (first.nbytes > SMALL and not whole):
            return values
    elif not whole or not issubclass(kind, np.generic):
        return values
    dtype, shape = first.dtype, first.shape
    if dtype.kind not in "biufc" or dtype.char in "gG" or not dtype.isnative:
        return values
    for value in values:
        if type(value) is not kind or value.shape != shape:
            return values
        if value.dtype is not dtype and value.dtype != dtype:  # most are the same object
            return values
    return np.array(values)


def read_array(place: Any, name: str, shape: list[int], buffers: Any) -> Any:
    """The array of what stands in the text; over a buffer's own memory, writable if that is."""
    dtype = _dtype(name)
    if isinstance(place, list):
        array = np.array(place, dtype)
        return array if len(shape) == 1 and len(place) == shape[0] else array.reshape(shape)
    buffer = bytearray.fromhex(place) if isinstance(place, str) else memory().open(buffers[place])
    return np.ndarray(shape, dtype, _checked(buffer, dtype, shape))


def _checked(buffer: Any, dtype: Any, shape: list[int]) -> Any:
    expected = dtype.itemsize
    for length in shape:
        expected *= length
    if memoryview(buffer).nbytes != expected:
        raise ProtocolError(f"a buffer of {expected} bytes was expected for {dtype} {shape}")
    return buffer


def write_scalar(scalar: Any) -> tuple[str, Any]:
    """The dtype's name and a finite number, or the element's bytes as hexadecimal text."""
    name, listable = _names.get(scalar.dtype) or _describe(scalar.dtype)
    if listable:
        value = scalar.item()
        if value - value == 0:
            return name, value
    return name, scalar.tobytes().hex()


def read_scalar(place: Any, name: str) -> Any:
    """The scalar of what `write_scalar` gave."""
    dtype = _dtype(name)
    if isinstance(place, str):
        return np.ndarray((), dtype, bytes.fromhex(place))[()]
    return dtype.type(place)


def write_foreign(kind: type) -> str | None:
    """`array` or `scalar` for what the functions above write, else None."""
    if kind is np.ndarray:
        return "array"
    if issubclass(kind, np.generic) and not issubclass(kind, (str, bytes)):
        return "scalar"
    return None
