"""The canvas of a page, as the painter uses it. Runs in the worker."""

import js
from pyodide.ffi import JsException, JsProxy, create_proxy

from ...errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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
        self._frame = 0

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
            self._frame = self._request(self._on_frame)

    def close(self) -> None:
        """Let go of the callback; a frame that is awaited does not come."""
        if self._request is not None:
            js.cancelAnimationFrame(self._frame)
        self._on_frame.destroy()

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
