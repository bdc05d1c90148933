r"""How a message stands in a text between the two Pythons. Runs everywhere.

A message is a head line and the document of what it carries, so that neither side reads more than
it needs: the page finds the request of a result in the head, and reads the result when somebody
looks at it. Steps, of which there are many, are written short.

    seedRng 7\n[{"seed":1}]     a request: its type, its id and its payload
    step 7 +\n[1]               a step: its actions; rendered (+) or not (-)
    batch 7 -\n[[1,0]]          a batch of steps: the actions of each
    7\n[{"obs": ...}]           the result of request 7
    7 2\n[{"obs": [...], ...}]  the results of a batch of two steps: a column for each field
    [{"type":"progress", ...}]  any other message, whole
"""

from .codec import decode, encode, stacked
from .errors import EncodeError, ProtocolError
from .protocol import BATCH, RESULT, STEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Drop = Callable[[EncodeError], bool]
    Buffers = list[Any] | tuple[()]

_RENDERS = {"+": True, "-": False}
_SHORT_INT = 1 << 30


class Steps(list):  # type: ignore[type-arg]  # MicroPython's list takes no parameter
    """The results of a batch of steps alone: dicts with the same fields."""


class Reply:
    """A result that has arrived, not yet read.

    Attributes:
        count: how many results it holds as columns, for a batch of steps; else None.
    """

    _value: "Any" = None

    def __init__(self, text: str, start: int, buffers: "Buffers", count: "int | None") -> None:
        self._text = text
        self._start = start  # of the document, in the text
        self._buffers = buffers
        self.count = count

    def value(self) -> "Any":
        """Read it: the result, or the results of a batch."""
        if self.count is None:
            return self._read()
        return [self.row(index) for index in range(self.count)]

    def row(self, index: int) -> "dict[str, Any]":
        """Read one of the results of a batch of steps."""
        return {name: column[index] for name, column in self._read().items()}

    def _read(self) -> "Any":
        if self._text:
            self._value = decode(self._text[self._start :], self._buffers)
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


def write_step(id: int, actions: "Any", render: bool) -> "tuple[str, list[Any] | tuple[()]]":
    """Return the text and the buffers of a step; see ``write_request``."""
    head = STEP + " " + str(id) + (" +\n" if render else " -\n")
    if type(actions) is int and -_SHORT_INT < actions < _SHORT_INT:
        return head + "[" + str(actions) + "]", ()
    text, buffers = encode(actions, name="actions")
    return head + text, buffers


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
    """Return the message that was written by one of the above, or one that is written whole.

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
        payload = _steps_payload(words[0], payload, _RENDERS[sign])
    return {"type": " ".join(words), "id": id, "payload": payload}


def _steps_payload(type: str, actions: "Any", render: bool) -> "dict[str, Any]":
    if type == STEP:
        return {"actions": actions, "render": render}
    return {
        "operations": [{"op": STEP, "params": {"actions": a, "render": render}} for a in actions]
    }


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
    if type(result) is Steps and result:
        columns = {name: stacked([step[name] for step in result]) for name in result[0]}
        try:
            text, buffers = encode(columns)
            return id + " " + str(len(result)) + "\n" + text, buffers
        except EncodeError:
            pass  # written whole, below, what cannot cross may be left out
    text, buffers = encode(result, drop=drop)
    return id + "\n" + text, buffers


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
