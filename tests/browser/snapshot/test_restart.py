"""A restart: the page gives back what the worker before it compiled, and its memory."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Serve
from tests.browser.pages import watched
from tests.browser.servers import Served

HTML = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Restarts</title>
  <link rel="icon" type="image/svg+xml" href="favicon.svg">
  <script type="module" src="{{ site.pyscript }}core.js"></script>
</head>
<body><script type="mpy" src="again.py" config="{{ site.config }}"></script></body>
</html>
"""

PAGE = """
import asyncio
import json
import time

from gymworker import PyodideWorker
from gymworker.page.js import connection
from pyscript import window

CODE = '''
import gymnasium
import js

env = gymnasium.make("CartPole-v1")
names = [str(entry.name) for entry in js.performance.getEntriesByType("resource")]
fetched = [name.split("?")[0].split("/")[-1] for name in names]
note, began = str(getattr(js, "gymworkerNote", "")), js.performance.timeOrigin / 1000
env.metadata = {"fetched": fetched, "note": note, "began": began}
'''


async def look(worker):
    info = await worker.init_env(CODE)
    seen = [list((await worker.reset(seed=42)).obs.data)]
    for i in range(20):
        seen.append(list((await worker.step(i % 2)).obs.data))
    return {"metadata": info.metadata, "seen": seen}


async def main():
    logs = []
    spare = "spare" in str(window.location.search)
    worker = PyodideWorker(spare=spare, on_log=lambda log: logs.append(log.text))
    await worker.init()
    found = [await look(worker)]
    if "lost" in str(window.location.search):  # what the page kept belongs to another snapshot
        for name, kept in connection._kept.items():
            kept.key = "of another"
    for _ in range(2):
        while spare and not worker._link._connect._spare._said:
            await asyncio.sleep(0.05)  # it is not there yet
        asked = time.time()
        await worker.restart()
        found.append(await look(worker))
        found[-1]["in reserve"] = found[-1]["metadata"]["began"] < asked
    worker.destroy()
    window.found = json.dumps({"found": found, "logs": logs})


await main()
"""

HEAVY = ("memory.wasm", "pyodide.asm.wasm", "lib0.wasm")
"""What a worker fetches and compiles unless the page gives it."""


@pytest.fixture(scope="module")
def served_again(serve_changed: Serve) -> Iterator[Served]:
    """The site with a page that restarts its worker."""
    with serve_changed({"again.html": HTML, "again.py": PAGE}) as served:
        yield served


def opened(browser: Browser, served: Served, query: str = "") -> dict[str, Any]:
    """Opens the page and returns what it found, of the first worker and of two more."""
    with watched(browser, served.url) as context:
        page: Page = context.new_page()
        page.goto(f"{served.url}again.html{query}")
        page.wait_for_function("window.found", timeout=120_000)
        return dict(json.loads(page.evaluate("window.found")))


def heavy(look: dict[str, Any]) -> list[str]:
    return [name for name in HEAVY if name in look["metadata"]["fetched"]]


def test_a_restart_fetches_and_compiles_nothing_again(
    browser: Browser, served_again: Served
) -> None:
    answer = opened(browser, served_again)
    first, *others = answer["found"]
    assert heavy(first) == list(HEAVY)
    for other in others:
        assert heavy(other) == []
        assert other["seen"] == first["seen"]
        assert not other["in reserve"]
    assert not [line for line in answer["logs"] if "snapshot" in line]


def test_what_belongs_to_another_snapshot_is_not_used(
    browser: Browser, served_again: Served
) -> None:
    answer = opened(browser, served_again, "?lost")
    first, second, third = answer["found"]
    assert heavy(second) == list(HEAVY)
    assert heavy(third) == []  # the second worker handed over its own
    assert first["seen"] == second["seen"] == third["seen"]


def test_a_worker_in_reserve_takes_over(browser: Browser, served_again: Served) -> None:
    answer = opened(browser, served_again, "?spare")
    first, *others = answer["found"]
    for other in others:
        assert other["in reserve"], "it began before the restart was asked for"
        assert heavy(other) == []
        assert other["seen"] == first["seen"]
