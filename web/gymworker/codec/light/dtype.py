"""Element types of arrays by their NumPy names, without NumPy: bytes to numbers and back."""

import math
import struct

from ...errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# dtype name -> (struct code, numbers per element). float16 is read by hand: MicroPython has no "e".
CODES = {
    "bool": ("B", 1),
    "int8": ("b", 1),
    "uint8": ("B", 1),
    "int16": ("h", 1),
    "uint16": ("H", 1),
    "int32": ("i", 1),
    "uint32": ("I", 1),
    "int64": ("q", 1),
    "uint64": ("Q", 1),
    "float16": ("H", 1),
    "float32": ("f", 1),
    "float64": ("d", 1),
    "complex64": ("f", 2),
    "complex128": ("d", 2),
}
_UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
_ORDERS = ("<", ">", "|", "=")
_KINDS = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}


ARGUMENTS = 128
"""Arguments of one call: MicroPython's stack holds no more than some hundreds."""


class DType:
    """What is known of an element type by its name (`float32`, or `>f4` when not little-endian).

    Attributes:
        plain: The name without its byte order (`float32`), or None for a type without a
            Python counterpart.
        whole: Whether the elements are ints or bools.
        itemsize: Bytes per element.
    """

    def __init__(self, name: str) -> None:
        order = "<"
        plain: str | None = name
        if name[:1] in _ORDERS:
            order = ">" if name[0] == ">" else "<"
            bits = int(name[2:]) * 8 if name[2:].isdigit() else 0
            plain = _KINDS.get(name[1:2], "") + (str(bits) if name[1:2] != "b" else "")
        if plain in CODES:
            code, self.width = CODES[plain]
            self.plain: str | None = plain
            self.itemsize = struct.calcsize(order + code) * self.width
            self._format = order + "%d" + code
        else:
            self.plain, self.width = None, 1
            self.itemsize = _opaque_size(name)
        self.name = name
        self.whole = self.plain is not None and self.plain[0] in "biu"
        self.little = order == "<"

    def unpack(self, data: bytes) -> "list[Any]":
        """The elements in `data` as Python numbers."""
        self._need_numbers()
        numbers = struct.unpack(self._format % (len(data) // self.itemsize * self.width), data)
        if self.plain == "bool":
            return [number != 0 for number in numbers]
        if self.plain == "float16":
            return [_from_half(number) for number in numbers]
        if self.width == 2:
            return [complex(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
        return list(numbers)

    def pack(self, items: "list[Any]") -> bytes:
        """The bytes of Python numbers.

        Raises:
            ValueError: A number does not fit the type.
            TypeError: An item is not a number.
        """
        self._need_numbers()
        assert self.plain is not None
        numbers: list[Any]
        if self.plain == "bool":
            numbers = [1 if item else 0 for item in items]
        elif self.plain == "float16":
            numbers = [_to_half(float(item)) for item in items]
        elif self.width == 2:
            numbers = []
            for item in items:
                number = complex(item)
                numbers.extend((number.real, number.imag))
        elif self.plain[0] == "f":
            numbers = [float(item) for item in items]
        else:
            numbers = [self._whole(item) for item in items]
        parts = []
        for start in range(0, len(numbers), ARGUMENTS):
            some = numbers[start : start + ARGUMENTS]
            parts.append(struct.pack(self._format % len(some), *some))
        return b"".join(parts)

    def _whole(self, item: "Any") -> int:
        # MicroPython's struct keeps the low bits of what is too large, without an error.
        number = int(item)
        bits = self.itemsize * 8
        half = 1 << (bits - 1)
        low, high = (0, 2 * half) if self.plain in _UNSIGNED else (-half, half)
        if number != item or not low <= number < high:
            raise ValueError(repr(item) + " does not fit into " + self.name)
        return number

    def _need_numbers(self) -> None:
        if self.plain is None:
            raise TypeError(
                f"elements of dtype {self.name} can be passed on but not looked into here"
            )


_dtypes: "dict[str, DType]" = {}


def dtype_of(name: str) -> DType:
    """The `DType` of a name; raises ProtocolError for what is no name of a dtype."""
    dtype = _dtypes.get(name)
    if dtype is None:
        dtype = _dtypes[name] = DType(name)
    return dtype


def _opaque_size(name: str) -> int:
    kind, digits = name[1:2], name[2:].split("[")[0]
    if name[:1] not in _ORDERS or kind not in "USmM" or not digits.isdigit():
        raise ProtocolError("unknown dtype " + repr(name))
    return int(digits) * (4 if kind == "U" else 1)


def _from_half(bits: int) -> float:
    sign = -1.0 if bits & 0x8000 else 1.0
    exponent, fraction = (bits >> 10) & 31, bits & 1023
    if exponent == 31:
        return sign * (float("nan") if fraction else float("inf"))
    if exponent == 0:
        return sign * fraction * 2.0**-24
    return sign * (1024 + fraction) * 2.0 ** (exponent - 25)


def _to_half(number: float) -> int:
    sign = 0x8000 if struct.pack("<d", number)[7] & 0x80 else 0
    size = abs(number)
    if math.isnan(number):
        return sign | 0x7E00
    if size >= 65520.0:  # halfway above the largest: rounds to infinity
        return sign | 0x7C00
    exponent = -14
    while exponent < 15 and size >= 2.0 ** (exponent + 1):
        exponent += 1
    steps = size * 2.0 ** (10 - exponent)  # exact: a power of two
    whole = int(steps)
    rest = steps - whole
    if rest > 0.5 or (rest == 0.5 and whole & 1):
        whole += 1
    # A carry out of the fraction goes into the exponent, as it should.
    return sign | (((exponent + 14) << 10) + whole)
