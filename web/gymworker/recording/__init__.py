"""What was played, as files of JSON Lines or CSV that can be replayed. Runs everywhere.

    line = write_record(fields)                        # in the worker, at an episode's end
    about = header("CartPole", versions, code)
    text = write_lines(about, [line])                  # or write_csv(about, [line])
    records = read(text)                               # of either kind, of any version
    about = read_header(text)

The first line of a JSON Lines file is the header, and each line after it is one episode, its
*record*: a text, so that nobody reads it who need not. A record has the fields

    episode, seed, steps, seconds    as in the `episode` message
    returns, terminated, truncated   the same
    options     of the reset, if there were any
    ended       how: `terminated`, `truncated`, `stopped`, `reset`, `error` or `interfered`
    code        the SHA-256 of the environment's code
    startedAt   when the first step was made, in ms since the epoch
    players     who decided: `human`, `policy` or `random`, or a dict of these by agent
    events      what happened besides, such as keys and pauses; see `docs/recordings.md`
    actions     what went into env.step(), one a step
    rewards     what came out, one a step: a float, a list of them or None, or dicts by agent
    flags       [step, terminated, truncated] for each step with a flag, as the environment gave it
    checksums   of each observation, the reset's first: one more than steps; see `checksum`
    times       ms from the first step to each

and in the file two more: `formatVersion`, and `marks` where JSON lacks something; see `codec`. Like
actions or rewards stand there as one: arrays as one array of them, dicts and tuples as one dict or
tuple of columns.

Version 1 had no `ended`, no columns and marks of its own. It and version 2 had neither players nor
events, took times from the reset, and counted episodes from 0; when they are read, it is from 1.
"""

from .files import file_text
from .lines import read_lines, write_lines
from .record import (
    FORMAT,
    FORMAT_VERSION,
    header,
    read_record,
    write_record,
)
from .spreadsheet import read_csv, write_csv
from .values import checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .record import Record

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "checksum",
    "header",
    "read",
    "read_header",
    "read_record",
    "write_csv",
    "write_lines",
    "write_record",
]


def read(data: "Any") -> "list[Record]":
    """Return the episodes of a recording, which may be JSON Lines or CSV.

    Args:
        data: the file's text, or its bytes.

    Raises:
        RecordingError: it is neither, or broken; it names the line.
    """
    return _read(data, True)[1]


def read_header(data: "Any") -> "dict[str, Any]":
    """Return what the top of a recording says of it, and read no episode; see `header`.

    Raises:
        RecordingError: it is no recording.
    """
    return _read(data, False)[0]


def _read(data: "Any", episodes: bool) -> "tuple[dict[str, Any], list[Record]]":
    text = file_text(data)
    reader = read_lines if text[:1000].lstrip()[:1] == "{" else read_csv
    return reader(text, episodes)
