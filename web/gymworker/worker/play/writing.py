"""Files of what was played. Runs in the worker."""

from ...errors import ProtocolError
from ...recording import header, write_csv, write_lines
from ...recording.record import text_of
from ..text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..call import Call

FORMATS = {"jsonl": write_lines, "csv": write_csv}
ABOUT = ("environment", "versions", "code", "visitor")
"""What ``header`` takes."""


def write_recording(call: "Call") -> Text:
    """Write a file of recorded episodes; see ``protocol.WriteRecordingPayload``."""
    records = [line for item in call.field("records", (list, tuple)) for line in _lines(item)]
    format = call.field("format", str, "jsonl")
    about = call.field("about", dict, {})
    if format not in FORMATS:
        raise ProtocolError(f"expected format to be 'jsonl' or 'csv', got {format!r:.80}")
    if not set(about).issubset(ABOUT):
        raise ProtocolError(f"expected about to have {', '.join(ABOUT)}, got {about!r:.80}")
    return Text(FORMATS[format](header(**{"environment": "", **about}), records))


def _lines(item: "Any") -> "list[Any]":
    """Return the records in an item: a page may send many of them as one text."""
    if isinstance(item, dict):
        return [item]
    return [line for line in text_of(item).split("\n") if line]
