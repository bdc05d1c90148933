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


async def download(address: str, on_bytes: "Callable[[int], None]") -> None:
    """Fetch a file to the end, which leaves it in the browser's cache for the worker.

    An XMLHttpRequest for a Blob: the browser tells at most every 50 ms how far it is, and the bytes
    never enter the page's thread. Reading a stream instead stalls the page for some 50 ms.

    Args:
        address: relative to the page.
        on_bytes: called with the bytes so far, as they are after decompression.

    Raises:
        WorkerStartError: the server has no such file, or cannot be reached.
    """
    done = Waiter()
    request = js.XMLHttpRequest.new()
    request.open("GET", absolute(address))
    request.responseType = "blob"
    proxies = [
        ffi.create_proxy(lambda event: on_bytes(event.loaded)),
        ffi.create_proxy(lambda event: done.settle(request.status)),
    ]
    request.onprogress, request.onloadend = proxies
    request.send()
    try:
        status = await done
    finally:  # the boot may be over before the file is there, which the next boot will want
        request.onprogress = request.onloadend = None
        destroy(proxies)
    if status == 0:
        raise WorkerStartError("cannot fetch " + address + ": the server cannot be reached")
    if status != 200:
        raise WorkerStartError("cannot fetch " + address + ": the server answered " + str(status))
