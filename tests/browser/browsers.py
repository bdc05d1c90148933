"""Finds and starts Chromium and Firefox: Playwright's own where installed, else the system's."""

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

# For tests that one browser is enough for.
in_chromium = pytest.mark.parametrize("browser", ["chromium"], indirect=True, scope="package")
in_firefox = pytest.mark.parametrize("browser", ["firefox"], indirect=True, scope="package")


class NoBrowserError(Exception):
    """There is no such browser here; the message says how to get one."""


@cache
def prepare(name: str) -> str | None:
    """Makes sure that a browser is here, and installs Playwright's if there is none.

    Args:
        name: `chromium` or `firefox`.

    Returns:
        The program of a browser of the system; None for Playwright's own.

    Raises:
        NoBrowserError: none was found, and Playwright could not install one.
    """
    if _playwright_has(name):
        return None
    for program in SYSTEM[name]:
        if found := shutil.which(program):
            return found
    command = [sys.executable, "-m", "playwright", "install", name]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=600)
        output = result.stdout + result.stderr
    except subprocess.TimeoutExpired:
        output = "no end within 600 s"
    if _playwright_has(name):
        return None
    raise NoBrowserError(
        f"no {name} here (looked for Playwright's own and {', '.join(SYSTEM[name])}), and it could "
        f"not be installed; run: {' '.join(command)}\n{output[-500:]}"
    )


def launch(playwright: Playwright, name: str, args: Sequence[str] = ()) -> Browser:
    """Starts a browser without a window.

    Args:
        playwright: Playwright.
        name: of the browser.
        args: of its program, for Chromium.

    Raises:
        NoBrowserError: there is none.
    """
    program = prepare(name)
    if program is None:
        return getattr(playwright, name).launch()  # type: ignore[no-any-return]
    if name == "chromium":
        return playwright.chromium.launch(executable_path=program, args=args)
    # Playwright's own Firefox is patched; any other is driven over WebDriver BiDi.
    return playwright.firefox.launch(executable_path=program, channel="moz-firefox")


def _playwright_has(name: str) -> bool:
    command = [sys.executable, "-m", "playwright", "install", "--dry-run", name]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    folders = [line.split(":", 1)[1].strip() for line in output.splitlines() if "location" in line]
    return bool(folders) and all(Path(folder).is_dir() for folder in folders)
