"""What a game and a replay tell, as objects; see ``fields``. Runs on the page."""

from .fields import Fields, entry, remote_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..codec.light.array import Array
    from ..errors import RemoteError


class Control(Fields):
    """What keys do in a game.

    Attributes:
        keys: those that are pressed together, as ``KeyboardEvent.key`` has them.
        action: what goes into ``env.step()`` for them.
        agent: whose action it is; None in an environment of one agent.
        label: what people read for the action; None where ``labels`` has nothing for it.
        analog: whether it counts how far they are pressed, as a stick may be: a move of a
            continuous action, which adds up with that of other keys.
    """

    keys: "list[str]" = entry("keys")
    action: "Any" = entry("action")
    agent: "Any" = entry("agent")
    label: "str | None" = entry("label", None)
    analog: bool = entry("analog", False)


class Seat(Fields):
    """Who decides for an agent.

    Attributes:
        agent: for whom; None in an environment of one agent.
        kind: who does: ``human`` (by keys), ``policy`` or ``random``.
        choices: of these, who could.
    """

    agent: "Any" = entry("agent")
    kind: str = entry("kind")
    choices: "list[str]" = entry("choices")


class RecordedEpisode(Fields):
    """One episode of a recording that is watched.

    Attributes:
        seed: what it was reset with.
        steps: how many there are.
        ended: how it did, as ``Episode`` has it; None if the recording does not say.
    """

    seed: int = entry("seed")
    steps: int = entry("steps")
    ended: "str | None" = entry("ended", None)


class PlayState(Fields):
    """How a game stands.

    Attributes:
        number: counts the states of a game; the highest is the newest.
        state: ``running``, ``waiting`` (for the player), ``paused``, ``ended`` or ``failed``.
        episode: the number of the episode, from 0.
        step: how many steps it had.
        seed: what it was reset with.
        returns: the sum of its rewards; a list of sums where they are vectors; or a dict of either
            by agent.
        fps: steps a second that are wanted.
        rate: steps a second that there are; 0 unless it is running.
        slow: whether the environment is too slow for ``fps``.
        step_time: ms that ``env.step()`` took, the mean since the last message, or None.
        latency: ms from key to paint, the mean since the last message, or None.
        agent: where agents take turns: whose turn it is, None when all are done; else None.
        kept: the first step that ``Game.rewind`` can go to, None while nothing is kept.
        ahead: how many steps after this one it can go to: those that it has come back from.
        confirmed, hash: in what ``Game.correct`` returns, the newest step that was corrected, and
            the hash of the state after it; else None.
    """

    number: int = entry("number", 0)
    state: str = entry("state")
    episode: int = entry("episode")
    step: int = entry("step")
    seed: int = entry("seed")
    returns: "Any" = entry("returns")
    fps: float = entry("fps")
    rate: float = entry("rate")
    slow: bool = entry("slow")
    step_time: "float | None" = entry("stepTime")
    latency: "float | None" = entry("latency")
    agent: "Any" = entry("agent", None)
    kept: "int | None" = entry("kept", None)
    ahead: int = entry("ahead", 0)
    confirmed: "int | None" = entry("confirmed", None)
    hash: "str | None" = entry("hash", None)

    @property
    def refused(self) -> "Control | None":
        """What the keys asked for last, if that is not allowed now (an action mask says so)."""
        fields = self.fields.get("refused")
        return None if fields is None else Control(fields)

    @property
    def error(self) -> "RemoteError | None":
        """What the environment raised, where the game has failed; else None."""
        return _error_in(self.fields)

    @property
    def replay(self) -> "ReplayResult | None":
        """How what was watched so far agrees with the recording; None in a game that is played."""
        fields = self.fields.get("replay")
        return None if fields is None else ReplayResult(fields)


class Transition(Fields):
    """One step of a game.

    Attributes:
        obs, next_obs: the observations before and after it.
        action: what went into ``env.step()``.
        reward, terminated, truncated, info: what came out.
        episode, step: where it was: the first step of an episode is 1.
        latency: ms from the key that it used to the paint, or None.
    """

    obs: "Any" = entry("obs")
    next_obs: "Any" = entry("nextObs")
    action: "Any" = entry("action")
    reward: "Any" = entry("reward")
    terminated: "Any" = entry("terminated")
    truncated: "Any" = entry("truncated")
    info: "Any" = entry("info")
    episode: int = entry("episode")
    step: int = entry("step")
    latency: "float | None" = entry("latency")


class Episode(Fields):
    """One episode of a game that is over.

    Attributes:
        episode: its number, from 0.
        seed: what it was reset with.
        steps: how many there were.
        returns: the sum of rewards; a list of sums where they are vectors; or a dict of either by
            agent.
        seconds: how long it took, from its first step.
        terminated, truncated: how it ended, or dicts by agent; neither if it was broken off.
        ended: why it is over: ``terminated``, ``truncated``, ``stopped``, ``reset``, ``error`` or
            ``interfered`` (somebody else stepped or reset the environment).
        infos: what ``reset`` gave.
        record_data: its recording, one line of JSON, as the array of its UTF-8 bytes: it can be
            kept and given to ``replay`` and ``write_recording`` without being read. None where
            there is none.
        record_problem: why it cannot be recorded, or None.
    """

    episode: int = entry("episode")
    seed: int = entry("seed")
    steps: int = entry("steps")
    returns: "Any" = entry("returns")
    seconds: float = entry("seconds")
    terminated: "Any" = entry("terminated")
    truncated: "Any" = entry("truncated")
    ended: str = entry("ended")
    infos: "Any" = entry("infos")
    record_data: "Array | None" = entry("record", None)
    record_problem: "str | None" = entry("recordProblem", None)

    @property
    def record(self) -> "str | None":
        """Its recording as text, read anew each time; None where there is none."""
        data: Any = self.record_data
        return data if data is None or isinstance(data, str) else data.tobytes().decode()

    @property
    def error(self) -> "RemoteError | None":
        """What the environment raised, where ``ended`` is ``error``; else None."""
        return _error_in(self.fields)


class Difference(Fields):
    """Where a replay first differs from the recording.

    Attributes:
        episode, step: where: the episode's place in the recording, from 0.
        field: of the step: ``reward``, ``obs`` and the like.
        expected: what the recording has.
        got: what the environment gave.
        obs: where ``field`` is ``obs``: the observation that it gave, as text; of the one before a
            recording has the checksum alone. Else None.
    """

    episode: int = entry("episode")
    step: int = entry("step")
    field: str = entry("field")
    expected: "Any" = entry("expected")
    got: "Any" = entry("got")
    obs: "str | None" = entry("obs", None)


class ReplayResult(Fields):
    """How a replay went.

    Attributes:
        episodes, steps: how many came out the same.
        same_code: whether the environment's code is the one that was recorded.
        hint: what may explain the difference, or None.
    """

    episodes: int = entry("episodes")
    steps: int = entry("steps")
    same_code: bool = entry("sameCode", True)
    hint: "str | None" = entry("hint", None)

    @property
    def difference(self) -> "Difference | None":
        """Where it first differs; None where everything came out the same."""
        difference = self.fields["difference"]
        return None if difference is None else Difference(difference)


def _error_in(fields: "dict[str, Any]") -> "RemoteError | None":
    error = fields.get("error")
    return None if error is None else remote_error(error)
