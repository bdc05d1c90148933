"""A NumPy scalar where there is no NumPy: a number that remembers its dtype.

It computes, compares and counts as the Python number that it holds, and results are plain Python
numbers; sent back, it is the same NumPy scalar again.

    result.rewards                # Scalar('float64', 1.0)
    total += result.rewards       # a float
    "%.1f" % result.rewards       # fine everywhere; for an f-string with a format use .item()

MicroPython asks only the left side of a comparison and does not let a class format itself, so there
`0 < reward` and `f"{reward:.1f}"` need `reward.item()`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Scalar:
    """One number of a NumPy dtype.

    Attributes:
        dtype: Name of the dtype, such as `float64` or `bool`.
        value: The Python number: bool, int, float or complex; for a date or a time span its bytes.
    """

    def __init__(self, dtype: str, value: "Any", bits: str = "") -> None:
        """Makes a scalar; `bits` is the element as hexadecimal text, where it came as that."""
        self.dtype = dtype
        self.value = value
        # MicroPython's complex() loses the sign of a zero, and a float the payload of a nan.
        self.bits = bits

    def item(self) -> "Any":
        """The plain Python number."""
        return self.value

    def tolist(self) -> "Any":
        """The plain Python number, as for an array."""
        return self.value

    def __repr__(self) -> str:
        return "Scalar(" + repr(self.dtype) + ", " + repr(self.value) + ")"

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __index__(self) -> int:
        if not isinstance(self.value, (int, bool)):
            raise TypeError(self.dtype + " cannot be used as an index")
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __complex__(self) -> complex:
        return complex(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == unwrapped(other))

    def __lt__(self, other: "Any") -> bool:
        return bool(self.value < unwrapped(other))

    def __le__(self, other: "Any") -> bool:
        return bool(self.value <= unwrapped(other))

    def __gt__(self, other: "Any") -> bool:
        return bool(self.value > unwrapped(other))

    def __ge__(self, other: "Any") -> bool:
        return bool(self.value >= unwrapped(other))

    def __add__(self, other: "Any") -> "Any":
        return self.value + unwrapped(other)

    def __radd__(self, other: "Any") -> "Any":
        return other + self.value

    def __sub__(self, other: "Any") -> "Any":
        return self.value - unwrapped(other)

    def __rsub__(self, other: "Any") -> "Any":
        return other - self.value

    def __mul__(self, other: "Any") -> "Any":
        return self.value * unwrapped(other)

    def __rmul__(self, other: "Any") -> "Any":
        return other * self.value

    def __truediv__(self, other: "Any") -> "Any":
        return self.value / unwrapped(other)

    def __rtruediv__(self, other: "Any") -> "Any":
        return other / self.value

    def __floordiv__(self, other: "Any") -> "Any":
        return self.value // unwrapped(other)

    def __rfloordiv__(self, other: "Any") -> "Any":
        return other // self.value

    def __mod__(self, other: "Any") -> "Any":
        return self.value % unwrapped(other)

    def __rmod__(self, other: "Any") -> "Any":
        return other % self.value

    def __pow__(self, other: "Any") -> "Any":
        return self.value ** unwrapped(other)

    def __rpow__(self, other: "Any") -> "Any":
        return other**self.value

    def __neg__(self) -> "Any":
        return -self.value

    def __pos__(self) -> "Any":
        return +self.value

    def __abs__(self) -> "Any":
        return abs(self.value)

    def __round__(self, digits: "int | None" = None) -> "Any":
        return round(self.value) if digits is None else round(self.value, digits)


def unwrapped(value: "Any") -> "Any":
    """The Python number in a `Scalar`; any other value as it is."""
    return value.value if isinstance(value, Scalar) else value
