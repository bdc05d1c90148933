"""Replaying recorded episodes, and saying where they first differ, and why. Runs in the worker."""

import asyncio
import time

from ...errors import ProtocolError
from ...recording import read, read_record
from .agreement import Agreement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...shapes import ReplayFields
    from ..call import Call
    from ..environment import Environment

    Record = dict[str, Any]

STRETCH = 0.05
"""Seconds that a replay takes at once, before the worker's timers and frames have their turn."""

REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""


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
        environment = self._environment
        environment.required()
        records = records_of(call)
        if records is None:
            raise ProtocolError(
                "expected a payload with 'episodes': list, or with 'recording': str"
            )
        agreement = Agreement(records, environment)
        total = sum(len(record["actions"]) for record in records)
        rests = Rests(call, "replay", total, self._now)
        for number, record in enumerate(records):
            agreement.begin(number)
            obs, _ = environment.reset(record["seed"], record.get("options"))
            agreement.reset(obs)
            for action in record["actions"]:
                if agreement.difference is not None:
                    break
                agreement.step(*environment.step(action)[:4])
                if rests.due():
                    self._paint()
                    await rests.rest(f"episode {number + 1}", agreement.steps)
            if agreement.difference is not None:
                break
        self._paint()
        return agreement.fields()

    def _paint(self) -> None:
        painter = self._environment.painter
        if painter is not None and self._environment.renders:
            painter.invalidate(self._environment.render, painted=lambda time: None)


class Rests:
    """Moments in which the worker's timers and frames have their turn, during a long request.

    Args:
        call: the request, whose page hears of its progress.
        stage: what is going on.
        total: how many steps there are.
        now: seconds.
    """

    def __init__(
        self,
        call: "Call",
        stage: str,
        total: int,
        now: "Callable[[], float]" = time.monotonic,
    ) -> None:
        self._call = call
        self._stage = stage
        self._total = total
        self._now = now
        self._rested = self._reported = now()

    def due(self) -> bool:
        """Tell whether it is time for one."""
        return self._now() - self._rested >= STRETCH

    async def rest(self, message: str, steps: int) -> None:
        """Let others have their turn."""
        now = self._now()
        if now - self._reported >= REPORT_EVERY:
            self._reported = now
            self._call.report(self._stage, message, loaded=steps, total=self._total)
        await asyncio.sleep(0)
        self._rested = self._now()


def records_of(call: "Call") -> "list[Record] | None":
    """Return the recorded episodes in a payload, None if there are none.

    Raises:
        RecordingError: a recording is broken.
        ProtocolError: there is something else in their place.
    """
    text = call.field("recording", object, None)
    if text is not None:
        return read(text)
    episodes = call.field("episodes", (list, tuple), None)
    return None if episodes is None else [read_record(record) for record in episodes]
