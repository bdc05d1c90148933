"""Each way in which a boot can fail: its cause is on the page within the deadline."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium, in_firefox
from tests.browser.conftest import Edits, Serve
from tests.browser.pages import open_page, watched
from tests.browser.servers import corrupt, missing, silent

if TYPE_CHECKING:
    from tests.browser.servers import Fault

IMPATIENT = ("PyodideWorker(", "PyodideWorker(boot_timeout=3, ")


@dataclass(frozen=True)
class Failure:
    """A way to fail.

    Attributes:
        shown: regular expressions for what the page says.
        edits: changes of `web/`.
        faults: faults of the server.
        console: regular expressions for what the browser says of it.
        snapshot: whether there is a snapshot of the worker.
    """

    shown: tuple[str, ...]
    edits: Edits = field(default_factory=dict)
    faults: "Mapping[str, Fault]" = field(default_factory=dict)
    console: tuple[str, ...] = ()
    snapshot: bool = True


RAISES = """import sys

def fail():
    raise ValueError("out of luck")

fail()
"""
FAILURES = {
    "worker.py is missing": Failure(
        shown=(r"worker\.py", r"404"),
        edits={"worker.py": None},
        console=("404", r"worker\.py"),
    ),
    "worker.py has a SyntaxError": Failure(
        shown=(r"SyntaxError", r'worker\.py", line 2', r"def broken\("),
        edits={"worker.py": "import sys\ndef broken(:\n"},
    ),
    "worker.py raises": Failure(
        shown=(
            r"ValueError: out of luck",
            r'worker\.py", line 4',
            r'raise ValueError\("out of luck"\)',
        ),
        edits={"worker.py": RAISES},
    ),
    "worker.py exits": Failure(
        shown=(r"SystemExit",),
        edits={"worker.py": "import sys\nsys.exit(3)\n"},
    ),
    "worker.py imports what is not there": Failure(
        shown=(r"ModuleNotFoundError", r"no_such_module", r'worker\.py", line 1'),
        edits={"worker.py": "import no_such_module\n"},
    ),
    "the host imports what is not there": Failure(
        shown=(r"ModuleNotFoundError", r"no_such_module"),
        edits={"worker.py": ('imports=["numpy"', 'imports=["no_such_module"')},
    ),
    "worker.py never starts the host": Failure(
        shown=(r"no sign of life", r"3 s"),
        edits={"worker.py": "print\n", "main.py": IMPATIENT},
    ),
    "the interpreter's address is wrong": Failure(
        shown=(r"nowhere/pyodide\.mjs",),
        edits={"pyscript.toml": ("[worker]\n", '[worker]\ninterpreter = "nowhere/pyodide.mjs"\n')},
        console=("404", r"nowhere/pyodide\.mjs", "MessageEvent"),  # PyScript's own complaint
    ),
    "a wheel is missing": Failure(
        shown=(r"farama|Farama",),
        faults={r"/farama.*\.whl$": missing},
        console=("404", r"\.whl", "farama|Farama"),
        snapshot=False,
    ),
    "a wheel and the snapshot are missing": Failure(
        shown=(r"farama.*404",),
        faults={r"/farama.*\.whl$": missing, r"/memory\.wasm$": missing},
        console=("404", "memory.wasm", r"\.whl", "farama|Farama"),
    ),
    "a wheel is corrupt": Failure(
        shown=(r"cloudpickle",),
        faults={r"/cloudpickle.*\.whl$": corrupt},
        console=("cloudpickle", "integrity|hash|digest"),
        snapshot=False,
    ),
    "a part of Pyodide is missing": Failure(
        shown=(r"pyodide\.asm\.wasm", r"404"),
        faults={r"pyodide\.asm\.wasm$": missing},
        # PyScript logs the message of a worker that fails before the page has taken it.
        console=("404", "wasm", "WebAssembly", "^console error: MessageEvent$"),
    ),
    "the server never answers": Failure(
        shown=(r"no sign of life", r"3 s"),
        edits={"main.py": IMPATIENT},
        faults={r"pyodide\.asm\.wasm$": silent},
    ),
}


# Where the two browsers report differently; the others look the same from Python.
IN_FIREFOX = (
    "worker.py is missing",
    "worker.py raises",
    "a wheel is corrupt",
    "the server never answers",
)


@in_chromium
@pytest.mark.parametrize("name", FAILURES)
def test_the_page_shows_why_the_boot_failed(
    browser: Browser, serve_changed: Serve, name: str
) -> None:
    check(browser, serve_changed, FAILURES[name])


@in_firefox
@pytest.mark.parametrize("name", IN_FIREFOX)
def test_the_page_in_firefox_shows_why_the_boot_failed(
    browser: Browser, serve_changed: Serve, name: str
) -> None:
    check(browser, serve_changed, FAILURES[name])


def check(browser: Browser, serve_changed: Serve, failure: Failure) -> None:
    # Ending the worker cuts off what it still fetches.
    expected = [*failure.console, "^failed: "]
    with (
        serve_changed(failure.edits, failure.faults, failure.snapshot) as served,
        watched(browser, served.url, expected=expected) as context,
    ):
        page = open_page(context, served.url, "failed")
        expect(page.locator("#failure")).to_be_visible()
        error = page.text_content("#failure") or ""
        for pattern in failure.shown:
            assert re.search(pattern, error), error
        assert page.inner_text("#status")
