"""Whole numbers of 64 bits, which a browser's NumPy must be asked for: its own have 32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def counting(*limits: int) -> Ints:
    """Return what ``range`` counts, ``(N,) int64``."""
    return np.arange(*limits, dtype=np.int64)
