"""JavaScript ArrayBuffers as the page's array memory; runs on a page (MicroPython or Pyodide).

    array.use_memory(js_memory())

MicroPython's bridge cuts integers to 32 bits, ends text at a NUL and takes microseconds for an
element, so bytes are copied between an ArrayBuffer and the interpreter's own memory as a whole.
"""

import sys

import js

from ...codec.light import Memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VIEWS = {
    "bool": "Uint8Array",
    "int8": "Int8Array",
    "uint8": "Uint8Array",
    "int16": "Int16Array",
    "uint16": "Uint16Array",
    "int32": "Int32Array",
    "uint32": "Uint32Array",
    "int64": "BigInt64Array",
    "uint64": "BigUint64Array",
    "float16": "Uint16Array",
    "float32": "Float32Array",
    "float64": "Float64Array",
    "complex64": "Float32Array",
    "complex128": "Float64Array",
}


def js_memory() -> Memory:
    """The memory for the Python that this is."""
    if sys.implementation.name == "micropython":
        return MicroPythonMemory()
    return PyodideMemory()


class JsMemory(Memory):
    """Buffers that are JavaScript ArrayBuffers."""

    def size(self, buffer: "Any") -> int:
        """Length in bytes."""
        return int(buffer.byteLength)

    def cut(self, buffer: "Any", start: int, stop: int) -> "Any":
        """A new ArrayBuffer with the bytes from `start` to `stop`."""
        return buffer.slice(start, stop)

    def view(self, buffer: "Any", dtype: str, start: int, count: int) -> "Any":
        """A JavaScript typed array over the buffer, without a copy."""
        return getattr(js, _VIEWS[dtype]).new(buffer, start, count)

    def join(self, views: "list[Any]") -> "Any":
        """A new ArrayBuffer with what the Uint8Arrays show, one after another."""
        whole = js.Uint8Array.new(sum([view.byteLength for view in views]))
        place = 0
        for view in views:
            whole.set(view, place)
            place += view.byteLength
        return whole.buffer


class MicroPythonMemory(JsMemory):
    """Copies through `Module.HEAPU8`, which is all of the interpreter's memory.

    MicroPython's own bridge works through the global `Module` too. The view is taken anew for each
    copy, since it changes when the memory grows.
    """

    def read(self, buffer: "Any", start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`, copied into Python."""
        import uctypes

        data = bytearray(stop - start)
        if data:
            view = js.Uint8Array.new(buffer, start, stop - start)
            js.Module.HEAPU8.set(view, uctypes.addressof(data))
        return bytes(data)

    def make(self, data: bytes) -> "Any":
        """A new ArrayBuffer that holds `data`."""
        import uctypes

        start = uctypes.addressof(data)
        return js.Module.HEAPU8.slice(start, start + len(data)).buffer


class PyodideMemory(JsMemory):
    """Copies by Pyodide's buffer functions."""

    def read(self, buffer: "Any", start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`, copied into Python."""
        data: bytes = js.Uint8Array.new(buffer, start, stop - start).to_bytes()
        return data

    def open(self, buffer: "Any") -> "Any":
        """The bytes, copied into Python once, as NumPy takes them."""
        return buffer.to_py()

    def make(self, data: "Any") -> "Any":
        """A new ArrayBuffer that holds `data`."""
        array = js.Uint8Array.new(len(data))
        array.assign(data)
        return array.buffer
