"""How colours mix: the arithmetic of pygame and of the libraries below it, to the last bit.

Colours ``(H, W, 3) uint8``, coverage ``(H, W) uint8``, 0 (nothing) to 255. All write in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Wide = NDArray[np.int32]


def mix(below: Pixels, color: Any, alpha: Any) -> Pixels:
    """Return colours that lie between others and one above them, as gfxdraw has it.

    Args:
        below: ``(..., 3) uint8``.
        color: three numbers, or ``(..., 3) uint8``.
        alpha: of ``color``, 0 to 255; a number, or an array ``(..., 1)``.

    Returns:
        ``(..., 3) uint8``.
    """
    wide = below.astype(np.int32)
    mixed: Wide = wide + ((np.asarray(color, np.int32) - wide) * alpha >> 8)
    return mixed.astype(np.uint8)


def lay_over(below: Pixels, coverage: Pixels | None, above: Pixels, alpha: Pixels) -> None:
    """Lay colours over others.

    Args:
        below: ``(H, W, 3) uint8``, written.
        coverage: of what is below, ``(H, W) uint8``, written; None if it is opaque.
        above: ``(H, W, 3) uint8``.
        alpha: of what is above, ``(H, W) uint8``.
    """
    clear = alpha == 0
    if coverage is None and np.all(clear | (alpha == 255)):
        np.copyto(below, above, where=~clear[..., None])
        return
    wide, over, part = below.astype(np.int32), above.astype(np.int32), alpha.astype(np.int32)
    mixed = wide + ((over - wide) * part[..., None] + over >> 8)
    if coverage is not None:
        under = coverage.astype(np.int32)
        np.copyto(mixed, over, where=(under == 0)[..., None])
        coverage[...] = part + under - part * under // 255
    below[...] = mixed


def combine(mode: int, below: Pixels, above: Pixels) -> None:
    """Combine colours channel by channel.

    Args:
        mode: one of pygame's ``BLEND_…``, 1 to 5.
        below: ``uint8``, written.
        above: of the same shape.
    """
    below[...] = _MODES[mode](below.astype(np.int32), above.astype(np.int32))


_MODES: dict[int, Callable[[Wide, Wide], Any]] = {
    1: lambda below, above: np.minimum(below + above, 255),
    2: lambda below, above: np.maximum(below - above, 0),
    3: lambda below, above: below * above + 255 >> 8,
    4: np.minimum,
    5: np.maximum,
}
