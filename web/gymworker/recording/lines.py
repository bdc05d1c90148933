"""Recorded games as files of JSON Lines. Runs everywhere."""

import json

from ..errors import RecordingError
from .record import FORMAT, Twins, check_version, parse, read_record, text_of, write_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .record import Record


def write_lines(about: "dict[str, Any]", records: "Sequence[Any]") -> str:
    """Return a recording as JSON Lines.

    Args:
        about: what ``header`` gave.
        records: of the episodes, each as it came (text, or its bytes) or as ``read`` gave it.
    """
    lines = [json.dumps(about)]
    for item in records:
        text = write_record(read_record(item)) if isinstance(item, dict) else text_of(item)
        lines.append(text)
    return "\n".join(lines) + "\n"


def read_lines(text: str, episodes: bool) -> "tuple[dict[str, Any], list[Record]]":
    """Return the header and the episodes of a recording in JSON Lines.

    Args:
        text: of the file.
        episodes: whether to read them too.

    Raises:
        RecordingError: it is none, or broken; it names the line.
    """
    about: dict[str, Any] = {}
    records: list[Record] = []
    twins = Twins()
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not about:
            about = _checked_header(parse(line, number), number)
            if not episodes:
                break
            continue
        problem = None
        try:
            item = parse(line, number)
        except RecordingError as error:
            problem = error
        if problem is not None:
            raise _cut_off(number, len(records)) if number == len(lines) else problem
        if "format" in item:
            _check_same(about, _checked_header(item, number), number)
            continue
        records.append(read_record(item, number))
        twins.check(records[-1], number)
    return about, records


def _cut_off(line: int, whole: int) -> RecordingError:
    return RecordingError(
        "the file ends in the middle of an episode, as after a download that broke off: delete"
        " this line to replay what is before it, " + str(whole) + " episodes",
        line,
    )


def _check_same(about: "dict[str, Any]", other: "dict[str, Any]", line: int) -> None:
    """Take a second file that was copied behind the first, if it is of the same environment."""
    one, two = about.get("environment"), other.get("environment")
    if one != two:
        raise RecordingError(
            "another file begins here, of " + str(two) + " rather than " + str(one)
            + ": cut them apart",
            line,
        )  # fmt: skip


def _checked_header(about: "dict[str, Any]", line: int) -> "dict[str, Any]":
    if about.get("format") != FORMAT:
        raise RecordingError(
            "the first line has no format: " + FORMAT + "; it is JSON of something else", line
        )
    check_version(about.get("formatVersion"), line)
    return about
