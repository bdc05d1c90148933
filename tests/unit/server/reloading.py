"""A server with `--reload` and the pages that ask it, for tests."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from gymserver.app import create_app
from gymserver.changes import Changes
from gymserver.site import Site
from tests.unit.server.sites import listening

DEADLINE = 10.0


END = "end.txt"


def until(true: Callable[[], bool], deadline: float = DEADLINE) -> float:
    """Waits for something that nothing tells of; returns the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < deadline, "not in time"
        time.sleep(0.01)
    return time.monotonic() - start


class Page:
    """An open page, which asks as a browser's EventSource does, over real connections."""

    def __init__(self, connect: Callable[[], http.client.HTTPConnection]) -> None:
        self.connect = connect
        self.address = str(config_of(self.get("/"))["reload"])
        self.last: str | None = None
        self.waiting: list[dict[str, str]] = []

    def get(self, address: str, **headers: str) -> str:
        connection = self.connect()
        connection.request("GET", address, headers=headers)
        self.answer = connection.getresponse()
        text = self.answer.read().decode()
        connection.close()
        return text

    def ask(self) -> None:
        """Asks once."""
        headers = {"Last-Event-ID": self.last} if self.last else {}
        for event in self.get(f"/{self.address}", **headers).split("\n\n"):
            fields = dict(line.split(": ", 1) for line in event.splitlines())
            self.last = fields.get("id", self.last)
            if "data" in fields:
                self.waiting.append(json.loads(fields["data"]))

    def next(self) -> tuple[str, str]:
        """Returns file and kind of the next change."""
        start = time.monotonic()
        while not self.waiting:
            assert time.monotonic() - start < DEADLINE, "no change in time"
            self.ask()
            time.sleep(0.02)
        change = self.waiting.pop(0)
        assert set(change) == {"file", "kind"}
        return change["file"], change["kind"]


@dataclass
class Served:
    """A server with `--reload`."""

    web: Path
    connect: Callable[[], http.client.HTTPConnection]

    def save(self, name: str, text: str = "x = 1\n") -> None:
        """Writes a file."""
        file = self.web / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def told(self, page: Page) -> list[tuple[str, str]]:
        """Returns what the page was told until now, by saving one more file and waiting for it."""
        self.save(END)
        found = []
        while (change := page.next()) != (END, "page"):
            found.append(change)
        return found


@contextmanager
def reloading(site: Site) -> Iterator[Served]:
    app = create_app(site=site, reload=True)
    watcher: Changes = app.extensions["changes"]
    try:
        with listening(app) as connect:
            yield Served(site.web, connect)
    finally:
        watcher.close()


def config_of(page: str) -> dict[str, object]:
    text = unescape(page).split("|")[1].partition("</pre>")[0]
    found: dict[str, object] = json.loads(text)
    return found
