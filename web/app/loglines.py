"""The last lines of the log, as one text. Needs no document: runs on the page and in tests."""

LINES = 200
"""How many lines are kept."""


class LogLines:
    """Lines as they come; one that has not ended is replaced when there is more of it."""

    def __init__(self):
        self._lines = []
        self._open = {}  # by stream: the line that has not ended

    def add(self, log):
        """Take a ``Log``."""
        line = self._open.pop(log.stream, None)
        if line is None:
            line = [""]
            self._lines.append(line)
            if len(self._lines) > LINES:
                self._lines.pop(0)
        line[0] = log.text if log.level == "info" else log.level + ": " + log.text
        if log.partial:
            self._open[log.stream] = line

    def text(self):
        """Return all lines."""
        return "\n".join([line[0] for line in self._lines])
