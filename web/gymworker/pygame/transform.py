"""Surfaces turned, flipped and scaled: each function returns a new one.

Angles are degrees, against the clock.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ._blend import Pixels
from ._lacking import attributes_of
from ._scaling import smooth
from ._whole import Ints, counting
from .surface import Surface

Size = tuple[int, int]

ONE = 65536
"""A pixel, in the units that pygame turns with."""


_GREY = (76, 150, 29)
"""Of 256: what red, green and blue are worth in grey."""


def flip(surface: Surface, flip_x: bool, flip_y: bool) -> Surface:
    """Return a Surface mirrored left to right (``flip_x``) and upside down (``flip_y``)."""
    part = np.s_[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    return _each(surface, lambda pixels: pixels[part].copy())


def scale(surface: Surface, size: Sequence[float], dest_surface: Surface | None = None) -> Surface:
    """Return a Surface of another size, whose pixels are the nearest ones of the old one.

    Args:
        surface: to scale.
        size: width and height in pixels.
        dest_surface: of that size, to take the pixels instead of a new one.

    Raises:
        ValueError: the size is negative, or not that of ``dest_surface``.
    """
    width, height = _size(size)
    part = _nearest(surface.height, height)[:, None], _nearest(surface.width, width)
    return _into(dest_surface, _each(surface, lambda pixels: pixels[part]))


def scale_by(
    surface: Surface, factor: float | Sequence[float], dest_surface: Surface | None = None
) -> Surface:
    """Return a Surface times as large; ``factor`` is one number, or one for each direction."""
    return scale(surface, _times(surface, factor), dest_surface)


def smoothscale(
    surface: Surface, size: Sequence[float], dest_surface: Surface | None = None
) -> Surface:
    """Return a Surface of another size, whose pixels are means of the old ones.

    One that grows equals pygame's pixels (with SSE2, as all PCs have it); where one shrinks a value
    may differ by some units of 255. The arguments are those of ``scale``.
    """
    width, height = _size(size)
    made = _each(surface, lambda pixels: smooth(pixels, width, height))
    return _into(dest_surface, made)


def smoothscale_by(
    surface: Surface, factor: float | Sequence[float], dest_surface: Surface | None = None
) -> Surface:
    """Return a Surface times as large; see ``smoothscale`` and ``scale_by``."""
    return smoothscale(surface, _times(surface, factor), dest_surface)


def rotate(surface: Surface, angle: float) -> Surface:
    """Return a Surface turned around its middle, large enough for all of it.

    The corners that it does not fill are clear, or have the colour of its first pixel where it has
    no alpha. At a right angle all pixels are kept; at any other each is the nearest one.
    """
    angle = float(np.float32(angle))  # as pygame takes it
    if angle % 90 == 0:
        turns = int(angle // 90) % 4
        return _each(surface, lambda pixels: np.rot90(pixels, turns).copy())
    radians = math.radians(angle)
    cosine, sine = math.cos(radians), math.sin(radians)
    width, height = surface.size
    wide = max(abs(width * cosine + height * sine), abs(width * cosine - height * sine))
    high = max(abs(width * sine + height * cosine), abs(width * sine - height * cosine))
    across, down = max(int(wide), 1), max(int(high), 1)
    # In units of a 65536th of a pixel, as pygame has it: what it rounds is rounded here.
    step_x, step_y = int(cosine * ONE), int(sine * ONE)
    x, y = counting(across)[None, :], down // 2 - counting(down)[:, None]
    half = ONE // 2
    left = half * width - int(cosine * (across - 1) * half) + step_y * y + step_x * x
    top = half * height - int(sine * (across - 1) * half) - step_x * y + step_y * x
    return _taken(surface, top >> 16, left >> 16)


def rotozoom(surface: Surface, angle: float, scale: float) -> Surface:
    """Return a Surface turned and scaled, with an alpha; see ``rotate``.

    pygame mixes neighbours here, this takes the nearest pixel.
    """
    radians = math.radians(angle)
    cosine, sine = math.cos(radians), math.sin(radians)
    width, height = (math.ceil(side * scale) for side in surface.size)
    across = abs(width * cosine) + abs(height * sine)
    down = abs(width * sine) + abs(height * cosine)
    whole = surface if surface._alpha is not None else surface.convert_alpha()
    return _turned(whole, (max(round(across), 1), max(round(down), 1)), cosine, sine, scale)


def grayscale(surface: Surface, dest_surface: Surface | None = None) -> Surface:
    """Return a Surface in levels of grey: 0.3 red, 0.59 green and 0.11 blue."""
    grey = ((surface._rgb * np.array(_GREY) + 255) >> 8).sum(axis=2).astype(np.uint8)
    alpha = None if surface._alpha is None else surface._alpha.copy()
    return _into(dest_surface, surface._like(np.repeat(grey[..., None], 3, axis=2), alpha))


def _turned(surface: Surface, size: Size, cosine: float, sine: float, zoom: float) -> Surface:
    """Return a Surface of a size, each pixel the one of the old Surface that lies there."""
    width, height = max(size[0], 1), max(size[1], 1)
    x = counting(width)[None, :] - (width - 1) / 2
    y = counting(height)[:, None] - (height - 1) / 2
    columns = np.rint((x * cosine - y * sine) / zoom + (surface.width - 1) / 2).astype(np.int64)
    rows = np.rint((x * sine + y * cosine) / zoom + (surface.height - 1) / 2).astype(np.int64)
    return _taken(surface, rows, columns)


def _taken(surface: Surface, rows: Ints, columns: Ints) -> Surface:
    """Return a Surface of pixels of another one; those outside it are its ground.

    Args:
        surface: the other one.
        rows: which row each pixel comes from, ``(H, W)``.
        columns: which column.
    """
    inside = (columns >= 0) & (columns < surface.width) & (rows >= 0) & (rows < surface.height)
    if surface._key is not None:
        ground = np.array(surface._key, np.uint8)
    else:
        ground = surface._rgb[0, 0] if 0 not in surface.size else np.zeros(3, np.uint8)
    part = rows[inside], columns[inside]

    def turned(pixels: Pixels) -> Pixels:
        made = np.empty((*rows.shape, *pixels.shape[2:]), np.uint8)
        made[...] = ground if pixels.ndim == 3 else 0
        made[inside] = pixels[part]
        return made

    return _each(surface, turned)


def _nearest(given: int, count: int) -> NDArray[np.int64]:
    """Return which of ``given`` pixels lie in the middle of ``count`` others, to a 65536th."""
    step = (given << 16) // max(count, 1)
    return counting(count) * step + step // 2 >> 16


def _each(surface: Surface, change: Callable[[Pixels], Pixels]) -> Surface:
    """Return a Surface of this one's colours and alpha, both changed."""
    alpha = None if surface._alpha is None else change(surface._alpha)
    return surface._like(change(surface._rgb), alpha)


def _size(size: Sequence[float]) -> Size:
    width, height = int(size[0]), int(size[1])
    if width < 0 or height < 0:
        raise ValueError("Cannot scale to negative size")
    return width, height


def _times(surface: Surface, factor: float | Sequence[float]) -> tuple[float, float]:
    across, down = factor if isinstance(factor, Sequence) else (factor, factor)
    return surface.width * across, surface.height * down


def _into(to: Surface | None, made: Surface) -> Surface:
    if to is None:
        return made
    if to.size != made.size:
        raise ValueError("Destination surface not the given width or height.")
    to._rgb[...] = made._rgb
    if to._alpha is not None:
        to._alpha[...] = 255 if made._alpha is None else made._alpha
    return to


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
