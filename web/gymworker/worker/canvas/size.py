"""How large a picture may be: beyond that a canvas stays empty without a word. In the worker."""

LONGEST = 16_384
"""Pixels of a side; the browsers' own limits lie at or above it."""

MOST = 1 << 26
"""Pixels of a picture: 256 MB of RGBA."""


def check_size(width: float, height: float) -> None:
    """Raise what says why a picture of this size cannot be shown.

    Raises:
        ValueError: it is empty, or too large.
    """
    if not (1 <= width <= LONGEST and 1 <= height <= LONGEST and width * height <= MOST):
        raise ValueError(
            f"expected a picture of 1 to {LONGEST} pixels a side, and at most {MOST >> 20} million "
            f"of them, got {width} x {height}"
        )
