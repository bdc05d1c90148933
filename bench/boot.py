"""The boot: from the address to READY, first and second visit, and again at a restart."""

import statistics
import time
from typing import Any

from bench.browser import new_profile, ready, visit, work, worked
from bench.plan import BOOTS, Size
from bench.steps import spread
from tests.browser.servers import Served

MINUTE = 3600
"""Steps of a minute of play, 60 in a second."""
RESTARTS = 2
"""How often a worker is restarted after a second visit."""


def measure(
    browser: str, server: Served, size: Size, *, with_snapshot: bool = True
) -> dict[str, Any]:
    """Visits each page first, with an empty cache, and again; all pages take turns.

    The first visitor steps an environment after READY, as often as in a minute of play, and each
    page stays for a while: browsers put compiled code into their caches when enough of it has run.

    Returns:
        `[page]["first"]`, and `[page]["second"]` for workers, each with the medians of `ready` and
        `pause` in milliseconds, `work` of the browser's processes until then (None where it cannot
        be had), `bytes` from the server, `spread` of the first and `longest`, the longest of all
        pauses. `["ours"]["restart"]` has `ready` and `spread` alone.
    """
    pages = [name for name in BOOTS if with_snapshot or name not in ("restored", "text")]
    visits: dict[tuple[str, str], list[dict[str, Any]]] = {}
    restarts: list[float] = []
    for turn in range(size.boots):
        names = pages if turn % 2 else list(reversed(pages))
        for name in names:
            with new_profile(browser) as context:
                for kind in ("first", "second") if name != "main thread" else ("first",):
                    time.sleep(size.pause / 1000)
                    server.seen.clear()
                    before = work()
                    page = visit(context, server.url + BOOTS[name])
                    boot = ready(page)
                    boot["work"] = worked(before, work())
                    boot["bytes"] = sum(
                        int(s.headers.get("content-length", 0)) for s in server.seen
                    )
                    visits.setdefault((name, kind), []).append(boot)
                    if kind == "first" and name != "main thread":
                        page.evaluate(f"window.ask({MINUTE})")
                    page.wait_for_timeout(size.pause)
                    for _ in range(RESTARTS if (name, kind) == ("ours", "second") else 0):
                        restarts.append(page.evaluate("window.ask('restart')"))
                        page.wait_for_timeout(size.pause)
                    page.close()
    found: dict[str, Any] = {name: {} for name in pages}
    for (name, kind), measured in visits.items():
        found[name][kind] = _summary(measured)
    found["ours"]["restart"] = {"ready": statistics.median(restarts), "spread": spread(restarts)}
    return found


def _summary(visits: list[dict[str, Any]]) -> dict[str, Any]:
    times = [visit["ready"] for visit in visits]
    worked = [visit["work"] for visit in visits if visit["work"] is not None]
    return {
        "ready": statistics.median(times),
        "spread": spread(times),
        "pause": statistics.median(visit["pause"] for visit in visits),
        "longest": max(visit["pause"] for visit in visits),
        "work": statistics.median(worked) if worked else None,
        "bytes": statistics.median(visit["bytes"] for visit in visits),
    }
