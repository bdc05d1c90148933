"""Plain values and arrays in one form of bytes each, the same in every Python. Runs in the worker.

See docs/snapshots.md for the rules. No form is the beginning of another one, so that forms can
stand one after the other.
"""

import hashlib
import math
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LENGTH = 16
"""Bytes of a digest."""

_SHORT = 48
_NAN = struct.pack("<d", math.nan)


def shortened(form: bytes) -> bytes:
    """Return the form of something composed: as it is while it is short, else its digest."""
    if len(form) <= _SHORT:
        return b"(%d:%b" % (len(form), form)
    return b"#" + hashlib.blake2b(form, digest_size=LENGTH).digest()


def form_of(value: "Any") -> bytes | None:
    """Return the form of a plain value or a NumPy scalar, None of anything else."""
    made = FORMS.get(type(value))
    if made is not None:
        return made(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return _form_of_scalar(value)
    return None


def form_of_array(array: "Any") -> bytes:
    """Return the form of an array whose elements are no objects."""
    if array.dtype.names:
        fields = [_text(name) + form_of_array(array[name]) for name in array.dtype.names]
        return shortened(b"V" + b"".join(fields))
    plain = _plain(array)
    head = f"a{dtype_name(array.dtype)}{array.shape}:".encode()
    data = plain.tobytes()
    if len(data) > _SHORT:
        data = hashlib.blake2b(data, digest_size=LENGTH).digest()
    return b"(%d:%b%b" % (len(head) + len(data), head, data)


def dtype_name(dtype: "Any") -> str:
    """Return what stands for a dtype: that of the platform's ints is everywhere the same."""
    if dtype.names:
        return str([(name, dtype_name(dtype[name])) for name in dtype.names])
    wide = dtype.kind in "iu" and dtype.itemsize == 4
    return f"<{dtype.kind}8" if wide else str(dtype.newbyteorder("<").str)


def _plain(array: "Any") -> "Any":
    """Return an array in little-endian order, with one kind of NaN, 64 bits for 32 of an int."""
    numpy = sys.modules["numpy"]
    plain = array.astype(dtype_name(array.dtype), order="C", copy=False)
    if plain.dtype.kind == "c":
        plain = plain.reshape(-1).view(f"<f{plain.dtype.itemsize // 2}")
    if plain.dtype.kind == "f" and plain.size:
        largest = plain.max()  # NaN if there is one
        if largest != largest:
            plain = numpy.where(numpy.isnan(plain), numpy.array(math.nan, plain.dtype), plain)
    return plain


def _form_of_scalar(value: "Any") -> bytes:
    kind = value.dtype.kind
    if kind in "iu":
        return _whole(int(value))
    if kind == "b":
        return _bool(bool(value))
    if kind == "f" and value.dtype.itemsize == 8:
        return _real(float(value))
    if kind == "c" and value.dtype.itemsize == 16:
        return _complex(complex(value))
    if kind == "U":
        return _text(str(value))
    if kind == "S":
        return _bytes(bytes(value))
    return b"n" + form_of_array(sys.modules["numpy"].asarray(value))


def _whole(value: int) -> bytes:
    return b"i%x;" % value if value >= 0 else b"i-%x;" % -value


def _bool(value: bool) -> bytes:
    return b"T" if value else b"F"


def _real(value: float) -> bytes:
    return b"f" + (struct.pack("<d", value) if value == value else _NAN)


def _complex(value: complex) -> bytes:
    return b"c" + _real(value.real) + _real(value.imag)


def _text(value: str) -> bytes:
    return _long(b"s", value.encode("utf-8", "surrogatepass"))


def _bytes(value: bytes) -> bytes:
    return _long(b"y", value)


def _long(kind: bytes, data: bytes) -> bytes:
    if len(data) > _SHORT:
        return kind.upper() + hashlib.blake2b(data, digest_size=LENGTH).digest()
    return b"%b%d:%b" % (kind, len(data), data)


FORMS: "dict[type, Callable[[Any], bytes]]" = {
    type(None): lambda value: b"N",
    bool: _bool,
    int: _whole,
    float: _real,
    complex: _complex,
    str: _text,
    bytes: _bytes,
    bytearray: lambda value: b"B" + _bytes(bytes(value)),
    type(...): lambda value: b"E",
    type(NotImplemented): lambda value: b"I",
}
