"""A ``<canvas>`` of the page on its way to a worker. Runs on the page."""

import js

from ...codec import Transfer
from ...errors import MisuseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


async def take_canvas(canvas: "Any") -> "dict[str, Any]":
    """Return the payload that hands a ``<canvas>`` over to the worker.

    Raises:
        MisuseError: it is no canvas, or in use already.
    """
    if not hasattr(canvas, "transferControlToOffscreen"):
        raise MisuseError("expected a <canvas> element of the page, got " + str(canvas))
    try:
        # Called by a promise: MicroPython cannot catch what JavaScript throws, but rejections.
        offscreen = await js.Promise.resolve().then(canvas.transferControlToOffscreen)
    except Exception:
        offscreen = None
    if offscreen is None:
        raise MisuseError(
            "this canvas cannot be handed to a worker: it was handed over already, or the page "
            "draws on it. Give a new <canvas>"
        )
    return _payload(offscreen)


def replace_canvas(canvas: "Any") -> "tuple[Any, dict[str, Any]]":
    """Put a copy in the place of a canvas that an earlier worker has and cannot give back.

    Returns:
        The copy, with the attributes of the canvas and the focus if it had that; and the payload
        that hands it over.
    """
    copy = canvas.cloneNode(False)
    focused = canvas.matches(":focus")
    canvas.replaceWith(copy)
    if focused:
        copy.focus()
    return copy, _payload(copy.transferControlToOffscreen())


def _payload(offscreen: "Any") -> "dict[str, Any]":
    return {
        "canvas": Transfer(offscreen),
        "baseURL": str(js.document.baseURI),
        "pixelRatio": float(js.devicePixelRatio),
    }
