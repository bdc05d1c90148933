"""The writing half of the codec; see `codec` for the format."""

import json
import math
import sys

from ..errors import EncodeError
from .arrays import writers
from .light.buffers import memory
from .text import (
    ATOMS,
    LONG_INT,
    MAX_DEPTH,
    LookCloser,
    Written,
    dumps,
    dumps_checked,
    has_surrogate,
    plain_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Path = tuple[Any, ...]

INLINE_ITEMS = 16
"""Arrays of up to this many elements, and bytes of up to 64 times as many, stand in the text."""

_KEYS = frozenset((str,))
_CAN = (
    " cannot be sent; None, bool, int, float, str, bytes, list, tuple, dict, NumPy arrays of"
    " numbers and NumPy scalars can"
)


def refusal(value: "Any") -> str:
    """Return why a member of an Enum cannot be sent, and what to do; "" for anything else."""
    enum = sys.modules.get("enum")  # MicroPython has none
    if enum is None or not isinstance(value, enum.Enum):
        return ""
    member: str = type(value).__name__ + "." + value.name
    return (
        member + " cannot be sent, as only its own code knows the Enum: use its value, " + member
        + ".value, or an IntEnum, which is sent as an int"
    )  # fmt: skip


class Transfer:
    """A JavaScript object that moves to the other side, which gets the object itself.

    Attributes:
        object: what postMessage can transfer, such as an OffscreenCanvas.
    """

    def __init__(self, object: "Any") -> None:
        self.object = object


def encode(
    value: "Any", *, name: str = "", buffers: "list[Any] | None" = None
) -> "tuple[str, list[Any]]":
    """Writes a value as JSON text and buffers.

    Args:
        value: What to write.
        name: What to call the value in errors; empty if the paths are to start with its keys.
        buffers: Those of what was written before, if they are to travel together.

    Returns:
        The text, and the buffers beside it: flat uint8 NumPy arrays or bytes (which the value may
        still share, so they are to be copied at once); on a page, ArrayBuffers (which may be those
        of an `Array` that was received, so they are to be posted without transferring them); a
        `Transfer` for what is to be transferred.

    Raises:
        EncodeError: Something in the value cannot be sent.
    """
    if buffers is None:
        buffers = []
    tag, side = _tags.get(type(value), _UNKNOWN)
    text = _array_text(value, side, buffers) if tag == "array" else plain_text(value)
    return text or _text(value, name, buffers), buffers


def encode_line(fields: "dict[str, Any]", *, name: str = "") -> str:
    """Writes a dict as one line of JSON, an object with nothing beside it.

    Args:
        fields: What to write; its keys are strs, and none is "marks".
        name: What to call it in errors.

    Raises:
        EncodeError: Something in it cannot be written.
    """
    return _text(fields, name, None)


def _array_text(value: "Any", side: "Any", buffers: "list[Any]") -> "str | None":
    """The document of an array; None if that needs a closer look."""
    try:
        dtype, place = side.write_array(value, INLINE_ITEMS, False, buffers)
        return dumps_checked([place, dtype, value.shape])
    except (TypeError, LookCloser):
        return None


def _text(value: "Any", name: str, buffers: "list[Any] | None") -> str:
    before = len(buffers or ())
    try:
        try:
            return dumps_checked(_Writer(name, buffers, False).document(value))
        except LookCloser:
            if buffers:
                del buffers[before:]
        return dumps(_Writer(name, buffers, True).document(value))
    except RuntimeError:
        pass  # the stack is at its end; raised below, as MicroPython cannot chain exceptions
    raise EncodeError((), "is nested too deeply to be sent", name)


class _Writer:
    """One walk over a value; `careful` looks at every number and str too."""

    def __init__(self, name: str, buffers: "list[Any] | None", careful: bool) -> None:
        self._buffers = buffers  # None if nothing may stand beside the text
        self._name = name
        self._careful = careful
        self._atoms: frozenset[type] = frozenset() if careful else ATOMS
        self._marks: list[Any] = []
        self._open: set[int] = set()

    def document(self, value: "Any") -> "Any":
        """What is to be written as JSON."""
        if self._buffers is None:
            line = self._write(value, (), ())
            return dict(line, marks=self._marks) if self._marks else line
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
        if tag == "atom":
            return self._atom(value, path) if self._careful else value
        if tag == "written":
            return self._write(json.loads(value)[0], keys, path)
        if tag == "transfer" and self._buffers is not None:
            self._marks.append(("o", path))
            self._buffers.append(value)
            return len(self._buffers) - 1
        raise self._refused(refusal(value) or kind.__name__ + _CAN, keys)

    def _guarded(self, value: "Any", tag: str, keys: "Path", path: "Path") -> "Any":
        """A container, if it is not one of those that it stands in, nor too deep in them."""
        if not self._careful:
            raise LookCloser
        if id(value) in self._open:
            raise self._refused(type(value).__name__ + " cannot be sent: it contains itself", keys)
        if len(keys) >= MAX_DEPTH:
            raise self._refused(f"is nested too deeply to be sent; {MAX_DEPTH} levels can", keys)
        self._open.add(id(value))
        made = self._dict(value, keys, path) if tag == "dict" else self._list(value, keys, path)
        self._open.remove(id(value))
        return made

    def _dict(self, value: "dict[Any, Any]", keys: "Path", path: "Path") -> "Any":
        atoms = self._atoms
        if not _KEYS.issuperset(map(type, value)) or (self._careful and _surrogate_in(value)):
            return self._pairs(value, keys, path)
        if atoms.issuperset(map(type, value.values())):
            return value  # most are so, and this looks at them in C
        out = value  # copied when the first item in it needs to be written differently
        for key, item in value.items():
            if type(item) not in atoms:
                made = self._write(item, keys + (key,), path + (key,))
                if made is not item:
                    if out is value:
                        out = dict(value)
                    out[key] = made
        return out

    def _pairs(self, value: "dict[Any, Any]", keys: "Path", path: "Path") -> "Any":
        out: list[Any] = []
        for key, item in value.items():
            here, at = keys + (key,), path + (len(out),)
            out.append([self._key(key, here, at + (0,)), self._write(item, here, at + (1,))])
        self._marks.append(("d", path))
        return out

    def _key(self, key: "Any", keys: "Path", path: "Path") -> "Any":
        """A key of a dict; what cannot be sent in a part of it is at fault as a whole."""
        try:
            return self._write(key, keys, path)
        except EncodeError as error:
            reason = error.reason
        raise self._refused(reason, keys)

    def _list(self, value: "Any", keys: "Path", path: "Path") -> "Any":
        atoms = self._atoms
        # A list is copied when the first item in it needs to be written differently.
        out = value if isinstance(value, list) else list(value)
        if out is value and atoms.issuperset(map(type, value)):
            return value
        for index, item in enumerate(value):
            if type(item) not in atoms:
                made = self._write(item, keys + (index,), path + (index,))
                if made is not item:
                    if out is value:
                        out = list(value)
                    out[index] = made
        if not isinstance(value, list):
            self._marks.append(("t", path))
        return out

    def _number(self, value: "Any", tag: str, side: "Any", keys: "Path", path: "Path") -> "Any":
        try:
            if tag == "scalar":
                dtype, place = side.write_scalar(value)
                self._marks.append(("n", path, dtype))
            else:
                dtype, place = side.write_array(value, INLINE_ITEMS, self._careful, self._buffers)
                self._marks.append(("a", path, dtype, value.shape))
            return place
        except TypeError as error:
            reason = str(error)
        raise self._refused(reason, keys)

    def _bytes(self, value: bytes, path: "Path") -> "str | int":
        self._marks.append(("b", path))
        if self._buffers is None or len(value) <= INLINE_ITEMS * 64:
            return value.hex()
        self._buffers.append(memory().make(value))
        return len(self._buffers) - 1

    def _atom(self, value: "Any", path: "Path") -> "Any":
        """A number or str that JSON text may not hold."""
        if isinstance(value, str):
            if has_surrogate(value):
                self._marks.append(("s", path))
                return [ord(letter) for letter in value]
        elif isinstance(value, float):
            if not math.isfinite(value):
                self._marks.append(("f", path))
                return repr(float(value))
        elif isinstance(value, int) and not -LONG_INT < value < LONG_INT:
            self._marks.append(("i", path))
            return hex(value)
        return value

    def _refused(self, reason: str, keys: "Path") -> EncodeError:
        return EncodeError(keys, reason, self._name)


_UNKNOWN: "tuple[str, Any]" = ("", None)

# type -> (how to write it, the module that does). Types of arrays are found when they first come.
_tags: "dict[type, tuple[str, Any]]" = {
    dict: ("dict", None),
    list: ("list", None),
    tuple: ("tuple", None),
    bytes: ("bytes", None),
    Transfer: ("transfer", None),
    Written: ("written", None),
}
for _kind in ATOMS:
    _tags[_kind] = ("atom", None)


def _find_tag(kind: type) -> "tuple[str, Any]":
    """How to write a type that is not in the table; ("", None) for one that cannot be sent."""
    found = _UNKNOWN
    for side in writers():
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


def _surrogate_in(value: "dict[str, Any]") -> bool:
    return any(map(has_surrogate, value))
