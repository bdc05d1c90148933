"""Files that the page fetches for the worker, with their progress in bytes. Runs on the page."""

import js
from pyscript import ffi

from ...errors import WorkerStartError
from ..aio import Waiter
from .callbacks import destroy
from .settings import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Request:
    """A request that is under way, and who waits for it: an XMLHttpRequest for a Blob.

    The browser tells at most every 50 ms how far it is, and the bytes never enter the page's
    thread. Reading a stream instead stalls the page for some 50 ms.
    """

    def __init__(self, address: str) -> None:
        self.followers: list[tuple[Callable[[int], None], Waiter]] = []
        self._address = address
        self._request = js.XMLHttpRequest.new()
        self._request.open("GET", absolute(address))
        self._request.responseType = "blob"
        self._proxies = [ffi.create_proxy(self._arrived), ffi.create_proxy(self._ended)]
        self._request.onprogress, self._request.onloadend = self._proxies
        self._request.send()

    def _arrived(self, event: "Any") -> None:
        for on_bytes, _ in self.followers:
            on_bytes(event.loaded)

    def _ended(self, event: "Any") -> None:
        _under_way.pop(self._address)
        status = self._request.status
        self._request.onprogress = self._request.onloadend = None
        followers, self.followers = self.followers, []
        for _, done in followers:
            done.settle(status)
        destroy(self._proxies)


_under_way: "dict[str, _Request]" = {}
"""By address: who wants a file that an earlier boot has asked for waits for that."""


async def download(address: str, on_bytes: "Callable[[int], None]") -> None:
    """Fetch a file to the end, which leaves it in the browser's cache for the worker.

    Args:
        address: relative to the page.
        on_bytes: called with the bytes so far, as they are after decompression.

    Raises:
        WorkerStartError: the server has no such file, or cannot be reached.
    """
    if address not in _under_way:
        _under_way[address] = _Request(address)
    request = _under_way[address]
    follower = on_bytes, Waiter()
    request.followers.append(follower)
    try:
        status = await follower[1]
    finally:  # the boot may be over before the file is there, which the next boot will want
        if follower in request.followers:
            request.followers.remove(follower)
    if status == 0:
        raise WorkerStartError("cannot fetch " + address + ": the server cannot be reached")
    if status != 200:
        raise WorkerStartError("cannot fetch " + address + ": the server answered " + str(status))
