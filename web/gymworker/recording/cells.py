"""Cells of a CSV file: what stands in them, also after a spreadsheet has saved it. Everywhere."""

import json

from ..codec import encode_line, restore
from ..errors import RecordingError
from .values import array_of, from_version_1, scalar_of, stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


INF = float("inf")
_LARGE = 1e300
"""Nan, inf and ints that are too long for decimal text are not below it."""

PYTHONS = {"True": True, "False": False}
"""The bools of a table that Python has written, as pandas does."""

_WORDS = {"": None, "true": True, "false": False, "TRUE": True, "FALSE": False}
_WORDS.update(PYTHONS)
_WORDS.update({"WAHR": True, "FALSCH": False, "VRAI": True, "FAUX": False})
_WORDS.update({"VERDADERO": True, "FALSO": False, "VERO": True})
_WORDS.update(dict.fromkeys(("nan", "NaN", "NA", "None", "null", "<NA>", "#N/A")))
"""What spreadsheets make of bools in their languages, and pandas of cells without anything."""


def written(value: "Any") -> str:
    """Return the cell of a value: a number, JSON, or {"$value": ..., "marks": [...]}."""
    if value is None:
        return ""
    if type(value) in (int, float) and -_LARGE < value < _LARGE:
        return str(value)
    text = encode_line({"$value": value})
    inner = text[len('{"$value":') : -1].strip()
    # Marks lead to "$value"; and nothing else may look like that, or like a mark of version 1.
    return quoted(text if '"$' in inner else inner)


def quoted(text: str) -> str:
    """Return a text as a cell."""
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def split(line: str, number: int, sign: str = ",") -> "list[str]":
    """Return the cells of a row; JSON has no line breaks, so that a row is a line.

    Args:
        line: of the file.
        number: of the line.
        sign: what stands between the cells.
    """
    if '"' not in line:
        return line.split(sign)
    cells = []
    rest = line + sign
    while rest:
        if rest[0] != '"':
            cell, _, rest = rest.partition(sign)
            cells.append(cell)
            continue
        end = rest.find('"', 1)
        while end > 0 and rest[end + 1 : end + 2] == '"':
            end = rest.find('"', end + 2)
        if end < 0 or rest[end + 1] != sign:
            raise RecordingError("a quoted cell does not end", number)
        cells.append(rest[1:end].replace('""', '"'))
        rest = rest[end + 2 :]
    return cells


def with_point(cell: str) -> str:
    """Return a number with a point in place of its comma; any other cell as it is."""
    if cell.count(",") == 1 and not cell.strip("+-.,0123456789eE "):
        return cell.replace(",", ".")
    return cell


def value_of(cell: str, line: int) -> "Any":
    """Return the value in a cell that ``written`` made, in this version or the first."""
    if cell in _WORDS:
        return _WORDS[cell]
    try:
        value = json.loads(cell)
        if type(value) is dict and "$value" in value:
            return restore(value)["$value"]
        return from_version_1(value)
    except Exception:  # whatever the file holds
        pass
    raise RecordingError("expected a value in JSON, got " + cell[:80], line)


def whole(cell: str, column: str, line: int) -> int:
    """Return the int in a cell; others may have made 7.0 or 7.0e+00 of 7."""
    try:
        return int(cell)
    except ValueError:
        pass
    number, _, power = cell.strip().upper().partition("E")
    digits, _, rest = number.partition(".")
    try:
        shift = int(power or "0")
        if 0 <= shift <= len(rest) and not (rest[shift:].strip("0") or rest[:1] in ("+", "-")):
            return int(digits + rest[:shift])
    except ValueError:
        pass
    reason = ""
    if power:
        reason = ": a spreadsheet has rounded it; let it show all digits before it saves"
    raise RecordingError(
        "expected a whole number for " + column + ", got " + repr(cell[:80]) + reason, line
    )


def kind_of(values: "list[Any]") -> "Any":
    """Return what all values are, so that their cells need not say it.

    Returns:
        `int`, `float`, a dtype, a dtype with a shape, a dict of these by key, or "" for neither.
    """
    column = stack(values)
    if hasattr(column, "dtype"):
        # JSON has no nan and no inf, and a list without items no shape.
        if column.dtype.kind not in "biuf" or not column.size or not (abs(column) < INF).all():
            return ""
        shape = "x".join([str(length) for length in column.shape[1:]])
        return str(column.dtype) + ("[" + shape + "]" if shape else "")
    kinds = set(map(type, values))
    if kinds == {dict}:
        keys = {key: True for value in values for key in value}
        if all(type(key) is str for key in keys):
            return {key: kind_of([value[key] for value in values if key in value]) for key in keys}
    return "int" if kinds == {int} else "float" if kinds == {float} else ""


def writer(kind: "Any") -> "Callable[[Any], str]":
    """Return what writes the cell of a value of a kind."""
    if kind in ("", "int", "float"):
        return written
    if isinstance(kind, dict):
        return lambda value: written(_plain(value, kind))
    return lambda value: quoted(json.dumps(value.tolist()))


def _plain(value: "Any", kind: "Any") -> "Any":
    if isinstance(kind, dict):
        return {key: _plain(item, kind[key]) for key, item in value.items()}
    return value if kind in ("", "int", "float") else value.tolist()


def maker(kind: "Any") -> "Callable[[Any], Any]":
    """Return what makes a value of a kind again of the one in its cell.

    That raises whatever it does if it cannot be one, or if there is no such kind.
    """
    if isinstance(kind, dict):
        make = {key: maker(each) for key, each in kind.items()}
        return lambda value: {key: make[key](item) for key, item in value.items()}
    if kind == "int":
        return _exact_int
    if kind == "float":
        return float
    if "[" in str(kind):
        return lambda value: array_of(value, kind.partition("[")[0])
    return (lambda value: scalar_of(value, kind)) if kind else (lambda value: value)


def _exact_int(value: "Any") -> int:
    if int(value) != value:
        raise ValueError("expected an int, got " + repr(value))
    return int(value)
