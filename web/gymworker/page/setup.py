"""What a worker was given, and how the next one gets the same. Runs on the page."""

import asyncio

from ..errors import RemoteError
from ..protocol import ATTACH_CANVAS, INIT, INIT_ENV
from .aio import Outcome, now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .game import Game
    from .link import Link
    from .pending import Request


class Setup:
    """The packages, the canvas and the environments of a worker.

    Args:
        link: to the worker.

    Attributes:
        canvas: the ``<canvas>`` that the worker paints on, or None; a restart changes it.
    """

    def __init__(self, link: "Link") -> None:
        self.canvas: Any = None
        self._canvas_timeout: float | None = None
        self._link = link
        self._packages: list[str] = []
        self._environments: list[tuple[str, dict[str, Any], float | None]] = []
        self._restarting: Outcome | None = None
        self._task: Any = None

    def remember_packages(self, names: "Sequence[str]") -> None:
        """Note packages that are installed."""
        self._packages += [name for name in names if name not in self._packages]

    def remember_canvas(self, canvas: "Any", timeout: "float | None") -> None:
        """Note a canvas that was handed over, and how long that may take."""
        self.canvas, self._canvas_timeout = canvas, timeout

    def remember_environment(
        self, name: str, payload: "dict[str, Any]", timeout: "float | None"
    ) -> None:
        """Note an environment that was made, and how long that may take."""
        made, names = (name, payload, timeout), [item[0] for item in self._environments]
        if name in names:
            self._environments[names.index(name)] = made
        else:
            self._environments.append(made)

    def restart(self, by_itself: bool = False, revive: bool = True) -> Outcome:
        """Put a new worker in the place of this one at once, and set it up; one at a time.

        Args:
            by_itself: as ``Link.restart`` has it.
            revive: the same.

        Returns:
            What comes of it, or of the restart that is under way: the seconds that it took.
        """
        if self._restarting is None:
            self._restarting = outcome = Outcome()
            try:
                game = self._link.restart(by_itself, revive)
                requests = self._start_over()
                playing = None if game is None else game.revive()
                waiting = self._finish(now(), requests, game, playing)
            except Exception as error:  # it cannot even be started
                self._end(None, error)
            else:
                self._task = asyncio.create_task(waiting)
            return outcome
        return self._restarting

    def _start_over(self) -> "list[Request]":
        """Return the requests that set up a new worker."""
        link = self._link
        requests = [link.send(INIT, {"packages": self._packages}, None)]
        if self.canvas is not None:
            self.canvas, payload = link.connection.replace_canvas(self.canvas)
            requests.append(link.send(ATTACH_CANVAS, payload, self._canvas_timeout))
        for _, payload, timeout in self._environments:
            requests.append(link.send(INIT_ENV, payload, timeout))
        return requests

    async def _finish(
        self,
        started: float,
        requests: "list[Request]",
        game: "Game | None",
        playing: "Request | None",
    ) -> None:
        said = ""
        try:
            for request in requests:
                await request
            if game is not None and playing is not None:
                said = "; " + await self._seat(game, playing)
        except Exception as error:
            if game is not None:
                game.give_up(error)
            self._end(None, error)
        else:
            self._end(now() - started, None, said)

    async def _seat(self, game: "Game", request: "Request") -> str:
        """Wait until a game stands in the new worker; return what became of it."""
        try:
            reply = await request
        except RemoteError as error:  # the worker is there, and has no such game
            self._link.games.pop(game.id, None)
            game.give_up(error)
            return "the game is lost: " + str(error)
        game.begin(reply.value())
        lost = str(game.lost_steps) + (" step was" if game.lost_steps == 1 else " steps were")
        return "the game goes on at step " + str(game.restored_at) + ", " + lost + " lost"

    def _end(self, seconds: "float | None", error: "Exception | None", said: str = "") -> None:
        outcome, self._restarting = self._restarting, None
        if seconds is not None:
            text = "The worker was restarted in " + str(round(seconds, 1)) + " s" + said
        else:
            text = "The worker could not be restarted: " + str(error)
        self._link.report("restart", text)
        assert outcome is not None
        outcome.settle(seconds, error)
