"""What a worker was given, and how the next one gets the same. Runs on the page."""

import asyncio

from ..protocol import ATTACH_CANVAS, INIT, INIT_ENV
from .aio import Outcome, now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .link import Link
    from .pending import Request


class Setup:
    """The packages, the canvas and the environment of a worker.

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
        self._environment: tuple[dict[str, Any], float | None] | None = None
        self._restarting: Outcome | None = None
        self._task: Any = None

    def remember_packages(self, names: "Sequence[str]") -> None:
        """Note packages that are installed."""
        self._packages += [name for name in names if name not in self._packages]

    def remember_canvas(self, canvas: "Any", timeout: "float | None") -> None:
        """Note a canvas that was handed over, and how long that may take."""
        self.canvas, self._canvas_timeout = canvas, timeout

    def remember_environment(self, payload: "dict[str, Any]", timeout: "float | None") -> None:
        """Note an environment that was made, and how long that may take."""
        self._environment = payload, timeout

    def restart(self) -> Outcome:
        """Put a new worker in the place of this one at once, and set it up; one at a time.

        Returns:
            What comes of it, or of the restart that is under way: the seconds that it took.
        """
        if self._restarting is None:
            self._restarting = outcome = Outcome()
            try:
                waiting = self._finish(now(), self._start_over())
            except Exception as error:  # it cannot even be started
                self._end(None, error)
            else:
                self._task = asyncio.create_task(waiting)
            return outcome
        return self._restarting

    def _start_over(self) -> "list[Request]":
        """Start a worker; return the requests that set it up."""
        link = self._link
        link.restart()
        requests = [link.send(INIT, {"packages": self._packages}, None)]
        if self.canvas is not None:
            self.canvas, payload = link.connection.replace_canvas(self.canvas)
            requests.append(link.send(ATTACH_CANVAS, payload, self._canvas_timeout))
        if self._environment is not None:
            payload, timeout = self._environment
            requests.append(link.send(INIT_ENV, payload, timeout))
        return requests

    async def _finish(self, started: float, requests: "list[Request]") -> None:
        try:
            for request in requests:
                await request
        except Exception as error:
            self._end(None, error)
        else:
            self._end(now() - started, None)

    def _end(self, seconds: "float | None", error: "Exception | None") -> None:
        outcome, self._restarting = self._restarting, None
        if seconds is not None:
            text = "The worker was restarted in " + str(round(seconds, 1)) + " s"
        else:
            text = "The worker could not be restarted: " + str(error)
        self._link.report("restart", text)
        assert outcome is not None
        outcome.settle(seconds, error)
