"""Vectors of the plane: ``Vector2``. Angles are degrees, those of ``rotate_rad`` radians."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Union

from ._lacking import Named, attributes_of

Vector = Union["Vector2", Sequence[float]]

_NEAR = 1e-6
"""How far apart two numbers may lie that are taken for the same."""


class Vector2(Named):
    """A vector of two floats, ``x`` and ``y``; a sequence of both.

    Args:
        x: the first; or both, as a sequence; or, without ``y``, what both are.
        y: the second.
    """

    __slots__ = ("x", "y")
    __hash__ = None  # type: ignore[assignment]  # it can change, as pygame's

    def __init__(self, x: float | Vector = 0.0, y: float | None = None) -> None:
        if isinstance(x, (int, float)) or not hasattr(x, "__len__"):
            self.x, self.y = float(x), float(x if y is None else y)  # type: ignore[arg-type]
        else:
            self.x, self.y = _both(x)

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y))

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: Any) -> Any:
        return (self.x, self.y)[index]

    def __setitem__(self, index: int, value: float) -> None:
        setattr(self, "xy"[index], float(value))

    def __repr__(self) -> str:
        return f"Vector2({self.x:g}, {self.y:g})"

    def __bool__(self) -> bool:
        return bool(self.x or self.y)

    def __eq__(self, other: object) -> bool:
        try:
            x, y = _both(other)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return NotImplemented
        return abs(self.x - x) < _NEAR and abs(self.y - y) < _NEAR

    def __add__(self, other: Vector) -> Vector2:
        x, y = _both(other)
        return Vector2(self.x + x, self.y + y)

    __radd__ = __add__

    def __sub__(self, other: Vector) -> Vector2:
        x, y = _both(other)
        return Vector2(self.x - x, self.y - y)

    def __rsub__(self, other: Vector) -> Vector2:
        return -(self - other)

    def __neg__(self) -> Vector2:
        return Vector2(-self.x, -self.y)

    def __mul__(self, other: Any) -> Any:
        """Return the vector by a number, or the dot product with another vector."""
        if hasattr(other, "__len__"):
            return self.dot(other)
        return Vector2(self.x * other, self.y * other)

    __rmul__ = __mul__

    def __truediv__(self, number: float) -> Vector2:
        return Vector2(self.x / number, self.y / number)

    def __floordiv__(self, number: float) -> Vector2:
        return Vector2(self.x // number, self.y // number)

    @property
    def xy(self) -> Vector2:
        """A copy; pygame lets one write ``vector.xy = 1, 2``, and so does this."""
        return self.copy()

    @xy.setter
    def xy(self, value: Vector) -> None:
        self.x, self.y = _both(value)

    def copy(self) -> Vector2:
        """Return another vector with the same numbers."""
        return Vector2(self.x, self.y)

    def update(self, x: float | Vector = 0.0, y: float | None = None) -> None:
        """Set both numbers; the arguments are those of the class."""
        self.xy = Vector2(x, y)

    def length(self) -> float:
        """Return its length."""
        return math.hypot(self.x, self.y)

    magnitude = length

    def length_squared(self) -> float:
        """Return the square of its length."""
        return self.x * self.x + self.y * self.y

    magnitude_squared = length_squared

    def dot(self, other: Vector) -> float:
        """Return the dot product."""
        x, y = _both(other)
        return self.x * x + self.y * y

    def cross(self, other: Vector) -> float:
        """Return the third number of the cross product."""
        x, y = _both(other)
        return self.x * y - self.y * x

    def distance_to(self, other: Vector) -> float:
        """Return the length of the difference."""
        return (self - other).length()

    def distance_squared_to(self, other: Vector) -> float:
        """Return the square of the length of the difference."""
        return (self - other).length_squared()

    def normalize(self) -> Vector2:
        """Return the vector of this direction whose length is 1.

        Raises:
            ValueError: it has no direction.
        """
        length = self.length()
        if length == 0:
            raise ValueError("Can't normalize Vector of length zero")
        return self / length

    def normalize_ip(self) -> None:
        """Give this vector the length 1; see ``normalize``."""
        self.xy = self.normalize()

    def scale_to_length(self, length: float) -> None:
        """Give this vector another length.

        Raises:
            ValueError: it has no direction.
        """
        self.xy = self.normalize() * length

    def rotate_rad(self, angle: float) -> Vector2:
        """Return this vector turned by an angle in radians; a quarter of a turn is exact."""
        angle %= math.tau  # as pygame does: the sine of -0.1 and of tau - 0.1 differ in a last bit
        quarters, rest = divmod(angle + _NEAR, math.pi / 2)
        if rest < 2 * _NEAR:
            x, y = self.x, self.y
            return Vector2(*((x, y), (-y, x), (-x, -y), (y, -x))[int(quarters) % 4])
        cosine, sine = math.cos(angle), math.sin(angle)
        return Vector2(self.x * cosine - self.y * sine, self.x * sine + self.y * cosine)

    def rotate(self, angle: float) -> Vector2:
        """Return this vector turned by an angle in degrees."""
        return self.rotate_rad(math.radians(angle))

    def rotate_ip(self, angle: float) -> None:
        """Turn this vector by an angle in degrees."""
        self.xy = self.rotate(angle)

    def rotate_rad_ip(self, angle: float) -> None:
        """Turn this vector by an angle in radians."""
        self.xy = self.rotate_rad(angle)

    rotate_ip_rad = rotate_rad_ip

    def angle_to(self, other: Vector) -> float:
        """Return the degrees from this vector to another one, not brought into any range."""
        x, y = _both(other)
        return math.degrees(math.atan2(y, x) - math.atan2(self.y, self.x))

    def as_polar(self) -> tuple[float, float]:
        """Return its length, and its angle in degrees."""
        return self.length(), math.degrees(math.atan2(self.y, self.x))

    def lerp(self, other: Vector, amount: float) -> Vector2:
        """Return what lies between this vector (0) and another one (1)."""
        x, y = _both(other)
        return Vector2(self.x + (x - self.x) * amount, self.y + (y - self.y) * amount)

    def reflect(self, normal: Vector) -> Vector2:
        """Return this vector as a wall with that normal throws it back."""
        wall = Vector2(normal).normalize()
        twice = 2 * self.dot(wall)
        return Vector2(self.x - twice * wall.x, self.y - twice * wall.y)


def clamp(value: float, low: float, high: float) -> float:
    """Return a number, kept between two others."""
    return min(max(value, low), high)


def lerp(start: float, end: float, amount: float) -> float:
    """Return what lies between two numbers, at 0.0 the first, at 1.0 the second."""
    return start + (end - start) * amount


def _both(value: Vector) -> tuple[float, float]:
    x, y = value
    return float(x), float(y)


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
