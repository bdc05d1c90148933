"""Going back eight steps of a game and forth again, for actions that come late over a network."""

import statistics
from typing import Any

from playwright.sync_api import BrowserContext

from bench.browser import ready, run, visit
from bench.plan import PAGES, Size

ENVIRONMENTS = ("cartpole", "mountain_car", "pond", "duet")
NEVER_FALLS = "\nenv.unwrapped.theta_threshold_radians = env.unwrapped.x_threshold = 1e9\n"
STEPS = 8
FRAME = 16.0
"""Milliseconds at 60 frames a second."""


def measure(context: BrowserContext, url: str, size: Size) -> dict[str, Any]:
    """Returns the medians of a rollback by environment, in milliseconds.

    `correct` is one request; `single` is a request for each of restore, eight steps and the hash.
    """
    page = visit(context, url + PAGES["ours"])
    ready(page)
    found = {}
    for name in ENVIRONMENTS:
        more = NEVER_FALLS if name == "cartpole" else ""
        job = {"file": f"envs/{name}.py", "more": more, "back": STEPS, "count": size.single}
        times = run(page, {"do": "roll back", **job})
        found[name] = {way: statistics.median(times[way]) for way in times}
    page.close()
    return found
