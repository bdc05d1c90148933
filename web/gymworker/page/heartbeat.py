"""The page's pulse: the longest pause of the main thread. Runs on the page."""

import asyncio

from .aio import now

INTERVAL = 0.01
"""Seconds between two beats."""


class Heartbeat:
    """A 10 ms timer on the main thread that measures by how much it was late.

    A page that is alive beats on time; whatever blocks the main thread shows as a pause.

    Attributes:
        longest: the longest pause since the start, or since ``restart()``, in seconds.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._beat())

    def restart(self) -> None:
        """Forget what was measured so far."""
        self.longest = 0.0

    def stop(self) -> None:
        """Measure no more."""
        self._task.cancel()

    async def _beat(self) -> None:
        before = now()
        while True:
            await asyncio.sleep(INTERVAL)
            after = now()
            self.longest = max(self.longest, after - before - INTERVAL)
            before = after
