"""The command line of the bench, once the dependencies are there."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench import boot, play, report, rollback, sessions, steps, stock
from bench.browser import launched
from bench.plan import QUICK, Size
from bench.site import served
from gymserver.site import ROOT

TICK = {"chromium": 0.1, "firefox": 1.0}
"""Milliseconds between two ticks of the clock on a page that is not isolated."""


def main(arguments: list[str]) -> int:
    """Measures, prints the table, writes the JSON; returns the exit status."""
    options = _parse(arguments)
    size = QUICK if options.quick else Size()
    found = measure(options.browser, options.web, size, with_snapshot=not options.no_snapshot)
    print(report.text(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


def measure(browser: str, web: Path, size: Size, *, with_snapshot: bool = True) -> dict[str, Any]:
    """Measures everything.

    Args:
        browser: `chromium` or `firefox`.
        web: the folder that is served.
        size: how much.
        with_snapshot: let our workers boot from a snapshot.

    Returns:
        The report, as it is written as JSON; times in milliseconds, those of `breakdown` in µs.
    """
    start = time.monotonic()
    tick = TICK[browser]
    machine: dict[str, Any] = {"cores": os.cpu_count(), "load before": _load(), "tick": tick}
    found: dict[str, Any] = {"machine": machine}
    with served(web, with_snapshot) as server:
        url = server.url
        with launched(browser) as program:
            machine["browser"] = f"{browser} {program.version}"
            _say("steps ...")
            context = program.new_context()
            found |= steps.measure(context, url, size, tick)
            _say("one step in parts ...")
            found["breakdown"] = sessions.measure_step(context, url, size)
            _say("a game ...")
            found["game main thread"] = play.measure(context, url, size)
            _say("rollbacks ...")
            found["rollback"] = rollback.measure(context, url, size)
            _say("stock renderers ...")
            found["stock"] = stock.measure(context, url)
        _say("boots ...")
        found["boot"] = boot.measure(browser, server, size, with_snapshot=with_snapshot)
        _say("memory ...")
        with launched(browser, sessions.FLAGS) as program:
            found["memory"] = sessions.measure_memory(program.new_context(), url, size)
    found["goals"] = report.goals(found)
    machine |= {"load after": _load(), "seconds": time.monotonic() - start}
    return found


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench/run.py", description="Measures gymworker.")
    parser.add_argument("--browser", choices=list(TICK), default="chromium")
    parser.add_argument("--quick", action="store_true", help="run all of it as short as can be")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--no-snapshot", action="store_true", help="boot our workers without one")
    parser.add_argument(
        "--web", type=Path, default=ROOT / "web", metavar="FOLDER", help="measure this folder"
    )
    return parser.parse_args(arguments)


def _load() -> float | None:
    """Returns how many processes want to run, over the last minute; None on Windows."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _say(line: str) -> None:
    print(f"bench: {time.strftime('%X')} {line}", file=sys.stderr, flush=True)
