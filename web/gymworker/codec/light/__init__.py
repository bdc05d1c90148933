"""Arrays and NumPy scalars where there is no NumPy, such as on a MicroPython page.

    obs = result.obs              # Array(dtype='float32', shape=(4,))
    obs[0], obs.tolist()          # Python numbers
    obs.data                      # the JavaScript typed array, on a page
    Array.from_list([0.5, -1.0], dtype="float32")

An `Array` holds its elements either as a flat Python list or as a view of a buffer that it cannot
look into by itself: what a buffer is, and how to read one, is a `Memory`'s to know. The page gives
one for JavaScript's ArrayBuffers (`use_memory`); the default is for Python's bytes.

Byte order and C order are as in NumPy. Element types without a Python counterpart here (fixed-width
text, dates) can be held and sent on, but not looked into.
"""

from .array import Array
from .buffers import Memory, memory, use_memory
from .scalar import Scalar

__all__ = ["Array", "Memory", "Scalar", "memory", "use_memory"]
