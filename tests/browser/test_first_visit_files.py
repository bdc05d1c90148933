"""Each file of a first visit in turn goes wrong: the page names it, and says why."""

import itertools
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser.browsers import in_chromium, in_firefox
from tests.browser.faults import Faulty, faulty
from tests.browser.pages import LATER, open_page, wait_for
from tests.browser.servers import Served

pytestmark = pytest.mark.timeout(500)

DEADLINE = 60_000
"""Milliseconds until the page has to have said what is wrong: of Python on two busy cores."""

AT_ONCE = 5
"""Visits at the same time: most of each is waiting."""

KINDS = ("404", "half", "html", "cut", "403", "500")
REASONS = {
    "403": "the server answered 403",
    "404": "the server answered 404",
    "500": "the server answered 500",
    "html": "text/html",
}

# Nobody needs them in order to play.
NOTICED = (".css", "favicon.svg", "guard.js")

# Without it a worker boots as it would without a snapshot.
SPARE = "/snapshot/"

# Libraries are fetched alike: two stand for all.
ALIKE = re.compile(r"/lib([2-9]|1\d)\.wasm$")

# What is whole as far as anybody can tell: a picture, a style, and lines that are left out.
HALVES = (".css", "favicon.svg")


@dataclass
class Visitor:
    """A first visit of which one file is at fault."""

    page: Page
    context: BrowserContext
    faults: Faulty
    path: str
    kind: str

    def check(self) -> None:
        """Waits until the page names the file, and looks at what it says of it."""
        if self.path.startswith(SPARE):
            self._check_spare()
            return
        name = self.path.rsplit("/", 1)[-1]
        noticed = name.endswith(NOTICED)
        place = self.page.locator("#notice" if noticed else "#failure-title")
        expect(place).to_contain_text(name, timeout=DEADLINE)
        expect(place).to_be_visible()
        if not noticed:
            expect(self.page.locator("html")).to_have_attribute("data-state", "failed")
            expect(self.page.locator("#restart")).to_be_visible()
        if name != "guard.js":
            said = f"{place.inner_text()}\n{self.page.locator('#error').text_content()}"
            assert REASONS.get(self.kind, "") in said, said

    def _check_spare(self) -> None:
        html = self.page.locator("html")
        expect(html).to_have_attribute("data-state", "done", timeout=DEADLINE)
        expect(self.page.locator("#log")).to_contain_text("the snapshot was not used: ")


class Visits:
    """Makes visits that fail, a few at the same time.

    Args:
        browser: the browser.
        servers: a server for each visit at the same time, and its faults.
    """

    def __init__(self, browser: Browser, servers: list[tuple[Served, Faulty]]) -> None:
        self._browser = browser
        self._servers = servers

    def files(self) -> list[str]:
        """Returns the files of a first visit, by paying one."""
        served, faults = self._servers[0]
        faults.path = None
        served.seen.clear()
        context = self._browser.new_context()
        open_page(context, served.url, "done")
        context.close()
        paths = {seen.path for seen in served.seen if not seen.path.endswith(LATER)} - {"/"}
        paths = {path for path in paths if not ALIKE.search(path)}
        return sorted(paths)  # in the order of the requests each run would have cases of its own

    def check(self, cases: list[tuple[str, str]]) -> None:
        """Checks cases: a path and a kind of fault each."""
        problems = []
        for start in range(0, len(cases), len(self._servers)):
            some = zip(self._servers, cases[start:], strict=False)
            visitors = [self._visit(*server, *case) for server, case in some]
            for visitor in visitors:
                try:
                    visitor.check()
                except AssertionError as error:
                    problems.append(f"{visitor.path}, {visitor.kind}: {str(error)[:600]}")
                finally:
                    visitor.context.close()
        assert not problems, "\n\n".join(problems)

    def _visit(self, served: Served, faults: Faulty, path: str, kind: str) -> Visitor:
        faults.path, faults.kind = path, kind
        context = self._browser.new_context()
        page = context.new_page()
        page.goto(served.url, wait_until="commit")
        return Visitor(page, context, faults, path, kind)


@contextmanager
def visits(browser: Browser, site: Site) -> Iterator[Visits]:
    """Serves the site a few times, to be visited at the same time."""
    app = create_app(site=site)
    with ExitStack() as stack:
        servers = [stack.enter_context(faulty(app)) for _ in range(AT_ONCE)]
        yield Visits(browser, servers)


def cases_of(files: list[str], kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """Returns a kind of fault for each file, in turn.

    Of the files that match the regular expression GYMWORKER_FAULTS each kind, and no other file.
    """
    if every := os.environ.get("GYMWORKER_FAULTS"):
        cases = [(path, kind) for path in files if re.search(every, path) for kind in kinds]
    else:
        cases = list(zip(files, itertools.cycle(kinds), strict=False))
    return [(path, kind) for path, kind in cases if kind != "half" or not path.endswith(HALVES)]


@in_chromium
def test_a_file_that_does_not_arrive_is_named(browser: Browser, web_site: Site) -> None:
    with visits(browser, web_site) as visit:
        files = visit.files()
        assert len(files) > 25
        assert len([file for file in files if file.startswith(SPARE)]) == 5
        visit.check(cases_of(files, KINDS))


# Where browsers tell of it in different ways.
IN_FIREFOX = (
    r"core-\w+\.js",
    r"micropython\.mjs",
    r"interpreter/",
    r"memory\.wasm",
    r"worker\.py",
    r"cartpole\.py",
)


@in_firefox
def test_a_file_that_does_not_arrive_is_named_in_firefox(browser: Browser, web_site: Site) -> None:
    with visits(browser, web_site) as visit:
        files = [file for file in visit.files() if re.search("|".join(IN_FIREFOX), file)]
        assert len(files) == len(IN_FIREFOX)
        visit.check(cases_of(files, ("html", "half", "cut", "404")))


@in_chromium
def test_a_file_that_comes_slowly_is_named_until_it_is_there(
    browser: Browser, web_site: Site
) -> None:
    with faulty(create_app(site=web_site)) as (served, faults):
        faults.kind, faults.trickle = "slow", 0.5
        faults.path = f"/runtime/micropython-{web_site.versions.micropython}/micropython.wasm"
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.url, wait_until="commit")
        said = "micropython.wasm is on its way; the connection is slow."
        expect(page.locator("#status")).to_contain_text(said, timeout=DEADLINE)
        wait_for(page, "done")
        context.close()


SILENT = (r"/core-\w+\.js", r"/main\.py", r"pyodide\.asm\.wasm", r"/worker\.py", r"cartpole\.py")


@in_chromium
def test_a_file_that_gets_no_answer_is_named(browser: Browser, web_site: Site) -> None:
    with visits(browser, web_site) as visit:
        files = [file for file in visit.files() if re.search("|".join(SILENT), file)]
        assert len(files) == len(SILENT)
        visit.check([(file, "silent") for file in files])
