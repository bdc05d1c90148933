"""Recorded games as CSV, for spreadsheets and pandas. Runs everywhere.

    # gymworker recording: 3
    # environment: CartPole
    # code: 5f1e...
    # started: 2026-11-26T08:54:36Z
    # participant: p17
    # actions: int
    # version of python: 3.13.2
    episode,seed,step,time_ms,action,reward,terminated,truncated,checksum
    # episode 1: {"startedAt": 1795683276000.0, "ended": "terminated", "players": "human", ...}
    # event: [-120.5, "key", "ArrowLeft", "down"]
    1,7,0,0.0,,,,,4169017231
    1,7,1,0.0,1,1.0,false,false,1856751482

A row for each step and one, step 0, for each reset, whose action is its options. Values that are no
numbers stand as JSON, those that JSON has not as {"$value": ..., "marks": [...]}; see `codec`.
Where all actions are of one kind, the line `actions` names it, lest a spreadsheet change it: `int`,
`float`, `float32[2]`, or a dict of these by agent.

What holds for a whole file or episode stands in comment lines, not in columns: it is there once
rather than in each row, `pandas.read_csv(file, comment="#")` and R's `comment.char = "#"` pass over
it, and a spreadsheet keeps it as cells. A table that has lost them can still be replayed, in the
environment that is chosen. Read are also semicolons or tabs between the cells, with commas in the
numbers, and what pandas makes of ints and bools.
"""

import json
import time

from ..errors import RecordingError
from .cells import kind_of, quoted, split, whole, with_point, writer, written
from .record import FORMAT, FORMAT_VERSION, VISITOR, check_version, numbered, parse, read_record
from .rows import COLUMNS, NO_REWARD, NOTES, Rows, cut_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .record import Record

_VERSION_OF = "version of "
_EPISODE = "episode "
_EVENT = "event"


def write_csv(about: "dict[str, Any]", records: "Sequence[Any]") -> str:
    """Return a recording as CSV.

    Args:
        about: what ``header`` gave.
        records: of the episodes, each as it came (text, or its bytes) or as ``read`` gave it.
    """
    episodes = [read_record(item) for item in records]
    kind = kind_of([action for record in episodes for action in record["actions"]])
    rows = [quoted("# " + name + ": " + text) for name, text in _top(about, episodes, kind)]
    rows.append(",".join(COLUMNS))
    for number, record in enumerate(episodes):
        _write_rows(rows, record, number, kind)
    return "\r\n".join(rows) + "\r\n"


def _top(about: "dict[str, Any]", episodes: "list[Record]", kind: "Any") -> "list[tuple[str, str]]":
    lines = [(FORMAT, str(FORMAT_VERSION)), ("environment", about.get("environment", ""))]
    codes = list({record["code"] for record in episodes if "code" in record})
    if len(codes) < 2:  # a row has no room for the one of its episode
        lines.append(("code", codes[0] if codes else about.get("code", "")))
    if episodes and "startedAt" in episodes[0]:
        year, month, day, hour, minute, second = time.gmtime(episodes[0]["startedAt"] // 1000)[:6]
        when = f"{year}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
        lines.append(("started", when))
    lines += [(name, about.get(name, "")) for name in VISITOR]
    if kind:
        lines.append(("actions", kind if isinstance(kind, str) else json.dumps(kind)))
    versions = dict(about.get("versions", {}))
    versions.update(versions.pop("packages", {}))
    lines += [(_VERSION_OF + name, str(version)) for name, version in versions.items()]
    return [(name, text.replace("\r", "").replace("\n", " ")) for name, text in lines if text]


def _write_rows(rows: "list[str]", record: "Record", number: int, kind: "Any") -> None:
    name = str(numbered(record, number))
    start = name + "," + str(record["seed"]) + ","
    notes = {note: record[note] for note in NOTES if note in record}
    if notes:
        rows.append(quoted("# " + _EPISODE + name + ": " + json.dumps(notes)))
    rows += [quoted("# " + _EVENT + ": " + json.dumps(item)) for item in record.get("events", [])]
    checksums, rewards = record["checksums"], record["rewards"]
    times = record.get("times", [])
    flags = {flag[0]: flag for flag in record["flags"]}
    write_action = writer(kind)
    options = written(record["options"]) if record.get("options") else ""
    rows.append(start + "0,0.0," + options + ",,,," + str(checksums[0]))
    for step, action in enumerate(record["actions"], 1):
        raised = "false,false"
        if step in flags:
            raised = written(flags[step][1]) + "," + written(flags[step][2])
        cells = (
            str(step),
            str(times[step - 1]) if step <= len(times) else "",
            write_action(action),
            written(rewards[step - 1]) or NO_REWARD,
            raised,
            str(checksums[step]),
        )
        rows.append(start + ",".join(cells))


def read_csv(text: str, episodes: bool) -> "tuple[dict[str, Any], list[Record]]":
    """Return what stands at the top of a recording in CSV, and its episodes.

    Lines without anything, or with commas alone, are passed over.

    Args:
        text: of the file; it may have been saved by a spreadsheet.
        episodes: whether to read them too.

    Raises:
        RecordingError: it is no such file, or broken; it names the line.
    """
    about: dict[str, Any] = {"versions": {}}
    rows = None
    lines = text.split("\n")
    sign = _sign(lines)
    for number, line in enumerate(lines, 1):
        cut = rows is not None and number == len(lines)
        cells = _cells(line, number, sign, cut)
        if not cells:
            continue
        if cells[0][:1] == "#":
            _read_comment(about, sign.join(cells), number, rows)
        elif rows is None:
            _check_columns(cells, line, number)
            rows = Rows(about)
            if not episodes:
                break
        else:
            rows.add([with_point(cell) for cell in cells] if sign != "," else cells, number, cut)
    if rows is None:
        raise RecordingError("expected the columns " + ", ".join(COLUMNS) + ", got no table", 1)
    return about, rows.finish()


def _sign(lines: "list[str]") -> str:
    """Return what stands between the cells: what does in the first row that is no comment."""
    for line in lines:
        if line.strip(' \r;,\t"') and line.lstrip('"')[:1] != "#":
            found = [sign for sign in (",", ";", "\t") if sign in line]
            return found[0] if found else ","
    return ","


def _cells(line: str, number: int, sign: str, cut: bool) -> "list[str]":
    """Return the cells of a line without the empty ones at its end."""
    try:
        cells = split(line.rstrip("\r"), number, sign)
    except RecordingError as error:
        problem = error
    else:
        while cells and not cells[-1].strip():
            cells.pop()
        return cells
    raise cut_off(number) if cut else problem


def _read_comment(about: "dict[str, Any]", comment: str, line: int, rows: "Rows | None") -> None:
    name, _, text = comment[1:].partition(":")
    name, text = name.strip(), text.strip()
    if rows is not None and name == _EVENT:
        rows.note_event(text, line)
    elif rows is not None and name[: len(_EPISODE)] == _EPISODE:
        rows.note(parse(text, line))
    elif name == FORMAT:
        version = whole(text, "the version", line)
        about.update({"format": FORMAT, "formatVersion": check_version(version, line)})
    elif name[: len(_VERSION_OF)] == _VERSION_OF:
        about["versions"][name[len(_VERSION_OF) :]] = text
    elif name == "actions":
        about[name] = parse(text, line) if text[:1] == "{" else text
    elif name in ("environment", "code", "started") or name in VISITOR:
        about[name] = text


def _check_columns(cells: "list[str]", line: str, number: int) -> None:
    if tuple([cell.strip() for cell in cells]) == COLUMNS:
        return
    raise RecordingError(
        "expected the columns " + ", ".join(COLUMNS) + ", got " + line.strip()[:80], number
    )
