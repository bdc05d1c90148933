"""Round trips: all contenders take turns, case by case, round by round."""

import statistics
from typing import Any

from playwright.sync_api import BrowserContext, Page

from bench.browser import main_thread, ready, run, visit
from bench.plan import CASES, PAGES, Case, Size

WARM_UP = 3
FRAMES = CASES["frame"]


class Samples:
    """What was measured of one contender in one case, in milliseconds a step."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.rounds: list[float] = []
        self.single: list[float] = []

    def summary(self, tick: float) -> dict[str, float]:
        """Returns the median of the rounds, how far they lie apart, and percentiles.

        Args:
            tick: of the browser's clock, milliseconds; a median within a tick is interpolated.
        """
        found = {"mean": statistics.median(self.rounds), "spread": spread(self.rounds)}
        if self.single:
            found["p50"] = statistics.median_grouped(self.single, interval=tick)
            found["p99"] = statistics.quantiles(self.single, n=100, method="inclusive")[98]
        return found


def spread(values: list[float]) -> float:
    """Returns the distance of the quartiles as a share of the median: the noise."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / middle if middle else 0.0


def measure(context: BrowserContext, url: str, size: Size, tick: float) -> dict[str, Any]:
    """Measures all cases.

    Args:
        context: of the browser.
        url: of the site.
        size: how much.
        tick: of the browser's clock, milliseconds.

    Returns:
        `steps[case][contender]`, each with `mean`, `spread`, and `p50`, `p99` where single calls
        were timed, all in milliseconds a step; among the contenders `environment` is its own time.
        And `frame main thread`, milliseconds of ours a frame.
    """
    pages = {}
    for name, address in PAGES.items():
        pages[name] = visit(context, url + address)
        ready(pages[name])
    samples = {
        (title, name): Samples(_count(page, case, size))
        for title, case in CASES.items()
        for name, page in pages.items()
        if case.suits(name)
    }
    own = {case: Samples(1) for case in CASES}
    for turn in range(size.rounds):
        for title, case in CASES.items():
            milliseconds = run(pages["ours"], {"do": "own", "kind": case.kind})
            own[title].rounds.append(milliseconds[1 if case.render else 0])
            for name in _rotated([name for name in pages if case.suits(name)], turn):
                _sample(pages[name], case, samples[title, name], size)
    steps = {
        title: {
            "environment": own[title].summary(tick),
            **{name: found.summary(tick) for (of, name), found in samples.items() if of == title},
        }
        for title in CASES
    }
    for title in CASES:
        _add_environment(steps[title], batch=CASES[title].batch)
    frame = _frame(pages["ours"], size)
    for page in pages.values():
        page.close()
    return {"steps": steps, "frame main thread": frame}


def _count(page: Page, case: Case, size: Size) -> int:
    """Warms up, and returns how many requests fit into the time of a round."""
    took = run(page, case.job(1))[0]
    for count in (WARM_UP, 20):
        if took < size.budget / count:
            took = run(page, case.job(count))[0] / count
    return max(1, min(size.most, int(size.budget / max(took, 0.01))))


def _sample(page: Page, case: Case, samples: Samples, size: Size) -> None:
    if samples.count > WARM_UP:
        run(page, case.job(WARM_UP))  # another case may have run in between
    total = run(page, case.job(samples.count))[0]
    samples.rounds.append(total / samples.count / (case.batch or 1))
    if case.each:
        samples.single += run(page, case.job(size.single, each=True))


def _add_environment(case: dict[str, dict[str, float]], batch: int) -> None:
    """Makes the echo the floor: a step costs at least the environment's own time and a message."""
    own = case["environment"]["mean"]
    for key in ("mean", "p50", "p99"):
        if key in case["floor"]:
            case["floor"][key] += own


def _frame(page: Page, size: Size) -> float | None:
    """Returns the milliseconds of the main thread's own time that a frame takes."""
    count = size.most // 5
    run(page, FRAMES.job(WARM_UP))
    found = [main_thread(page, lambda: run(page, FRAMES.job(count))) for _ in range(3)]
    measured = [worked / count for worked in found if worked is not None]
    return statistics.median(measured) if measured else None


def _rotated(names: list[str], turn: int) -> list[str]:
    turn %= len(names)
    return names[turn:] + names[:turn]
