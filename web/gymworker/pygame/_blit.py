"""One Surface on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._blend import Pixels, combine, lay_over, mix
from ._lacking import lacking
from .rect import Rect

if TYPE_CHECKING:
    from .surface import Surface

_CHANNELS = 5
"""Special flags up to this one leave alpha alone, those above it combine it too."""


def blit(to: Surface, source: Surface, dest: Any, area: Any, flags: int) -> Rect:
    """Draw a Surface on another one; see ``Surface.blit``."""
    x, y = int(dest[0]), int(dest[1])
    height, width = source._rgb.shape[:2]
    part = Rect(0, 0, width, height) if area is None else Rect(area)
    across, down = x - part.x, y - part.y  # from a pixel's place on the source to that on this one
    left, top, right, bottom = to._bounds
    x0, x1 = max(x, left, across), min(x + part.w, right, across + width)
    y0, y1 = max(y, top, down), min(y + part.h, bottom, down + height)
    if x0 >= x1 or y0 >= y1:
        return Rect(x, y, 0, 0)
    place = slice(y0, y1), slice(x0, x1)
    _put(to, place, source, (slice(y0 - down, y1 - down), slice(x0 - across, x1 - across)), flags)
    return Rect(x0, y0, x1 - x0, y1 - y0)


def _put(to: Surface, place: Any, source: Surface, part: Any, flags: int) -> None:
    """Draw a part of a Surface on a part of another one that is as large."""
    below, above = to._rgb[place], source._rgb[part]
    if np.may_share_memory(below, above):
        above = above.copy()
    under = None if to._alpha is None else to._alpha[place]
    alpha = None if source._alpha is None else source._alpha[part]
    if flags:
        if not 1 <= flags <= _CHANNELS:
            lacking(f"Surface.blit(special_flags={flags})")
        combine(flags, below, above)
        return
    shown = None
    if source._key is not None:
        shown = (above != np.array(source._key, np.uint8)).any(axis=2)
    if alpha is not None:
        if source._opacity < 255:
            alpha = (alpha.astype(np.int32) * source._opacity // 255).astype(np.uint8)
        lay_over(below, under, above, alpha if shown is None else alpha * shown)
    else:
        _put_opaque(below, under, above, source._opacity, shown)


def _put_opaque(
    below: Pixels, under: Pixels | None, above: Pixels, opacity: int, shown: Any
) -> None:
    """Draw colours without alpha of their own, but perhaps one for all, and only what is shown."""
    if opacity < 255:
        above = mix(below, above, opacity)
    if shown is None:
        below[...] = above
    else:
        np.copyto(below, above, where=shown[..., None])
    if under is not None:
        full = np.asarray(under, np.int32)
        covered = opacity + full - full * opacity // 255
        np.copyto(under, covered.astype(np.uint8), where=True if shown is None else shown)
