"""What Python prints in the worker, line by line, with a limit on floods. Runs in the worker.

``print``, stderr, ``logging`` and ``warnings`` all become ``log`` messages, in the order in which
they were written.
"""

import io
import logging
import sys
import time
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Post = Callable[[str, str, str], None]  # level, stream, text

BURST = 500
"""Lines that pass at once; a line more costs the worker's time and the page's."""

RATE = 200
"""Lines a second that pass in the long run."""

LONGEST = 10_000
"""Characters of a line; the rest of a longer one is cut off, and said to be."""


class Lines:
    """Passes lines on to the page, and counts those that are too many.

    Args:
        post: called with level, stream and text of each line that passes.
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
        now = self._clock()
        self._allowed = min(BURST, self._allowed + (now - self._before) * RATE)
        self._before = now
        if self._allowed < 1:
            self._dropped += 1
            return
        self.settle()
        self._allowed -= 1
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]}… ({len(text) - LONGEST} more characters)"
        self._post(level, stream, text)

    def settle(self) -> None:
        """Say how many lines were dropped since the last time, if any."""
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self._post("warning", "stderr", f"{dropped} lines were dropped: too many at once")


class Stream(io.TextIOBase):
    """A stdout or stderr whose lines go to the page."""

    def __init__(self, lines: Lines, level: str, name: str) -> None:
        self._lines = lines
        self._level = level
        self._name = name
        self._rest = ""

    encoding = "utf-8"

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Send the lines that are complete; keep the last one until its end comes."""
        if "\n" not in text:
            self._rest += text
        else:
            first, *others = text.split("\n")
            self._lines.write(self._level, self._name, self._rest + first)
            for line in others[:-1]:
                self._lines.write(self._level, self._name, line)
            self._rest = others[-1]
        return len(text)


class Handler(logging.Handler):
    """Sends log records with their level."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Send each line of a record."""
        for line in self.format(record).split("\n"):
            self._lines.write(record.levelname.lower(), "stderr", line)


def capture(lines: Lines) -> None:
    """Send what is printed, logged and warned from now on through ``lines``."""
    sys.stdout = Stream(lines, "info", "stdout")
    sys.stderr = Stream(lines, "error", "stderr")
    logging.getLogger().addHandler(Handler(lines))

    def show(
        message: "Warning | str",
        category: "type[Warning]",
        filename: str,
        lineno: int,
        file: "Any" = None,
        line: "str | None" = None,
    ) -> None:
        lines.write("warning", "stderr", f"{filename}:{lineno}: {category.__name__}: {message}")

    warnings.showwarning = show
