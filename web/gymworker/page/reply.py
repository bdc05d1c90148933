"""Results that have arrived, read when somebody looks; see ``envelope``. Runs on the page."""

from ..codec import decode
from ..envelope import OTHERS, PLACES
from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..envelope import Buffers


class Reply:
    """A result that has arrived, not yet read.

    Args:
        text: the message, which begins with a head.
        buffers: beside it.

    Attributes:
        id: of its request.

    Raises:
        ProtocolError: the head has no id.
    """

    _others: "Any" = None

    def __init__(self, text: str, buffers: "Buffers") -> None:
        self._text = text
        self._buffers = buffers
        try:
            self._end = text.index(" ")  # of the id
            self.id = int(text[: self._end])
            return
        except ValueError:
            pass
        raise ProtocolError("expected a head with an id, got " + repr(text[:80]))

    def rows(self) -> "Rows | None":
        """Return the results of a batch of steps; None if it is anything else."""
        start = self._end + 1
        if not self._text[start : start + 1].isdigit():
            return None
        return Rows(self._text[start:], self._buffers)

    def value(self) -> "Any":
        """Read it: the result, or the results of a batch."""
        rows = self.rows()
        return self.fields() if rows is None else [rows.fields(i) for i in range(rows.count)]

    def fields(self, row: None = None) -> "Any":
        """Read all fields, or whatever it is."""
        others = self._read_others()
        if not self._has_fields():
            return others
        found = dict(others)
        for name, place in PLACES.items():
            document = self._document(place)
            if document:
                found[name] = decode(document, self._buffers)
        return found

    def field(self, name: str, row: None = None) -> "Any":
        """Read a field.

        Raises:
            KeyError: there is no such field.
        """
        if name in PLACES and self._has_fields():
            document = self._document(PLACES[name])
            if document:
                return decode(document, self._buffers)
        return self._read_others()[name]

    def _has_fields(self) -> bool:
        return self._text.startswith("+", self._end + 1)

    def _read_others(self) -> "Any":
        """Read what no field has for itself, once."""
        if self._others is None:
            some = self._has_fields()
            document = self._document(OTHERS if some else 1)
            self._others = {} if some and not document else decode(document, self._buffers)
        return self._others

    def _document(self, number: int) -> str:
        text, start = self._text, self._end
        for _ in range(number):
            start = text.find("\n", start) + 1
        end = text.find("\n", start)
        return text[start:] if end < 0 else text[start:end]


class Rows:
    """The results of a batch of steps, not yet read.

    Args:
        text: their number, the names of their fields, and the documents.
        buffers: beside it.

    Attributes:
        count: how many.
    """

    def __init__(self, text: str, buffers: "Buffers") -> None:
        head, *self._documents = text.split("\n")
        count, *names = head.split(" ")
        self.count = int(count)
        self._buffers = buffers
        self._places: dict[str, tuple[str, int]] = {}  # how the values stand there, and where
        self._columns: dict[str, Any] = {}
        place = 0
        for name in names:
            kind = name[-1] if name[-1] in "=*" else ""
            self._places[name[:-1] if kind else name] = (kind, place)
            place += self.count if kind == "*" else 1

    def fields(self, row: int) -> "dict[str, Any]":
        """Read all fields of a result."""
        return {name: self.field(name, row) for name in self._places}

    def field(self, name: str, row: int) -> "Any":
        """Read a field of a result.

        Raises:
            KeyError: there is no such field.
        """
        kind, place = self._places[name]
        if kind:
            document = self._documents[place + row if kind == "*" else place]
            return decode(document, self._buffers)
        if name not in self._columns:
            self._columns[name] = decode(self._documents[place], self._buffers)
        return self._columns[name][row]
