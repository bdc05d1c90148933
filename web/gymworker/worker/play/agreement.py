"""Whether episodes come out as they were recorded, and where they first do not. In the worker."""

from ...recording import checksum
from ..rewards import by_agent, plain
from .episode import to_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...shapes import Difference, ReplayFields
    from ..environment import Environment

MEMORIES = ("obs_rms", "return_rms")
"""Attributes of Gymnasium's NormalizeObservation and NormalizeReward, and of what is made so."""

MOST_WRAPPERS = 100

MOST_OF_OBS = 300
"""Characters of an observation that differs."""


class Agreement:
    """Recorded episodes beside what comes of them now; any of them may come again.

    Args:
        records: of the episodes.
        environment: in which they are run again.

    Attributes:
        difference: the first that was found, None while there is none.
    """

    def __init__(self, records: "list[dict[str, Any]]", environment: "Environment") -> None:
        self.difference: Difference | None = None
        self._records = records
        self._environment = environment
        code = environment.code_hash
        self._same_code = all(record.get("code") in (None, "", code) for record in records)
        self._agreed = [-1] * len(records)  # up to which step, -1 before the reset
        self._number = self._step = 0
        self._differs = False
        self._flags: dict[int, Any] = {}

    @property
    def steps(self) -> int:
        """How many steps came out the same."""
        return sum(max(agreed, 0) for agreed in self._agreed)

    def begin(self, number: int) -> None:
        """Compare the episode of this number, from its reset on."""
        self._number, self._differs = number, False
        flags = self._records[number]["flags"]
        self._flags = {step: (terminated, truncated) for step, terminated, truncated in flags}

    def reset(self, obs: "Any") -> None:
        """Take what the reset gave."""
        self._step = 0
        pairs = [("obs", self._records[self._number]["checksums"][0], checksum(obs))]
        self._compare(pairs, obs)

    def step(self, obs: "Any", reward: "Any", terminated: "Any", truncated: "Any") -> bool:
        """Take what the next step gave; tell whether the episode is as recorded up to here."""
        self._step += 1
        step, record = self._step, self._records[self._number]
        expected = self._flags.get(step, (False, False))
        return self._compare(
            [
                (
                    "reward",
                    record["rewards"][step - 1],
                    by_agent(reward) if isinstance(reward, dict) else plain(reward),
                ),
                ("terminated", _raised(expected[0]), _raised(to_flags(terminated))),
                ("truncated", _raised(expected[1]), _raised(to_flags(truncated))),
                ("obs", record["checksums"][step], checksum(obs)),
            ],
            obs,
        )

    def fields(self) -> "ReplayFields":
        """Return how it went so far."""
        done = zip(self._agreed, self._records, strict=True)
        return {
            "episodes": sum(agreed == len(record["actions"]) for agreed, record in done),
            "steps": self.steps,
            "difference": self.difference,
            "sameCode": self._same_code,
            "hint": self._hint(),
        }

    def _compare(self, pairs: "list[tuple[str, Any, Any]]", obs: "Any") -> bool:
        """Compare each of a step's values with the record's, until one of the episode differs."""
        if self._differs:
            return False
        for field, expected, got in pairs:
            if not same(expected, got):
                self._differs = True
                if self.difference is None:
                    self.difference = {
                        "episode": self._number,
                        "step": self._step,
                        "field": field,
                        "expected": expected,
                        "got": got,
                    }
                    if field == "obs":  # the record has its checksum alone
                        self.difference["obs"] = " ".join(repr(obs).split())[:MOST_OF_OBS]
                return False
        self._agreed[self._number] = max(self._agreed[self._number], self._step)
        return True

    def _hint(self) -> "str | None":
        """Return what is known of why a replay differs, or may."""
        hints = []
        if not self._same_code:
            hints.append("another version of the environment's code recorded it")
        if self.difference is not None:
            names = _with_memory(self._environment.required())
            hints += [f"{name} keeps what it saw in earlier episodes" for name in names]
        return "; ".join(hints) or None


def same(wanted: "Any", got: "Any") -> bool:
    """Tell whether two rewards or flags are equal; NaN is NaN."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(same(wanted[key], got[key]) for key in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(same, wanted, got))
    return bool(wanted == got or (wanted != wanted and got != got))  # nan is as it was


def _raised(flags: "Any") -> "Any":
    """Return whether a flag is raised, or whose are: agents without one need not be named."""
    if isinstance(flags, dict):
        return sorted(str(agent) for agent, flag in flags.items() if flag) or False
    return bool(flags)


def _with_memory(env: "Any") -> "list[str]":
    """Return the wrappers of an environment whose memory a reset does not empty."""
    found: list[str] = []
    while env is not None and len(found) < MOST_WRAPPERS:
        own = getattr(env, "__dict__", {})
        if any(name in own for name in MEMORIES):
            found.append(type(env).__name__)
        env = own.get("env")
    return found
