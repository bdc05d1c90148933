"""What a page keeps after many sessions, and where the time of one step goes."""

from typing import Any

from playwright.sync_api import BrowserContext

from bench.browser import memory, ready, run, visit
from bench.plan import CASES, PAGES, Size

SESSIONS = 20
COMPARED = (10, 20)

FLAGS = "--js-flags=--expose-gc --max-semi-space-size=1"
"""V8 grows the room for new objects, up to 48 MB, and keeps it empty: it would hide all else."""


def measure_memory(context: BrowserContext, url: str, size: Size) -> dict[str, int | None]:
    """Returns the private bytes of the page's process after session 10 and session 20.

    A session makes the environment anew and steps it with drawing objects. Garbage is collected
    before each look, by Python and by JavaScript, on the page and in the worker. By session 10 the
    page holds what a restart will need, some 42 MB. The browser must have no other page, and must
    have been started with `FLAGS`.
    """
    page = visit(context, url + PAGES["ours"])
    ready(page)
    found = {}
    for session in range(1, SESSIONS + 1):
        run(page, CASES["objects"].job(size.steps, fresh=True))
        if session in COMPARED:
            for _ in range(2):
                run(page, {"do": "collect"})
                for place in (page, *page.workers):
                    place.evaluate("globalThis.gc && globalThis.gc()")
            found[f"session {session}"] = memory()
    page.close()
    return found


def measure_step(context: BrowserContext, url: str, size: Size) -> dict[str, float]:
    """Returns where the time of one step with drawing objects goes, in microseconds, in order."""
    page = visit(context, url + PAGES["ours"] + "?marked")
    ready(page)
    run(page, {**CASES["objects"].job(10), "kind": "marked"})
    marks = run(page, {"do": "marked", "count": size.marked})
    page.close()
    return _parts(marks["page"], marks["worker"], size.marked)


def _parts(page: dict[str, Any], worker: dict[str, Any], steps: int) -> dict[str, float]:
    """Turns sums of the clock into the parts of one step.

    Between two marks of which Python made one lies half of what such a mark costs.
    """

    def between(side: dict[str, Any], start: str, end: str) -> float:
        (count, earlier), (same, later) = side[start], side[end]
        assert count == same == steps, f"{count} marks of {start}, {same} of {end}"
        python = sum(name in PYTHON for name in (start, end))
        return 1000 * float((later - earlier) / steps - python * side["cost"] / 2)

    decode, cost = 1000 * worker["decode"], 1000 * worker["cost"]
    away = between(page, "posted", "arrived")
    return {
        "page: encode": between(page, "call", "post"),
        "page: post": between(page, "post", "posted"),
        "travel, there and back": away - between(worker, "arrived", "posted"),
        "worker: decode": decode,
        "worker: dispatch": between(worker, "arrived", "step") - decode,
        "environment: step": between(worker, "step", "stepped"),
        "environment: render": between(worker, "render", "rendered"),
        "worker: encode": between(worker, "stepped", "post")
        - between(worker, "render", "rendered")
        - 2 * cost,
        "worker: post": between(worker, "post", "posted"),
        "page: decode": between(page, "arrived", "handled"),
        "page: wake": between(page, "handled", "returned"),
        "page: look": between(page, "returned", "looked"),
        "all": between(page, "call", "looked") - 1000 * page["cost"] - 4 * cost,
    }


PYTHON = {"call", "returned", "looked", "step", "stepped", "render", "rendered"}
"""The marks that Python makes; JavaScript's cost next to nothing."""
