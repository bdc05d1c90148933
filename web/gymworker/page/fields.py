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


class PlayState(Fields):
    """How a game stands.

    Attributes:
        state: ``running``, ``waiting`` (for the player), ``paused``, ``ended`` or ``failed``.
        episode: the number of the episode, from 0.
        step: how many steps it had.
        seed: what it was reset with.
        returns: the sum of its rewards, or a dict of sums by agent.
        fps: steps a second that are wanted.
        rate: steps a second that there are; 0 unless it is running.
        slow: whether the environment is too slow for ``fps``.
        latency: ms from key to paint, the mean since the last message, or None.
    """

    @property
    def step_time(self) -> "float | None":
        """Milliseconds that ``env.step()`` took, the mean since the last message, or None."""
        return self.fields["stepTime"]  # type: ignore[no-any-return]

    if TYPE_CHECKING:
        state: str
        episode: int
        step: int
        seed: int
        returns: Any
        fps: float
        rate: float
        slow: bool
        latency: float | None


class Transition(Fields):
    """One step of a game.

    Attributes:
        obs: the observation before it.
        action: what went into ``env.step()``.
        reward, terminated, truncated, info: what came out.
        episode, step: where it was: the first step of an episode is 1.
        latency: ms from the key that it used to the paint, or None.
    """

    @property
    def next_obs(self) -> "Any":
        """The observation after it."""
        return self.fields["nextObs"]

    if TYPE_CHECKING:
        obs: Any
        action: Any
        reward: Any
        terminated: Any
        truncated: Any
        info: Any
        episode: int
        step: int
        latency: float | None


class Episode(Fields):
    """One episode of a game that is over.

    Attributes:
        episode: its number, from 0.
        seed: what it was reset with.
        steps: how many there were.
        returns: the sum of rewards, or a dict of sums by agent.
        seconds: how long it took.
        terminated, truncated: how it ended, or dicts by agent; neither if it was broken off.
    """

    @property
    def record(self) -> "str | None":
        """Its recording, one line of JSON; None where it cannot be replayed."""
        return self.fields.get("record")

    if TYPE_CHECKING:
        episode: int
        seed: int
        steps: int
        returns: Any
        seconds: float
        terminated: Any
        truncated: Any
