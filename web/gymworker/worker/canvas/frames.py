"""Frames as pixels, whatever kind of array ``env.render()`` returns. Runs in the worker.

array (H, W, 3 | 4)        RGB or RGBA, and of either:
array (H, W), (H, W, 1)    levels of grey
    uint8                  as it is
    other ints             the same, if they lie in 0..255
    float                  0.0 is black and 1.0 white
    bool                   False is black and True white
"""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HALF = 0.5 / 255
"""Of a level: so far a float may lie beside 0..1, as sums of floats do."""


def newest(frame: "Any") -> "Any":
    """Return the last one of a list of frames, None of an empty one; a frame as it is."""
    if isinstance(frame, (list, tuple)):
        return frame[-1] if frame else None
    return frame


def as_pixels(frame: "Any") -> "Any":
    """Return a frame as an array ``(H, W, 3 | 4) uint8``.

    Raises:
        TypeError: it is no frame; it says what was expected, what came, and what to do.
    """
    import numpy as np

    if not hasattr(frame, "dtype") and hasattr(frame, "__array_interface__"):  # such as Pillow's
        frame = np.asarray(frame)
    shape: Any = getattr(frame, "shape", ())
    if not hasattr(frame, "dtype") or not _is_picture(shape):
        raise TypeError(_unfit(frame, shape))
    levels = _levels(np, np.asarray(frame))
    if len(shape) == 2:
        levels = levels[:, :, None]
    return levels if levels.shape[2] > 1 else np.broadcast_to(levels, (*shape[:2], 3))


def _is_picture(shape: "Any") -> bool:
    return 0 not in shape and (len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4)))


def _levels(np: "Any", array: "Any") -> "Any":
    """Return the numbers of an array as levels, ``uint8``."""
    kind = array.dtype.kind
    if array.dtype == np.uint8:
        return array
    if kind == "b":
        return array.view(np.uint8) * np.uint8(255)
    if kind not in "iuf":
        raise TypeError(_expected(array, ": of numbers"))
    low, high = array.min().item(), array.max().item()  # nan, if there is any
    if kind == "f":
        if low >= -HALF and high <= 1 + HALF:
            return (array.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    elif low >= 0 and high <= 255:
        return array.astype(np.uint8)
    raise TypeError(_expected(array, _beyond(kind, low, high)))


def _beyond(kind: str, low: float, high: float) -> str:
    """Return which values are no levels, and what to do."""
    if not (math.isfinite(low) and math.isfinite(high)):
        values = "nan" if low != low else f"values from {low:g} to {high:g}"
        return f" with {values} in it: numpy.nan_to_num(frame) makes numbers of these"
    if kind == "f":
        hint = "floats are to lie in 0..1"
        if low >= 0 and high <= 255:
            hint += "; return frame.astype(numpy.uint8) if 255 is white"
        return f" with values from {low:g} to {high:g}: {hint}"
    hint = "return (frame // 257).astype(numpy.uint8) if 65535 is white"
    if low < 0 or high > 65535:
        hint = "scale it, or return frame.clip(0, 255).astype(numpy.uint8)"
    return f" with values from {low} to {high}: ints are to lie in 0..255; {hint}"


def _unfit(frame: "Any", shape: "Any") -> str:
    """Return why a value is no frame at all, and what to do."""
    hint = ""
    if len(shape) == 3 and shape[0] in (1, 3, 4):
        hint = ": put its channels last, frame.transpose(1, 2, 0)"
    elif len(shape) == 4:
        hint = ": return one frame, frame[-1]"
    elif type(frame).__name__ == "Surface":  # of pygame
        hint = ": return pygame.surfarray.array3d(surface).transpose(1, 0, 2)"
    elif isinstance(frame, (list, tuple)):
        hint = ": return numpy.array(frame)"
    return _expected(frame, hint)


def _expected(frame: "Any", hint: str) -> str:
    dtype = getattr(frame, "dtype", None)
    got = f"{type(frame).__name__} {frame!r:.80}" if dtype is None else f"{dtype} {frame.shape}"
    return (
        "expected env.render() to return an array (H, W, 3 | 4) or (H, W) of uint8, bool or float "
        f"in 0..1, a list of them, a str, or what a Surface committed, got {got}{hint}"
    )
