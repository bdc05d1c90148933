"""``Surface``: a picture in NumPy arrays.

Its colours are one array ``(H, W, 3) uint8``, rows from top to bottom, and its alpha, if it was
made with ``SRCALPHA``, another one, ``(H, W) uint8``. Places are ``(x, y)``, from the upper left
corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gymworker.worker import standin

from ._blend import Pixels
from ._blit import blit as _blit
from ._lacking import Named, attributes_of, error, lacking
from ._paint import block
from .color import Color, ColorValue, rgba
from .constants import SRCALPHA, SRCCOLORKEY
from .rect import Rect

Size = tuple[int, int]


class Surface(Named):
    """A picture that can be drawn on.

    Args:
        size: width and height in pixels.
        flags: ``SRCALPHA`` for one with an alpha for each pixel, which is clear at first; others
            are opaque, black at first.
        depth: 0, 24 or 32 bits; or a Surface of the same kind.
        masks: for pygame's sake.

    Raises:
        error: the size is negative.
        NotImplementedError: the depth is another one.
    """

    __hash__ = object.__hash__

    def __init__(
        self, size: Sequence[float], flags: int = 0, depth: int | Surface = 0, masks: Any = None
    ) -> None:
        kind = flags if isinstance(flags, Surface) else depth
        if isinstance(kind, Surface):
            flags = SRCALPHA if kind._alpha is not None else 0
        elif kind not in (0, 24, 32):
            lacking(f"Surface(depth={kind})")
        width, height = int(size[0]), int(size[1])
        if width < 0 or height < 0:
            raise error("Invalid resolution for Surface")
        alpha = np.zeros((height, width), np.uint8) if flags & SRCALPHA else None
        self._take(np.zeros((height, width, 3), np.uint8), alpha)

    def _take(self, rgb: Pixels, alpha: Pixels | None) -> None:
        """Have these pixels; nothing is copied."""
        standin.drawn = True
        self._rgb, self._alpha = rgb, alpha
        self._opacity = 255
        self._key: tuple[int, int, int] | None = None
        self._bounds = 0, 0, rgb.shape[1], rgb.shape[0]
        self._parent: Surface | None = None
        self._offset = 0, 0

    def _like(self, rgb: Pixels, alpha: Pixels | None) -> Surface:
        """Return a Surface of other pixels with the colorkey and the alpha of this one."""
        made = of(rgb, alpha)
        made._opacity, made._key = self._opacity, self._key
        return made

    def __repr__(self) -> str:
        return f"<Surface({self.width}x{self.height}x32)>"

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self._rgb.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self._rgb.shape[0])

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.width, self.height

    def get_width(self) -> int:
        """Return the pixels across."""
        return self.width

    def get_height(self) -> int:
        """Return the pixels down."""
        return self.height

    def get_size(self) -> Size:
        """Return width and height."""
        return self.size

    def get_rect(self, **places: Any) -> Rect:
        """Return its rectangle at (0, 0), or where the keywords (``center=(9, 9)``) move it."""
        rect = Rect(0, 0, self.width, self.height)
        for name, place in places.items():
            setattr(rect, name, place)
        return rect

    def get_bounding_rect(self, min_alpha: int = 1) -> Rect:
        """Return the smallest rectangle with all pixels that are not clear."""
        seen = self._seen(min_alpha)
        ys, xs = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        if not len(ys):
            return Rect(0, 0, 0, 0)
        return Rect(xs[0], ys[0], xs[-1] + 1 - xs[0], ys[-1] + 1 - ys[0])

    def _seen(self, min_alpha: int) -> Any:
        if self._alpha is not None:
            return self._alpha >= min_alpha
        if self._key is not None:
            return (self._rgb != np.array(self._key, np.uint8)).any(axis=2)
        return np.ones(self._rgb.shape[:2], bool)

    def copy(self) -> Surface:
        """Return a Surface of its own with the same pixels."""
        return self._like(self._rgb.copy(), None if self._alpha is None else self._alpha.copy())

    def convert(self, kind: Surface | int | None = None, flags: int = 0) -> Surface:
        """Return an opaque copy; with a Surface, or with ``SRCALPHA``, one of that kind."""
        if (isinstance(kind, Surface) and kind._alpha is not None) or flags & SRCALPHA:
            return self.convert_alpha()
        return self._like(self._rgb.copy(), None)

    def convert_alpha(self, kind: Surface | None = None) -> Surface:
        """Return a copy with an alpha for each pixel."""
        alpha = np.where(self._seen(0), np.uint8(255), np.uint8(0))
        return of(self._rgb.copy(), alpha if self._alpha is None else self._alpha.copy())

    def fill(self, color: ColorValue, rect: Any = None, special_flags: int = 0) -> Rect:
        """Give all pixels, or those of a rectangle, a colour; return what was filled."""
        if special_flags:
            lacking(f"Surface.fill(special_flags={special_flags})")
        area = self.get_rect() if rect is None else Rect(rect)
        block(self, area.x, area.y, area.w, area.h, self._color(color))
        return self.get_clip().clip(area)

    def blit(
        self, source: Surface, dest: Any = (0, 0), area: Any = None, special_flags: int = 0
    ) -> Rect:
        """Draw another Surface on this one.

        Args:
            source: to draw; its alpha, opacity and colorkey count.
            dest: where its upper left corner comes to lie; a pair, or a rectangle.
            area: the rectangle of it that is drawn, None for all of it.
            special_flags: 0, or one of ``BLEND_ADD``, ``SUB``, ``MULT``, ``MIN``, ``MAX``.

        Returns:
            What was drawn on.
        """
        return _blit(self, source, dest, area, special_flags)

    def blits(self, sequence: Iterable[Any], doreturn: bool = True) -> list[Rect] | None:
        """Draw Surfaces, each given as the arguments of ``blit``."""
        drawn = [self.blit(*arguments) for arguments in sequence]
        return drawn if doreturn else None

    def fblits(self, sequence: Iterable[Any], special_flags: int = 0) -> None:
        """Draw Surfaces, each given as a pair of it and its place."""
        for source, dest in sequence:
            self.blit(source, dest, None, special_flags)

    def get_at(self, place: Sequence[int]) -> Color:
        """Return the colour of a pixel.

        Raises:
            IndexError: it lies outside.
        """
        x, y = int(place[0]), int(place[1])
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("pixel index out of range")
        alpha = 255 if self._alpha is None else int(self._alpha[y, x])
        return Color([*self._rgb[y, x].tolist(), alpha])

    def set_at(self, place: Sequence[int], color: ColorValue) -> None:
        """Give a pixel a colour; nothing happens outside of the clip."""
        block(self, int(place[0]), int(place[1]), 1, 1, self._color(color))

    def _color(self, value: ColorValue) -> tuple[int, int, int, int]:
        return rgba(value, alpha_first=self._alpha is not None)

    def map_rgb(self, color: ColorValue) -> int:
        """Return the number of a colour, ``0xRRGGBB`` or, with alpha, ``0xAARRGGBB``."""
        red, green, blue, alpha = rgba(color)
        return (alpha << 24 if self._alpha is not None else 0) | red << 16 | green << 8 | blue

    def unmap_rgb(self, number: int) -> Color:
        """Return the colour of such a number."""
        return Color(self._color(number))

    def set_alpha(self, value: int | None = None, flags: int = 0) -> None:
        """Have all of it drawn with an alpha of 0 to 255; None is 255."""
        self._opacity = 255 if value is None else min(max(int(value), 0), 255)

    def get_alpha(self) -> int:
        """Return the alpha that all of it is drawn with."""
        return self._opacity

    def set_colorkey(self, color: ColorValue | None = None, flags: int = 0) -> None:
        """Have pixels of a colour not drawn; None for all drawn."""
        self._key = None if color is None else self._color(color)[:3]

    def get_colorkey(self) -> tuple[int, int, int, int] | None:
        """Return the colour that is not drawn."""
        return None if self._key is None else (*self._key, 255)

    def set_clip(self, rect: Any = None) -> None:
        """Let only pixels of a rectangle be changed; None for all."""
        area = self.get_rect() if rect is None else self.get_rect().clip(Rect(rect))
        self._bounds = area.x, area.y, area.x + area.w, area.y + area.h

    def get_clip(self) -> Rect:
        """Return the rectangle whose pixels can be changed."""
        left, top, right, bottom = self._bounds
        return Rect(left, top, right - left, bottom - top)

    def subsurface(self, *rect: Any) -> Surface:
        """Return a part of it: a Surface that shares its pixels.

        Raises:
            ValueError: the rectangle does not lie inside.
        """
        area = Rect(*rect)
        if area.clip(self.get_rect()) != area:
            raise ValueError("subsurface rectangle outside surface area")
        part = np.s_[area.y : area.y + area.h, area.x : area.x + area.w]
        alpha = None if self._alpha is None else self._alpha[part]
        made = self._like(self._rgb[part], alpha)
        made._parent, made._offset = self, (area.x, area.y)
        return made

    def get_parent(self) -> Surface | None:
        """Return the Surface that it is a part of."""
        return self._parent

    def get_offset(self) -> Size:
        """Return where in its parent it lies."""
        return self._offset

    def get_flags(self) -> int:
        """Return its flags: ``SRCALPHA``, ``SRCCOLORKEY``."""
        key = 0 if self._key is None else SRCCOLORKEY
        return key | (0 if self._alpha is None else SRCALPHA)

    def get_bitsize(self) -> int:
        """Return 32, the bits of a pixel in pygame."""
        return 32

    def get_bytesize(self) -> int:
        """Return 4, the bytes of a pixel in pygame."""
        return 4

    def lock(self) -> None:
        """Do nothing: pixels can always be reached."""

    unlock = lock

    def mustlock(self) -> bool:
        """Return False; see ``lock``."""
        return False

    get_locked = mustlock


SurfaceType = Surface


def of(rgb: Pixels, alpha: Pixels | None = None) -> Surface:
    """Return the Surface of these pixels, which are not copied.

    Args:
        rgb: colours, ``(H, W, 3) uint8``.
        alpha: ``(H, W) uint8``, None for an opaque one.
    """
    made = Surface.__new__(Surface)
    made._take(rgb, alpha)
    return made


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
