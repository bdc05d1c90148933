"""What the README tells people to write works as it stands there."""

import re
import textwrap

from playwright.sync_api import Browser, expect

from gymserver.site import ROOT
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player

pytestmark = in_chromium

README = (ROOT / "README.md").read_text("utf-8")
TOML = (ROOT / "web" / "pyscript.toml").read_text("utf-8")
WORKER = (ROOT / "web" / "worker.py").read_text("utf-8")

# A page shows that it has come to its end.
END = """
show = document.documentElement.dataset
show.greeting = await worker.request("greet", {"name": "you"})
show.obs, show.last = str(len(result.obs)), last.state
show.state = "done"
"""


def block(language: str, has: str) -> str:
    """Returns the README's block of code that has a text in it."""
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", README, re.DOTALL | re.MULTILINE)
    [found] = [textwrap.dedent(block) for block in blocks if has in block]
    return found


def test_an_environment_of_ones_own_is_in_the_list_and_is_played(
    browser: Browser, serve_changed: Serve
) -> None:
    entry = block("toml", "[[environments]]")
    edits = {
        "envs/hill.py": block("python", "class Drawn"),
        "pyscript.toml": TOML.replace("[worker]\n", f"{entry}\n[worker]\n"),
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("Hill", seed=1)
        player.wait_for_size(300, 200)
        player.follow_steps()
        player.start()
        player.page.keyboard.down("ArrowRight")
        player.wait_for_action(2)
        player.page.keyboard.up("ArrowRight")
        player.wait_for_action(1)


def test_a_page_of_ones_own(browser: Browser, serve_changed: Serve) -> None:
    edits = {
        "main.py": block("python", "PyodideWorker") + END,
        "worker.py": WORKER.replace("host.start()", block("python", "@host.on") + "\nhost.start()"),
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        html = page.locator("html")
        expect(html).to_have_attribute("data-greeting", "hello you", timeout=DEADLINE)
        expect(html).to_have_attribute("data-obs", "4")
        expect(html).to_have_attribute("data-last", "ended")
