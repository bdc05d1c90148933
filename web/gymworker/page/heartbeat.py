"""The page's pulse: the longest pause of the main thread. Runs on the page."""

import asyncio

from .aio import now

INTERVAL = 0.01
"""Seconds between two beats, where nobody asks for another."""


class Heartbeat:
    """A timer on the main thread, 10 ms at first, that measures by how much it was late.

    A page that is alive beats on time; whatever blocks the main thread shows as a pause.

    Attributes:
        longest: the longest pause since the start, or since ``restart()``, in seconds.
        interval: seconds between two beats; each costs the page some 0.1 ms.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.interval = INTERVAL
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
            interval = self.interval
            await asyncio.sleep(interval)
            after = now()
            self.longest = max(self.longest, after - before - interval)
            before = after
