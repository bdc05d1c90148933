"""Makes docs/page.png, the picture in the README: the page at the end of its run, in Chromium.

Run it where the tests ran before: `.venv/bin/python docs/picture.py`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import sync_playwright

from gymserver.app import create_app
from tests.browser.browsers import launch
from tests.browser.servers import serving


def main() -> None:
    """Opens the page, waits until it is done and takes the picture."""
    with serving(create_app(say=print)) as served, sync_playwright() as playwright:
        browser = launch(playwright, "chromium")
        page = browser.new_page(viewport={"width": 960, "height": 620}, device_scale_factor=1.5)
        page.goto(served.url)
        page.wait_for_selector("html[data-state=done]", timeout=60_000)
        page.screenshot(path=Path(__file__).with_name("page.png"))
        browser.close()


if __name__ == "__main__":
    main()
