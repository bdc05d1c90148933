"""One episode, as a line of JSON and as the values that a replay needs. Runs everywhere."""

import json
from binascii import crc32

from ..codec import encode_line, restore
from ..errors import ProtocolError, RecordingError
from .values import from_version_1, stack, unstack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Record = dict[str, Any]

FORMAT = "gymworker recording"
FORMAT_VERSION = 3
NEEDED = ("seed", "actions", "rewards", "flags", "checksums")
"""What a replay needs of an episode."""

MOST_CHARACTERS = 1 << 26
"""Of a file: some ten hours at 60 steps a second."""

VISITOR = ("participant", "study", "session", "browser")
"""What a header may say of who played, and in what; text all of it."""


def header(
    environment: str,
    versions: "dict[str, Any] | None" = None,
    code: str = "",
    visitor: "dict[str, str] | None" = None,
) -> "dict[str, Any]":
    """Return what stands at the top of a recording.

    Args:
        environment: its name.
        versions: what it ran with; ``worker.version``.
        code: the SHA-256 of the environment's code, in hexadecimal.
        visitor: who played, and in what: of ``participant``, ``study``, ``session`` and
            ``browser`` what is known.
    """
    about: dict[str, Any] = {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "environment": environment,
        "versions": versions or {},
        "code": code,
    }
    for name in VISITOR:
        if visitor and visitor.get(name):
            about[name] = visitor[name]
    return about


def write_record(fields: "Record") -> str:
    """Return an episode's record as one line of JSON.

    Args:
        fields: as Python has them; the package says which.

    Raises:
        EncodeError: something in them cannot stand in a recording; it names the path.
    """
    record: Record = {"formatVersion": FORMAT_VERSION}
    record.update(fields)
    for name in ("actions", "rewards"):
        record[name] = stack(fields[name])
    return encode_line(record)


def read_record(item: "Any", line: "int | None" = None) -> "Record":
    """Return what ``write_record`` was given, if it has all that a replay needs.

    Args:
        item: the line, as text or its bytes; or its JSON, which is changed.
        line: where it stands.

    Raises:
        RecordingError: something is missing or does not fit.
    """
    record = item if isinstance(item, dict) else parse(text_of(item), line)
    version = check_version(record.get("formatVersion", 1), line)
    # MicroPython knows no chaining of exceptions, so the raise stands outside.
    try:
        if version == 1:
            record = from_version_1(record)
        else:
            restore(record)
        for name in ("actions", "rewards"):
            if name in record:
                record[name] = unstack(record[name])
        record["formatVersion"] = FORMAT_VERSION
        if version < 3 and _is_int(record.get("episode")):
            record["episode"] += 1
        return checked(record, line)
    except RecordingError:
        raise
    except ProtocolError as error:
        problem = str(error)
    except Exception as error:
        problem = repr(error)
    raise RecordingError("the episode cannot be read: " + problem, line)


def check_version(version: "Any", line: "int | None") -> int:
    """Return the version of the format, if it can be read here."""
    if _is_int(version) and 1 <= version <= FORMAT_VERSION:
        return int(version)
    reason = ""
    if _is_int(version) and version > FORMAT_VERSION:
        reason = ": a newer gymworker wrote it"
    raise RecordingError(
        "expected version 1, 2 or 3 of the format, got " + repr(version)[:80] + reason, line
    )


def numbered(record: "Record", place: int) -> int:
    """Return the number of an episode: its own, else that of its place, which counts from 0."""
    number = record.get("episode", place + 1)
    return int(number) if _is_int(number) else place + 1


class Twins:
    """Finds episodes that stand in a file twice, as after copying two files into one."""

    def __init__(self) -> None:
        self._seen: dict[Any, int] = {}

    def check(self, record: "Record", line: int) -> None:
        """Note an episode.

        Raises:
            RecordingError: it was there before. Without a number and times there is no telling.
        """
        times = record.get("times")
        if "episode" not in record or not times or times[-1] is None:
            return
        series = repr((record["checksums"], record["rewards"], times))
        key = (record["episode"], record["seed"], record.get("startedAt"), crc32(series.encode()))
        if key in self._seen:
            raise RecordingError(
                "episode " + str(record["episode"]) + " stands here twice, first in line "
                + str(self._seen[key]) + ": delete one of them",
                line,
            )  # fmt: skip
        self._seen[key] = line


def checked(record: "Record", line: "int | None") -> "Record":
    """Return a record if it has what a replay needs.

    Raises:
        RecordingError: something is missing or does not fit.
    """
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
    if not _is_int(record["seed"]):
        raise RecordingError("expected seed to be an int, got " + repr(record["seed"])[:80], line)
    for value in record["checksums"]:
        if not _is_int(value):
            raise RecordingError("expected checksums to be ints, got " + repr(value)[:80], line)
    for flag in record["flags"]:
        if not isinstance(flag, list) or len(flag) != 3:
            raise RecordingError(
                "expected flags to be [step, terminated, truncated], got " + repr(flag)[:80], line
            )
    return record


def parse(text: str, line: "int | None") -> "dict[str, Any]":
    """Return the object of JSON that a line is.

    Raises:
        RecordingError: it is none.
    """
    try:
        value = json.loads(text)
        if isinstance(value, dict):
            return value
        problem = "it is " + type(value).__name__ + " rather than an object"
    except ValueError as error:
        problem = str(error) or "it ends too early"
    raise RecordingError("expected an object in JSON: " + problem, line)


def text_of(data: "Any") -> str:
    """Return the text of a part of a file, that may come as bytes; see ``files`` for the whole.

    Raises:
        RecordingError: it is no text, or too much of it.
    """
    check_length(data)
    try:
        if not isinstance(data, str):
            data = bytes(data.tobytes() if hasattr(data, "tobytes") else data).decode()
        text: str = data
        return text
    except ValueError:
        pass
    raise RecordingError("expected JSON Lines in UTF-8, got what is no text")


def check_length(data: "Any") -> None:
    """Raise what says that a file is too large, if it is.

    Raises:
        RecordingError: it is.
    """
    size = data.nbytes if hasattr(data, "nbytes") else len(data)
    if size > MOST_CHARACTERS:
        raise RecordingError(
            "expected at most "
            + str(MOST_CHARACTERS >> 20)
            + " MB, got "
            + str(size >> 20)
            + " MB: cut the file into several, each with the first lines"
        )


def _is_int(value: "Any") -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
