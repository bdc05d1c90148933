"""The reading half of the codec; see `codec` for the format."""

from ..errors import ProtocolError
from .arrays import reader
from .light.buffers import memory
from .text import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def decode(text: str, buffers: "list[Any] | tuple[Any, ...]" = ()) -> "Any":
    """Reads what `encode` wrote.

    Args:
        text: The text.
        buffers: The buffers beside it, in order, as the `Memory` in use has them. NumPy's arrays
            share them where that is possible.

    Raises:
        ProtocolError: The text or the buffers are not from `encode`.
    """
    # MicroPython knows no chaining of exceptions, so the raise stands outside.
    try:
        document = loads(text)
        size = len(document) if type(document) is list else 0
        if size == 2:
            _apply(document[1], document, buffers)
        elif size == 3:
            return _array(document[0], document[1], document[2], buffers)
        elif size != 1:
            raise ProtocolError("a JSON list of one to three items was expected")
        return document[0]
    except ProtocolError:
        raise
    except Exception as error:
        problem = repr(error)
    raise ProtocolError("the text cannot be decoded: " + problem)


def restore(fields: "dict[str, Any]") -> "dict[str, Any]":
    """Reads what `encode_line` wrote, given what its JSON says; `fields` itself is changed.

    Raises:
        ProtocolError: The marks are not from `encode_line`.
    """
    try:
        _apply(fields.pop("marks", ()), fields, ())
        return fields
    except ProtocolError:
        raise
    except Exception as error:
        problem = repr(error)
    raise ProtocolError("the marks do not fit: " + problem)


def _apply(marks: "Any", root: "Any", buffers: "Any") -> None:
    """Makes of each place that a mark names what it says."""
    for mark in marks:
        path = mark[1]
        key = path.pop()
        node = root
        for step in path:
            node = node[step]
        node[key] = _readers[mark[0]](node[key], mark, buffers)


def _array(place: "Any", dtype: str, shape: "list[int]", buffers: "Any") -> "Any":
    if type(place) is not list and type(place) is not str:
        _check_index(place, buffers)
    return reader().read_array(place, dtype, shape, buffers)


def _read_scalar(place: "Any", mark: "list[Any]", buffers: "Any") -> "Any":
    return reader().read_scalar(place, mark[2])


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
    "a": lambda place, mark, buffers: _array(place, mark[2], mark[3], buffers),
    "n": _read_scalar,
    "o": _read_transferred,
}
