"""Text as pixels, by the browser's own fonts. Runs in the worker."""

import js

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Writer:
    """Writes on a canvas that is not shown, and reads the pixels back."""

    def __init__(self) -> None:
        self._canvas: Any = None
        self._ready: Any = None

    @property
    def _context(self) -> "Any":
        """The canvas's context; it is made when somebody writes."""
        if self._ready is None:
            self._canvas = js.OffscreenCanvas.new(1, 1)
            options = js.JSON.parse('{"willReadFrequently": true}')
            self._ready = self._canvas.getContext("2d", options)
        return self._ready

    def width(self, text: str, font: str) -> float:
        """Return how wide a line of text is, in pixels.

        Args:
            text: one line.
            font: as CSS has it, ``"bold 20px sans-serif"``.
        """
        self._context.font = font
        return float(self._context.measureText(text).width)

    def pixels(self, text: str, font: str, width: int, height: int, baseline: int) -> "Any":
        """Return a line of text as pixels.

        Args:
            text: one line.
            font: see ``width``.
            width: of the picture.
            height: of the picture.
            baseline: the row that the letters stand on.

        Returns:
            How much of each pixel is covered, ``width * height`` bytes, rows from top to bottom.
        """
        context = self._context
        canvas = self._canvas
        canvas.width, canvas.height = width, height  # which clears it
        context.font = font
        context.fillText(text, 0, baseline)
        data = context.getImageData(0, 0, width, height).data
        return data.to_bytes()[3::4]
