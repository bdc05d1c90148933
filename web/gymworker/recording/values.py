"""Values of a recording: checksums of observations, like values as one, version 1. Everywhere."""

from binascii import crc32

from ..codec import stacked
from ..codec.light import Array, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Unfit(TypeError):
    """A value without a checksum."""

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self.path = ""


def checksum(value: "Any", start: int = 0) -> int:
    """Return the CRC-32 of a value: of an array's bytes, of the text of anything else.

    The items of a dict count in the order that it has. What Python shows by its address, and a set,
    whose order is nobody's promise, have none.

    Args:
        value: an observation: numbers, text, arrays, and tuples, lists and dicts of them.
        start: the checksum of what comes before it.

    Raises:
        TypeError: there is something in the value that is not the same in the next run; it names
            the type and the path to it.
    """
    try:
        return _checksum(value, start)
    except _Unfit as error:
        kind, path = error.kind.__name__, error.path
    raise TypeError(
        "obs" + path + ": " + kind + " cannot be recorded; numbers, text, arrays, and tuples, lists"
        " and dicts of them can"
    )


def _checksum(value: "Any", start: int) -> int:
    if hasattr(value, "dtype"):
        return _checksum_of_array(value, start)
    if isinstance(value, dict):
        for key in value:
            start = _checksum_of_part(value[key], crc32(_text(key).encode(), start), key)
        return start
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            start = _checksum_of_part(item, start, index)
        return start
    return crc32(_text(value).encode("utf-8", "backslashreplace"), start)


def _checksum_of_part(value: "Any", start: int, key: "Any") -> int:
    try:
        return _checksum(value, start)
    except _Unfit as error:
        error.path = "[" + repr(key) + "]" + error.path
        raise


def _checksum_of_array(value: "Any", start: int) -> int:
    if not hasattr(value, "tobytes"):
        raise _Unfit(type(value))
    if value.dtype.hasobject:  # whose bytes are addresses
        return _checksum(value.tolist(), start)
    if value.ndim == 0:
        return crc32(repr(value.item()).encode(), start)
    plain = value.flags.c_contiguous and value.dtype.kind in "biuf"
    return crc32(value if plain else value.tobytes(), start)


def _text(value: "Any") -> str:
    text = repr(value)
    if isinstance(value, (str, bytes)):
        return text
    if isinstance(value, (set, frozenset)) or " at 0x" in text:
        raise _Unfit(type(value))
    return text


def stack(values: "list[Any]") -> "Any":
    """Return many like values as one: arrays as an array, dicts or tuples as columns.

    Returns:
        What ``unstack`` makes a list of again; the list itself where the values are not alike.
    """
    kinds = set(map(type, values))
    if len(kinds) != 1:
        return values
    kind = kinds.pop()
    first = values[0]
    if kind is dict and first:
        keys = list(first)
        if all(list(value) == keys for value in values):
            return {key: stack([value[key] for value in values]) for key in keys}
    elif kind is tuple and first:
        if all(len(value) == len(first) for value in values):
            return tuple([stack([value[i] for value in values]) for i in range(len(first))])
    elif hasattr(first, "dtype"):
        return stacked(values, True)
    return values


def unstack(column: "Any") -> "list[Any]":
    """Return the values that ``stack`` was given."""
    if isinstance(column, list):
        return column
    if isinstance(column, tuple):
        parts = [unstack(part) for part in column]
        return list(zip(*parts))  # noqa: B905 - MicroPython's takes no `strict`
    if isinstance(column, dict):
        keys = list(column)
        rows = unstack(tuple(column.values()))
        return [{key: row[index] for index, key in enumerate(keys)} for row in rows]
    if isinstance(column, Array) and column.ndim == 1:
        return [Scalar(column.dtype, item) for item in column]
    return list(column)


def from_version_1(value: "Any") -> "Any":
    """Return a value of a recording of version 1, which marked what JSON has not with a key.

    {"$array": [0.0, 0.5], "dtype": "float32"}   a NumPy array
    {"$scalar": 0.5, "dtype": "float32"}         a NumPy scalar that is no integer and no bool
    {"$tuple": [1, 2]}                           a tuple
    {"$dict": [[1, 2]]}                          a dict with keys that are not all text
    {"$float": "nan"}                            nan, inf and -inf
    """
    kind = type(value)
    if kind is list:
        return [from_version_1(item) for item in value]
    if kind is not dict:
        return value
    if "$float" in value:
        return float(value["$float"])
    if "$tuple" in value:
        return tuple([from_version_1(item) for item in value["$tuple"]])
    if "$dict" in value:
        return {from_version_1(key): from_version_1(item) for key, item in value["$dict"]}
    if "$array" in value:
        return array_of(from_version_1(value["$array"]), value["dtype"])
    if "$scalar" in value:
        return scalar_of(from_version_1(value["$scalar"]), value["dtype"])
    return {key: from_version_1(item) for key, item in value.items()}


def array_of(nested: "list[Any]", dtype: str) -> "Any":
    """Return an array of nested lists of numbers: NumPy's where there is NumPy."""
    try:
        import numpy
    except ImportError:
        return Array.from_list(nested, dtype)
    return numpy.array(nested, dtype)


def scalar_of(value: "Any", dtype: str) -> "Any":
    """Return a NumPy scalar, or the one of a page without NumPy."""
    try:
        import numpy
    except ImportError:
        return Scalar(dtype, value)
    return numpy.dtype(dtype).type(value)
