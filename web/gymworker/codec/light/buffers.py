"""What a buffer is, and how to read and make one: Python's bytes here, ArrayBuffers on a page."""

from .dtype import dtype_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Memory:
    """How buffers are read and made; this one is for Python's bytes."""

    def size(self, buffer: "Any") -> int:
        """Length in bytes."""
        return len(buffer)

    def read(self, buffer: "Any", start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`, copied into Python."""
        return bytes(memoryview(buffer)[start:stop])

    def open(self, buffer: "Any") -> "Any":
        """The buffer as NumPy takes it, without a copy where that is possible."""
        return buffer

    def cut(self, buffer: "Any", start: int, stop: int) -> "Any":
        """A new buffer with the bytes from `start` to `stop`."""
        return self.read(buffer, start, stop)

    def make(self, data: "Any") -> "Any":
        """A buffer that holds `data`: bytes, or a flat uint8 NumPy array."""
        return data

    def view(self, buffer: "Any", dtype: str, start: int, count: int) -> "Any":
        """A typed view, without a copy, of `count` numbers of the plain `dtype` from `start`."""
        return memoryview(buffer)[start : start + count * dtype_of(dtype).itemsize]

    def join(self, views: "list[Any]") -> "Any":
        """A new buffer with what the `uint8` views show, one after another."""
        return b"".join(views)


_memory = Memory()


def use_memory(memory: Memory) -> None:
    """Sets how buffers are read and made from now on."""
    global _memory
    _memory = memory


def memory() -> Memory:
    """The `Memory` in use."""
    return _memory
