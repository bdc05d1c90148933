r"""How a message stands in a text between the two Pythons. Runs everywhere.

A message is a head line and the document of what it carries, so that neither side reads more than
it needs: the page finds the request of a result in the head, and reads the result when somebody
looks at it.

    step 7\n[{"actions":1}]     a request: its type, its id and its payload
    7\n[{"obs": ...}]           the result of request 7
    7*\n[...]\n[...]            the results of a batch, a document each
    [{"type":"progress", ...}]  any other message, whole
"""

from .codec import decode, encode
from .errors import EncodeError, ProtocolError
from .protocol import RESULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Drop = Callable[[EncodeError], bool]
    Buffers = list[Any] | tuple[()]


class Batch(list):  # type: ignore[type-arg]  # MicroPython's list takes no parameter
    """The results of a batch, each of which is a document of its own."""


class Reply:
    """A result that has arrived, not yet read.

    Attributes:
        many: whether it is that of a batch.
    """

    def __init__(self, text: str, buffers: "Buffers" = (), many: bool = False) -> None:
        self._text = text
        self._buffers = buffers
        self.many = many

    def value(self) -> "Any":
        """Read it."""
        if self.many:
            return [part.value() for part in self.parts()]
        return decode(self._text, self._buffers)

    def parts(self) -> "list[Reply]":
        """The results of a batch, each not yet read."""
        return [Reply(line) for line in self._text.split("\n")] if self._text else []


def write_request(type: str, id: int, payload: "Any") -> "tuple[str, list[Any]]":
    """Return the text and the buffers of a request.

    Raises:
        EncodeError: something in the payload cannot cross.
    """
    text, buffers = encode(payload, name="payload")
    return type + " " + str(id) + "\n" + text, buffers


def read_request(text: str, buffers: "Buffers") -> "Any":
    """Return the message that ``write_request`` wrote, or one that is written whole.

    Raises:
        ProtocolError: it is neither.
    """
    if text[:1] == "[":
        return decode(text, buffers)
    head, separator, document = text.partition("\n")
    type, _, id = head.rpartition(" ")
    if not separator or not id.isdigit():
        raise ProtocolError("expected a head with a type and an id, got " + repr(head[:80]))
    return {"type": type, "id": int(id), "payload": decode(document, buffers)}


def write_message(message: "dict[str, Any]", drop: "Drop | None" = None) -> "tuple[str, list[Any]]":
    """Return the text and the buffers of what the worker says.

    Args:
        message: as ``protocol`` says.
        drop: asked about each value that cannot cross; true leaves it out.

    Raises:
        EncodeError: something in it cannot cross.
    """
    if message["type"] != RESULT:
        return encode(message, drop=drop)
    id, result = str(message["id"]), message["result"]
    if isinstance(result, Batch):
        lines = _write_lines(result, drop)
        if lines is not None:
            return id + "*\n" + lines, []
        result = list(result)
    text, buffers = encode(result, drop=drop)
    return id + "\n" + text, buffers


def read_result(text: str, buffers: "Buffers") -> "tuple[int, Reply] | None":
    """Return the id and the result of a text that has a head, or None if it has none.

    Raises:
        ProtocolError: the head is no id.
    """
    if text[:1] == "[":
        return None
    head, separator, document = text.partition("\n")
    many = head[-1:] == "*"
    id = head[:-1] if many else head
    if not separator or not id.isdigit():
        raise ProtocolError("expected a head with an id, got " + repr(head[:80]))
    return int(id), Reply(document, buffers, many)


def _write_lines(results: "Batch", drop: "Drop | None") -> "str | None":
    """Return a document a line, or None if one needs buffers, which are numbered for all."""
    lines = []
    for index, result in enumerate(results):
        try:
            text, buffers = encode(result, drop=drop)
        except EncodeError as error:
            raise EncodeError((index,) + error.keys, error.reason) from None
        if buffers:
            return None
        lines.append(text)
    return "\n".join(lines)
