"""Rectangles: ``Rect``, whose four numbers are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ._cutting import cut
from ._lacking import Named, attributes_of

Pair = tuple[int, int]


def _side(axis: int, half: int) -> property:
    """Return the property of an edge (``half`` 0, 2) or the middle (1) along an axis (0 is x)."""

    def get(rect: Rect) -> int:
        return _place(rect, axis, half)

    def put(rect: Rect, value: float) -> None:
        _move(rect, axis, half, value)

    return property(get, put)


def _point(half_x: int, half_y: int) -> property:
    """Return the property of a corner, of the middle of an edge, or of the centre."""

    def get(rect: Rect) -> Pair:
        return _place(rect, 0, half_x), _place(rect, 1, half_y)

    def put(rect: Rect, value: Sequence[float]) -> None:
        _move(rect, 0, half_x, value[0])
        _move(rect, 1, half_y, value[1])

    return property(get, put)


class _Number:
    """One of the four, named by the first letter: floats are cut."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._slot = "_" + name[0]

    def __get__(self, rect: Rect, owner: type) -> int:
        number: int = getattr(rect, self._slot)
        return number

    def __set__(self, rect: Rect, value: float) -> None:
        setattr(rect, self._slot, int(value))


class Rect(Named):
    """A rectangle of pixels: ``x``, ``y``, ``w`` and ``h``; a sequence of the four.

    The right edge and the lower edge are the first pixels that lie outside.

    Args:
        args: the four, or place and size, or one rectangle or what has one as ``rect``; floats are
            cut.

    Raises:
        TypeError: it is no rectangle.
    """

    __slots__ = ("_h", "_w", "_x", "_y")
    __hash__ = None  # type: ignore[assignment]  # it can change, as pygame's

    x, y, w, h = _Number(), _Number(), _Number(), _Number()
    width, height = _Number(), _Number()

    def __init__(self, *args: Any) -> None:
        self.x, self.y, self.w, self.h = _four(args)

    left, centerx, right = _side(0, 0), _side(0, 1), _side(0, 2)
    top, centery, bottom = _side(1, 0), _side(1, 1), _side(1, 2)
    topleft, midtop, topright = _point(0, 0), _point(1, 0), _point(2, 0)
    midleft, center, midright = _point(0, 1), _point(1, 1), _point(2, 1)
    bottomleft, midbottom, bottomright = _point(0, 2), _point(1, 2), _point(2, 2)

    @property
    def size(self) -> Pair:
        """Width and height."""
        return self.w, self.h

    @size.setter
    def size(self, value: Sequence[float]) -> None:
        self.w, self.h = value

    def __iter__(self) -> Iterator[int]:
        return iter((self.x, self.y, self.w, self.h))

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: Any) -> Any:
        return (self.x, self.y, self.w, self.h)[index]

    def __setitem__(self, index: int, value: float) -> None:
        setattr(self, "xywh"[index], value)

    def __eq__(self, other: object) -> bool:
        try:
            return tuple(self) == _four((other,))
        except TypeError:
            return NotImplemented

    def __bool__(self) -> bool:
        return self.w != 0 and self.h != 0

    def __repr__(self) -> str:
        return f"Rect({self.x}, {self.y}, {self.w}, {self.h})"

    def copy(self) -> Rect:
        """Return another one with the same numbers."""
        return Rect(self.x, self.y, self.w, self.h)

    def update(self, *args: Any) -> None:
        """Set all four numbers; the arguments are those of the class."""
        self.x, self.y, self.w, self.h = _four(args)

    def move(self, *by: Any) -> Rect:
        """Return this one, moved by two numbers or by a pair of them."""
        x, y = _two(by)
        return Rect(self.x + int(x), self.y + int(y), self.w, self.h)

    def move_ip(self, *by: Any) -> None:
        """Move this one; see ``move``."""
        self.update(self.move(*by))

    def inflate(self, *by: Any) -> Rect:
        """Return this one, larger or smaller by two numbers, with the same centre."""
        x, y = (int(part) for part in _two(by))
        return Rect(self.x - int(x / 2), self.y - int(y / 2), self.w + x, self.h + y)

    def inflate_ip(self, *by: Any) -> None:
        """Make this one larger or smaller; see ``inflate``."""
        self.update(self.inflate(*by))

    def scale_by(self, x: float, y: float | None = None) -> Rect:
        """Return this one, times as large, with the same centre."""
        width, height = int(self.w * x), int(self.h * (x if y is None else y))
        return Rect(self.x + (self.w - width) // 2, self.y + (self.h - height) // 2, width, height)

    def clamp(self, *args: Any) -> Rect:
        """Return this one, moved into another one; in the middle of it if that is smaller."""
        other = Rect(*args)
        return Rect(
            _clamped(self.x, self.w, other.x, other.w),
            _clamped(self.y, self.h, other.y, other.h),
            self.w,
            self.h,
        )

    def clamp_ip(self, *args: Any) -> None:
        """Move this one into another one; see ``clamp``."""
        self.update(self.clamp(*args))

    def clip(self, *args: Any) -> Rect:
        """Return what this one and another one have in common; empty, at its place, if nothing."""
        other = Rect(*args)
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.w, other.x + other.w)
        bottom = min(self.y + self.h, other.y + other.h)
        if right < left or bottom < top:
            return Rect(self.x, self.y, 0, 0)
        return Rect(left, top, right - left, bottom - top)

    def union(self, *args: Any) -> Rect:
        """Return the smallest one that holds this one and another one."""
        return self.unionall([Rect(*args)])

    def union_ip(self, *args: Any) -> None:
        """Make this one hold another one; see ``union``."""
        self.update(self.union(*args))

    def unionall(self, others: Sequence[Any]) -> Rect:
        """Return the smallest one that holds this one and all others."""
        all_of = [self, *(Rect(other) for other in others)]
        left, top = min(r.x for r in all_of), min(r.y for r in all_of)
        right, bottom = max(r.x + r.w for r in all_of), max(r.y + r.h for r in all_of)
        return Rect(left, top, right - left, bottom - top)

    def normalize(self) -> None:
        """Turn a negative width or height into a positive one of the same pixels."""
        if self.w < 0:
            self.x, self.w = self.x + self.w, -self.w
        if self.h < 0:
            self.y, self.h = self.y + self.h, -self.h

    def contains(self, *args: Any) -> bool:
        """Tell whether another one lies in this one."""
        other = Rect(*args)
        return (
            self.x <= other.x < self.x + self.w
            and self.y <= other.y < self.y + self.h
            and other.x + other.w <= self.x + self.w
            and other.y + other.h <= self.y + self.h
        )

    def collidepoint(self, *args: Any) -> bool:
        """Tell whether a point, two numbers or a pair of them, lies in this one."""
        x, y = _two(args)
        return bool(self.x <= x < self.x + self.w and self.y <= y < self.y + self.h)

    def colliderect(self, *args: Any) -> bool:
        """Tell whether this one and another one have a pixel in common."""
        other = Rect(*args)
        if not self or not other:
            return False
        return _overlap(self.x, self.w, other.x, other.w) and _overlap(
            self.y, self.h, other.y, other.h
        )

    def collidelist(self, others: Sequence[Any]) -> int:
        """Return the index of the first that this one collides with, -1 for none."""
        return next((i for i, other in enumerate(others) if self.colliderect(other)), -1)

    def collidelistall(self, others: Sequence[Any]) -> list[int]:
        """Return the indices of all that this one collides with."""
        return [i for i, other in enumerate(others) if self.colliderect(other)]

    def clipline(self, *args: Any) -> tuple[Pair, Pair] | tuple[()]:
        """Return the ends of what lies in this one of a line; nothing if it lies outside.

        Args:
            args: four numbers, two pairs of them, or a sequence of either.
        """
        value = args[0] if len(args) == 1 else args
        x, y, x2, y2 = map(int, value if len(value) == 4 else (*value[0], *value[1]))
        room = self.copy()
        room.normalize()
        bounds = room.x, room.y, room.x + room.w - 1, room.y + room.h - 1
        return cut((x, y), (x2, y2), bounds) or ()


def _four(args: Any) -> tuple[int, int, int, int]:
    value = args[0] if len(args) == 1 else args
    if isinstance(value, Rect):
        return value.x, value.y, value.w, value.h
    try:
        if hasattr(value, "rect"):
            inner = value.rect
            return _four((inner() if callable(inner) else inner,))
        if len(value) == 2:
            value = [*value[0], *value[1]]
        x, y, w, h = value
        return int(x), int(y), int(w), int(h)
    except (TypeError, ValueError, KeyError):
        raise TypeError(f"Argument must be rect style object, got {value!r:.80}") from None


def _two(args: Any) -> Any:
    return args[0] if len(args) == 1 else args


def _place(rect: Rect, axis: int, half: int) -> int:
    begin, length = (rect.x, rect.w) if axis == 0 else (rect.y, rect.h)
    return begin + (length if half == 2 else half * (length >> 1))


def _move(rect: Rect, axis: int, half: int, value: float) -> None:
    length = rect.w if axis == 0 else rect.h
    begin = int(value) - (length if half == 2 else half * (length >> 1))
    if axis == 0:
        rect.x = begin
    else:
        rect.y = begin


def _clamped(begin: int, length: int, outer: int, room: int) -> int:
    if length >= room:
        return outer + room // 2 - length // 2
    return min(max(begin, outer), outer + room - length)


def _overlap(a: int, length_a: int, b: int, length_b: int) -> bool:
    low_a, high_a = sorted((a, a + length_a))
    low_b, high_b = sorted((b, b + length_b))
    return low_a < high_b and low_b < high_a


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
