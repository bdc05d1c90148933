"""The lab, booted once for each module and browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import Serve
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab, edits
from tests.browser.servers import Served


@pytest.fixture(scope="module")
def lab_server(request: pytest.FixtureRequest, serve_changed: Serve) -> Iterator[Served]:
    """A server of the site with the lab's pages in it; without a snapshot if the module says so."""
    with_snapshot = getattr(request.module, "WITH_SNAPSHOT", True)
    with serve_changed(edits(), with_snapshot=with_snapshot) as served:
        yield served


@pytest.fixture(scope="module")
def lab_context(
    request: pytest.FixtureRequest, browser: Browser, lab_server: Served
) -> Iterator[BrowserContext]:
    """A browser context; a module's `CONSOLE` names the complaints that its tests provoke."""
    expected = getattr(request.module, "CONSOLE", ())
    with watched(browser, lab_server.url, expected=expected) as context:
        yield context


@pytest.fixture(scope="module")
def lab(lab_context: BrowserContext, lab_server: Served) -> Lab:
    """The lab in a tab, with no worker yet."""
    return Lab(lab_context.new_page(), lab_server.url)
