"""What a check has found."""

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gymworker.worker.advice import advice
from gymworker.worker.tracebacks import OURS

from gymserver.doctor.checks import FAILED

LONGEST = 300
"""Characters of what an error says."""

_HERE = str(Path(__file__).parent)


@dataclass(frozen=True)
class Finding:
    """How one check went, in one Python.

    Attributes:
        status: one of those of `checks`.
        text: what was found; of one that was skipped, why.
        advice: what to do about it, where there is something to do.
        data: what the server compares between the two Pythons, as JSON has it.
    """

    status: str
    text: str
    advice: str = ""
    data: Any = None


def failure(error: BaseException, what: str = "") -> Finding:
    """Returns what an exception of the environment amounts to.

    Args:
        error: what was raised.
        what: was tried.
    """
    if isinstance(error, SyntaxError):
        text, place = error.msg, f"{Path(error.filename or '').name}, line {error.lineno}"
    else:
        text, place = _message(error), _place(error)
    said = f"{what + ' raises ' if what else ''}{type(error).__name__}: {shortened(text)}"
    return Finding(FAILED, f"{said} ({place})" if place else said, advice(error))


def shortened(text: str) -> str:
    """Returns a text as one line of a bearable length."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # of the environment's own making
        return f"<no message: its __str__ raised {type(broken).__name__}>"


def _place(error: BaseException) -> str:
    """Returns file and line of the last code that is not ours."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if not frame.filename.startswith((OURS, _HERE, "<frozen")):
            return f"{Path(frame.filename).name}, line {frame.lineno}"
    return ""
