r"""How a message stands in a text between the two Pythons. Runs everywhere.

A message is a head line and documents of what it carries, so that neither side reads more than it
needs: the page finds the request of a result in the head, and reads a field of the result, or of
one row of it, when somebody looks at it.

    seedRng 7\n[{"seed":1}]        a request: its type, its id and its payload
    step 7 +\n[1]                  a step: its actions; rendered (+) or not (-)
    batch 7 -\n[[1,0]]             a batch of steps: the actions of each
    7\n["any value"]               the result of request 7
    7 obs -\n[...]\n[{...}]        the result of a step: a document for each field that is named,
                                   and one (-) for the others
    7 2 obs infos= render_state*\n[...]\n[{}]\n[...]\n[...]
                                   the results of a batch of two steps: for each field a document of
                                   the values of all, or (=) of the value that all have, or (*) a
                                   document a step
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
_REST = "-"
_ATOMS = frozenset((int, float, bool, str, type(None)))
_FIELDS = frozenset(("obs", "rewards", "terminateds", "truncateds", "infos", "render_state"))
_SURE = frozenset((int, bool, str, type(None)))
_LONG = frozenset(("obs", "infos", "render_state"))
"""Fields of the environment that have a document of their own, where they are more than an atom."""


class Steps(list):  # type: ignore[type-arg]  # MicroPython's list takes no parameter
    """The results of a batch of steps alone: dicts with the same fields."""


class Reply:
    """A result that has arrived, not yet read.

    Args:
        text: the message, which begins with a head.
        buffers: beside it.

    Attributes:
        id: of its request.
        count: how many results it holds as rows, for a batch of steps; else None.

    Raises:
        ProtocolError: there is no such head.
    """

    count: "int | None" = None

    def __init__(self, text: str, buffers: "Buffers") -> None:
        words = text[: max(text.find("\n"), 0)].split(" ")
        if not words[0].isdigit():
            raise ProtocolError("expected a head with an id, got " + repr(text[:80]))
        self.id = int(words[0])
        if len(words) > 1 and words[1].isdigit():
            self.count = int(words[1])
        self._words = words
        self._text = text
        self._buffers = buffers
        self._documents: list[str] = []
        self._columns: dict[str, tuple[str, int]] = {}  # the kind of each, and its first document
        self._read: dict[str, Any] = {}

    def value(self) -> "Any":
        """Read it: the result, or the results of a batch."""
        if self.count is not None:
            return [self.fields(row) for row in range(self.count)]
        return self.fields() if len(self._words) > 1 else self._rest()

    def fields(self, row: "int | None" = None) -> "dict[str, Any]":
        """Read all fields, of one of the results where there are several."""
        if row is not None:
            self._open()
            return {name: self.field(name, row) for name in self._columns}
        found = {name: self.field(name) for name in self._words[1:] if name != _REST}
        found.update(self._rest())
        return found

    def field(self, name: str, row: "int | None" = None) -> "Any":
        """Read a field, of one of the results where there are several.

        Raises:
            KeyError: there is no such field.
        """
        self._open()
        if row is None:
            if name in self._words:
                return decode(self._documents[self._words.index(name)], self._buffers)
            return self._rest()[name]
        kind, place = self._columns[name]
        if kind:
            place += row if kind == "*" else 0
            return decode(self._documents[place], self._buffers)
        if name not in self._read:
            self._read[name] = decode(self._documents[place], self._buffers)
        return self._read[name][row]

    def _rest(self) -> "Any":
        """Read what has no field's document, once: a value, or the other fields."""
        self._open()
        if _REST not in self._read:
            whole = len(self._words) == 1 or self._words[-1] == _REST
            self._read[_REST] = decode(self._documents[-1], self._buffers) if whole else {}
        return self._read[_REST]

    def _open(self) -> None:
        """Find the documents: without rows the ``n``-th belongs to the ``n``-th word."""
        if not self._text:
            return
        self._documents = self._text.split("\n")
        self._text = ""
        place = 1
        for word in self._words[2:] if self.count is not None else ():
            kind = word[-1] if word[-1] in "=*" else ""
            self._columns[word[:-1] if kind else word] = (kind, place)
            place += (self.count or 0) if kind == "*" else 1


def write_step(id: int, actions: "Any", render: "bool | str") -> "tuple[str, list[Any]]":
    """Return the text and the buffers of a step; see ``write_request``."""
    if type(render) is not bool:
        return write_request(STEP, id, {"actions": actions, "render": render})
    text, buffers = encode(actions, name="actions")
    return STEP + " " + str(id) + (" +\n" if render else " -\n") + text, buffers


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
    id, type = int(words.pop()), " ".join(words)
    payload = decode(document, buffers)
    if sign:
        render = _RENDERS[sign]
        if type == STEP:
            payload = {"actions": payload, "render": render}
        else:
            steps = [{"op": STEP, "params": {"actions": a, "render": render}} for a in payload]
            payload = {"operations": steps}
    return {"type": type, "id": id, "payload": payload}


def write_message(message: "dict[str, Any]") -> "tuple[str, list[Any]]":
    """Return the text and the buffers of what the worker says.

    Args:
        message: as ``protocol`` says.

    Raises:
        EncodeError: something in it cannot cross; its keys lead there from the message.
    """
    if message.get("type") != RESULT:  # a value alone is only checked
        return encode(message)
    head, result = str(message["id"]), message["result"]
    buffers: list[Any] = []
    if type(result) is Steps and result:
        return _write_steps(head, result, buffers), buffers
    if type(result) is dict and result and _FIELDS.issuperset(result):
        return _write_fields(head, result, buffers), buffers
    return head + "\n" + _write(result, buffers, ("result",)), buffers


def _write_fields(head: str, fields: "dict[str, Any]", buffers: "list[Any]") -> str:
    documents = []
    rest = {}
    for name, value in fields.items():
        if name in _LONG and type(value) not in _ATOMS and not (type(value) is dict and not value):
            head += " " + name
            documents.append(_write(value, buffers, ("result", name)))
        else:
            rest[name] = value
    if rest:
        head += " " + _REST
        documents.append(_write(rest, buffers, ("result",)))
    return "\n".join([head] + documents)


def _write_steps(head: str, steps: Steps, buffers: "list[Any]") -> str:
    head += " " + str(len(steps))
    documents = []
    for name in steps[0]:
        values = [step[name] for step in steps]
        kinds = set(map(type, values))
        column = stacked(values)
        head += " " + name
        if _are_same(values, kinds):
            head += "="
            documents.append(encode(values[0])[0])
        elif column is not values or kinds <= _ATOMS:
            documents.append(encode(column, buffers=buffers)[0])
        else:
            head += "*"
            for index, value in enumerate(values):
                documents.append(_write(value, buffers, ("result", index, name)))
    return "\n".join([head] + documents)


def _are_same(values: "list[Any]", kinds: "set[type]") -> bool:
    if kinds == {dict}:
        return not any(values)
    # A float may equal another one.
    return len(kinds) == 1 and kinds < _SURE and values.count(values[0]) == len(values)


def _write(value: "Any", buffers: "list[Any]", place: "tuple[Any, ...]") -> str:
    """Return the text of a part of a message; an error has the keys of its place in that."""
    try:
        return encode(value, buffers=buffers)[0]
    except EncodeError as error:
        keys = place + error.keys
        reason = error.reason
    raise EncodeError(keys, reason)
