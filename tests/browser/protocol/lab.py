"""A page for the protocol's tests: it runs Python that a test hands to it, on the page.

lab.run("worker = make(); await worker.init(); return worker.state")
"""

import json
import textwrap
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

PAGES = Path(__file__).with_name("pages")
DEADLINE = 60_000
"""Milliseconds that one `run` may take."""


class LabError(AssertionError):
    """What the test handed over raised on the page."""


def edits() -> dict[str, str]:
    """The files of the lab's pages, for `serve_changed`."""
    return {file.name: file.read_text("utf-8") for file in PAGES.iterdir() if file.is_file()}


class Lab:
    """The lab in a tab.

    Args:
        page: the tab.
        url: of the site.
        html: the page of the lab.
    """

    def __init__(self, page: Page, url: str, html: str = "lab.html") -> None:
        self.page = page
        self._number = 0
        page.goto(url + html)
        self._wait()

    def reload(self) -> None:
        """Loads the page anew."""
        self.page.reload()
        self._wait()

    def _wait(self) -> None:
        self.page.wait_for_function("window.labRun !== undefined", timeout=DEADLINE)

    def run(self, body: str, deadline: int = DEADLINE) -> Any:
        """Runs the body of an async function on the page and returns its result.

        Names that the body declares `global` are there for the next one too.

        Raises:
            LabError: it raised, with the text of its exception.
        """
        return self.result(self.start(body), deadline)

    def start(self, body: str) -> str:
        """Starts what `run` runs; returns what `result` asks for."""
        self._number += 1
        number = str(self._number)
        self.page.evaluate(
            "([number, body]) => { labRun(number, body) }", [number, textwrap.dedent(body)]
        )
        return number

    def result(self, number: str, deadline: int = DEADLINE) -> Any:
        """Waits for what was started, and returns its result or raises as `run` does."""
        self.page.wait_for_function(
            "number => window.labReplies[number] !== undefined", arg=number, timeout=deadline
        )
        reply = json.loads(self.page.evaluate("number => labReplies[number]", number))
        if "error" in reply:
            raise LabError(reply["error"] + "\n" + reply["traceback"])
        return reply["value"]
