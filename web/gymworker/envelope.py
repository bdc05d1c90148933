r"""How a message stands in a text between the two Pythons. Runs everywhere.

A message is a head line and documents of what it carries, so that neither side reads more than it
needs: the page finds the request of a result in the head, and reads the result, or one row of it,
when somebody looks at it.

    seedRng 7\n[{"seed":1}]        a request: its type, its id and its payload
    batch 7 -\n[[1,0]]             a batch of steps: the actions of each; rendered (+) or not (-)
    7\n[{"obs": ...}]              the result of request 7
    7 2\n[{"rewards": [1.0,0.5]}]\n[{"render_state": ...}]\n[{"render_state": ...}]
                                   the results of a batch of two steps: a document of columns for
                                   fields of short values, and one a step for the others, if any
    [{"type":"progress", ...}]     any other message, whole
"""

from .codec import decode, encode, stacked
from .errors import EncodeError, ProtocolError
from .protocol import BATCH, RESULT, STEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Buffers = list[Any] | tuple[()]

_RENDERS = {"+": True, "-": False}
_SHORT = frozenset((int, float, bool, str, type(None)))


class Steps(list):  # type: ignore[type-arg]  # MicroPython's list takes no parameter
    """The results of a batch of steps alone: dicts with the same fields."""


class Reply:
    """A result that has arrived, not yet read.

    Attributes:
        count: how many results it holds as rows, for a batch of steps; else None.
    """

    _value: "Any" = None

    def __init__(self, text: str, start: int, buffers: "Buffers", count: "int | None") -> None:
        self._text = text
        self._start = start  # of the documents, in the text
        self._buffers = buffers
        self._rows: list[str] = []
        self.count = count

    def value(self) -> "Any":
        """Read it: the result, or the results of a batch."""
        if self.count is None:
            return self._read()
        return [self.row(index) for index in range(self.count)]

    def row(self, index: int) -> "dict[str, Any]":
        """Read one of the results of a batch of steps."""
        fields = {name: column[index] for name, column in self._read().items()}
        if self._rows:
            fields.update(decode(self._rows[index], self._buffers))
        return fields

    def _read(self) -> "Any":
        """Read the document at the start, once."""
        if self._text:
            document = self._text[self._start :]
            if self.count is not None:
                document, *self._rows = document.split("\n")
            self._value = decode(document, self._buffers)
            self._text = ""
        return self._value


def write_request(type: str, id: int, payload: "Any") -> "tuple[str, list[Any]]":
    """Return the text and the buffers of a request.

    Raises:
        EncodeError: something in the payload cannot cross.
    """
    if type == BATCH:
        short = _steps_alone(payload)
        if short is not None:
            text, buffers = encode(short[0], name="actions")
            return BATCH + " " + str(id) + short[1] + text, buffers
    text, buffers = encode(payload, name="payload")
    return type + " " + str(id) + "\n" + text, buffers


def _steps_alone(payload: "Any") -> "tuple[list[Any], str] | None":
    """Return the actions of a batch in which every operation is a step, and the end of its head."""
    actions = []
    renders = []
    try:
        for operation in payload["operations"]:
            params = operation["params"]
            if operation["op"] != STEP or len(operation) != 2 or len(params) > 2:
                return None
            actions.append(params["actions"])
            renders.append(params["render"] if len(params) == 2 else True)
    except (KeyError, TypeError):  # whatever it is, the worker will say so
        return None
    if not actions or type(renders[0]) is not bool or renders.count(renders[0]) < len(renders):
        return None
    return actions, " +\n" if renders[0] else " -\n"


def read_request(text: str, buffers: "Buffers") -> "Any":
    """Return the message that was written by ``write_request``, or one that is written whole.

    Raises:
        ProtocolError: it is neither.
    """
    if text[:1] == "[":
        return decode(text, buffers)
    head, separator, document = text.partition("\n")
    words = head.split(" ")
    sign = words.pop() if words[-1] in _RENDERS else ""
    if not separator or not words[-1].isdigit():
        raise ProtocolError("expected a head with a type and an id, got " + repr(head[:80]))
    id = int(words.pop())
    payload = decode(document, buffers)
    if sign:
        render = _RENDERS[sign]
        steps = [{"op": STEP, "params": {"actions": a, "render": render}} for a in payload]
        payload = {"operations": steps}
    return {"type": " ".join(words), "id": id, "payload": payload}


def write_message(message: "dict[str, Any]") -> "tuple[str, list[Any]]":
    """Return the text and the buffers of what the worker says.

    Args:
        message: as ``protocol`` says.

    Raises:
        EncodeError: something in it cannot cross; its keys lead there from the message.
    """
    if message.get("type") != RESULT:  # a value alone is only checked
        return encode(message)
    id, result = str(message["id"]), message["result"]
    buffers: list[Any] = []
    if type(result) is Steps and result:
        return id + " " + str(len(result)) + "\n" + _write_steps(result, buffers), buffers
    return id + "\n" + _write(result, buffers, ("result",)), buffers


def _write_steps(steps: Steps, buffers: "list[Any]") -> str:
    columns = {}
    others = []
    for name in steps[0]:
        values = [step[name] for step in steps]
        column = stacked(values)
        if column is not values or _are_short(values):
            columns[name] = column
        else:
            others.append(name)
    documents = [encode(columns, buffers=buffers)[0]]
    if others:
        for index, step in enumerate(steps):
            row = {name: step[name] for name in others}
            documents.append(_write(row, buffers, ("result", index)))
    return "\n".join(documents)


def _are_short(values: "list[Any]") -> bool:
    kinds = set(map(type, values))
    return kinds <= _SHORT or (kinds == {dict} and not any(values))


def _write(value: "Any", buffers: "list[Any]", place: "tuple[Any, ...]") -> str:
    """Return the text of a part of a message; an error has the keys of its place in that."""
    try:
        return encode(value, buffers=buffers)[0]
    except EncodeError as error:
        keys = place + error.keys
        reason = error.reason
    raise EncodeError(keys, reason)


def read_result(text: str, buffers: "Buffers") -> "tuple[int, Reply] | None":
    """Return the id and the result of a text that has a head, or None if it has none.

    Raises:
        ProtocolError: the head is no id.
    """
    if text[:1] == "[":
        return None
    end = text.find("\n")
    try:
        return int(text[: max(end, 0)]), Reply(text, end + 1, buffers, None)
    except ValueError:
        pass
    words = text[: max(end, 0)].split(" ")
    if len(words) != 2 or not words[0].isdigit() or not words[1].isdigit():
        raise ProtocolError("expected a head with an id, got " + repr(text[:80]))
    return int(words[0]), Reply(text, end + 1, buffers, int(words[1]))
