"""Results that have arrived, read when somebody looks; see ``envelope``. Runs on the page."""

from ..codec import decode
from ..envelope import OTHERS, PLACES
from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
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

    _documents: "Sequence[str]" = ()  # the head, and those of the fields, or of the one value
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
        found = self._read_others()
        documents = self._documents
        if len(documents) <= OTHERS:
            return found
        found = dict(found)
        for name, place in PLACES.items():
            if documents[place]:
                found[name] = decode(documents[place], self._buffers)
        return found

    def field(self, name: str, row: None = None) -> "Any":
        """Read a field.

        Raises:
            KeyError: there is no such field.
        """
        documents = self._documents or self._split()
        place = PLACES.get(name)
        if place is not None and len(documents) > OTHERS and documents[place]:
            return decode(documents[place], self._buffers)
        return self._read_others()[name]

    def _read_others(self) -> "Any":
        """Read what no field has for itself, once."""
        if self._others is None:
            documents = self._documents or self._split()
            document = documents[-1] if len(documents) > 1 else ""
            some = len(documents) > OTHERS
            self._others = {} if some and not document else decode(document, self._buffers)
        return self._others

    def _split(self) -> "Sequence[str]":
        self._documents = self._text.split("\n")
        return self._documents


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
