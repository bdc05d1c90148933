"""Making the chosen environment and its game, in a worker that is there. Runs on the page."""

import asyncio

from gymworker import GymWorkerError, RemoteError

from .dom import element
from .panels import show_ready

GONE = ("stalled", "failed")
"""States of a worker in whose place a new one comes."""


class Making:
    """Makes environments one at a time; of those that are asked for meanwhile, the last one counts.

    Args:
        worker: a ``PyodideWorker``; it need not be ready.
        on_booted: called with the entry of an environment when there is a worker to make it in.

    Attributes:
        fresh: whether the next one is made in a worker of its own, whatever this one does.
    """

    def __init__(self, worker, on_booted):
        self._worker = worker
        self._on_booted = on_booted
        self.fresh = False
        self._asked = 0
        self._last = None

    async def make(self, entry, earlier, play):
        """Make an environment and a game in it.

        Args:
            entry: of the environment, from ``pyscript.toml``.
            earlier: the game that it ends, None for none.
            play: makes the game.

        Returns:
            The game, or None if another environment was asked for meanwhile.

        Raises:
            GymWorkerError: why there is none.
        """
        self._asked += 1
        mine = self._asked
        before, self._last = self._last, asyncio.Event()
        done = self._last
        game = None
        try:
            if self.fresh:  # at once: what was asked for before may hang
                self.fresh = False
                await self._restart()
            if before is not None:
                await before.wait()
            if mine == self._asked:
                game = await self._make(entry, earlier, play, lambda: mine == self._asked)
        except GymWorkerError:
            if mine == self._asked:
                raise
        finally:
            done.set()
        return game if mine == self._asked else None

    def forget(self):
        """What is being made counts no more."""
        self._asked += 1

    async def revive(self):
        """Have the game that was lost go on in a new worker.

        Returns:
            Whether nothing else was asked for meanwhile.

        Raises:
            GymWorkerError: why there is no such worker.
        """
        self._asked += 1
        mine = self._asked
        await self._restart(True)
        return mine == self._asked

    async def _make(self, entry, earlier, play, wanted):
        if earlier is not None and not earlier.over:
            try:
                await earlier.stop()  # before its code is replaced: that may fail
            except GymWorkerError:
                pass  # it is over in any case
        await self._boot()
        self._on_booted(entry)
        if not wanted():
            return None
        if "make" in entry:
            id, arguments = entry["make"]
            await self._worker.make(id, **dict({"render_mode": "rgb_array"}, **arguments))
        else:
            await self._worker.init_env(file=entry["file"])
        return await play() if wanted() else None

    async def _boot(self):
        """See to it that there is a worker, and that it has the canvas."""
        worker = self._worker
        if worker.state in GONE:
            await self._restart()
        elif worker.version is None:
            show_ready(await worker.init())
        if worker.canvas is None:
            await worker.attach_canvas(element("canvas"))

    async def _restart(self, revive=False):
        try:
            await self._worker.restart(revive)
        except RemoteError:
            pass  # the environment that it had before: another one follows
        show_ready(self._worker.version)
