"""Makes docs/page.png, the picture in the README: somebody plays MountainCar, in Chromium.

Run it where the tests ran before: `.venv/bin/python docs/picture.py`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import sync_playwright

from gymserver.app import create_app
from tests.browser.browsers import launch
from tests.browser.player import Player
from tests.browser.servers import serving

SWINGS = 9
"""How often the car changes its direction before the picture is taken."""


def main() -> None:
    """Opens the page, swings the car up the hill and takes the picture."""
    with serving(create_app(say=print)) as served, sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        page = browser.new_page(viewport={"width": 1280, "height": 780}, device_scale_factor=1.5)
        page.goto(served.url)
        page.wait_for_selector("html[data-game=ready]", timeout=60_000)
        player = Player(page)
        player.choose("MountainCar", seed=3)
        player.start()
        for swing in range(SWINGS):
            key = "ArrowLeft" if swing % 2 else "ArrowRight"
            page.keyboard.down(key)
            player.wait_for_steps(12)
            page.keyboard.up(key)
        page.screenshot(path=Path(__file__).with_name("page.png"))
        browser.close()


if __name__ == "__main__":
    main()
