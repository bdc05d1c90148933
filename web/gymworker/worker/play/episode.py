"""One episode of a game as it goes on: its score and its recording. Runs in the worker."""

import logging

from ...errors import EncodeError
from ...recording import checksum, write_record
from ..values import kept, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

log = logging.getLogger(__name__)


class Episode:
    """What happened from a reset to the end.

    Args:
        index: of the episode in its game, from 0.
        seed: that the environment was reset with.
        obs: the first observation.
        agents: whose rewards and flags come by agent; None if they do not.
        now: seconds on the game's clock.
        wall: ms since the epoch.

    Attributes:
        steps: how many there were.
        returns: the sum of rewards, or a dict of sums by agent.
        terminated, truncated: the flags, or a dict of them by agent.
        over: whether it has ended.
    """

    def __init__(
        self, index: int, seed: int, obs: "Any", agents: "list[Any] | None", now: float, wall: float
    ) -> None:
        self.index = index
        self.seed = seed
        self.steps = 0
        self.returns: Any = 0.0 if agents is None else dict.fromkeys(agents, 0.0)
        self.terminated: Any = False if agents is None else dict.fromkeys(agents, False)
        self.truncated: Any = False if agents is None else dict.fromkeys(agents, False)
        self.over = False
        self._began = now
        self._started_at = wall
        self._actions: list[Any] = []
        self._rewards: list[Any] = []
        self._flags: list[Any] = []
        self._checksums: list[int] = []
        self._times: list[float] = []
        self._recorded = True
        try:
            self._checksums.append(checksum(obs))
        except Exception as error:
            self._give_up(error)

    def add(
        self,
        action: "Any",
        reward: "Any",
        terminated: "Any",
        truncated: "Any",
        obs: "Any",
        now: float,
    ) -> None:
        """Note a step, as the environment gave it."""
        self.steps += 1
        if type(self.returns) is dict:
            reward = {agent: number(item) for agent, item in reward.items()}
            for agent, item in reward.items():
                self.returns[agent] = self.returns.get(agent, 0.0) + item
            self.terminated.update({agent: bool(item) for agent, item in terminated.items()})
            self.truncated.update({agent: bool(item) for agent, item in truncated.items()})
            flagged = any(terminated.values()) or any(truncated.values())
        else:
            reward = number(reward)
            self.returns += reward
            self.terminated = terminated = bool(terminated)
            self.truncated = truncated = bool(truncated)
            flagged = terminated or truncated
        if not self._recorded:
            return
        try:
            self._actions.append(kept(action))
            self._rewards.append(reward)
            if flagged:
                self._flags.append([self.steps, to_flags(terminated), to_flags(truncated)])
            self._checksums.append(checksum(obs))
            self._times.append(round((now - self._began) * 1000, 1))
        except Exception as error:
            self._give_up(error)

    def truncate(self) -> None:
        """Note that the game ends it here, whatever the environment says."""
        if type(self.truncated) is dict:
            self.truncated = dict.fromkeys(self.truncated, True)
        else:
            self.truncated = True

    def forget_recording(self) -> None:
        """Note that it cannot be replayed: someone else has stepped the environment."""
        self._recorded = False

    def summary(self, now: float, code: str) -> "dict[str, Any]":
        """Return the fields of an ``episode`` message.

        Args:
            now: seconds on the game's clock.
            code: the hash of the environment's code.
        """
        seconds = round(now - self._began, 4)
        fields: dict[str, Any] = {
            "episode": self.index,
            "seed": self.seed,
            "steps": self.steps,
            "returns": self.returns,
            "seconds": seconds,
            "terminated": self.terminated,
            "truncated": self.truncated,
        }
        if self._recorded:
            record = dict(
                fields,
                code=code,
                startedAt=round(self._started_at, 1),
                actions=self._actions,
                rewards=self._rewards,
                flags=self._flags,
                checksums=self._checksums,
                times=self._times,
            )
            try:
                fields["record"] = write_record(record)
            except EncodeError as error:
                self._give_up(error)
        return fields

    def _give_up(self, error: Exception) -> None:
        self._recorded = False
        log.warning("episode %d is not recorded: %s", self.index, error)


def to_flags(value: "Any") -> "Any":
    """Return flags as plain bools, by agent where they come so."""
    if isinstance(value, dict):
        return {agent: bool(item) for agent, item in value.items()}
    return bool(value)
