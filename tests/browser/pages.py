"""Pages under watch: whatever a browser complains about fails the test."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    TimeoutError,
    expect,
)

BOOT_DEADLINE = 90_000
"""Milliseconds that a page may take to the end of its work, or to its failure."""

LATER = ("/files.wasm", "/python_stdlib.zip")
"""What is fetched after READY, and nobody waits for: a page that is left soon does not get it."""

ABORTED = ("NS_BINDING_ABORTED", "net::ERR_ABORTED")
"""What browsers say of a request whose page is gone."""

SCRIPTS = [Path(__file__).with_name(name) for name in ("history.js", "saved.js")]
"""What runs on each page before its own scripts."""


class Watch:
    """What went wrong on the pages of one browser context.

    Attributes:
        problems: console errors and warnings, exceptions, failed requests, answers of 400 and more,
            and requests that left the origin; one line each.
    """

    def __init__(self, context: BrowserContext, url: str, elsewhere: Sequence[str] = ()) -> None:
        self._origins = {_origin(url), *elsewhere}
        self.problems: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"exception: {error.error}"))
        context.on("requestfailed", self._failed)
        self._context = context
        context.on("request", lambda request: self._address(request.url))
        context.on("response", lambda response: self._status(response.status, response.url))

    def leave(self) -> None:
        """No longer notes failed requests: what is under way ends with its page."""
        self._context.remove_listener("requestfailed", self._failed)

    def check(self, expected: Sequence[str] = ()) -> None:
        """Fails if there is a problem that no regular expression of `expected` describes."""
        rest = [line for line in self.problems if not any(re.search(e, line) for e in expected)]
        assert not rest, "the browser complained:\n" + "\n".join(rest)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if not (request.url.endswith(LATER) and request.failure in ABORTED):
            self._note(f"failed: {request.url} {request.failure}")

    def _status(self, status: int, url: str) -> None:
        if status >= 400:
            self._note(f"status {status}: {url}")

    def _address(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and _origin(url) not in self._origins:
            self._note(f"left the origin: {url}")

    def _note(self, problem: str) -> None:
        self.problems.append(problem)


@contextmanager
def watched(
    browser: Browser,
    url: str,
    elsewhere: Sequence[str] = (),
    expected: Sequence[str] = (),
    **options: Any,
) -> Iterator[BrowserContext]:
    """Opens a browser context with an empty cache; fails at its end if a page in it complained.

    Args:
        browser: the browser.
        url: where its pages come from.
        elsewhere: other origins that it may ask.
        expected: regular expressions of the complaints that belong to the test.
        options: of the context.
    """
    context = browser.new_context(**options)
    watch = Watch(context, url, elsewhere)
    for script in SCRIPTS:
        context.add_init_script(path=script)
    try:
        yield context
    finally:
        watch.leave()
        context.close()
        watch.check(expected)


def open_page(context: BrowserContext, url: str, until: str) -> Page:
    """Opens a page and waits for its state.

    Args:
        context: where to open it.
        url: its address.
        until: the `data-state` to wait for: `done` or `failed`.
    """
    page = context.new_page()
    page.goto(url)
    wait_for(page, until)
    return page


def wait_for(page: Page, until: str) -> None:
    """Waits for the end of the page's work; fails with the page's words if it is not this one."""
    ends = "html[data-state=failed], html[data-state=done]"
    try:
        page.wait_for_selector(ends, state="attached", timeout=BOOT_DEADLINE)
    except TimeoutError:
        shown = page.inner_text("body")
        raise AssertionError(f"neither done nor failed in time; the page shows: {shown}") from None
    assert page.get_attribute("html", "data-state") == until, page.inner_text("main")


def run_check(page: Page) -> None:
    """Runs the page's own check, 200 steps, to its end."""
    page.evaluate("document.querySelector('#developers').open = true")
    page.locator("#run-check").click()
    expect(page.locator("#checked")).to_have_text("Done.", timeout=BOOT_DEADLINE)
    expect(page.locator("#steps")).to_have_text("200")


def history(page: Page) -> list[dict[str, Any]]:
    """Returns what the page showed over time: `state`, `status`, `value`, `max` at each change."""
    return page.evaluate("window.pageHistory")  # type: ignore[no-any-return]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
