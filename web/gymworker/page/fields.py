"""What a reply holds, as attributes. Runs on the page."""

from ..envelope import Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Fields:
    """The fields of a message as attributes: ``result.obs``, ``progress.stage``.

    ``in`` tells whether a field is there, ``get`` has a default, ``fields`` is the dict behind it.
    """

    def __init__(self, fields: "dict[str, Any]") -> None:
        self.fields = fields

    def __getattr__(self, name: str) -> "Any":
        if name in self.fields:
            return self.fields[name]
        raise AttributeError("no field " + name + "; there are: " + ", ".join(self.fields))

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def get(self, name: str, default: "Any" = None) -> "Any":
        """Return a field, or ``default`` where the message has none."""
        return self.fields.get(name, default)

    def __repr__(self) -> str:
        return self.__class__.__name__ + "(" + repr(self.fields) + ")"


class Result(Fields):
    """What ``reset``, ``step`` and ``render`` return.

    Values keep the shape that the environment gave: a scalar stays a scalar, a dict keyed by agent
    stays that dict. They are read from the reply when the first of them is looked at.

    Attributes:
        obs: the observation (``reset``, ``step``).
        rewards, terminateds, truncateds: as the environment's ``step`` returned them (``step``).
        infos: the environment's info (``reset``, ``step``).
        render_state: what ``env.render()`` returned, or None where it was not asked for.
    """

    _fields: "dict[str, Any] | None" = None

    def __init__(self, reply: "Reply | dict[str, Any]", row: "int | None" = None) -> None:
        self._reply = reply
        self._row = row

    @property
    def fields(self) -> "dict[str, Any]":  # type: ignore[override]
        """All fields; a reply is read when it is first looked at."""
        if self._fields is None:
            reply = self._reply
            if not isinstance(reply, Reply):
                self._fields = reply
            elif self._row is None:
                self._fields = reply.value()
            else:
                self._fields = reply.row(self._row)
        return self._fields

    if TYPE_CHECKING:
        obs: Any
        rewards: Any
        terminateds: Any
        truncateds: Any
        infos: Any
        render_state: Any


class Progress(Fields):
    """A step of the boot, or of a request that takes long.

    Attributes:
        stage: ``download``, ``start``, ``packages``, ``imports`` or ``restart``.
        message: one line for people.
        timestamp: seconds since the epoch.

    ``loaded`` and ``total`` are there where they are known: bytes in ``download``, units elsewhere.
    """

    if TYPE_CHECKING:
        stage: str
        message: str
        timestamp: float


class Log(Fields):
    """One line that Python printed in the worker.

    Attributes:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        stream: ``stdout`` or ``stderr``.
        text: the line, without its end.
    """

    if TYPE_CHECKING:
        level: str
        stream: str
        text: str
