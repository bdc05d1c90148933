"""Pictures from files and to files: PNG, read at once, without a browser's help."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ._blend import Pixels
from ._lacking import attributes_of, error, lacking
from ._png import read, write
from .surface import Surface, of

_FORMATS = ("RGB", "RGBA", "RGBX", "BGR", "BGRA", "ARGB")


def load(file: Any, namehint: str = "") -> Surface:
    """Return the picture of a PNG file.

    Args:
        file: its path, or a file that is open for reading bytes.
        namehint: for pygame's sake.

    Raises:
        FileNotFoundError: there is none.
        error: it cannot be read.
    """
    data = file.read() if hasattr(file, "read") else Path(file).read_bytes()
    try:
        rgb, alpha = _read(data)
        return of(rgb.copy(), None if alpha is None else alpha.copy())
    except ValueError as problem:
        name = getattr(file, "name", namehint) if hasattr(file, "read") else file
        raise error(
            f"cannot load {str(name)!r}: {problem}; the stand-in for pygame reads PNG files"
        ) from None


load_extended = load


def save(surface: Surface, file: Any, namehint: str = "") -> None:
    """Write a PNG file.

    Args:
        surface: the picture.
        file: a path, or a file that is open for writing bytes.
        namehint: a name whose end says what it is to be.

    Raises:
        NotImplementedError: the name is not that of a PNG file.
    """
    name = namehint if hasattr(file, "write") else str(file)
    ending = Path(name).suffix.lower()
    if ending not in ("", ".png"):
        lacking(f"image.save to {ending} files")
    data = write(surface._rgb, surface._alpha)
    if hasattr(file, "write"):
        file.write(data)
    else:
        Path(file).write_bytes(data)


def tobytes(surface: Surface, format: str, flipped: bool = False) -> bytes:
    """Return the pixels as bytes, rows from top to bottom, or from bottom to top if ``flipped``.

    Args:
        surface: the picture.
        format: ``RGB``, ``RGBA``, ``RGBX``, ``BGR``, ``BGRA`` or ``ARGB``.
        flipped: see above.

    Raises:
        NotImplementedError: the format is another one.
    """
    order = _order("tobytes", format)
    pixels = _all_four(surface)[..., order]
    return (pixels[::-1] if flipped else pixels).tobytes()


def frombytes(data: bytes, size: tuple[int, int], format: str, flipped: bool = False) -> Surface:
    """Return the picture of pixels; see ``tobytes``.

    Raises:
        ValueError: there are more or fewer than the size says.
    """
    order = _order("frombytes", format)
    width, height = size
    if len(data) != width * height * len(order):
        raise ValueError("Bytes length does not equal format and resolution size")
    given = np.frombuffer(data, np.uint8).reshape(height, width, len(order))
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., order] = given[::-1] if flipped else given
    alpha = pixels[..., 3].copy() if "A" in format else None
    return of(np.ascontiguousarray(pixels[..., :3]), alpha)


tostring, fromstring = tobytes, frombytes


def frombuffer(data: bytes, size: tuple[int, int], format: str) -> Surface:
    """Return the picture of pixels, which are copied; see ``frombytes``."""
    return frombytes(bytes(data), size, format)


def get_extended() -> bool:
    """Return False: there are only PNG files."""
    return False


@lru_cache(maxsize=128)
def _read(data: bytes) -> tuple[Pixels, Pixels | None]:
    """Remember what was read: some environments load their pictures for each frame."""
    return read(data)


def _order(function: str, format: str) -> list[int]:
    if format not in _FORMATS:
        lacking(f"image.{function}(format={format!r})")
    return ["RGBA".index(letter.replace("X", "A")) for letter in format]


def _all_four(surface: Surface) -> Pixels:
    alpha = surface._alpha
    if alpha is None:
        alpha = np.full(surface._rgb.shape[:2], 255, np.uint8)
    return np.dstack([surface._rgb, alpha])


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
