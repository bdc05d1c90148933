"""Replaying recorded episodes, and saying where they first differ, and why. Runs in the worker."""

import asyncio
import time

from ...errors import ProtocolError
from ...recording import checksum, read, read_record
from ..values import number
from .episode import to_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ...protocol import ReplayFields
    from ..call import Call
    from ..environment import Environment

    Record = dict[str, Any]

STRETCH = 0.05
"""Seconds that a replay takes at once, before the worker's timers and frames have their turn."""

REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""

MEMORIES = ("obs_rms", "return_rms")
"""Attributes of Gymnasium's NormalizeObservation and NormalizeReward, and of what is made so."""

MOST_WRAPPERS = 100


class Replay:
    """Handles ``replay``: see ``protocol.ReplayPayload``.

    Args:
        environment: what is replayed, and shown when the display wants a frame.
        now: seconds.
    """

    def __init__(
        self,
        environment: "Environment",
        now: "Callable[[], float]" = time.monotonic,
    ) -> None:
        self._environment = environment
        self._now = now

    async def replay(self, call: "Call") -> "ReplayFields":
        """Run recorded episodes again, with their seeds and actions, up to the first difference.

        Raises:
            ProtocolError: there is nothing to replay.
            RecordingError: a recording is broken.
            BaseException: whatever the environment raised.
        """
        env = self._environment.required()
        records = _records(call)
        code = self._environment.code_hash
        same_code = all(record.get("code") in (None, "", code) for record in records)
        total = sum(len(record["actions"]) for record in records)
        steps = episodes = 0
        found: Any = None
        rested = reported = self._now()
        for record in records:
            for difference in _run(self._environment, record):
                if difference is not None:
                    found = {"episode": record.get("episode", episodes), **difference}
                    break
                steps += 1
                now = self._now()
                if now - rested >= STRETCH:
                    if now - reported >= REPORT_EVERY:
                        reported = now
                        call.report("replay", f"episode {episodes + 1}", loaded=steps, total=total)
                    self._paint()
                    await asyncio.sleep(0)
                    rested = self._now()
            if found is not None:
                break
            episodes += 1
        self._paint()
        return {
            "episodes": episodes,
            "steps": steps,
            "difference": found,
            "sameCode": same_code,
            "hint": _hint(env, same_code, found is not None),
        }

    def _paint(self) -> None:
        painter = self._environment.painter
        if painter is not None and self._environment.renders:
            painter.invalidate(self._environment.render, painted=lambda time: None)


def _records(call: "Call") -> "list[Record]":
    text = call.field("recording", object, None)
    if text is not None:
        return read(text)
    episodes = call.field("episodes", (list, tuple), None)
    if episodes is None:
        raise ProtocolError("expected a payload with 'episodes': list, or with 'recording': str")
    return [read_record(record) for record in episodes]


def _run(environment: "Environment", record: "Record") -> "Iterator[dict[str, Any] | None]":
    """Yield None for each step that came out as recorded, and the first difference."""
    obs, _ = environment.reset(record["seed"], record.get("options"))
    found = checksum(obs)
    if found != record["checksums"][0]:
        yield _difference(0, "obs", record["checksums"][0], found)
        return
    flags = {step: (terminated, truncated) for step, terminated, truncated in record["flags"]}
    for step, action in enumerate(record["actions"], 1):
        obs, reward, terminated, truncated, _ = environment.step(action)
        expected = flags.get(step, (False, False))
        for name, wanted, got in (
            ("reward", record["rewards"][step - 1], _numbers(reward)),
            ("terminated", _raised(expected[0]), _raised(to_flags(terminated))),
            ("truncated", _raised(expected[1]), _raised(to_flags(truncated))),
            ("obs", record["checksums"][step], checksum(obs)),
        ):
            if not _same(wanted, got):
                yield _difference(step, name, wanted, got)
                return
        yield None


def _difference(step: int, name: str, expected: "Any", got: "Any") -> "dict[str, Any]":
    return {"step": step, "field": name, "expected": expected, "got": got}


def _numbers(reward: "Any") -> "Any":
    if isinstance(reward, dict):
        return {agent: number(item) for agent, item in reward.items()}
    return number(reward)


def _same(wanted: "Any", got: "Any") -> bool:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(_same(wanted[key], got[key]) for key in wanted)
    return bool(wanted == got or (wanted != wanted and got != got))  # nan is as it was


def _raised(flags: "Any") -> "Any":
    """Return whether a flag is raised, or whose are: agents without one need not be named."""
    if isinstance(flags, dict):
        return sorted(str(agent) for agent, flag in flags.items() if flag) or False
    return bool(flags)


def _hint(env: "Any", same_code: bool, differs: bool) -> "str | None":
    """Return what is known of why a replay differs, or may."""
    hints = []
    if not same_code:
        hints.append("another version of the environment's code recorded it")
    if differs:
        hints += [f"{name} keeps what it saw in earlier episodes" for name in _with_memory(env)]
    return "; ".join(hints) or None


def _with_memory(env: "Any") -> "list[str]":
    """Return the wrappers of an environment whose memory a reset does not empty."""
    found: list[str] = []
    while env is not None and len(found) < MOST_WRAPPERS:
        own = getattr(env, "__dict__", {})
        if any(name in own for name in MEMORIES):
            found.append(type(env).__name__)
        env = own.get("env")
    return found
