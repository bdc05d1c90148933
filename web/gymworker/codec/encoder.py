"""The writing half of the codec; see `codec` for the format."""

import json
import math
import sys

from ..errors import EncodeError
from .array import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Path = tuple[Any, ...]

MAX_DEPTH = 32
"""How many containers may stand in one another; MicroPython's stack holds little more."""

INLINE_ITEMS = 16
"""Arrays of up to this many elements, and bytes of up to 64 times as many, stand in the text."""

_MICROPYTHON = sys.implementation.name == "micropython"
_ATOMS: "frozenset[type]" = frozenset((str, int, float, bool, type(None)))
_KEYS = frozenset((str,))
# CPython refuses to read or write ints of more than 4300 decimal digits (14284 bits).
_LONG_INT = 1 << 14000
_LONG_TEXT = 4300
_LEFT_OUT = object()
_CAN = (
    " cannot be sent; None, bool, int, float, str, bytes, list, tuple, dict, NumPy arrays of"
    " numbers and NumPy scalars can"
)


class Transfer:
    """A JavaScript object that moves to the other side, which gets the object itself.

    Attributes:
        object: what postMessage can transfer, such as an OffscreenCanvas.
    """

    def __init__(self, object: "Any") -> None:
        self.object = object


def encode(
    value: "Any", *, name: str = "", drop: "Callable[[EncodeError], bool] | None" = None
) -> "tuple[str, list[Any]]":
    """Writes a value as JSON text and buffers.

    Args:
        value: What to write.
        name: What to call the value in errors; empty if the paths are to start with its keys.
        drop: Asked once about each value that cannot be sent. If it returns true, the value is left
            out of its list, tuple or dict; else the error is raised.

    Returns:
        The text, and the buffers beside it: flat uint8 NumPy arrays or bytes (which the value may
        still share, so they are to be copied at once); on a page, ArrayBuffers (which may be those
        of an `Array` that was received, so they are to be posted without transferring them); a
        `Transfer` for what is to be transferred.

    Raises:
        EncodeError: Something in the value cannot be sent.
    """
    if _MICROPYTHON:
        plain = _plain_text(value)
        if plain:
            return plain, []
    dropped: dict[Path, bool] = {}
    try:
        try:
            writer = _Writer(name, drop, dropped, False)
            return _dumps_checked(writer.document(value)), writer.buffers
        except _LookCloser:
            pass
        writer = _Writer(name, drop, dropped, True)
        return _dumps(writer.document(value)), writer.buffers
    except RuntimeError:
        pass  # the stack is at its end; raised below, as MicroPython cannot chain exceptions
    raise EncodeError((), "is nested too deeply to be sent", name)


class _LookCloser(Exception):
    """The value holds something rare: nan, inf, a very long int, a lone surrogate, a cycle."""


class _Writer:
    """One walk over a value; `careful` looks at every number and str too."""

    def __init__(
        self,
        name: str,
        drop: "Callable[[EncodeError], bool] | None",
        dropped: "dict[Path, bool]",
        careful: bool,
    ) -> None:
        self.buffers: list[Any] = []
        self._name = name
        self._drop = drop
        self._dropped = dropped
        self._careful = careful
        self._atoms: frozenset[type] = frozenset() if careful else _ATOMS
        self._marks: list[Any] = []
        self._open: set[int] = set()

    def document(self, value: "Any") -> "list[Any]":
        """What is to be written as JSON."""
        root = self._write(value, (), (0,))
        return [root, self._marks] if self._marks else [root]

    def _write(self, value: "Any", keys: "Path", path: "Path") -> "Any":
        """What stands in the text for `value`; adds the marks that it needs.

        Args:
            value: What to write.
            keys: Where it is for people: the keys and indices that lead to it.
            path: Where it is in the document.
        """
        kind = type(value)
        if kind in self._atoms:
            return value
        tag, side = _tags.get(kind) or _find_tag(kind)
        if tag == "dict" or tag == "list" or tag == "tuple":
            if self._careful or len(keys) >= MAX_DEPTH:
                return self._guarded(value, tag, keys, path)
            return self._dict(value, keys, path) if tag == "dict" else self._list(value, keys, path)
        if tag == "array" or tag == "scalar":
            return self._number(value, tag, side, keys, path)
        if tag == "bytes":
            return self._bytes(value, path)
        if tag == "transfer":
            self._marks.append(("o", path))
            self.buffers.append(value)
            return len(self.buffers) - 1
        if tag == "atom":
            return self._atom(value, path) if self._careful else value
        return self._refuse(kind.__name__ + _CAN, keys)

    def _guarded(self, value: "Any", tag: str, keys: "Path", path: "Path") -> "Any":
        """A container, if it is not one of those that it stands in, nor too deep in them."""
        if not self._careful:
            raise _LookCloser
        if id(value) in self._open:
            return self._refuse(type(value).__name__ + " cannot be sent: it contains itself", keys)
        if len(keys) >= MAX_DEPTH:
            return self._refuse(f"is nested too deeply to be sent; {MAX_DEPTH} levels can", keys)
        self._open.add(id(value))
        made = self._dict(value, keys, path) if tag == "dict" else self._list(value, keys, path)
        self._open.remove(id(value))
        return made

    def _dict(self, value: "dict[Any, Any]", keys: "Path", path: "Path") -> "Any":
        atoms = self._atoms
        if _KEYS.issuperset(map(type, value)) and atoms.issuperset(map(type, value.values())):
            return value  # most are so, and this looks at them in C
        out = value  # copied when the first item in it needs to be written differently
        careful = self._careful
        marks, buffers = len(self._marks), len(self.buffers)
        for key, item in value.items():
            if type(key) is not str or (careful and _has_surrogate(key)):
                self._forget(marks, buffers)
                return self._pairs(value, keys, path)
            if type(item) not in atoms:
                made = self._write(item, keys + (key,), path + (key,))
                if made is not item:
                    if out is value:
                        out = dict(value)
                    if made is _LEFT_OUT:
                        del out[key]
                    else:
                        out[key] = made
        return out

    def _pairs(self, value: "dict[Any, Any]", keys: "Path", path: "Path") -> "Any":
        out: list[Any] = []
        for key, item in value.items():
            here, at = keys + (key,), path + (len(out),)
            marks, buffers = len(self._marks), len(self.buffers)
            pair = [self._write(key, here, at + (0,)), self._write(item, here, at + (1,))]
            if pair[0] is _LEFT_OUT or pair[1] is _LEFT_OUT:
                self._forget(marks, buffers)
            else:
                out.append(pair)
        self._marks.append(("d", path))
        return out

    def _forget(self, marks: int, buffers: int) -> None:
        """Takes back what was noted since there were so many marks and buffers."""
        del self._marks[marks:]
        del self.buffers[buffers:]

    def _list(self, value: "Any", keys: "Path", path: "Path") -> "Any":
        atoms = self._atoms
        # A list is copied when the first item in it needs to be written differently.
        out = value if isinstance(value, list) else list(value)
        if out is value and atoms.issuperset(map(type, value)):
            return value
        left_out = 0
        for index, item in enumerate(value):
            if type(item) not in atoms:
                at = index - left_out
                made = self._write(item, keys + (index,), path + (at,))
                if made is not item:
                    if out is value:
                        out = list(value)
                    if made is _LEFT_OUT:
                        del out[at]
                        left_out += 1
                    else:
                        out[at] = made
        if not isinstance(value, list):
            self._marks.append(("t", path))
        return out

    def _number(self, value: "Any", tag: str, side: "Any", keys: "Path", path: "Path") -> "Any":
        try:
            if tag == "scalar":
                dtype, place = side.write_scalar(value)
                self._marks.append(("n", path, dtype))
            else:
                dtype, place = side.write_array(value, INLINE_ITEMS, self._careful, self.buffers)
                self._marks.append(("a", path, dtype, value.shape))
        except TypeError as error:
            return self._refuse(str(error), keys)
        return place

    def _bytes(self, value: bytes, path: "Path") -> "str | int":
        self._marks.append(("b", path))
        if len(value) <= INLINE_ITEMS * 64:
            return value.hex()
        self.buffers.append(memory().make(value))
        return len(self.buffers) - 1

    def _atom(self, value: "Any", path: "Path") -> "Any":
        """A number or str that JSON text may not hold."""
        if isinstance(value, str):
            if _has_surrogate(value):
                self._marks.append(("s", path))
                return [ord(letter) for letter in value]
        elif isinstance(value, float):
            if not math.isfinite(value):
                self._marks.append(("f", path))
                return repr(float(value))
        elif isinstance(value, int) and not -_LONG_INT < value < _LONG_INT:
            self._marks.append(("i", path))
            return hex(value)
        return value

    def _refuse(self, reason: str, keys: "Path") -> "Any":
        error = EncodeError(keys, reason, self._name)
        if keys and self._drop is not None:
            if keys not in self._dropped:
                self._dropped[keys] = self._drop(error)
            if self._dropped[keys]:
                return _LEFT_OUT
        raise error


# type -> (how to write it, the module that does). Types of arrays are found when they first come.
_tags: "dict[type, tuple[str, Any]]" = {
    dict: ("dict", None),
    list: ("list", None),
    tuple: ("tuple", None),
    bytes: ("bytes", None),
    Transfer: ("transfer", None),
}
for _kind in _ATOMS:
    _tags[_kind] = ("atom", None)


def _find_tag(kind: type) -> "tuple[str, Any]":
    """How to write a type that is not in the table; ("", None) for one that cannot be sent."""
    found: tuple[str, Any] = ("", None)
    for side in _sides():
        tag = side.write_foreign(kind)
        if tag:
            found = (tag, side)
    if not found[0]:
        for base, tag in ((dict, "dict"), (list, "list"), (tuple, "tuple"), (bytes, "bytes")):
            if issubclass(kind, base):
                found = (tag, None)
        if issubclass(kind, (str, int, float)):
            found = ("atom", None)
    if found[1]:
        _tags[kind] = found
    return found


def _sides() -> "list[Any]":
    """The modules that write arrays here; NumPy's only where NumPy is in use already."""
    from . import light_arrays

    if "numpy" in sys.modules:
        from . import numpy_arrays

        return [numpy_arrays, light_arrays]
    return [light_arrays]


if _MICROPYTHON:

    def _has_surrogate(text: str) -> bool:
        data = text.encode()
        at = data.find(b"\xed")
        while at >= 0:
            if data[at + 1] >= 0xA0:
                return True
            at = data.find(b"\xed", at + 1)
        return False

    def _dumps(document: "Any") -> str:
        return json.dumps(document)

    def _dumps_checked(document: "Any") -> str:
        # MicroPython writes bare nan and inf, and long ints, without an error.
        text = json.dumps(document)
        if "nan" in text or "inf" in text or _may_be_long(text) or _has_surrogate(text):
            raise _LookCloser
        return text

    def _may_be_long(text: str) -> bool:
        """Whether a number in the text may have more digits than CPython reads."""
        return len(text) > _LONG_TEXT and max(map(len, text.split(","))) > _LONG_TEXT

    def _plain_text(value: "Any") -> "str | None":
        """The text of a plain value, else None, by functions written in C alone.

        Tuples, keys that are no strs, nan and foreign objects do not come back as they were.
        """
        document = [value]
        try:
            text = json.dumps(document)
            if json.loads(text) != document or _may_be_long(text) or _has_surrogate(text):
                return None
        except (ValueError, RuntimeError):
            return None
        return text

else:

    def _has_surrogate(text: str) -> bool:
        try:
            text.encode()
        except UnicodeEncodeError:
            return True
        return False

    _json = json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
    )

    def _dumps(document: "Any") -> str:
        return _json.encode(document)

    def _dumps_checked(document: "Any") -> str:
        try:
            text = _dumps(document)
            if not text.isascii():
                text.encode()  # does not take lone surrogates
        except ValueError:
            raise _LookCloser from None
        return text
