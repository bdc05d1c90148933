"""What the worker tells, as objects: each field once, under its Python name. Runs on the page.

They hold the message as it came, and read a field when somebody looks at it; one that the message
has not is an ``AttributeError``. They can be copied and, with what their fields hold, pickled.
"""

from ..errors import RemoteError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .reply import Reply, Rows

NEEDED: "Any" = object()


def entry(name: str, default: "Any" = NEEDED) -> "Any":
    """Return a property that reads a field.

    Args:
        name: on the wire.
        default: where the message has no such field.
    """

    def read(self: "Fields") -> "Any":
        fields = self.fields
        if name in fields:
            return fields[name]
        if default is not NEEDED:
            return default
        raise _missing(name, fields)

    return property(read)


class Fields:
    """A message, or a part of one.

    Attributes:
        fields: the dict behind it, with the names of the wire.
    """

    def __init__(self, fields: "dict[str, Any]") -> None:
        self.fields = fields

    def __reduce__(self) -> "Any":
        return self.__class__, (self.fields,)

    def __repr__(self) -> str:
        return self.__class__.__name__ + "(" + repr(self.fields) + ")"


def _told(name: str) -> "Any":
    """Return a property that reads a field of a result when it is first looked at."""

    def read(self: "Result") -> "Any":
        fields, reply = self._fields, self._reply
        if name in fields:
            return fields[name]
        if reply is not None:
            try:
                value = fields[name] = reply.field(name, self._row)
                return value
            except KeyError:
                pass
        raise _missing(name, self.fields)

    return property(read)


def _missing(name: str, fields: "dict[str, Any]") -> AttributeError:
    return AttributeError("no field " + name + "; there are: " + ", ".join(fields))


class Result(Fields):
    """What ``reset``, ``step`` and ``render`` return.

    Values keep the shape that the environment gave: a scalar stays a scalar, a dict keyed by agent
    stays that dict. Each is read from the reply when it is first looked at.

    Attributes:
        obs: the observation (``reset``, ``step``).
        rewards, terminateds, truncateds: as the environment's ``step`` returned them (``step``).
        infos: the environment's info (``reset``, ``step``).
        render_state: what ``env.render()`` returned; None where it was not asked for, or where it
            was painted on the canvas.
        agent: where agents take turns, as in PettingZoo's ``AECEnv``: whose turn is next, None when
            all are done (``reset``, ``step``). The other fields are by agent then: ``obs`` has the
            observation of that one, and the last one of each that was done.
    """

    def __init__(self, reply: "Reply | Rows | dict[str, Any]", row: "int | None" = None) -> None:
        whole = isinstance(reply, dict)
        self._reply: Any = None if whole else reply
        self._row = row
        self._fields: Any = reply if whole else {}

    @property
    def fields(self) -> "Any":  # type: ignore[override]
        """All fields, a dict; what nobody has looked at is read now."""
        if self._reply is not None:
            found = self._reply.fields(self._row)
            found.update(self._fields)  # as it was read, and perhaps written into
            self._fields, self._reply = found, None
        return self._fields

    obs: "Any" = _told("obs")
    rewards: "Any" = _told("rewards")
    terminateds: "Any" = _told("terminateds")
    truncateds: "Any" = _told("truncateds")
    infos: "Any" = _told("infos")
    render_state: "Any" = _told("render_state")
    agent: "Any" = _told("agent")


class Progress(Fields):
    """A step of the boot, or of a request that takes long.

    Attributes:
        stage: ``download``, ``start``, ``packages``, ``imports`` or ``restart``, or as a handler
            of ``worker.py`` named it.
        message: one line for people.
        timestamp: seconds since the epoch.
        loaded, total: bytes in ``download``, units elsewhere; None where they are not known.
        id: of the request; None in the boot.
    """

    stage: str = entry("stage")
    message: str = entry("message")
    timestamp: float = entry("timestamp")
    loaded: "int | None" = entry("loaded", None)
    total: "int | None" = entry("total", None)
    id: "int | None" = entry("id", None)


class Log(Fields):
    """One line that Python printed in the worker.

    Attributes:
        level: ``debug``, ``info``, ``warning``, ``error`` or ``critical``.
        stream: ``stdout`` or ``stderr``.
        text: the line, without its end.
        partial: whether it has not ended: the next line of this stream is the same one, in full.
    """

    level: str = entry("level")
    stream: str = entry("stream")
    text: str = entry("text")
    partial: bool = entry("partial", False)


class Version(Fields):
    """What the worker is made of.

    Attributes:
        protocol: the version of the protocol.
        python, pyodide: their versions.
        packages: the version of each package that is installed, by name.
    """

    protocol: int = entry("protocol")
    python: str = entry("python")
    pyodide: str = entry("pyodide")
    packages: "dict[str, str]" = entry("packages")


def remote_error(error: "dict[str, Any]") -> RemoteError:
    """Return what Python raised in the worker, from the fields of an ``error``."""
    return RemoteError(
        error["name"] + ": " + error["message"],
        remote_type=error["name"],
        remote_traceback=error["stack"],
        failed_index=error.get("failedIndex"),
        partial_results=error.get("partialResults"),
    )
