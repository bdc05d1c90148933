"""Files that the page fetches, and why one cannot be had. Runs on the page."""

import asyncio

import js
from pyscript import ffi

from ...codec.light import Array
from ...errors import GymWorkerError, LoadError
from ..aio import Waiter, now
from ..patience import Patience
from .callbacks import destroy
from .settings import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SILENCE = 15.0
"""Seconds in which no byte of any file came, until those that are waited for have failed."""

LOOK = 0.5
"""Seconds between two looks at that."""

CACHED, FETCHED = 3.0, 1.0
"""Seconds that a worker has for a boot from the browser's cache, and from the network."""

MARK = "\ufeff"
"""That of the order of bytes, with which Windows' editors begin a file."""

BLOB = "blob"
TEXT = "text"


class _Request:
    """A request that is under way, and who waits for it: an XMLHttpRequest.

    The browser tells at most every 50 ms how far it is, and the bytes of a Blob never enter the
    page's thread. Reading a stream instead stalls the page for some 50 ms.
    """

    def __init__(self, address: str, kind: str) -> None:
        self.followers: list[tuple[Callable[[int], None], Waiter]] = []
        self.loaded = 0
        self.silent = False
        self._address = address
        self._kind = kind
        self._request = js.XMLHttpRequest.new()
        self._request.open("GET", absolute(address))
        if kind == TEXT:  # of the user's, who saves it now and then
            self._request.setRequestHeader("Cache-Control", "no-cache")
        self._request.responseType = "arraybuffer" if kind == TEXT else kind
        self._proxies = [ffi.create_proxy(self._arrived), ffi.create_proxy(self._ended)]
        self._request.onprogress, self._request.onloadend = self._proxies
        self._request.send()

    def give_up(self) -> None:
        """It was silent for too long."""
        self.silent = True
        self._request.abort()

    @property
    def response(self) -> "Any":
        """The bytes of a text, or the Blob."""
        return self._request.response

    @property
    def problem(self) -> str:
        """What is wrong with the answer, "" if nothing is."""
        status = int(self._request.status)
        if self.silent:
            return "no answer for " + str(round(SILENCE)) + " s"
        if status == 0 and self.loaded:
            return "it was cut short"
        if status == 0:
            return "the server cannot be reached"
        if status != 200:
            return "the server answered " + str(status)
        kind = str(self._request.getResponseHeader("Content-Type") or "")
        if "html" in kind:
            return kind + " came in its place"
        if self._address.split("?")[0].endswith((".js", ".mjs")) and "javascript" not in kind:
            return "it came as " + (kind or "nothing in particular") + ", not as text/javascript"
        return ""

    def _arrived(self, event: "Any") -> None:
        self.loaded = event.loaded
        for on_bytes, _ in self.followers:
            on_bytes(event.loaded)

    def _ended(self, event: "Any") -> None:
        _under_way.pop(self._kind + " " + self._address)
        self._request.onprogress = self._request.onloadend = None
        followers, self.followers = self.followers, []
        for _, done in followers:
            done.settle()
        destroy(self._proxies)


_under_way: "dict[str, _Request]" = {}
"""By kind and address: who wants a file that somebody has asked for already waits for that."""

_watching: "Any" = None


async def _watch() -> None:
    """Give up what has been silent for too long: few connections serve all, one after another."""
    global _watching
    patience = Patience()
    while _under_way:
        count = [len(_under_way)] + [request.loaded for request in _under_way.values()]
        if patience.look(now(), count, SILENCE):
            for request in list(_under_way.values()):
                request.give_up()
        await asyncio.sleep(LOOK)
    _watching = None


async def _fetch(address: str, kind: str, on_bytes: "Callable[[int], None]") -> _Request:
    global _watching
    key = kind + " " + address
    if key not in _under_way:
        _under_way[key] = _Request(address, kind)
    if _watching is None:
        _watching = asyncio.create_task(_watch())
    request = _under_way[key]
    follower = on_bytes, Waiter()
    request.followers.append(follower)
    try:
        await follower[1]
    finally:  # the boot may be over before the file is there, which the next boot will want
        if follower in request.followers:
            request.followers.remove(follower)
    if request.problem:
        raise not_loaded(address, request.problem)
    return request


_boots = 0


def head_start() -> float:
    """Return how many seconds a boot has until the page asks for its files, too.

    Which it does to show how far they are, and why one does not come. Who has them soon needs
    neither, and to read them twice is a sixth of the work of a boot. Those in the browser's cache
    come soon: they are there after an earlier boot of this page, or if the page's own script came
    from there.
    """
    global _boots
    _boots += 1
    script = js.document.querySelector('script[src$="/core.js"]')
    seen = js.performance.getEntriesByName(script.src) if script else []
    cached = any(entry.transferSize == 0 and entry.decodedBodySize > 0 for entry in seen)
    return CACHED if cached or _boots > 1 else FETCHED


async def download(address: str, on_bytes: "Callable[[int], None]") -> int:
    """Fetch a file to the end, which leaves it in the browser's cache for the worker.

    Args:
        address: relative to the page.
        on_bytes: called with the bytes so far, as they are after decompression.

    Returns:
        How many bytes it has, after decompression.

    Raises:
        LoadError: it cannot be had; it says why.
    """
    request = await _fetch(address, BLOB, on_bytes)
    return int(request.response.size)


async def read_text(address: str) -> str:
    """Return a text file of the site as it is now.

    Args:
        address: relative to the page.

    Raises:
        LoadError: it cannot be had, or is no UTF-8; it says why.
    """
    request = await _fetch(address, TEXT, lambda loaded: None)
    buffer = request.response
    data = Array.from_buffer(buffer, "uint8", (buffer.byteLength,)).tobytes()
    try:
        text: str = data.decode()
        return text[1:] if text[:1] == MARK else text
    except UnicodeError:
        pass
    raise LoadError(address + " could not be loaded: it is no text in UTF-8; save it as UTF-8")


def not_loaded(address: str, why: str) -> LoadError:
    """Return the error that says why a file is not there."""
    if not js.navigator.onLine:
        return LoadError("You are offline; " + address + " could not be loaded")
    return LoadError(address + " could not be loaded: " + why)


async def explain(words: str) -> str:
    """Return why a file could not be loaded that an error of the browser's names, or "".

    Args:
        words: of the browser, or of PyScript, with an absolute address.
    """
    found = [word.strip("'\"(),.:;") for word in words.split() if "://" in word]
    if not found:
        return ""
    address = found[0].replace(str(js.URL.new(".", js.document.baseURI).href), "")
    try:
        await download(address, lambda loaded: None)
    except GymWorkerError as error:
        return str(error)
    return ""
