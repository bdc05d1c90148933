"""The pixels of a Surface as NumPy arrays, ``[x, y]``: the first axis goes across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ._blend import Pixels
from ._lacking import attributes_of, lacking
from .surface import Surface


def pixels3d(surface: Surface) -> Pixels:
    """Return the colours, ``(W, H, 3) uint8``: what is written there is on the Surface at once."""
    return surface._rgb.swapaxes(0, 1)


def array3d(surface: Surface) -> Pixels:
    """Return a copy of the colours, ``(W, H, 3) uint8``."""
    return surface._rgb.swapaxes(0, 1).copy()


def pixels_alpha(surface: Surface) -> Pixels:
    """Return the alpha, ``(W, H) uint8``: what is written there is on the Surface at once.

    Raises:
        ValueError: the Surface has none.
    """
    if surface._alpha is None:
        raise ValueError("unsupported colormasks for alpha reference array")
    return surface._alpha.swapaxes(0, 1)


def array_alpha(surface: Surface) -> Pixels:
    """Return a copy of the alpha, ``(W, H) uint8``: 255 where the Surface has none."""
    if surface._alpha is None:
        return np.full(surface.size, 255, np.uint8)
    return surface._alpha.swapaxes(0, 1).copy()


def pixels_red(surface: Surface) -> Pixels:
    """Return the red of all pixels, ``(W, H) uint8``, as ``pixels3d`` does."""
    return pixels3d(surface)[..., 0]


def pixels_green(surface: Surface) -> Pixels:
    """Return the green of all pixels, ``(W, H) uint8``, as ``pixels3d`` does."""
    return pixels3d(surface)[..., 1]


def pixels_blue(surface: Surface) -> Pixels:
    """Return the blue of all pixels, ``(W, H) uint8``, as ``pixels3d`` does."""
    return pixels3d(surface)[..., 2]


def array2d(surface: Surface) -> NDArray[np.uint32]:
    """Return the numbers of the colours, ``(W, H) uint32``: ``0xAARRGGBB``, opaque ``0xRRGGBB``."""
    wide = surface._rgb.astype(np.uint32)
    numbers = wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
    if surface._alpha is not None:
        numbers |= surface._alpha.astype(np.uint32) << 24
    return numbers.swapaxes(0, 1).astype(np.uint32)


def pixels2d(surface: Surface) -> NDArray[np.uint32]:
    """Say that there is no live array of numbers: colours and alpha are arrays of their own.

    Raises:
        NotImplementedError: always.
    """
    lacking("surfarray.pixels2d")


def make_surface(array: Any) -> Surface:
    """Return an opaque Surface of colours.

    Args:
        array: ``(W, H, 3)``, or ``(W, H)`` numbers ``0xRRGGBB``.

    Raises:
        ValueError: it has another shape.
    """
    made = Surface(_shape(np.asarray(array))[:2])
    blit_array(made, array)
    return made


def blit_array(surface: Surface, array: Any) -> None:
    """Give all pixels of a Surface the colours of an array; see ``make_surface``.

    Raises:
        ValueError: it has another shape, or is not as large as the Surface.
    """
    given = np.asarray(array)
    if _shape(given)[:2] != surface.size:
        raise ValueError("array must match surface dimensions")
    if given.ndim == 2:
        numbers = given.astype(np.uint32)
        given = np.stack([numbers >> shift & 255 for shift in (16, 8, 0)], axis=2)
        if surface._alpha is not None:
            surface._alpha[...] = (numbers >> 24 & 255).swapaxes(0, 1)
    surface._rgb[...] = given.swapaxes(0, 1)


def _shape(array: NDArray[Any]) -> tuple[int, ...]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 3):
        raise ValueError(f"must be a valid 2d or 3d array, got one of the shape {array.shape}")
    return array.shape


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
