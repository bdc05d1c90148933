"""Stock environments with their own renderers: what a frame costs the worker."""

from playwright.sync_api import BrowserContext

from bench.browser import ready, run, visit
from bench.plan import PAGES


def measure(context: BrowserContext, url: str) -> dict[str, float]:
    """Returns the milliseconds of a frame of each environment, the least of some.

    A frame is the environment's own `render()`, drawn by the stand-in for pygame. The least is what
    it takes where no other program wants the processor. MiniGrid is not among the site's packages:
    a grid makes its drawing calls, those of the render mode `human`.
    """
    page = visit(context, url + PAGES["ours"])
    ready(page)
    found: dict[str, float] = run(page, {"do": "stock"})
    page.close()
    return found
