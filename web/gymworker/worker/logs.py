"""What Python prints in the worker, line by line, with a limit on floods. Runs in the worker.

``print``, stderr, ``logging`` and ``warnings`` all become ``log`` messages, in the order in which
they were written, without the codes that colour a terminal. A line that is flushed before its end,
as those of progress bars are, is *partial*: it comes again, in full.
"""

import io
import logging
import re
import sys
import time
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Post = Callable[[str, str, str, bool], None]  # level, stream, text, whether it is partial

BURST = 500
"""Lines that pass at once; a line more costs the worker's time and the page's."""

RATE = 200
"""Lines a second that pass in the long run."""

LONGEST = 10_000
"""Characters of a line; the rest of a longer one is cut off, and said to be."""

LEVELS = ((50, "critical"), (40, "error"), (30, "warning"), (20, "info"))
"""The names of levels from a number on; what is below is ``debug``."""

# Compiled when they are first used: no boot waits for it.
_CODES = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])"
"""ANSI's: colours and movements, and what is said to the terminal itself."""

_ERASE = r"\x1b\[[02]?K"
"""The code that erases the rest of a line, or all of it."""


class Lines:
    """Passes lines on to the page, and counts those that are too many.

    Args:
        post: called with level, stream, text, and whether it is partial, of what passes.
        clock: seconds.
    """

    def __init__(self, post: "Post", clock: "Callable[[], float]" = time.monotonic) -> None:
        self._post = post
        self._clock = clock
        self._allowed = float(BURST)
        self._before = clock()
        self._dropped = 0

    def write(self, level: str, stream: str, text: str) -> None:
        """Pass a line on, or drop it if there were too many."""
        if not self._may_pass():
            self._dropped += 1
            return
        self.settle()
        self._post(level, stream, _shown(text), False)

    def show(self, level: str, stream: str, text: str) -> bool:
        """Pass on what there is of a line; tell whether it may: later there is more of it."""
        if self._may_pass():
            self._post(level, stream, _shown(text), True)
            return True
        return False

    def _may_pass(self) -> bool:
        now = self._clock()
        self._allowed = min(BURST, self._allowed + (now - self._before) * RATE)
        self._before = now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True

    def settle(self) -> None:
        """Say how many lines were dropped since the last time, if any."""
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self._post(
                "warning", "stderr", f"{dropped} lines were dropped: too many at once", False
            )


class Stream(io.TextIOBase):
    """A stdout or stderr whose lines go to the page.

    Attributes:
        level: of what is written.
        unended: what has come of a line that has not ended yet.
    """

    def __init__(self, lines: Lines, level: str, name: str) -> None:
        self.level = level
        self._lines = lines
        self._name = name
        self.unended = ""
        self._shown = ""  # of that line

    encoding = "utf-8"

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Send the lines that are complete; keep the last one until its end comes, or a flush."""
        if "\n" not in text:
            self.unended += text
        else:
            first, *others = text.split("\n")
            for line in (self.unended + first, *others[:-1]):
                self._lines.write(self.level, self._name, _overwritten(line))
            self.unended, self._shown = others[-1], ""
        if "\r" in self.unended:
            end = "\r" if self.unended.endswith("\r") else ""
            self.unended = _overwritten(self.unended[-2 * LONGEST :]) + end
        while len(self.unended) > LONGEST:  # what never ends its line must not grow for ever
            self._lines.write(self.level, self._name, self.unended[:LONGEST])
            self.unended, self._shown = self.unended[LONGEST:], ""
        if "\r" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Show the line that has not ended yet, if there is more of it than was shown."""
        rest = self.unended.removesuffix("\r")
        if rest and rest != self._shown and self._lines.show(self.level, self._name, rest):
            self._shown = rest

    def write_line(self, level: str, text: str) -> None:
        """Send a line of its own: one that has not ended yet ends before it."""
        self.end_line()
        self._lines.write(level, self._name, text)

    def end_line(self) -> None:
        """End the line that has not ended yet, if there is one."""
        if self.unended:
            self.write("\n")


class Handler(logging.Handler):
    """Sends log records with their level."""

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """Send each line of a record."""
        for line in self.format(record).split("\n"):
            self._stream.write_line(_level(record), line)


def capture(lines: Lines) -> None:
    """Send what is printed, logged and warned from now on through ``lines``."""
    sys.stdout, sys.stderr = Stream(lines, "info", "stdout"), Stream(lines, "error", "stderr")
    stderr = sys.stderr
    # Not a handler of the root logger, with which `logging.basicConfig` would do nothing.
    logging.lastResort = Handler(stderr)
    logging.StreamHandler.emit = _emit  # type: ignore[assignment,method-assign]

    def show(
        message: "Warning | str",
        category: "type[Warning]",
        filename: str,
        lineno: int,
        file: "Any" = None,
        line: "str | None" = None,
    ) -> None:
        stderr.write_line("warning", f"{filename}:{lineno}: {category.__name__}: {message}")

    warnings.showwarning = show


def flush() -> None:
    """Show what was printed and has not ended its line yet."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Stream) and stream.unended:
            stream.flush()


_emit_to_stream = logging.StreamHandler.emit


def _emit(handler: "logging.StreamHandler[Any]", record: logging.LogRecord) -> None:
    """Keep the level of what a handler of the user's own writes on stderr."""
    stream = handler.stream
    if not isinstance(stream, Stream):
        _emit_to_stream(handler, record)
        return
    stream.end_line()
    before, stream.level = stream.level, _level(record)
    try:
        _emit_to_stream(handler, record)
    finally:
        stream.level = before


def _level(record: logging.LogRecord) -> str:
    return next((name for number, name in LEVELS if record.levelno >= number), "debug")


def _shown(text: str) -> str:
    """Return a line as a page shows it."""
    text = re.sub(_CODES, "", text) if "\x1b" in text else text
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text) - LONGEST} more characters)"
    return text


def _overwritten(line: str) -> str:
    """Return what a terminal shows of a line: a carriage return begins to write over it."""
    if "\r" not in line:
        return line
    shown = ""
    for part in line.split("\r"):
        erases = re.search(_ERASE, part)
        part = re.sub(_CODES, "", part)
        shown = part if erases else part + shown[len(part) :]
    return shown
