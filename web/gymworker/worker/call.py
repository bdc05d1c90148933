"""A request, as the function that answers it sees it. Runs in the worker.

@host.on("greet")
def greet(call):
call.report("greet", "Just a moment")
return "hello " + call.field("name", str)
"""

import operator
import time

from ..errors import ProtocolError
from ..protocol import PROGRESS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .environment import Environment
    from .environments import Environments
    from .outgoing import Outgoing, Page

REQUIRED: "Any" = object()


class Call:
    """One request.

    Args:
        payload: what came with it.
        id: of the request.
        page: who sent it.
        outgoing: how messages leave.
        environments: the worker's.

    Attributes:
        payload: what came with the request, None where that is nothing.
        id: of the request; its replies carry it.
        batched: whether it is an operation of a batch, whose results leave together.
    """

    batched = False

    def __init__(
        self,
        payload: "Any",
        id: "Any",
        page: "Page",
        outgoing: "Outgoing",
        environments: "Environments",
    ) -> None:
        self.payload = payload
        self.id = id
        self._page = page
        self._outgoing = outgoing
        self._environments = environments
        self._seen: dict[Environment, Any] | None = None

    @property
    def env(self) -> "Any":
        """The environment, as its code left it: of several the default.

        Raises:
            ProtocolError: there is none yet.
        """
        return self.env_of(None)

    def env_of(self, name: "str | None") -> "Any":
        """Return the environment of a name.

        Raises:
            ProtocolError: there is none.
        """
        environment = self._environments.named(name)
        env = environment.required()
        if self._seen is None:
            self._seen = {}
        if environment not in self._seen:
            self._seen[environment] = environment.mark()
        return env

    def field(self, name: str, kind: "type | tuple[type, ...]", default: "Any" = REQUIRED) -> "Any":
        """Return a field of the payload.

        Args:
            name: the field.
            kind: the type that it must have, or several. An int is whatever counts as one, NumPy's
                too; a bool does not.
            default: what a missing field, or None, stands for; without it the field is required.

        Raises:
            ProtocolError: the payload is no object, or the field is missing or of another type.
        """
        return field(self.payload, name, kind, default)

    def report(self, stage: str, message: str, **units: int) -> None:
        """Tell the page how far this request is.

        Args:
            stage: what is going on.
            message: one line for people.
            units: ``loaded`` and ``total``, where they are known.
        """
        self.send({**progress(stage, message, **units), "id": self.id})

    def send(self, message: "dict[str, Any]") -> None:
        """Send a message, as ``protocol`` says, to the page that asked.

        Raises:
            EncodeError: something in it, outside of infos, cannot cross; nothing was sent.
        """
        self._outgoing.send(self._page, message)

    def check(self, message: "dict[str, Any]") -> None:
        """Make sure that a message could be sent to that page; see ``send``."""
        self._outgoing.check(self._page, message)

    def operation(self, payload: "Any") -> "Call":
        """Return the call of one operation of this batch."""
        made = Call(payload, self.id, self._page, self._outgoing, self._environments)
        made.batched = True
        return made

    def done(self) -> None:
        """Note that the function has returned: it may have changed the environment."""
        if self._seen is not None:
            for environment, mark in self._seen.items():
                environment.compare(mark)


def progress(stage: str, message: str, **units: int) -> "dict[str, Any]":
    """Return a ``progress`` message without an id; see ``Call.report``."""
    fields = {"type": PROGRESS, "stage": stage, "message": message, "timestamp": time.time()}
    return {**fields, **units}


def field(
    payload: "Any", name: str, kind: "type | tuple[type, ...]", default: "Any" = REQUIRED
) -> "Any":
    """Return a field of a payload; see ``Call.field``."""
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        raise ProtocolError(f"expected an object as payload, got {type(payload).__name__}")
    value = payload.get(name)
    kinds = kind if isinstance(kind, tuple) else (kind,)
    expected = " or ".join(item.__name__ for item in kinds if item is not tuple)
    if value is None:
        if default is REQUIRED:
            raise ProtocolError(
                f"expected a payload with {name!r}: {expected}, got {list(payload)}"
            )
        return default
    if isinstance(value, kinds) and not (int in kinds and isinstance(value, bool)):
        return value
    if int in kinds and not isinstance(value, bool):
        try:
            return operator.index(value)
        except TypeError:
            pass
    raise ProtocolError(
        f"expected {name!r} to be {expected}, got {type(value).__name__} {value!r:.80}"
    )
