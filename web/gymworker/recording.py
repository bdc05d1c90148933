"""Recorded games as files of JSON Lines. Runs everywhere; ``spreadsheet`` has CSV.

    text = write_lines(header(environment="cartpole", versions=worker.version), records)
    about, records = read_lines(text)

The first line of a JSON Lines file is the header, and each line after it is one episode, the
``record`` of its ``episode`` message: a text, so that nobody reads it who need not.

    episode, seed, steps, seconds    as in the message
    returns, terminated, truncated   the same
    code        the SHA-256 of the environment's code
    startedAt   ms since the epoch
    actions     what went into env.step(), one a step
    rewards     what came out, one a step
    flags       [step, terminated, truncated] for each step with a flag, as the environment gave it
    checksums   the CRC-32 of each observation, the reset's first: one more than steps
    times       ms from the start of the episode to each step
"""

import json

from .errors import RecordingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Record = dict[str, Any]

FORMAT = "gymworker recording"
FORMAT_VERSION = 1

RECORD_FIELDS = (
    "episode",
    "seed",
    "steps",
    "returns",
    "seconds",
    "terminated",
    "truncated",
    "code",
    "startedAt",
    "actions",
    "rewards",
    "flags",
    "checksums",
    "times",
)

NEEDED = ("seed", "actions", "rewards", "flags", "checksums")
"""What a replay needs of an episode."""


def header(
    environment: str, versions: "dict[str, Any] | None" = None, code: str = ""
) -> "dict[str, Any]":
    """Return the first line of a recording.

    Args:
        environment: its name.
        versions: what it ran with; ``worker.version``.
        code: the SHA-256 of the environment's code, in hexadecimal.
    """
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "environment": environment,
        "versions": versions or {},
        "code": code,
    }


def write_lines(about: "dict[str, Any]", records: "Sequence[Record | str]") -> str:
    """Return a recording as JSON Lines.

    Args:
        about: what ``header`` gave.
        records: of the episodes, each as it came (a text) or as a dict.
    """
    lines = [json.dumps(about)]
    lines += [item if isinstance(item, str) else json.dumps(item) for item in records]
    return "\n".join(lines) + "\n"


def read_lines(text: str) -> "tuple[dict[str, Any], list[Record]]":
    """Return the header and the episodes of a recording in JSON Lines.

    Raises:
        RecordingError: it is none, or broken; it names the line.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0][:1] == "\ufeff":
        lines[0] = lines[0][1:]
    about = _parse(lines[0], 1)
    if about.get("format") != FORMAT:
        raise RecordingError("the first line has no format: " + FORMAT, 1)
    if about.get("formatVersion") != FORMAT_VERSION:
        raise RecordingError(
            "expected version 1 of the format, got " + repr(about.get("formatVersion")), 1
        )
    records = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            records.append(checked_record(_parse(line, number), number))
    return about, records


def read(text: str) -> "list[Record]":
    """Return the episodes of a recording, which may be JSON Lines or CSV.

    Raises:
        RecordingError: it is neither, or broken; it names the line.
    """
    start = text.lstrip("\ufeff \r\n\t")[:1]
    if start == "{":
        return read_lines(text)[1]
    from .spreadsheet import read_csv

    return read_csv(text)


def checked_record(record: "Any", line: "int | None" = None) -> "Record":
    """Return an episode's record if it has what a replay needs.

    Args:
        record: a dict, or its JSON.
        line: where it stands.

    Raises:
        RecordingError: something is missing or does not fit.
    """
    if isinstance(record, str):
        record = _parse(record, line)
    if not isinstance(record, dict):
        raise RecordingError("expected an object for an episode, got " + repr(record)[:80], line)
    missing = [name for name in NEEDED if name not in record]
    if missing:
        raise RecordingError("the episode has no " + ", ".join(missing), line)
    for name in NEEDED[1:]:
        if not isinstance(record[name], list):
            raise RecordingError("expected " + name + " to be a list", line)
    steps = len(record["actions"])
    if len(record["rewards"]) != steps or len(record["checksums"]) != steps + 1:
        raise RecordingError(
            "expected as many rewards as actions and one checksum more, got "
            + ", ".join([str(len(record[name])) + " " + name for name in NEEDED[1:]]),
            line,
        )
    if not isinstance(record["seed"], int):
        raise RecordingError("expected seed to be an int, got " + repr(record["seed"])[:80], line)
    return record


def _parse(line: str, number: "int | None") -> "Any":
    # MicroPython knows no chaining of exceptions, so the raise stands outside.
    try:
        value = json.loads(line)
        if isinstance(value, dict):
            return value
        problem = "it is " + type(value).__name__ + " rather than an object"
    except ValueError as error:
        problem = str(error) or "it ends too early"
    raise RecordingError("expected an object in JSON: " + problem, number)
