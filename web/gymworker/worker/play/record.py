"""What a replay needs of an episode, as it grows. Runs in the worker."""

from ...recording import checksum, write_record
from ..text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Record:
    """The actions of an episode, and what came of them; ``recording`` says how it is written.

    Args:
        obs: the first observation.

    Attributes:
        problem: why the episode cannot be recorded, empty if it can.
    """

    def __init__(self, obs: "Any") -> None:
        self.problem = ""
        self._clear()
        self._note_obs(obs)

    def add(
        self,
        action: "Any",
        reward: "Any",
        flags: "list[Any] | None",
        obs: "Any",
        time: float,
    ) -> None:
        """Note a step.

        Args:
            action: what went in.
            reward: as ``rewards.plain`` has it, or a dict of these by agent.
            flags: the step's number, and who is terminated and truncated; None if nobody is.
            obs: what came out.
            time: in ms, from the start of the episode.
        """
        if self.problem:
            return
        self._actions.append(action)
        self._rewards.append(reward)
        if flags is not None:
            self._flags.append(flags)
        self._times.append(round(time, 1))
        self._note_obs(obs)

    def cut(self, steps: int) -> "list[float]":
        """Forget what came after so many steps; return the times of these, in ms."""
        times = self._times[steps:]
        for series in (self._actions, self._rewards, self._times):
            del series[steps:]
        del self._checksums[steps + 1 :]
        while self._flags and self._flags[-1][0] > steps:
            del self._flags[-1]
        return times

    def give_up(self, problem: str) -> None:
        """Keep nothing of it; ``problem`` says why."""
        self.problem = self.problem or problem
        self._clear()

    def capture(self) -> "dict[str, Any]":
        """Return all of it, for ``restored``: the objects themselves."""
        return dict(vars(self))

    @classmethod
    def restored(cls, captured: "dict[str, Any]") -> "Record":
        """Return the record that ``capture`` was asked for."""
        made = cls.__new__(cls)
        vars(made).update(captured)
        return made

    def write(self, fields: "dict[str, Any]") -> "Text | None":
        """Return the record; None if there is none, as ``problem`` says.

        Args:
            fields: what else to write.
        """
        if not self.problem:
            series = {
                "actions": self._actions,
                "rewards": self._rewards,
                "flags": self._flags,
                "checksums": self._checksums,
                "times": self._times,
            }
            try:
                return Text(write_record({**fields, **series}))
            except Exception as error:
                self.give_up(str(error))
        return None

    def _note_obs(self, obs: "Any") -> None:
        try:
            self._checksums.append(checksum(obs))
        except Exception as error:
            self.give_up(str(error))

    def _clear(self) -> None:
        self._actions: list[Any] = []
        self._rewards: list[Any] = []
        self._flags: list[Any] = []
        self._checksums: list[int] = []
        self._times: list[float] = []
