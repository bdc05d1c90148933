"""An exception as data, its traceback cut to what a user can act on. Runs in the worker."""

import importlib
import traceback
from pathlib import Path

from .advice import advice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..shapes import ErrorFields

OURS = str(Path(__file__).parent.parent)
"""The library's own folder, whose frames say nothing about the user's code."""

HIDDEN = (OURS, "<exec>", "<frozen importlib", str(Path(importlib.__file__).parent))


def describe(error: BaseException) -> "ErrorFields":
    """Return an exception as the fields of an ``error`` message.

    ``stack`` is the Python traceback with file names, lines and source, chained exceptions
    included, without the frames of this library and of the import machinery. Where a browser lacks
    something, both end with what works instead.
    """
    report = traceback.TracebackException.from_exception(error, compact=True)
    _cut(report, set())
    try:
        message = str(error)
    except Exception as broken:
        message = f"<no message: its __str__ raised {type(broken).__name__}>"
    stack = "".join(report.format())
    words = advice(error)
    if words:
        message, stack = f"{message} ({words})", f"{stack}Note: {words}\n"
    return {"name": type(error).__name__, "message": message, "stack": stack}


def _cut(report: "traceback.TracebackException | None", seen: "set[int]") -> None:
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    kept = [frame for frame in report.stack if not frame.filename.startswith(HIDDEN)]
    report.stack[:] = kept
    _cut(report.__cause__, seen)
    _cut(report.__context__, seen)
    for member in report.exceptions or ():
        _cut(member, seen)
