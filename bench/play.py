"""A game on the project's own page: what its frames cost the main thread."""

from playwright.sync_api import BrowserContext

from bench.browser import main_thread, visit
from bench.plan import Size

ENVIRONMENT, FPS = "Pond", 60
"""What is played: NumPy paints (240, 400, 3) uint8 frames, the worker shows them."""


def measure(context: BrowserContext, url: str, size: Size) -> float | None:
    """Returns the milliseconds of the main thread's own time that a frame of the game takes.

    All that the page does is in there: its figures, plots and pulse. None outside Chromium.
    """
    page = visit(context, f"{url}#{ENVIRONMENT}")
    page.wait_for_selector("html[data-game=ready]", state="attached")
    page.click("#start")
    page.wait_for_function("Number(document.querySelector('#step').textContent) > 10")
    worked = main_thread(page, lambda: page.wait_for_timeout(size.game))
    playing = page.get_attribute("html", "data-game")
    page.close()
    assert playing == "running", f"the game is {playing}"
    return None if worked is None else worked / (FPS * size.game / 1000)
