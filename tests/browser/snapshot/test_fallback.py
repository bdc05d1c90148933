"""The page with a snapshot that fails: it boots without, says why, and shows what it fetches."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve, Visit
from tests.browser.pages import history, open_page, watched
from tests.browser.servers import corrupt, corrupt_at, missing, serving

if TYPE_CHECKING:
    from tests.browser.servers import Fault

USED = "the snapshot was not used"
COMPLAINTS = (r"snapshot/\w+/", "404", "integrity|digest|hash", "wasm|WebAssembly")


def test_a_worker_comes_from_the_snapshot_and_asks_for_no_wheel(first_visit: Visit) -> None:
    paths = [seen.path for seen in first_visit.seen]
    assert [path for path in paths if path.endswith("/memory.wasm")]
    assert not [path for path in paths if path.endswith(".whl")]
    assert USED not in first_visit.page.inner_text("#log")


# Firefox does so in the tests of a first visit and of a bare worker.
@in_chromium
@pytest.mark.parametrize(
    ("name", "fault", "why"),
    [
        ("memory.wasm", corrupt, "memory.wasm is damaged"),
        ("lib0.wasm", corrupt, ""),
        ("meta.mjs", missing, "restore.mjs"),
        ("meta.mjs", corrupt_at(rb'"own":\d+'), "the constants of Pyodide are others"),
        ("meta.mjs", corrupt_at(rb'"table":\d+'), "a table of"),
    ],
    ids=["memory.wasm", "lib0.wasm", "meta.mjs", "constants", "table"],
)
def test_the_page_boots_without_it_and_says_why(
    browser: Browser, web_site: Site, name: str, fault: "Fault", why: str
) -> None:
    with (
        serving(create_app(site=web_site), {f"/{name}$": fault}) as served,
        watched(browser, served.url, expected=COMPLAINTS) as context,
    ):
        page = open_page(context, served.url, "done")
        expect(page.locator("#log")).to_contain_text(re.compile(f"{USED}: .*{why}"))
        shown = [entry["status"] for entry in history(page)]
        assert [status for status in shown if "Installing numpy" in status]
        if name == "memory.wasm":  # the page's own copy is whole: the worker has to say it
            downloading = [status for status in shown if status.startswith("Downloading numpy")]
            assert downloading, "its bar counts what comes instead"
        assert served.answers(r"/numpy.*\.whl$")


@in_chromium
def test_a_site_without_one_boots(browser: Browser, serve_changed: Serve) -> None:
    with (
        serve_changed({}, with_snapshot=False) as served,
        watched(browser, served.url) as context,
    ):
        page = open_page(context, served.url, "done")
        assert USED not in page.inner_text("#log")
        assert not served.answers("/snapshot/")


@in_chromium
def test_nothing_that_comes_later_is_waited_for(browser: Browser, web_site: Site) -> None:
    faults = {"/python_stdlib.zip$": missing, "/files.wasm$": missing}
    expected = ["status 404: ", "Failed to load resource: .*404"]  # nobody needs them yet
    with (
        serving(create_app(site=web_site), faults) as served,
        watched(browser, served.url, expected=expected) as context,
    ):
        page = open_page(context, served.url, "done")
        assert USED not in page.inner_text("#log")


@in_chromium
def test_edits_of_what_is_served_need_no_other_snapshot(
    browser: Browser, serve_changed: Serve, web_site: Site
) -> None:
    edits = {
        "worker.py": (web_site.web / "worker.py").read_text("utf-8") + "\nprint('edited')\n",
        "gymworker/worker/compat.py": ('has no processes."', 'has none."'),
        "envs/cartpole.py": (web_site.web / "envs/cartpole.py").read_text("utf-8") + "\n",
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        expect(page.locator("#log")).to_contain_text("edited")
        assert USED not in page.inner_text("#log")
        assert served.answers("/memory.wasm$")
        assert not served.answers(r"\.whl$")
        prepared = web_site.prepared
        assert prepared.snapshot
        assert served.answers(f"^/{prepared.snapshot}")
