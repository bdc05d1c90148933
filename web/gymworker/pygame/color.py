"""Colours: ``Color``, and whatever else pygame takes for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Union

from ._colornames import THECOLORS
from ._lacking import Named, attributes_of

RGBA = tuple[int, int, int, int]
ColorValue = Union["Color", str, int, Sequence[int]]
"""A Color, a name, ``#rgb`` to ``#rrggbbaa``, ``0x…``, a number, or 3 or 4 numbers 0 to 255."""


class Color(Named):
    """Red, green, blue and alpha, each 0 to 255; a sequence of four.

    Args:
        value: see ``ColorValue``; a number is ``0xRRGGBBAA``.
        rest: green, blue and perhaps alpha, if ``value`` is red.

    Raises:
        ValueError: it is none.
    """

    __slots__ = ("a", "b", "g", "r")
    __hash__ = None  # type: ignore[assignment]  # it can change, as pygame's

    def __init__(self, value: ColorValue, *rest: int) -> None:
        if rest:
            value = [value, *rest]  # type: ignore[list-item]
        elif isinstance(value, int):
            value = tuple(value >> shift & 255 for shift in (24, 16, 8, 0))
        self.r, self.g, self.b, self.a = rgba(value)

    def __iter__(self) -> Iterator[int]:
        return iter((self.r, self.g, self.b, self.a))

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: Any) -> Any:
        return (self.r, self.g, self.b, self.a)[index]

    def __setitem__(self, index: int, value: int) -> None:
        setattr(self, "rgba"[index], _checked(value, self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Color, tuple)) and tuple(self) == (*other, 255)[:4]

    def __int__(self) -> int:
        return self.r << 24 | self.g << 16 | self.b << 8 | self.a

    def __repr__(self) -> str:
        return f"Color({self.r}, {self.g}, {self.b}, {self.a})"

    def lerp(self, other: ColorValue, amount: float) -> Color:
        """Return the colour that lies between this (0) and another one (1).

        Raises:
            ValueError: the amount lies outside of 0 to 1.
        """
        if not 0 <= amount <= 1:
            raise ValueError(f"expected an amount from 0 to 1, got {amount}")
        pairs = zip(self, rgba(other), strict=True)
        return Color([round(ours + (theirs - ours) * amount) for ours, theirs in pairs])

    def normalize(self) -> tuple[float, float, float, float]:
        """Return red, green, blue and alpha, each 0.0 to 1.0."""
        return self.r / 255, self.g / 255, self.b / 255, self.a / 255


def rgba(value: ColorValue, *, alpha_first: bool = False) -> RGBA:
    """Return red, green, blue and alpha of a colour.

    Args:
        value: see ``ColorValue``.
        alpha_first: a number is ``0xAARRGGBB``, not ``0xRRGGBB`` with an alpha of 255.

    Raises:
        ValueError: it is no colour.
    """
    if isinstance(value, Color):
        return value.r, value.g, value.b, value.a
    if isinstance(value, str):
        return _named(value)
    if isinstance(value, int):
        alpha = value >> 24 & 255 if alpha_first else 255
        return value >> 16 & 255, value >> 8 & 255, value & 255, alpha
    try:
        parts = [_checked(part, value) for part in value]
    except TypeError:
        raise _unfit(value) from None
    if len(parts) == 3:
        return parts[0], parts[1], parts[2], 255
    if len(parts) == 4:
        return parts[0], parts[1], parts[2], parts[3]
    raise _unfit(value)


def _named(text: str) -> RGBA:
    digits = re.fullmatch(r"(?:#|0[xX])([0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?)", text)
    if digits:
        red, green, blue, alpha, *_ = bytes.fromhex(digits[1] + "ff")
        return red, green, blue, alpha
    try:
        return THECOLORS[text.replace(" ", "").lower()]
    except KeyError:
        raise _unfit(text) from None


def _checked(part: Any, value: object) -> int:
    number = int(part)
    if not 0 <= number <= 255:
        raise _unfit(value)
    return number


def _unfit(value: object) -> ValueError:
    return ValueError(
        "invalid color argument: expected a name, '#rrggbb', or 3 or 4 numbers from 0 to 255, got "
        f"{value!r:.80}"
    )


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
