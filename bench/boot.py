"""The boot: from the address to READY, first and second visit, and the page's longest pause."""

import statistics
import time
from typing import Any

from bench.browser import new_profile, ready, visit
from bench.plan import BOOTS, Size
from bench.steps import spread


def measure(browser: str, url: str, size: Size) -> dict[str, Any]:
    """Visits each page first, with an empty cache, and again; all pages take turns.

    After a visit the page stays for a while, in which browsers put compiled code into their caches.

    Returns:
        `[page]["first"]`, and `[page]["second"]` for workers, each with the medians of `ready` and
        `pause` in milliseconds, `spread` of the former and `longest`, the longest of all pauses.
    """
    visits: dict[tuple[str, str], list[dict[str, float]]] = {}
    for turn in range(size.boots):
        names = list(BOOTS) if turn % 2 else list(reversed(BOOTS))
        for name in names:
            with new_profile(browser) as context:
                for kind in ("first", "second") if name != "main thread" else ("first",):
                    time.sleep(size.pause / 1000)
                    page = visit(context, url + BOOTS[name])
                    visits.setdefault((name, kind), []).append(ready(page))
                    page.wait_for_timeout(size.pause)
                    page.close()
    found: dict[str, Any] = {name: {} for name in BOOTS}
    for (name, kind), measured in visits.items():
        found[name][kind] = _summary(measured)
    return found


def _summary(visits: list[dict[str, float]]) -> dict[str, float]:
    times = [visit["ready"] for visit in visits]
    pauses = [visit["pause"] for visit in visits]
    return {
        "ready": statistics.median(times),
        "spread": spread(times),
        "pause": statistics.median(pauses),
        "longest": max(pauses),
    }
