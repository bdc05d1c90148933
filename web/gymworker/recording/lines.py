"""Recorded games as files of JSON Lines. Runs everywhere."""

import json

from ..errors import RecordingError
from .record import FORMAT, check_version, parse, read_record, text_of, write_record

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
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if not about:
            about = _checked_header(parse(line, number), number)
            if not episodes:
                break
        else:
            records.append(read_record(line, number))
    return about, records


def _checked_header(about: "dict[str, Any]", line: int) -> "dict[str, Any]":
    if about.get("format") != FORMAT:
        raise RecordingError("the first line has no format: " + FORMAT, line)
    check_version(about.get("formatVersion"), line)
    return about
