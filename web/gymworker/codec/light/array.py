"""An n-dimensional array without NumPy; see `light`."""

from ...errors import ProtocolError
from .buffers import memory
from .dtype import dtype_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Array:
    """An n-dimensional array in C order.

    Attributes:
        dtype: Name of the element type, as NumPy has it (`float32`; `>f4` for big-endian).
        shape: Length along each axis, a tuple of ints.
    """

    _buffer: "Any" = None
    _offset = 0

    def __init__(
        self,
        dtype: str,
        shape: "tuple[int, ...]",
        items: "list[Any] | None" = None,
        buffer: "Any" = None,
        offset: int = 0,
    ) -> None:
        """Wraps what holds the elements; see `from_list` and `from_buffer` to make an array."""
        self.dtype = dtype
        self.shape = shape
        self._items = items
        if buffer is not None:
            self._buffer = buffer
            self._offset = offset

    @classmethod
    def from_list(cls, values: "Any", dtype: str = "float64") -> "Array":
        """Makes an array of nested lists (or tuples) of numbers, or of one number.

        Raises:
            ValueError: The lists have different lengths, or a number does not fit `dtype`.
            TypeError: `dtype` is unknown, or an item is not a number.
        """
        shape: list[int] = []
        level = values
        while isinstance(level, (list, tuple)):
            shape.append(len(level))
            level = level[0] if level else None
        items = values if shape else [values]
        for axis in range(1, len(shape)):
            for row in items:
                if not isinstance(row, (list, tuple)) or len(row) != shape[axis]:
                    raise ValueError("the nested lists must have the same length along each axis")
            items = [item for row in items for item in row]
        kind = dtype_of(dtype)
        return cls(dtype, tuple(shape), kind.unpack(kind.pack(list(items))))

    @classmethod
    def from_buffer(cls, buffer: "Any", dtype: str, shape: "tuple[int, ...]") -> "Array":
        """Makes an array over a buffer (an ArrayBuffer on a page), in C order, without a copy.

        Raises:
            ValueError: The buffer's length is not that of `shape` and `dtype`.
        """
        array = cls(dtype, tuple(shape), buffer=buffer)
        if memory().size(buffer) != array.nbytes:
            raise ValueError(
                f"a buffer of {array.nbytes} bytes was expected, not of {memory().size(buffer)}"
            )
        return array

    @classmethod
    def joined(cls, arrays: "list[Array]") -> "Array":
        """Makes a flat `uint8` array with the elements of several `uint8` arrays."""
        buffer = memory().join([array.data for array in arrays])
        return cls.from_buffer(buffer, "uint8", (memory().size(buffer),))

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return item_count(self.shape)

    @property
    def nbytes(self) -> int:
        """Length of the elements in bytes."""
        return self.size * dtype_of(self.dtype).itemsize

    @property
    def data(self) -> "Any":
        """The memory itself: on a page a JavaScript typed array, without a copy.

        Its kind is that of the dtype; Uint8Array for bool, Uint16Array for float16, a flat array of
        the real and imaginary parts for complex, Uint8Array of the raw bytes for other byte orders
        and types.
        """
        kind = dtype_of(self.dtype)
        if self._buffer is None:
            # From here on the buffer alone counts, so that writes to it are seen.
            self._buffer, self._items = memory().make(self.tobytes()), None
        if kind.plain is None or not kind.little:
            return memory().view(self._buffer, "uint8", self._offset, self.nbytes)
        return memory().view(self._buffer, kind.plain, self._offset, self.size * kind.width)

    def tobytes(self) -> bytes:
        """The elements as bytes, in C order."""
        if self._items is not None:
            return dtype_of(self.dtype).pack(self._items)
        return self._read(self._offset, self._offset + self.nbytes)

    def tolist(self) -> "Any":
        """Nested lists of Python numbers; one number for an array without axes."""
        nested = self.flat()
        if not self.shape:
            return nested[0]
        for axis in range(len(self.shape) - 1, 0, -1):
            length = self.shape[axis]
            rows = item_count(self.shape[:axis])
            nested = [nested[row * length : (row + 1) * length] for row in range(rows)]
        return nested

    def flat(self) -> "list[Any]":
        """The elements as one list of Python numbers, in C order."""
        if self._items is not None:
            return list(self._items)
        return dtype_of(self.dtype).unpack(self.tobytes())

    def item(self) -> "Any":
        """The only element, as a Python number."""
        if self.size != 1:
            raise ValueError("item() needs an array of one element, not of " + str(self.size))
        return self.flat()[0]

    def wire(self) -> "tuple[list[Any] | None, Any]":
        """The flat items, or the buffer with these elements and no others; the rest is None."""
        if self._items is not None:
            return self._items, None
        end = self._offset + self.nbytes
        if self._offset == 0 and memory().size(self._buffer) == end:
            return None, self._buffer
        return None, memory().cut(self._buffer, self._offset, end)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("an array without axes has no length")
        return self.shape[0]

    def __iter__(self) -> "Iterator[Any]":
        if len(self.shape) == 1:
            return iter(self.flat())
        return iter([self[index] for index in range(len(self))])

    def __getitem__(self, key: "Any") -> "Any":
        """An element or a part: `a[0]`, `a[-1]`, `a[2, 3]`, `a[1:5]` (first axis, step 1)."""
        if isinstance(key, slice):
            return self._rows(key)
        indices = key if isinstance(key, tuple) else (key,)
        if len(indices) > len(self.shape):
            raise IndexError(f"too many indices: the array has {len(self.shape)} axes")
        start = 0
        for axis in range(len(indices)):
            length = self.shape[axis]
            index = indices[axis]
            if isinstance(index, (slice, list, str)):
                raise TypeError("an index is an int, a tuple of ints, or one slice with step 1")
            if not -length <= index < length:
                raise IndexError(f"index {index} is out of range for axis {axis}")
            start = start * length + (index if index >= 0 else index + length)
        shape = self.shape[len(indices) :]
        count = item_count(shape)
        part = self._part(start * count, count, shape)
        return part if shape else part.item()

    def _rows(self, key: slice) -> "Array":
        length = len(self)
        if key.step not in (None, 1):
            raise TypeError("a slice must have step 1")
        start = 0 if key.start is None else key.start
        stop = length if key.stop is None else key.stop
        start = max(0, start + length) if start < 0 else min(start, length)
        stop = max(start, stop + length) if stop < 0 else max(start, min(stop, length))
        row = item_count(self.shape[1:])
        return self._part(start * row, (stop - start) * row, (stop - start,) + self.shape[1:])

    def _part(self, start: int, count: int, shape: "tuple[int, ...]") -> "Array":
        if self._items is not None:
            return Array(self.dtype, shape, self._items[start : start + count])
        offset = self._offset + start * dtype_of(self.dtype).itemsize
        return Array(self.dtype, shape, None, self._buffer, offset)

    def _read(self, start: int, stop: int) -> bytes:
        if memory().size(self._buffer) < stop:
            raise ProtocolError("the buffer of " + repr(self) + " is too short")
        return memory().read(self._buffer, start, stop)

    def __eq__(self, other: object) -> bool:
        """Same dtype, shape and elements (one answer, where NumPy gives one per element)."""
        if not isinstance(other, Array):
            return NotImplemented
        same = self.dtype == other.dtype and self.shape == other.shape
        return same and (
            self.flat() == other.flat()
            if dtype_of(self.dtype).plain is not None
            else self.tobytes() == other.tobytes()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Array(dtype=" + repr(self.dtype) + ", shape=" + repr(self.shape) + ")"


def item_count(shape: "tuple[int, ...]") -> int:
    """Number of elements of an array of this shape."""
    count = 1
    for length in shape:
        count *= length
    return count
