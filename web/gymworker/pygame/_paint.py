"""Colour on a Surface: rows of pixels, and pixels one by one, inside of its clip.

All shapes end here. Places are whole numbers; what lies outside of the clip is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._blend import mix
from ._whole import Ints, counting
from .color import RGBA

if TYPE_CHECKING:
    from .surface import Surface


def block(surface: Surface, x: int, y: int, width: int, height: int, color: RGBA) -> None:
    """Give all pixels of a rectangle a colour."""
    left, top, right, bottom = surface._bounds
    x0, y0, x1, y1 = max(x, left), max(y, top), min(x + width, right), min(y + height, bottom)
    if x0 >= x1 or y0 >= y1:
        return
    part = surface._rgb[y0:y1, x0:x1]
    red, green, blue, alpha = color
    if red == green == blue:
        part[...] = red
    else:
        part[...] = _row(color, x1 - x0)  # a row at a time: four times as fast as pixels
    if surface._alpha is not None:
        surface._alpha[y0:y1, x0:x1] = alpha


def mixed_block(surface: Surface, x: int, y: int, width: int, height: int, color: RGBA) -> None:
    """Mix a colour into all pixels of a rectangle, as gfxdraw does."""
    if color[3] == 255:
        block(surface, x, y, width, height, color)
        return
    left, top, right, bottom = surface._bounds
    x0, y0, x1, y1 = max(x, left), max(y, top), min(x + width, right), min(y + height, bottom)
    if x0 >= x1 or y0 >= y1:
        return
    part = surface._rgb[y0:y1, x0:x1]
    part[...] = mix(part, color[:3], color[3])
    if surface._alpha is not None:
        under = surface._alpha[y0:y1, x0:x1, None]
        under[...] = mix(under, color[3], color[3])


def rows(surface: Surface, ys: ArrayLike, lefts: ArrayLike, rights: ArrayLike, color: RGBA) -> None:
    """Give rows of pixels a colour.

    Args:
        surface: to paint on.
        ys: where the rows are, ``(N,)``.
        lefts: the first pixel of each.
        rights: the last pixel of each; one that is left of the first makes no row.
        color: its alpha is written too, where the surface has one.
    """
    left, top, right, bottom = surface._bounds
    lines: Ints = np.asarray(ys, np.int64)
    begins = np.maximum(np.asarray(lefts, np.int64), left)
    ends = np.minimum(np.asarray(rights, np.int64) + 1, right)
    inside = (lines >= top) & (lines < bottom) & (begins < ends)
    if not inside.any():
        return
    row = _row(color, int((ends - begins)[inside].max()))
    found = (column[inside].tolist() for column in (lines, begins, ends))
    rgb, alpha = surface._rgb, surface._alpha
    for y, begin, end in zip(*found, strict=True):
        rgb[y, begin:end] = row[: end - begin]
        if alpha is not None:
            alpha[y, begin:end] = color[3]


def mixed_rows(
    surface: Surface, ys: ArrayLike, lefts: ArrayLike, rights: ArrayLike, color: RGBA
) -> None:
    """Mix a colour into rows of pixels; see ``rows``. Rows must not overlap."""
    if color[3] == 255:
        rows(surface, ys, lefts, rights, color)
        return
    left, _, right, _ = surface._bounds
    begins = np.maximum(np.asarray(lefts, np.int64), left)
    lengths = np.maximum(np.minimum(np.asarray(rights, np.int64) + 1, right) - begins, 0)
    starts = np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
    xs = starts + counting(lengths.sum())
    mixed_points(surface, xs, np.repeat(np.asarray(ys, np.int64), lengths), color)


def points(surface: Surface, xs: ArrayLike, ys: ArrayLike, color: RGBA) -> None:
    """Give pixels a colour.

    Args:
        surface: to paint on.
        xs: their columns, ``(N,)``.
        ys: their rows, ``(N,)``.
        color: its alpha is written too, where the surface has one.
    """
    place, _ = _inside(surface, xs, ys)
    surface._rgb[place] = color[:3]
    if surface._alpha is not None:
        surface._alpha[place] = color[3]


def mixed_points(
    surface: Surface, xs: ArrayLike, ys: ArrayLike, color: RGBA, weights: Any = None
) -> None:
    """Mix a colour into pixels, as gfxdraw does.

    Args:
        surface: to paint on.
        xs: their columns, ``(N,)``; no pixel twice.
        ys: their rows, ``(N,)``.
        color: an alpha of 255 replaces what is there.
        weights: 0 to 255 ``(N,)``, how much of the colour's alpha each pixel gets; None for all.
    """
    if color[3] == 255 and weights is None:
        points(surface, xs, ys, color)
        return
    place, keep = _inside(surface, xs, ys)
    share = 256 if weights is None else np.asarray(weights, np.int32)[keep, None]
    alpha = share * color[3] >> 8
    surface._rgb[place] = mix(surface._rgb[place], color[:3], alpha)
    if surface._alpha is not None:
        surface._alpha[place] = mix(surface._alpha[place][:, None], alpha, alpha)[:, 0]


def shaded_points(
    surface: Surface, xs: ArrayLike, ys: ArrayLike, color: RGBA, shares: NDArray[np.float64]
) -> None:
    """Mix a colour into pixels by a share of 0.0 to 1.0, as draw.aaline does.

    Args:
        surface: to paint on.
        xs: their columns, ``(N,)``; no pixel twice.
        ys: their rows, ``(N,)``.
        color: of the pixels with a share of 1.0.
        shares: ``(N,)``.
    """
    place, keep = _inside(surface, xs, ys)
    share = shares[keep, None]
    below = surface._rgb[place]
    surface._rgb[place] = (below * (1 - share) + np.array(color[:3]) * share).astype(np.uint8)
    if surface._alpha is not None:
        under = surface._alpha[place][:, None]
        surface._alpha[place] = (under * (1 - share) + color[3] * share).astype(np.uint8)[:, 0]


def _inside(surface: Surface, xs: ArrayLike, ys: ArrayLike) -> tuple[Any, Any]:
    """Return the places ``[y, x]`` inside of the clip, and which of all they are."""
    left, top, right, bottom = surface._bounds
    across, down = np.asarray(xs, np.int64), np.asarray(ys, np.int64)
    keep = (across >= left) & (across < right) & (down >= top) & (down < bottom)
    return (down[keep], across[keep]), keep


def _row(color: RGBA, length: int) -> NDArray[np.uint8]:
    row = np.empty((length, 3), np.uint8)
    row[:] = color[:3]
    return row
