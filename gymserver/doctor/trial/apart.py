"""How far what two Pythons were told lies apart."""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from gymworker.codec import decode, encode
from gymworker.worker.snapshot.file import MAGIC, python_version, versions

from gymserver.doctor.checks import CLOSE


@dataclass
class Apart:
    """The difference of two lists of rows.

    Attributes:
        row: the first that differs, None for none.
        text: where in it, and both values.
        first: how far that is: the absolute and the relative difference, infinite for what are no
            numbers.
        largest: the same, of all rows.
    """

    row: int | None = None
    text: str = ""
    first: tuple[float, float] = (0.0, 0.0)
    largest: tuple[float, float] = (0.0, 0.0)
    _rounding: bool = field(default=True, repr=False)

    @property
    def rounding(self) -> bool:
        """Whether the first row that differs does so by no more than arithmetic may."""
        return self._rounding

    def note(self, row: int, path: str, one: Any, other: Any, size: tuple[float, float]) -> None:
        """Notes a difference."""
        if self.row is None:
            self.row, self.text = row, f"{path}: {one!r:.60} and {other!r:.60}"
        if self.row == row:
            self.first = max(self.first[0], size[0]), max(self.first[1], size[1])
            scale = min(size[0], size[1])
            self._rounding = self._rounding and scale <= CLOSE
        self.largest = max(self.largest[0], size[0]), max(self.largest[1], size[1])


def compare(rows: list[Any], others: list[Any]) -> Apart:
    """Returns how far rows lie apart, each a dict of what was told; ints may differ in width.

    The dict of a reset has its `seed`, that of a step its `action`.
    """
    found = Apart()
    for number, (row, other) in enumerate(zip(rows, others, strict=False)):
        _compare(found, number, "", row, other)
    if found.row is None and len(rows) != len(others):
        found.note(min(len(rows), len(others)), "steps", len(rows), len(others), INFINITE)
    return found


INFINITE = (math.inf, math.inf)


def _compare(found: Apart, row: int, path: str, one: Any, other: Any) -> None:
    if _same_bytes(one, other):
        return
    one, other = _plain(one), _plain(other)
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            found.note(row, f"the keys of {path}", list(one), list(other), INFINITE)
            return
        for key in one:
            _compare(found, row, f"{path}[{key!r}]" if path else str(key), one[key], other[key])
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        if len(one) != len(other):
            found.note(row, f"the length of {path}", len(one), len(other), INFINITE)
            return
        for index, pair in enumerate(zip(one, other, strict=True)):
            _compare(found, row, f"{path}[{index}]", *pair)
    elif isinstance(one, bool) is not isinstance(other, bool) or (
        one != other and not (one != one and other != other)
    ):
        found.note(row, path, one, other, _size(one, other))


def _same_bytes(one: Any, other: Any) -> bool:
    """Tells whether two arrays are the same, without a look at each of their numbers."""
    if not all(hasattr(value, "tobytes") for value in (one, other)):
        return False
    like = (one.dtype, one.shape) == (other.dtype, other.shape)
    return like and bool(one.tobytes() == other.tobytes())


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _size(one: Any, other: Any) -> tuple[float, float]:
    """Returns the absolute and the relative difference."""
    if not all(type(value) in (int, float) for value in (one, other)):
        return INFINITE
    apart = abs(float(one) - float(other))
    if not math.isfinite(apart):
        return INFINITE
    return apart, apart / max(abs(one), abs(other))


def name_of(rows: list[Any], row: int) -> str:
    """Returns what a row is, for people: the reset of an episode, or its step."""
    if row >= len(rows):
        return "the end"
    if "seed" in rows[row]:
        return f"reset(seed={rows[row]['seed']})"
    begin = max(number for number in range(row) if "seed" in rows[number])
    return f"step {row - begin} after reset(seed={rows[begin]['seed']})"


def packed(rows: list[Any]) -> dict[str, Any]:
    """Returns rows as JSON has them, with the codec of the page.

    Raises:
        EncodeError: something in them cannot cross.
    """
    text, buffers = encode(rows)
    return {"text": text, "buffers": [bytes(buffer).hex() for buffer in buffers]}


def unpacked(data: dict[str, Any]) -> list[Any]:
    """Returns what `packed` was given."""
    rows: list[Any] = decode(data["text"], [bytes.fromhex(item) for item in data["buffers"]])
    return rows


def of_here(state: bytes) -> bytes:
    """Returns a state as if it had been saved here: other versions are what it is compared for."""
    head, _, body = state[len(MAGIC) :].partition(b"\n")
    header = json.loads(head)
    header["python"] = python_version()
    header["packages"] = versions(header["packages"])
    return MAGIC + json.dumps(header).encode() + b"\n" + body
