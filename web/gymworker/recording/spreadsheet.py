"""Recorded games as CSV, for spreadsheets. Runs everywhere.

    # gymworker recording: 2
    # environment: CartPole
    # code: 5f1e...
    # started: 2026-11-26T08:54:36Z
    # actions: int
    # version of python: 3.13.2
    episode,seed,step,time_ms,action,reward,terminated,truncated,checksum
    0,7,0,0.0,,,,,4169017231
    0,7,1,33.4,1,1.0,false,false,1856751482

A row for each step and one, step 0, for each reset, whose action is its options. Values that are no
numbers stand as JSON, those that JSON has not as {"$value": ..., "marks": [...]}; see `codec`.
Where all actions are of one kind, the line `actions` names it, lest a spreadsheet change it: `int`,
`float`, `float32[2]`, or a dict of these by agent.
"""

import json
import time

from ..errors import RecordingError
from .cells import kind_of, maker, quoted, split, value_of, whole, writer, written
from .record import FORMAT, FORMAT_VERSION, check_version, parse, read_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .record import Record

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
_VERSION_OF = "version of "


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
    if kind:
        lines.append(("actions", kind if isinstance(kind, str) else json.dumps(kind)))
    versions = dict(about.get("versions", {}))
    versions.update(versions.pop("packages", {}))
    lines += [(_VERSION_OF + name, str(version)) for name, version in versions.items()]
    return [(name, text.replace("\r", "").replace("\n", " ")) for name, text in lines if text]


def _write_rows(rows: "list[str]", record: "Record", number: int, kind: "Any") -> None:
    start = str(record.get("episode", number)) + "," + str(record["seed"]) + ","
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
            written(rewards[step - 1]),
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
    for number, line in enumerate(text.split("\n"), 1):
        cells = split(line.rstrip("\r"), number)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if cells[0][:1] == "#":
            _read_top(about, ",".join(cells), number)
        elif rows is None:
            _check_columns(cells, line, number)
            rows = _Rows(about)
            if not episodes:
                break
        else:
            rows.add(cells, number)
    if rows is None:
        raise RecordingError("expected the columns " + ", ".join(COLUMNS) + ", got no table", 1)
    return about, rows.records


def _read_top(about: "dict[str, Any]", comment: str, line: int) -> None:
    name, _, text = comment[1:].partition(":")
    name, text = name.strip(), text.strip()
    if name == FORMAT:
        version = whole(text, "the version", line)
        about.update({"format": FORMAT, "formatVersion": check_version(version, line)})
    elif name[: len(_VERSION_OF)] == _VERSION_OF:
        about["versions"][name[len(_VERSION_OF) :]] = text
    elif name == "actions":
        about[name] = parse(text, line) if text[:1] == "{" else text
    elif name in ("environment", "code", "started"):
        about[name] = text


def _check_columns(cells: "list[str]", line: str, number: int) -> None:
    if tuple([cell.strip() for cell in cells]) == COLUMNS:
        return
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if sign in line:
            raise RecordingError(
                "expected commas between the cells, got " + name + ": save the file with commas,"
                " and with points in its numbers",
                number,
            )
    raise RecordingError(
        "expected the columns " + ", ".join(COLUMNS) + ", got " + line.strip()[:80], number
    )


class _Rows:
    """The rows of the table, episode by episode."""

    def __init__(self, about: "dict[str, Any]") -> None:
        self._code = about.get("code")
        self._make_action = maker(about.get("actions", ""))
        self.records: list[Record] = []

    def add(self, cells: "list[str]", line: int) -> None:
        """Add a row to the episode that it continues, or begins."""
        if len(cells) != len(COLUMNS):
            raise RecordingError(
                "expected " + str(len(COLUMNS)) + " columns, got " + str(len(cells)), line
            )
        episode, seed, step, checksum = [
            whole(cells[index], COLUMNS[index], line) for index in (0, 1, 2, 8)
        ]
        if step == 0:
            options = value_of(cells[4], line) if cells[4].strip() else None
            self._begin(episode, seed, options, checksum)
            return
        record = self.records[-1] if self.records else {}
        if (record.get("episode"), record.get("seed")) != (episode, seed):
            raise RecordingError(
                "expected step 0, with which an episode begins, got " + str(step), line
            )
        expected = len(record["actions"]) + 1
        if step != expected:
            raise RecordingError("expected step " + str(expected) + ", got " + str(step), line)
        when, action, reward, terminated, truncated = [value_of(cell, line) for cell in cells[3:8]]
        record["steps"] = step
        record["actions"].append(self._action(action, line))
        record["rewards"].append(reward)
        record["checksums"].append(checksum)
        record["times"].append(when)
        if terminated or truncated:
            record["flags"].append([step, terminated, truncated])

    def _begin(self, episode: int, seed: int, options: "Any", checksum: int) -> None:
        record: Record = {"formatVersion": FORMAT_VERSION, "episode": episode}
        record.update({"seed": seed, "steps": 0})
        if options is not None:
            record["options"] = options
        if self._code:
            record["code"] = self._code
        for name in ("actions", "rewards", "flags", "times"):
            record[name] = []
        record["checksums"] = [checksum]
        self.records.append(record)

    def _action(self, action: "Any", line: int) -> "Any":
        try:
            return self._make_action(action)
        except (LookupError, TypeError, ValueError) as error:
            problem = repr(error)
        raise RecordingError("the action is not what the line '# actions' says: " + problem, line)
