"""Observations and actions as what a recording keeps: checksums, and plain data. In the worker.

A recording is JSON. What JSON has not stands as an object with one marked key:

    {"$array": [0.0, 0.5], "dtype": "float32"}   a NumPy array
    {"$scalar": 0.5, "dtype": "float32"}         a NumPy scalar that is no integer and no bool
    {"$tuple": [1, 2]}                           a tuple
    {"$dict": [[1, 2]]}                          a dict with keys that are not all text
    {"$float": "nan"}                            nan, inf and -inf
"""

import json
import math
import zlib

from ...recording import checked_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def checksum(value: "Any", start: int = 0) -> int:
    """Return the CRC-32 of a value: of an array's bytes, of the text of anything else.

    Args:
        value: an observation: numbers, text, arrays, and tuples, lists and dicts of them.
        start: the checksum of what comes before it.
    """
    if hasattr(value, "dtype"):
        if getattr(value, "ndim", 0) == 0:
            return zlib.crc32(repr(value.item()).encode(), start)
        plain = value.flags.c_contiguous and value.dtype.kind in "biuf"
        return zlib.crc32(value if plain else value.tobytes(), start)
    if isinstance(value, dict):
        for key in value:
            start = checksum(value[key], zlib.crc32(repr(key).encode(), start))
        return start
    if isinstance(value, (list, tuple)):
        for item in value:
            start = checksum(item, start)
        return start
    if value is not None and not isinstance(value, (bool, int, float, complex, str, bytes)):
        raise TypeError(f"{type(value).__name__} is no number, text or array, nor made of them")
    return zlib.crc32(repr(value).encode("utf-8", "backslashreplace"), start)


def write_record(fields: "dict[str, Any]") -> str:
    """Return a record as one line of JSON."""
    record = {name: to_plain(value) for name, value in fields.items()}
    return json.dumps(record, separators=(",", ":"), allow_nan=False)


def checked(record: "Any") -> "dict[str, Any]":
    """Return a record with Python values, if it has what a replay needs."""
    return {name: from_plain(value) for name, value in checked_record(record).items()}


def to_plain(value: "Any") -> "Any":
    """Return a value as JSON has it; see the module's docstring.

    Raises:
        TypeError: it is nothing that a recording can keep.
    """
    kind = type(value)
    if kind in (int, bool, str) or value is None:
        return value
    if isinstance(value, float) and not hasattr(value, "dtype"):
        return float(value) if math.isfinite(value) else {"$float": str(value)}
    if hasattr(value, "dtype"):
        if getattr(value, "ndim", 0):
            return {"$array": to_plain(value.tolist()), "dtype": str(value.dtype)}
        if value.dtype.kind in "iub":
            return value.item()
        return {"$scalar": to_plain(value.item()), "dtype": str(value.dtype)}
    if isinstance(value, tuple):
        return {"$tuple": [to_plain(item) for item in value]}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        if all(isinstance(key, str) and key[:1] != "$" for key in value):
            return {key: to_plain(item) for key, item in value.items()}
        return {"$dict": [[to_plain(key), to_plain(item)] for key, item in value.items()]}
    if isinstance(value, (int, str)):  # an IntEnum, say
        return int(value) if isinstance(value, int) else str(value)
    raise TypeError(
        f"{type(value).__name__} cannot stand in a recording; numbers, text, arrays, and lists, "
        "tuples and dicts of them can"
    )


def from_plain(value: "Any") -> "Any":
    """Return what ``to_plain`` was given."""
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$float" in value:
        return float(value["$float"])
    if "$tuple" in value:
        return tuple(from_plain(item) for item in value["$tuple"])
    if "$dict" in value:
        return {from_plain(key): from_plain(item) for key, item in value["$dict"]}
    if "$array" in value or "$scalar" in value:
        import numpy

        dtype = numpy.dtype(value["dtype"])
        if "$array" in value:
            return numpy.array(from_plain(value["$array"]), dtype)
        return dtype.type(from_plain(value["$scalar"]))
    return {key: from_plain(item) for key, item in value.items()}
