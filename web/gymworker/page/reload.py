"""What is saved while the page is open: environments and pages, made anew. Runs on the page.

    from gymworker import watch_changes

    async def on_environment(file):
        if worker.uses_file(file):  # it, or a module that it imports
            await worker.init_env(file="envs/hill.py")

    if "reload" in config:  # `python server.py --reload`
        watch = watch_changes(config["reload"], on_environment)

The server names the file that was saved, ``{"file": ..., "kind": "environment" | "page"}``.
"""

import asyncio
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

RETRY = 1.0
"""Seconds until a stream that the browser gave up is opened again."""


class Changes:
    """The changes that the server tells of.

    Args:
        open: opens the stream, given what takes each event's text and what is called when the
            stream is lost for good; what it returns has ``close()``.
        on_environment: takes the name of an environment's file that was saved.
        on_page: takes the name of any other file.
    """

    def __init__(
        self,
        open: "Callable[[Callable[[str], None], Callable[[], None]], Any]",
        on_environment: "Callable[[str], Any]",
        on_page: "Callable[[str], Any]",
    ) -> None:
        self._open = open
        self._handlers = {"environment": on_environment, "page": on_page}
        self._waiting: list[tuple[str, str]] = []
        self._worker: Any = None
        self._retry: Any = None
        self._stream = open(self._receive, self._lost)

    def destroy(self) -> None:
        """Hear no more. May be called twice; a handler that is running runs to its end."""
        stream, self._stream = self._stream, None
        self._waiting.clear()
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if stream is not None:
            stream.close()

    def _receive(self, text: str) -> None:
        change = json.loads(text)
        entry = (change["kind"], change["file"])
        if entry not in self._waiting:
            self._waiting.append(entry)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """Handle one change after another: two must not make the same environment at once."""
        try:
            while self._waiting:
                kind, file = self._waiting.pop(0)
                try:
                    done = self._handlers[kind](file)
                    if hasattr(done, "send"):  # a coroutine; MicroPython's are generators
                        await done
                except Exception as error:
                    # The next save mends it: it is told, and the page goes on.
                    asyncio.get_event_loop().call_exception_handler(
                        {"message": "saving " + file + " failed", "exception": error}
                    )
        finally:
            self._worker = None

    def _lost(self) -> None:
        if self._retry is None and self._stream is not None:
            self._retry = asyncio.create_task(self._open_again())

    async def _open_again(self) -> None:
        await asyncio.sleep(RETRY)
        self._retry = None
        self._stream.close()
        self._stream = self._open(self._receive, self._lost)


def watch_changes(
    address: str,
    on_environment: "Callable[[str], Any] | None" = None,
    on_page: "Callable[[str], Any] | None" = None,
) -> Changes:
    """Follow what is saved in ``web/``, until ``destroy()`` or the end of the page.

    Args:
        address: of the server's events, ``config["reload"]``; that key is there with ``--reload``.
        on_environment: called with the name of an environment's file, such as
            ``"envs/cartpole.py"``; by default it counts as any other file. It may be async.
        on_page: called with the name of any other file; by default the page is loaded again. It may
            be async.
    """
    from .js.events import EventStream, load_again

    on_page = on_page or load_again
    return Changes(
        lambda receive, lost: EventStream(address, receive, lost),
        on_environment or on_page,
        on_page,
    )
