"""Everything in the worker that touches JavaScript: messages in and out. Runs in the worker.

A Python page connects over a MessagePort that comes with its first message, and speaks the lossless
encoding. Any page may also send plain objects with ``worker.postMessage`` and gets plain objects.
"""

import js
import pyodide_js
from polyscript import config, xworker
from pyodide.ffi import JsException, JsProxy, create_proxy, to_js

import __main__

from ..codec import Transfer
from ..envelope import read_request, write_message
from ..errors import ProtocolError
from ..protocol import CONNECT
from .plain import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..errors import EncodeError

    Drop = Callable[[EncodeError], bool]
    Receive = Callable[["PlainClient | PortClient", Any], None]


class PlainClient:
    """A page in JavaScript, or one that has not connected yet: plain objects."""

    def send(self, message: "dict[str, Any]", drop: "Drop | None" = None) -> None:
        """Post one message as plain objects.

        Args:
            message: as ``protocol`` says.
            drop: asked about each value that cannot cross; true leaves it out.

        Raises:
            EncodeError: something in it cannot cross; nothing was posted.
        """
        made = to_js(plain(message, drop), dict_converter=js.Object.fromEntries)
        xworker.postMessage(made)


class PortClient:
    """A Python page: JSON text and transferred buffers over its own port."""

    def __init__(self, port: "Any", receive: "Receive") -> None:
        self._post = port.postMessage
        self._receive = receive
        port.onmessage = create_proxy(self._on_message)

    def send(self, message: "dict[str, Any]", drop: "Drop | None" = None) -> None:
        """Post one message in the lossless encoding; see ``PlainClient.send``."""
        text, buffers = write_message(message, drop)
        if not buffers:
            self._post(text)
            return
        moved = [item.object if isinstance(item, Transfer) else _copy(item) for item in buffers]
        self._post(to_js([text, *moved]), to_js(moved))

    def _on_message(self, event: "Any") -> None:
        data = event.data
        try:
            if isinstance(data, str):
                message = read_request(data, ())
            else:
                text, *buffers = data
                message = read_request(text, [buffer.to_py() for buffer in buffers])
        except Exception as error:
            message = ProtocolError(f"expected text and buffers: {error}")
        self._receive(self, message)


def _copy(data: "Any") -> "Any":
    """Copy bytes out of WebAssembly's memory, which cannot be transferred."""
    copy = js.Uint8Array.new(len(data))
    copy.assign(data)
    return copy.buffer


def listen(receive: "Receive", connected: "Callable[[PortClient], None]") -> PlainClient:
    """Take messages from now on.

    Args:
        receive: called with the client and each request; one that cannot be read comes as the
            ``ProtocolError`` that says why.
        connected: called with a Python page that has connected.

    Returns:
        The client behind ``worker.postMessage``.
    """
    page = PlainClient()

    def on_message(event: "Any") -> None:
        data = event.data
        try:
            message = data.to_py() if hasattr(data, "to_py") else data
            if isinstance(message, dict) and message.get("type") == CONNECT:
                connected(PortClient(event.ports[0], receive))
                return
        except Exception as error:
            message = ProtocolError(f"expected a message of plain objects: {error}")
        receive(page, message)

    xworker.onmessage = on_message
    __main__.xworker = xworker  # PyScript looks for this name there, for each event
    return page


class Layer:
    """A canvas that is not shown.

    Attributes:
        canvas: the OffscreenCanvas, which can be drawn on another one.
        context: its 2D context.
    """

    def __init__(self, canvas: "Any" = None) -> None:
        self.canvas = canvas or js.OffscreenCanvas.new(1, 1)
        self.context = self.canvas.getContext("2d")

    def resize(self, width: int, height: int) -> None:
        """Give the canvas a size in pixels; that clears it, so it is done only where it differs."""
        if self.canvas.width != width or self.canvas.height != height:
            self.canvas.width, self.canvas.height = width, height


class Screen(Layer):
    """The OffscreenCanvas of a page, and what it takes to paint on it.

    Args:
        canvas: the OffscreenCanvas.
        base: the address that those of images are relative to; None for the root of the site.

    Raises:
        ProtocolError: it is no OffscreenCanvas, or has a context of another kind.
    """

    layer = Layer

    def __init__(self, canvas: "Any", base: "str | None" = None) -> None:
        if not isinstance(canvas, JsProxy) or not hasattr(canvas, "getContext"):
            raise ProtocolError(
                f"expected 'canvas' to be an OffscreenCanvas, got {type(canvas).__name__}: take it "
                "from canvas.transferControlToOffscreen(), and transfer it with the message"
            )
        super().__init__(canvas)
        if not self.context:
            raise ProtocolError("the canvas has a context already that is not 2d: give a new one")
        self._base = base or js.location.origin
        self._image: Any = None
        self._request = getattr(js, "requestAnimationFrame", None)
        self._paint: Callable[[], None] = lambda: None
        self._on_frame = create_proxy(lambda time: self._paint())

    def put(self, pixels: "Any") -> None:
        """Show pixels, a C-contiguous array ``(H, W, 4) uint8``, in one copy."""
        height, width, _ = pixels.shape
        if self._image is None or (self._image.width, self._image.height) != (width, height):
            self._image = js.ImageData.new(width, height)
        self._image.data.assign(pixels)
        self.context.putImageData(self._image, 0, 0)

    def next_frame(self, paint: "Callable[[], None]") -> None:
        """Call ``paint`` when the display wants a frame: never for a page that is not shown."""
        if self._request is None:
            paint()
        else:
            self._paint = paint
            self._request(self._on_frame)

    async def load(self, address: str) -> "Any":
        """Fetch an image, for ``drawImage``.

        Raises:
            OSError: it is not there, or no image that the browser can read.
        """
        try:
            response = await js.fetch(js.URL.new(address, self._base).href)
            if not response.ok:
                raise OSError(f"the server answered {response.status}")
            return await js.createImageBitmap(await response.blob())
        except JsException as error:
            raise OSError(str(error)) from None


def settings() -> "dict[str, Any]":
    """Return what the page's configuration says to this library."""
    found = config.to_py() if hasattr(config, "to_py") else dict(config)
    return dict(found.get("gymworker", {}))


def site_packages() -> "dict[str, str]":
    """Return the version of each package that Pyodide can load from this site, by name."""
    packages = pyodide_js.lockfile.packages.to_py()
    return {name: entry["version"] for name, entry in packages.items()}


def with_dependencies(names: "Sequence[str]") -> "set[str]":
    """Return packages of this site and all that they depend on."""
    packages = pyodide_js.lockfile.packages.to_py()
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in packages and name not in found:
            found.add(name)
            waiting.extend(packages[name]["depends"])
    return found


def loaded_packages() -> "set[str]":
    """Return the names of the packages that Pyodide has loaded."""
    return set(js.Object.keys(pyodide_js.loadedPackages).to_py())


async def load_packages(names: "Sequence[str]") -> "list[str]":
    """Load packages of this site, in parallel, hashes checked; return what went wrong."""
    problems: list[str] = []
    try:
        await pyodide_js.loadPackage(
            to_js(list(names)), messageCallback=_quiet, errorCallback=problems.append
        )
    except Exception as error:
        problems.append(str(error))
    return problems


def _quiet(message: str) -> None:
    pass
