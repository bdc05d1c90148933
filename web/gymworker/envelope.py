r"""How a message stands in a text between the two Pythons. Runs everywhere.

A message is a head line and documents of what it carries, so that neither side reads more than it
needs: the page finds the request of a result in the head, and reads a field of the result, or of
one row of it, when somebody looks at it.

    seedRng 7\n[{"seed":1}]        a request: its type, its id and its payload
    step 7 +\n[1]                  a step: its actions; rendered (+) or not (-)
    batch 7 -\n[[1,0]]             a batch of steps: the actions of each
    7 \n["any value"]              the result of request 7
    7 +\n[[0.5]]\n[{}]\n\n[{...}]  the result of a step or the like: a document of its obs, infos,
                                   render_state, and of all other fields; empty for what it has not
    7 2 obs infos= render_state*\n[...]\n[{}]\n[...]\n[...]
                                   the results of a batch of two steps: for each field a document of
                                   the values of all, or (=) of the value that all have, or (*) a
                                   document a step
    [{"type":"progress", ...}]     any other message, whole

In MicroPython a new str costs more than most: the page cuts out what it needs, when it needs it.
"""

from .codec import Written, decode, encode, stacked
from .codec.text import ATOMS, SMALL_INT
from .errors import EncodeError, ProtocolError
from .protocol import BATCH, RESULT, STEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Buffers = list[Any] | tuple[()]

_RENDERS = {"+": True, "-": False}
_REQUEST = "%s %d\n%s"
_STEP = STEP + " %d %s\n%s"
_SHORT_STEP = STEP + " %d %s\n[%d]"
_EXACT = frozenset((int, bool, str, type(None)))  # if two of them are equal, they are the same
PLACES = {"obs": 1, "infos": 2, "render_state": 3}
"""Which document of a result a field has for itself."""

OTHERS = 4
"""Which document has the other fields."""

_FIELDS = frozenset(("rewards", "terminateds", "truncateds", "agent") + tuple(PLACES))


class Steps(list):  # type: ignore[type-arg]  # MicroPython's list takes no parameter
    """The results of a batch of steps alone: dicts with the same fields."""


def write_step(id: int, actions: "Any", render: "bool | str") -> "tuple[str, Buffers]":
    """Return the text and the buffers of a step; see ``write_request``."""
    if type(render) is not bool:
        return write_request(STEP, id, {"actions": actions, "render": render})
    sign = "+" if render else "-"
    if type(actions) is int and -SMALL_INT < actions < SMALL_INT:
        return _SHORT_STEP % (id, sign, actions), ()
    text, buffers = encode(actions, name="actions")
    return _STEP % (id, sign, text), buffers


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
    return _REQUEST % (type, id, text), buffers


def _steps_alone(payload: "Any") -> "tuple[list[Any], str] | None":
    """Return the actions of a batch in which every operation is a step, and the end of its head."""
    actions = []
    renders = []
    if isinstance(payload, dict) and len(payload) != 1:  # they are about an environment with a name
        return None
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
    type, _, id = head.rpartition(" ")
    sign = ""
    if id in _RENDERS:
        sign = id
        type, _, id = type.rpartition(" ")
    if not separator or not id.isdigit():
        raise ProtocolError("expected a head with a type and an id, got " + repr(head[:80]))
    payload = decode(document, buffers)
    if sign:
        render = _RENDERS[sign]
        if type == STEP:
            payload = {"actions": payload, "render": render}
        else:
            steps = [{"op": STEP, "params": {"actions": a, "render": render}} for a in payload]
            payload = {"operations": steps}
    return {"type": type, "id": int(id), "payload": payload}


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
    return head + " \n" + _write(result, buffers, ("result",)), buffers


def _write_fields(head: str, fields: "dict[str, Any]", buffers: "list[Any]") -> str:
    documents = [head + " +", "", "", "", ""]
    others = {}
    for name, value in fields.items():
        if name not in PLACES:
            others[name] = value
        elif value is None:
            documents[PLACES[name]] = "[null]"
        elif type(value) is dict and not value:
            documents[PLACES[name]] = "[{}]"
        else:
            documents[PLACES[name]] = _write(value, buffers, ("result", name))
    if others:
        documents[OTHERS] = _write(others, buffers, ("result",))
    return "\n".join(documents)


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
        elif column is not values or kinds <= ATOMS:
            documents.append(encode(column, buffers=buffers)[0])
        else:
            head += "*"
            for index, value in enumerate(values):
                documents.append(_write(value, buffers, ("result", index, name)))
    return "\n".join([head] + documents)


def _are_same(values: "list[Any]", kinds: "set[type]") -> bool:
    if kinds == {dict}:
        return not any(values)
    return len(kinds) == 1 and kinds < _EXACT and values.count(values[0]) == len(values)


def _write(value: "Any", buffers: "list[Any]", place: "tuple[Any, ...]") -> str:
    """Return the text of a part of a message; an error has the keys of its place in that."""
    if type(value) is Written:
        return value
    try:
        return encode(value, buffers=buffers)[0]
    except EncodeError as error:
        keys = place + error.keys
        reason = error.reason
    raise EncodeError(keys, reason)
