"""The clock of a link: looks at its deadlines again and again. Runs on the page.

The worker does one request after another, so one deadline runs: that of the oldest, from when the
worker could begin it. A game that runs owes a word now and then, and a boot a sign of life.
"""

import asyncio

from ..errors import WorkerStartError
from .aio import now
from .lifecycle import BOOTING, READY, STALLED
from .patience import Patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .link import Link

TICK = 0.05
"""Seconds between two looks at the deadlines."""


class Watch:
    """Tells a link that its worker has been silent for too long.

    Args:
        link: whose ``fail`` or ``stall`` is called then.
        boot_timeout: seconds of silence after which a boot has failed; None for ever.
    """

    def __init__(self, link: "Link", boot_timeout: "float | None") -> None:
        self._link = link
        self._boot_timeout = boot_timeout
        self.restart()
        self._task = asyncio.create_task(self._run())

    def restart(self) -> None:
        """Forget the silence so far: another worker, or a word after all."""
        self._boot = Patience()
        self._requests = Patience()

    def stop(self) -> None:
        """Look no more."""
        self._task.cancel()

    @property
    def silence(self) -> float:
        """Seconds for which the worker has owed an answer, or a running game a word; else 0.0."""
        link = self._link
        silences = [game.silence for game in link.games.values()]
        if link.state in (READY, STALLED) and link.pending.owed() is not None:
            silences.append(self._requests.silence)
        return max(silences) if silences else 0.0

    def look(self, time: float) -> None:
        """Look at the deadlines. Time in which nobody looked does not count: the page slept."""
        link, limit = self._link, self._boot_timeout
        if link.state == BOOTING:
            if self._boot.look(time, link.heard, limit):
                text = "the worker gave no sign of life for " + str(limit) + " s"
                link.fail(WorkerStartError(text))
        elif link.state in (READY, STALLED):
            self._look_at_work(time)

    def _look_at_work(self, time: float) -> None:
        link = self._link
        request = link.pending.owed()
        owed = limit = None
        if request is not None:
            owed, limit = (request.id, request.reports), request.timeout
        if self._requests.look(time, owed, limit):
            assert request is not None
            if not link.pending.gave_up(request):
                link.stall(request.type + " had no answer within " + str(limit) + " s")
                return
        forgiven = request is not None and limit is None
        for game in list(link.games.values()):
            if game.look(time, forgiven):
                seconds = str(round(game.silence, 1))
                link.stall("the game has said nothing for " + seconds + " s")
                return

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.look(now())
