"""Real browsers on real sites."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser import browsers
from tests.browser.pages import open_page, watched
from tests.browser.servers import Seen, Served, serving

if TYPE_CHECKING:
    from tests.browser.servers import Fault

Edits = Mapping[str, str | tuple[str, str] | None]
MakeSite = Callable[..., Site]
Serve = Callable[..., AbstractContextManager[Served]]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Gets the browsers before the tests, which have deadlines, begin."""
    if session.config.option.collectonly:
        return
    for name in browsers.SYSTEM:
        if any(f"[{name}" in item.name for item in session.items):
            try:
                browsers.prepare(name)
            except browsers.NoBrowserError as error:
                pytest.exit(str(error), 1)
    if any("webkit" in getattr(item, "fixturenames", ()) for item in session.items):
        with suppress(browsers.NoBrowserError):  # its own tests say so
            browsers.prepare("webkit")


# Of the package and not of the session: while Playwright runs, no asyncio.run() is possible.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package", params=list(browsers.SYSTEM))
def browser(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Browser]:
    """Each browser in turn."""
    browser = browsers.launch(playwright, request.param, browsers.BRIEF)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def served(web_site: Site) -> Iterator[Served]:
    """A server of the site."""
    with serving(create_app(site=web_site)) as served:
        yield served


@pytest.fixture(scope="module")
def changed_site(web_site: Site, tmp_path_factory: pytest.TempPathFactory) -> MakeSite:
    """Makes a site from a changed copy of `web/`.

    Its argument says what becomes of a file: a text replaces it, `(old, new)` replaces a part of
    it, None deletes it.
    """

    def make(edits: Edits, with_snapshot: bool = True) -> Site:
        web = tmp_path_factory.mktemp("changed") / "web"
        shutil.copytree(web_site.web, web, ignore=shutil.ignore_patterns("__pycache__"))
        for name, edit in edits.items():
            file = web / name
            if edit is None:
                file.unlink()
            elif isinstance(edit, str):
                file.write_text(edit, "utf-8")
            else:
                text = file.read_text("utf-8")
                assert text.count(edit[0]) == 1, f"expected {edit[0]!r} once in {name}"
                file.write_text(text.replace(*edit), "utf-8")
        return Site.prepare(web, with_snapshot=with_snapshot, say=print)

    return make


@pytest.fixture(scope="module")
def serve_changed(changed_site: MakeSite) -> Serve:
    """Serves a changed copy of `web/`, with faults of the server."""

    @contextmanager
    def serve(
        edits: Edits, faults: "Mapping[str, Fault] | None" = None, with_snapshot: bool = True
    ) -> Iterator[Served]:
        site = changed_site(edits, with_snapshot)
        with serving(create_app(site=site), faults) as served:
            yield served

    return serve


@pytest.fixture(scope="package")
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser context with an empty cache on the project's site, one for each browser."""
    with watched(browser, served.url) as context:
        yield context


@dataclass(frozen=True)
class Visit:
    """A visit to the project's page, at the end of the page's work.

    Attributes:
        page: the page.
        seen: the requests that the server saw until then.
    """

    page: Page
    seen: list[Seen]

    @classmethod
    def begin(cls, context: BrowserContext, served: Served) -> "Visit":
        """Opens the page."""
        served.seen.clear()
        page = open_page(context, served.url, "done")
        return cls(page, list(served.seen))


@pytest.fixture(scope="package")
def first_visit(context: BrowserContext, served: Served) -> Visit:
    """The first visit, one for each browser."""
    return Visit.begin(context, served)


@pytest.fixture(scope="package")
def page(first_visit: Visit) -> Page:
    """The project's page, at the end of its work, one for each browser."""
    return first_visit.page


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path | None:
    """The folder for screenshots, if one was asked for."""
    folder: Path | None = request.config.option.screenshots
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return folder
