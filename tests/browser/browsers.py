"""Finds and starts browsers: Playwright's own where installed, else the system's."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

SYSTEM = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}
"""Programs that Playwright drives."""

DRIVERS = {"webkit": ("WebKitWebDriver",)}
"""Programs that drive a browser of the system which Playwright cannot drive."""

PACKAGES = {"chromium": "chromium", "firefox": "firefox-esr", "webkit": "webkit2gtk-driver xvfb"}
"""What Debian calls them."""

# The panel that opens at a download takes the focus from the page. The cache is in memory and large
# enough (in KB, in all and for a file), so that no busy or full disk decides what is in it: from a
# slow cache, Firefox asks the network at the same time.
PREFERENCES: dict[str, str | float | bool] = {
    "browser.download.alwaysOpenPanel": False,
    "browser.cache.disk.enable": False,
    "browser.cache.memory.capacity": 1 << 19,
    "browser.cache.memory.max_entry_size": 1 << 16,
    "network.http.rcwn.enabled": False,
}

BRIEF = ["--js-flags=--liftoff-only"]
"""Arguments of Chromium for pages that live for seconds: it compiles Python once, and not a second
time for speed, which is a quarter of all the work of opening a page."""

# For tests that one browser is enough for.
in_chromium = pytest.mark.parametrize("browser", ["chromium"], indirect=True, scope="package")
in_firefox = pytest.mark.parametrize("browser", ["firefox"], indirect=True, scope="package")


class NoBrowserError(Exception):
    """There is no such browser here; the message says how to get one."""


def prepare(name: str) -> str | None:
    """Makes sure that a browser is here, and installs Playwright's if there is none.

    Args:
        name: `chromium`, `firefox` or `webkit`.

    Returns:
        The program, of `SYSTEM` or `DRIVERS`; None for Playwright's own browser.

    Raises:
        NoBrowserError: none was found, and Playwright could not install one.
    """
    program, problem = _find(name)
    if problem:
        raise NoBrowserError(problem)
    return program


@cache
def _find(name: str) -> tuple[str | None, str]:
    """Returns the program, or None, and what is wrong, if anything is."""
    if _playwright_has(name):
        return None, ""
    programs = (SYSTEM | DRIVERS)[name]
    for program in programs:
        if found := shutil.which(program):
            return found, ""
    command = [sys.executable, "-m", "playwright", "install", name]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=600)
        output = result.stdout + result.stderr
    except subprocess.TimeoutExpired:
        output = "no end within 600 s"
    if _playwright_has(name):
        return None, ""
    return None, (
        f"no {name} here (looked for Playwright's own and {', '.join(programs)}), and it could not "
        f"be installed; run: {' '.join(command)}, or on Debian: apt install {PACKAGES[name]}\n"
        f"{output[-500:]}"
    )


def launch(playwright: Playwright, name: str, args: Sequence[str] = ()) -> Browser:
    """Starts Chromium or Firefox without a window; WebKit has a `launch` of its own.

    Args:
        playwright: Playwright.
        name: of the browser.
        args: of its program, for Chromium.

    Raises:
        NoBrowserError: there is none.
    """
    program = prepare(name)
    if name == "chromium":
        return playwright.chromium.launch(executable_path=program, args=args)
    # Playwright's own Firefox is patched; any other is driven over WebDriver BiDi.
    return playwright.firefox.launch(
        executable_path=program,
        channel="moz-firefox" if program else None,
        firefox_user_prefs=PREFERENCES,
    )


def _playwright_has(name: str) -> bool:
    command = [sys.executable, "-m", "playwright", "install", "--dry-run", name]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    folders = [line.split(":", 1)[1].strip() for line in output.splitlines() if "location" in line]
    return bool(folders) and all(Path(folder).is_dir() for folder in folders)
