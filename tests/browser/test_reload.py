"""`--reload` in a browser: a save is heard by the page's Python, and loads the page anew."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from gymserver.app import create_app
from tests.browser.browsers import in_chromium
from tests.browser.conftest import MakeSite
from tests.browser.pages import open_page, watched
from tests.browser.servers import serving

MAIN = """
from gymworker import PyodideWorker, watch_changes
from pyscript import config, document

document.documentElement.dataset.python = "on"  # for the guard
FILE = config["environments"][0]["file"]

def show(id, text):
    document.getElementById(id).textContent = text

async def remake(file):
    if not worker.uses_file(file):
        show("status", file + " is no part of it")
        return
    try:
        await worker.init_env(file=FILE)
        result = await worker.reset()
        show("status", FILE + " says " + str(result.obs))
    except Exception as error:
        show("status", str(getattr(error, "remote_traceback", "") or error))

worker = PyodideWorker()
await worker.init_env(file=FILE)
await remake(FILE)
watch = watch_changes(config["reload"], remake)
document.documentElement.dataset.state = "done"
"""
ENVIRONMENT = """
class Echo:
    def reset(self, *, seed=None, options=None):
        return {NUMBER}, {{}}
    def step(self, action):
        return 0, 0.0, False, False, {{}}
    def render(self):
        return None
    def close(self):
        pass

env = Echo()
"""
EDITS = {
    "main.py": MAIN,
    "envs/cartpole.py": ENVIRONMENT.format(NUMBER=1),
}
DEADLINE = 10_000
"""Milliseconds; a save may take more than half a second where other tests run too."""

# A page that goes away cuts off its question.
CUT_OFF = [r"failed: .*/\.gymworker/changes"]


WATCHING = """
from gymworker import watch_changes
from pyscript import config, document

document.documentElement.dataset.python = "on"  # for the guard

def show(file):
    document.getElementById("status").textContent = "saved " + file

watch = watch_changes(config["reload"], show)
document.documentElement.dataset.state = "done"
"""


@contextmanager
def reloading(make_site: MakeSite, browser: Browser) -> Iterator[tuple[Page, Path]]:
    """Opens the page on a server with `--reload`; gives the page and the served folder."""
    site = make_site(EDITS)
    app = create_app(site=site, reload=True)
    try:
        with (
            serving(app) as served,
            watched(browser, served.url, expected=CUT_OFF) as context,
        ):
            page = open_page(context, served.url, "done")
            expect(page.locator("#status")).to_have_text("envs/cartpole.py says 1")
            yield page, site.web
            app.extensions["changes"].close()
    finally:
        app.extensions["changes"].close()


def save_environment(page: Page, web: Path, number: int) -> float:
    """Saves the environment; returns the seconds until the page shows what the new one says."""
    expected = json.dumps(f"envs/cartpole.py says {number}")
    start = time.monotonic()
    (web / "envs" / "cartpole.py").write_text(ENVIRONMENT.format(NUMBER=number), "utf-8")
    page.wait_for_function(
        f"document.getElementById('status').textContent === {expected}",
        timeout=DEADLINE,
        polling=10,
    )
    return time.monotonic() - start


@in_chromium
def test_a_saved_environment_is_made_anew_without_loading_the_page(
    browser: Browser, changed_site: MakeSite
) -> None:
    with reloading(changed_site, browser) as (page, web):
        page.evaluate("window.same = true")
        times = sorted(save_environment(page, web, number) for number in range(2, 9))
        print(f"save to environment: median {times[3] * 1000:.0f} ms, worst {times[-1] * 1000:.0f}")
        assert page.evaluate("window.same")


@in_chromium
def test_a_saved_page_is_loaded_anew(browser: Browser, changed_site: MakeSite) -> None:
    with reloading(changed_site, browser) as (page, web):
        file = web / "index.html"
        text = file.read_text("utf-8").replace("<h1>gymworker</h1>", "<h1>changed</h1>")
        file.write_text(text, "utf-8")
        expect(page.locator("h1")).to_have_text("changed", timeout=DEADLINE)
        # The new page hears of changes too.
        expect(page.locator("html")).to_have_attribute("data-state", "done", timeout=45_000)
        save_environment(page, web, 2)


@in_chromium
def test_more_tabs_than_a_browser_has_connections_hear_of_a_save(
    browser: Browser, changed_site: MakeSite
) -> None:
    site = changed_site({"main.py": WATCHING})
    app = create_app(site=site, reload=True)
    try:
        with (
            serving(app) as served,
            watched(browser, served.url, expected=CUT_OFF) as context,
        ):
            pages = [open_page(context, served.url, "done") for _ in range(8)]
            (site.web / "envs" / "cartpole.py").write_text("env = 1\n", "utf-8")
            for page in pages:
                expect(page.locator("#status")).to_have_text(
                    "saved envs/cartpole.py", timeout=DEADLINE
                )
    finally:
        app.extensions["changes"].close()


HELPED = "import rules\n" + ENVIRONMENT.format(NUMBER="rules.ONE")


@in_chromium
def test_a_saved_helper_is_taken_into_account(browser: Browser, changed_site: MakeSite) -> None:
    with reloading(changed_site, browser) as (page, web):
        page.evaluate("window.same = true")
        status, envs = page.locator("#status"), web / "envs"
        (envs / "cartpole.py").write_text(HELPED, "utf-8")
        expect(status).to_contain_text("No module named 'rules'", timeout=DEADLINE)
        (envs / "rules.py").write_text("ONE = 11\n", "utf-8")
        expect(status).to_have_text("envs/cartpole.py says 11", timeout=DEADLINE)
        (envs / "other.py").write_text("env = 1\n", "utf-8")
        expect(status).to_have_text("envs/other.py is no part of it", timeout=DEADLINE)
        (envs / "rules.py").write_text("from art import ONE\n", "utf-8")
        expect(status).to_contain_text("No module named 'art'", timeout=DEADLINE)
        expect(status).to_contain_text('File "envs/rules.py", line 1, in <module>')
        (envs / "art").mkdir()
        (envs / "art" / "__init__.py").write_text("ONE = 12\n", "utf-8")
        expect(status).to_have_text("envs/cartpole.py says 12", timeout=DEADLINE)
        (envs / "art" / "__init__.py").write_bytes(b"ONE = '\xe9'\n")
        expect(status).to_contain_text(
            "envs/art/__init__.py could not be loaded: it is no text in", timeout=DEADLINE
        )
        (envs / "rules.py").write_text("\f\nONE = 1 / 0\n", "utf-8")
        expect(status).to_contain_text(
            'File "envs/rules.py", line 2, in <module>', timeout=DEADLINE
        )
        expect(status).to_contain_text("    ONE = 1 / 0")
        assert page.evaluate("window.same")
