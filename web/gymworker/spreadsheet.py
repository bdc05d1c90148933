"""Recorded games as CSV, for spreadsheets. Runs everywhere; ``recording`` has JSON Lines.

A row for each step and one, step 0, for each reset. A file from here can be replayed too.
"""

import json

from .errors import RecordingError
from .recording import checked_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .recording import Record

COLUMNS = (
    "episode",
    "seed",
    "step",
    "time_ms",
    "action",
    "reward",
    "terminated",
    "truncated",
    "checksum",
)


def write_csv(records: "Sequence[Record | str]") -> str:
    """Return episodes as CSV: a row for each step, and one for each reset.

    Values that are no numbers stand as JSON.
    """
    rows = [",".join(COLUMNS)]
    for number, item in enumerate(records):
        record = checked_record(item)
        flags = {flag[0]: flag[1:] for flag in record["flags"]}
        times = record.get("times", [])
        start = [record.get("episode", number), record["seed"]]
        for step, checksum in enumerate(record["checksums"]):
            cells = start + [step, 0.0, None, None, None, None, checksum]
            if step:
                cells[3] = times[step - 1] if step <= len(times) else None
                cells[4:6] = [record["actions"][step - 1], record["rewards"][step - 1]]
                cells[6:8] = flags.get(step, [False, False])
            rows.append(",".join([_cell(cell) for cell in cells]))
    return "\r\n".join(rows) + "\r\n"


def read_csv(text: str) -> "list[Record]":
    """Return the episodes that ``write_csv`` wrote, with what a replay needs.

    Raises:
        RecordingError: it is no such file; it names the line.
    """
    if text[:1] == "\ufeff":
        text = text[1:]
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if lines[0] != ",".join(COLUMNS):
        raise RecordingError("expected the columns " + ", ".join(COLUMNS), 1)
    records: list[Record] = []
    for number, line in enumerate(lines[1:], 2):
        if line:
            _add_row(records, [_value(cell, number) for cell in _cells(line, number)], number)
    for record in records:
        checked_record(record, len(lines))
    return records


def _add_row(records: "list[Record]", cells: "list[Any]", line: int) -> None:
    """Add a row to the episode that it continues, or begins."""
    if len(cells) != len(COLUMNS):
        raise RecordingError(
            "expected " + str(len(COLUMNS)) + " columns, got " + str(len(cells)), line
        )
    episode, seed, step, time, action, reward, terminated, truncated, checksum = cells
    if step == 0:
        record = {"episode": episode, "seed": seed, "steps": 0, "actions": [], "rewards": []}
        record.update({"flags": [], "checksums": [checksum], "times": []})
        records.append(record)
        return
    expected = len(records[-1]["actions"]) + 1 if records else 0
    if step != expected:
        raise RecordingError("expected step " + str(expected) + ", got " + repr(step), line)
    record = records[-1]
    record["steps"] = step
    record["actions"].append(action)
    record["rewards"].append(reward)
    record["checksums"].append(checksum)
    record["times"].append(time)
    if terminated or truncated:
        record["flags"].append([step, terminated, truncated])


def _cell(value: "Any") -> str:
    if value is None:
        return ""
    text = json.dumps(value)
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _value(cell: str, line: int) -> "Any":
    if cell == "":
        return None
    try:
        return json.loads(cell)
    except ValueError:
        pass
    # A spreadsheet writes bools in its own way.
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    raise RecordingError("expected a value in JSON, got " + cell[:80], line)


def _cells(line: str, number: int) -> "list[str]":
    """Return the cells of a row; JSON has no line breaks, so that a row is a line."""
    cells = []
    rest = line + ","
    while rest:
        if rest[0] != '"':
            cell, _, rest = rest.partition(",")
            cells.append(cell)
            continue
        end = 1
        while rest[end : end + 1] and (rest[end] != '"' or rest[end + 1 : end + 2] == '"'):
            end += 2 if rest[end] == '"' else 1
        if rest[end : end + 2] != '",':
            raise RecordingError("a quoted cell does not end", number)
        cells.append(rest[1:end].replace('""', '"'))
        rest = rest[end + 2 :]
    return cells
