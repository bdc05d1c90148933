"""The panel of the log: what Python prints in the worker, and notes of the page. On the page."""

import asyncio

from gymworker import Log

from .dom import element, spawn
from .loglines import LogLines

EVERY = 0.25
"""Seconds between two looks of the log: a flood of lines must not stall the page."""


class LogPanel:
    """The last lines that Python printed in the worker."""

    def __init__(self):
        self._lines = LogLines()
        self._waiting = False

    def add(self, log):
        """Take a line; it is shown a moment later."""
        self._lines.add(log)
        if not self._waiting:
            self._waiting = True
            spawn(self._show())

    def note(self, text):
        """Take a line of the page's own."""
        self.add(Log({"level": "warning", "stream": "stderr", "text": text}))

    async def _show(self):
        await asyncio.sleep(EVERY)
        self._waiting = False
        panel = element("log")
        panel.textContent = self._lines.text()
        panel.scrollTop = panel.scrollHeight
