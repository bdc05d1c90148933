"""One episode of a game as it goes on: its score, and its record. Runs in the worker."""

from ..rewards import added, by_agent, plain
from ..values import kept
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ...shapes import ErrorFields
    from .events import Events

TERMINATED = "terminated"
TRUNCATED = "truncated"
STOPPED = "stopped"
RESET = "reset"
FAILED = "error"
INTERFERED = "interfered"
"""How an episode ended."""

SCORE = ("steps", "returns", "terminated", "truncated", "over", "_players")
"""The attributes of an episode that say how it stands."""

INTERFERENCE = "the page reset, stepped or changed the environment itself"


class Episode:
    """What happened from a reset to the end.

    Args:
        index: of the episode in its game, from 0.
        seed: that the environment was reset with.
        options: the same.
        reset: the first observation and the infos, as the reset gave them.
        agents: whose rewards and flags come by agent; None if they do not.
        record: whether to record it.
        now: seconds on the game's clock.
        players: who plays: ``human``, ``policy`` and the like, or a dict of these by agent.
        events: what happens around the steps, None for nobody's interest.

    Attributes:
        steps: how many there were.
        returns: the sum of rewards, a list of sums for rewards of several objectives, or a dict of
            either by agent.
        terminated, truncated: the flags, or a dict of them by agent.
        over: whether it has ended.
        first: when its first step was made, in seconds of the game's clock; None before that.
    """

    def __init__(
        self,
        index: int,
        seed: int,
        options: "Any",
        reset: "tuple[Any, Any]",
        agents: "list[Any] | None",
        record: bool,
        now: float,
        players: "Any" = None,
        events: "Events | None" = None,
    ) -> None:
        self.index = index
        self.seed = seed
        self.steps = 0
        self.returns: Any = 0.0 if agents is None else dict.fromkeys(agents, 0.0)
        self.terminated: Any = False if agents is None else dict.fromkeys(agents, False)
        self.truncated: Any = False if agents is None else dict.fromkeys(agents, False)
        self.over = False
        self._options = options
        self._infos = reset[1]
        self.first: float | None = None
        self._began = now
        self._started_at = 0.0
        self._players = players
        self._events = events
        self._told = 0  # steps that a summary has told of
        self._furthest: dict[str, Any] | None = None  # how it stood before it went back
        self._record = Record(reset[0]) if record else None

    @property
    def told(self) -> bool:
        """Whether a summary has told of all its steps, or there are none."""
        return self._told == self.steps

    @property
    def length(self) -> int:
        """How many steps the record has: more than there were, once it has gone back."""
        return self.steps if self._furthest is None else int(self._furthest["steps"])

    def add(
        self,
        action: "Any",
        reward: "Any",
        terminated: "Any",
        truncated: "Any",
        obs: "Any",
        now: float,
        wall: float,
    ) -> None:
        """Note a step, as the environment gave it, and when it was, on both clocks."""
        if self.steps == 0:
            self.first, self._started_at = now, wall
        flags, reward = self._count(reward, terminated, truncated)
        if self._record is not None:
            time = (now - (self.first or 0.0)) * 1000
            self._record.add(action, reward, flags, obs, time)

    def repeat(self, reward: "Any", terminated: "Any", truncated: "Any") -> None:
        """Note that a step was made again, which the record has."""
        self._count(reward, terminated, truncated)
        if self._furthest is not None and self._furthest["steps"] == self.steps:
            self.advance()

    def _count(
        self, reward: "Any", terminated: "Any", truncated: "Any"
    ) -> "tuple[list[Any] | None, Any]":
        """Add a step to the score; return its flags and its reward, as a record has them."""
        self.steps += 1
        if type(self.returns) is dict:
            reward = by_agent(reward)
            terminated, truncated = to_flags(terminated), to_flags(truncated)
            for agent, item in reward.items():
                self.returns[agent] = added(self.returns.get(agent, 0.0), item)
            self.terminated.update(terminated)
            self.truncated.update(truncated)
            flagged = any(terminated.values()) or any(truncated.values())
        else:
            reward = plain(reward)
            self.returns = added(self.returns, reward)
            self.terminated = terminated = bool(terminated)
            self.truncated = truncated = bool(truncated)
            flagged = terminated or truncated
        return [self.steps, terminated, truncated] if flagged else None, reward

    def score(self) -> "dict[str, Any]":
        """Return how it stands, for ``go_back``."""
        return {name: kept(getattr(self, name)) for name in SCORE}

    def go_back(self, score: "dict[str, Any]") -> None:
        """Stand as it did; the record keeps what came after that."""
        if self._furthest is None:
            self._furthest = self.score()
        vars(self).update(score)
        if self._furthest["steps"] == self.steps:
            self.advance()

    def advance(self) -> None:
        """Stand as it did before it went back, if it did."""
        if self._furthest is not None:
            vars(self).update(self._furthest)
            self._furthest = None

    def cut(self) -> "list[float]":
        """Forget what came after the present step; return the times of these steps, in ms."""
        self._furthest, self._told = None, 0
        return self._record.cut(self.steps) if self._record is not None else []

    def moment(self, time: float) -> "tuple[float, float]":
        """Return when it was so many ms old, on both clocks; see ``add``."""
        return (self.first or 0.0) + time / 1000, self._started_at + time

    def capture(self, now: float) -> "dict[str, Any]":
        """Return all of it, its times counted from ``now``, for ``restored``."""
        fields = dict(vars(self))
        del fields["_events"]
        fields["first"] = None if self.first is None else self.first - now
        fields["_began"] = self._began - now
        fields["_record"] = None if self._record is None else self._record.capture()
        return fields

    @classmethod
    def restored(
        cls, captured: "dict[str, Any]", now: float, events: "Events | None" = None
    ) -> "Episode":
        """Return the episode that ``capture`` was asked for, ``now`` being the moment of that."""
        made = cls.__new__(cls)
        fields, first, record = dict(captured), captured["first"], captured["_record"]
        fields["first"] = None if first is None else first + now
        fields["_began"] += now
        fields["_record"] = None if record is None else Record.restored(record)
        vars(made).update(fields, _events=events)
        return made

    def joined(self, agent: "Any", kind: str) -> None:
        """Note an agent that was not there at the start, and who decides for it."""
        self._players = {**self._players, agent: kind}

    def truncate(self, agents: "Iterable[Any]") -> None:
        """Note that the game ends it here, whatever the environment says.

        Args:
            agents: who is still there.
        """
        if type(self.truncated) is dict:
            self.truncated.update(dict.fromkeys(agents, True))
        else:
            self.truncated = True

    def ended(self) -> str:
        """Return how it ended, after its last step."""
        if type(self.truncated) is dict:
            cut = any(flag and not self.terminated.get(a) for a, flag in self.truncated.items())
        else:
            cut = self.truncated and not self.terminated
        return TRUNCATED if cut else TERMINATED

    def summary(
        self, ended: str, error: "ErrorFields | None", code: str, now: float
    ) -> "dict[str, Any]":
        """Return the fields of an ``episode`` message.

        Args:
            ended: how.
            error: why, if it is an error.
            code: the hash of the environment's code.
            now: seconds on the game's clock.
        """
        self._told = self.steps
        fields: dict[str, Any] = {
            "episode": self.index,
            "seed": self.seed,
            "steps": self.steps,
            "returns": self.returns,
            "seconds": round(now - (self._began if self.first is None else self.first), 4),
            "terminated": self.terminated,
            "truncated": self.truncated,
            "ended": ended,
        }
        message = {**fields, "infos": self._infos}
        if error is not None:
            message["error"] = error
        if self._record is None:
            return message
        fields["episode"] = self.index + 1  # as people count, and the page shows it
        fields["code"] = code
        fields["startedAt"] = round(self._started_at, 1)
        fields["players"] = self._players
        if self._events is not None:
            fields["events"] = self._events.take(self.first)
        if self._options is not None:
            fields["options"] = self._options
        text = self._record.write(fields)
        if text is not None:
            message["record"] = text
        else:
            message["recordProblem"] = self._record.problem
        return message

    def spoil(self) -> None:
        """Note that somebody else did something to the environment: the rest is not recorded."""
        if self._record is not None:
            self._record.give_up(INTERFERENCE)


def to_flags(value: "Any") -> "Any":
    """Return flags as plain bools, by agent where they come so."""
    if isinstance(value, dict):
        return {agent: bool(item) for agent, item in value.items()}
    return bool(value)
