"""Files as visitors bring them: their text, or what they are instead. Runs everywhere."""

from ..errors import RecordingError
from .record import check_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MARK = "\ufeff"
OTHERS = (
    (b"PK\x03\x04", "a ZIP archive, as .xlsx and .ods are: save the spreadsheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of Excel: save it as CSV"),
    (b"\x1f\x8b", "a file that gzip has packed: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"%PDF", "a PDF"),
    (b"SQLite", "a database of SQLite"),
    (b"\x93NUMPY", "an array of NumPy"),
)
"""How the files begin that are dropped by mistake."""

EXPECTED = "expected JSON Lines or CSV in UTF-8, got "


def file_text(data: "Any") -> str:
    """Return the text of a file; UTF-16, which Excel writes, says so by its first two bytes.

    Args:
        data: its text, or its bytes.

    Raises:
        RecordingError: it is something else, and what.
    """
    check_length(data)
    text = data if isinstance(data, str) else _decoded(data)
    if text[:1] == MARK:
        text = text[1:]
    start = text[:1000].lstrip()
    if not start and not text.strip():
        raise RecordingError(EXPECTED + "an empty file: nothing was saved in it")
    if any(letter < " " and letter not in "\t\r\n" for letter in text[:200]):
        raise RecordingError(EXPECTED + "what is no text; save a spreadsheet as CSV")
    if start[:1] == "<":
        raise RecordingError(
            EXPECTED + "a page in HTML or XML: download the recording itself, not the page about it"
        )
    if start[:1] == "[":
        raise RecordingError(EXPECTED + "a list in JSON, which is no recording of gymworker's")
    return text


def _decoded(data: "Any") -> str:
    data = bytes(data.tobytes() if hasattr(data, "tobytes") else data)
    for start, what in OTHERS:
        if data[: len(start)] == start:
            raise RecordingError(EXPECTED + what)
    utf_16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text: str = data.decode("utf-16") if utf_16 else data.decode()
        return text
    except Exception:  # MicroPython knows UTF-8 alone
        pass
    kind = "text in UTF-16 that breaks off" if utf_16 else "what is no text in UTF-8"
    raise RecordingError(EXPECTED + kind + "; save a spreadsheet as CSV in UTF-8")
