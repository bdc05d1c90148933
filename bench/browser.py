"""The browser of the bench: its pages, and what it knows about itself."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gymserver.errors import StartError
from tests.browser import browsers

DEADLINE = 120_000
"""Milliseconds that a page may take to READY."""


@contextmanager
def launched(name: str, *arguments: str) -> Iterator[Browser]:
    """Starts a browser without a window.

    Args:
        name: `chromium` or `firefox`.
        arguments: for Chromium's command line.

    Raises:
        StartError: there is no such browser.
    """
    options = _options(name)
    if name == "chromium":
        options["args"] = list(arguments)
    with sync_playwright() as playwright:
        browser = getattr(playwright, name).launch(**options)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def new_profile(name: str) -> Iterator[BrowserContext]:
    """Starts a browser with an empty profile on the disk, as a first visitor has it.

    A context of a running browser is a private window, for which Chromium keeps no compiled code.
    """
    options = _options(name)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        context = getattr(playwright, name).launch_persistent_context(folder, **options)
        try:
            yield context
        finally:
            context.close()


def _options(name: str) -> dict[str, Any]:
    try:
        program = browsers.prepare(name)
    except browsers.NoBrowserError as error:
        raise StartError(str(error)) from None
    system_firefox = name == "firefox" and program is not None
    return {"executable_path": program, "channel": "moz-firefox" if system_firefox else None}


def visit(context: BrowserContext, url: str) -> Page:
    """Opens a page, whose boot begins."""
    page = context.new_page()
    page.set_default_timeout(DEADLINE)
    page.goto(url)
    return page


def ready(page: Page) -> dict[str, float]:
    """Waits until a page is ready.

    Returns:
        The milliseconds of its boot: `ready` since the visit began, `pause` the longest of the main
        thread.

    Raises:
        StartError: the page says that its boot failed.
    """
    page.wait_for_function("window.boot", polling=100)
    boot: dict[str, Any] = page.evaluate("window.boot")
    if "failure" in boot:
        raise StartError(f"{page.url}: {boot['failure']}")
    return boot


def run(page: Page, job: dict[str, Any]) -> Any:
    """Has a page that is ready do a job; returns its answer."""
    page.bring_to_front()  # browsers give the processes of other tabs a lower priority
    page.wait_for_function("() => Boolean(window.contender)")
    return page.evaluate("job => window.contender(job)", job)


def main_thread(page: Page, work: Callable[[], object]) -> float | None:
    """Returns the milliseconds that the page's main thread works during `work`.

    It is the thread's own time: what another program takes from it does not count. None outside
    Chromium, which alone tells.
    """
    if page.context.browser is None or page.context.browser.browser_type.name != "chromium":
        return None
    session = page.context.new_cdp_session(page)  # the count starts anew with each session
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def so_far() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) * 1000 for m in metrics if m["name"] == "TaskDuration")

    before = so_far()
    work()
    worked = so_far() - before
    session.detach()
    return worked


def memory() -> int | None:
    """Returns the private bytes of the biggest content process that this process has started.

    The page's JavaScript heap, the worker's and its WebAssembly memory are all in there. None where
    the system has no `/proc`, which only Linux has.
    """
    return max((_private(pid) for pid in _started() if _shows_pages(pid)), default=None)


def work() -> Counter[tuple[int, int]] | None:
    """Returns the clock ticks that each of the browser's processes has worked so far.

    A process has its number and the time of its start, since numbers come again. The driver between
    the browser and us, which is Node.js, does not count. None where the system has no `/proc`.
    """
    if not Path("/proc/self/stat").exists():
        return None
    found: Counter[tuple[int, int]] = Counter()
    for pid in _started():
        try:
            name, after = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
        except OSError:
            continue  # it has ended
        fields = after.split()
        if "(node" not in name and "(MainThread" not in name:
            found[pid, int(fields[19])] = sum(map(int, fields[11:13]))
    return found


def worked(
    before: Counter[tuple[int, int]] | None, after: Counter[tuple[int, int]] | None
) -> float | None:
    """Returns the milliseconds between two answers of `work`.

    A process that ended in between does not count, neither for nor against: it was that of the page
    before, which a browser ends when it likes.
    """
    if before is None or after is None:
        return None
    return (after - before).total() * 1000 / os.sysconf("SC_CLK_TCK")


def _started() -> set[int]:
    """Returns the processes that this one has started, and those that they have."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            )
        except (OSError, IndexError):
            continue  # it has ended
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return ours - {os.getpid()}


def _shows_pages(pid: int) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"--type=renderer" in arguments or (b"-contentproc" in arguments and b"tab" in arguments)


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))
