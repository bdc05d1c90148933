"""Boot progress in bytes: the page fetches the big files while the worker starts. Runs on the page.

No event reaches the page from a worker that is still loading Pyodide. But both share the browser's
HTTP cache, so the page fetches the same files: it learns how far each is, the worker finds them
there, and each crosses the network once.
"""

import asyncio

from ..errors import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


FALLBACK = "fallback"
"""The stage of a boot's progress that says that the snapshot could not be used."""


class Downloads:
    """The files that a boot will load, and how many of their bytes have arrived.

    Args:
        files: ``{"url": address, "bytes": size}``, sizes as they are after decompression, or 0 for
            one that is not known; what the boot can do without is ``"optional"``, and what it
            needs only then comes ``"instead"``.
        download: fetches one file; calls its second argument with the bytes so far, and returns
            how many there were. None leaves it all to the worker.
        report: called with stage, message, ``loaded`` and ``total`` bytes.
        fail: called with the exception when a file cannot be fetched that is not optional.
        wait: seconds until they are fetched; see ``js.files.head_start``.
    """

    def __init__(
        self,
        files: "list[dict[str, Any]]",
        download: "Callable[[str, Callable[[int], None]], Awaitable[int]] | None",
        report: "Callable[..., None]",
        fail: "Callable[[Exception], None]",
        wait: float = 0.0,
    ) -> None:
        self.total = 0
        self._sizes: dict[str, int] = {}
        self._loaded: dict[str, int] = {}
        self._optional = {file["url"] for file in files if file.get("optional")}
        self._instead = [file for file in files if file.get("instead")]
        self._download = download
        self._report = report
        self._fail = fail
        self._wait = wait
        self._over = False
        self._tasks: dict[str, Any] = {}
        if download is not None:
            self._begin([file for file in files if not file.get("instead")])

    def cancel(self) -> None:
        """Stop waiting and reporting: the boot is over. May be called twice."""
        self._over = True
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    def fall_back(self) -> None:
        """Fetch what comes instead of the optional files: the worker does without these."""
        instead, self._instead, self._wait = self._instead, [], 0.0
        if self._download is not None and not self._over:
            self._begin(instead)

    def _begin(self, files: "list[dict[str, Any]]") -> None:
        for file in files:
            address = file["url"]
            self._sizes[address] = int(file["bytes"])
            self._loaded[address] = 0
            self.total += self._sizes[address]
            self._tasks[address] = asyncio.create_task(self._fetch(address))

    async def _fetch(self, address: str) -> None:
        try:
            if self._wait:
                await asyncio.sleep(self._wait)
            assert self._download is not None
            size = await self._download(address, lambda loaded: self._arrived(address, loaded))
            self._check(address, size)
        except Exception as error:
            if not self._over:
                self._tasks.pop(address)  # MicroPython's tasks cannot cancel themselves
                if address not in self._optional:
                    self._fail(error)
                else:
                    self.fall_back()

    def _check(self, address: str, size: int) -> None:
        """Compare sizes; a host may send text in another form: without comments, say."""
        wanted = self._sizes[address]
        if wanted and size != wanted and not address.endswith((".js", ".mjs", ".json")):
            why = str(size) + " of " + str(wanted) + " bytes came"
            raise LoadError(address + " could not be loaded: " + why)

    def _arrived(self, address: str, loaded: int) -> None:
        if self._over:  # of a request that JavaScript has not ended yet
            return
        if not self._sizes[address]:
            return
        # Firefox may begin a file anew, when the worker has it in the cache by then.
        self._loaded[address] = max(loaded, self._loaded[address])
        name = address.split("/")[-1]
        self._report("download", name, loaded=sum(self._loaded.values()), total=self.total)
