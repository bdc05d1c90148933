"""What callers give, checked. Runs on the page."""

from ..errors import MisuseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT: "Any" = object()
"""The timeout that the constructor was given; None means no timeout."""


def seeds(value: "Any") -> "Any":
    """Return a seed as an int, or a list or tuple of them as a list, in which None may stand.

    Raises:
        MisuseError: one is no whole number.
    """
    if isinstance(value, (list, tuple)):
        return [None if item is None else whole(item, "each seed") for item in value]
    return whole(value, "seed")


def whole(value: "Any", name: str) -> int:
    """Return a whole number as an int, NumPy's too.

    Raises:
        MisuseError: it is none.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    index = getattr(value, "__index__", None)  # MicroPython has no operator.index
    if index is None or isinstance(value, bool):
        raise MisuseError("expected " + name + " to be a whole number, got " + repr(value))
    return int(index())
