"""Files that are saved and brought: their names, sizes, whose they are. Needs no document."""

from gymworker.recording.record import MOST_CHARACTERS

from .gymid import same

LARGEST = MOST_CHARACTERS
"""Bytes of a recording that is read."""

LONGEST_NAME = 60
"""Characters of an environment's name in the name of a file."""

LONGEST_ID = 200
"""Characters of a participant's id."""

IDS = {
    "participant": ("participant", "participant_id", "prolific_pid", "workerid", "sona_id", "pid"),
    "study": ("study", "study_id", "hitid"),
    "session": ("session", "session_id", "assignmentid"),
}
"""What the parameters of the address are called: ours, and those of Prolific, MTurk and SONA."""


def file_name(environment, seed, when, end):
    """Return the name of a file, safe everywhere: ``taxi-seed7-20261126-142501.jsonl``.

    Args:
        environment: its name, whatever that is.
        seed: of the first episode, None if nobody knows.
        when: the year, month, day, hour, minute and second of the first episode, or None.
        end: of the name, with its dot.
    """
    parts = [_safe(environment) or "recording"]
    if seed is not None:
        parts.append("seed" + str(seed))
    if when is not None:
        year, month, day, hour, minute, second = when
        parts.append(f"{year:04d}{month:02d}{day:02d}")
        parts.append(f"{hour:02d}{minute:02d}{second:02d}")
    return "-".join(parts) + end


def visitor_of(parameters, browser):
    """Return who plays, and in what, for the top of a file.

    Args:
        parameters: pairs of name and value, as they stand in the address, decoded.
        browser: the ``userAgent``.
    """
    found = {}
    lower = [(name.lower(), value.strip()) for name, value in parameters]
    for field, names in IDS.items():
        for known in names:
            values = [value for name, value in lower if name == known and value]
            if values and field not in found:
                found[field] = _line(values[0])
    if browser:
        found["browser"] = _line(browser)
    return found


def too_large(size):
    """Return what is said of a file of so many bytes."""
    most, got = str(LARGEST >> 20), f"{size / (1 << 20):.1f}"
    said = "The file is too large: expected at most " + most + " MB, got " + got + " MB."
    return said + " Cut it into several, each with the first lines."


def belongs(name, names):
    """Return why a recording cannot be replayed here; "" if it can.

    Args:
        name: of its environment; nothing if the file does not say.
        names: of the environments that there are, beside Gymnasium's.
    """
    if not name or name in names or same(name) is not None:
        return ""
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return (
        "The recording is of the environment “" + shown + "”, which this page has not; it has "
        + ", ".join(names) + "."
    )  # fmt: skip


def _safe(name):
    kept = "".join([c if c in SAFE else "-" for c in name.lower()])
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-")[:LONGEST_NAME].strip("-")


SAFE = "abcdefghijklmnopqrstuvwxyz0123456789"


def _line(text):
    for sign in ("\r", "\n", "\t"):
        text = text.replace(sign, " ")
    return text[:LONGEST_ID]
