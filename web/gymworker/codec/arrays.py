"""Which module writes and reads arrays: NumPy's where there is NumPy, else that of `light`.

Arrays that come are NumPy's wherever it can be imported; arrays that go may be of either kind.
NumPy may be installed and imported later than this.
"""

import sys

from .light import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_numpy: "Any" = None
_tried = sys.implementation.name == "micropython"


def numpy_side() -> "Any":
    """The module for NumPy's arrays; None where there is no NumPy."""
    global _numpy, _tried
    if _numpy is None and (not _tried or "numpy" in sys.modules):
        _tried = True
        try:
            from . import numpy_arrays as found
        except ImportError:
            return None
        _numpy = found
    return _numpy


def writers() -> "list[Any]":
    """The modules that know what is an array here; NumPy is not imported for it."""
    found = numpy_side() if "numpy" in sys.modules else None
    return [wire] if found is None else [found, wire]


if sys.implementation.name == "micropython":

    def reader() -> "Any":
        """The module that makes arrays here."""
        return wire

else:

    def reader() -> "Any":
        """The module that makes arrays here."""
        return numpy_side() or wire
