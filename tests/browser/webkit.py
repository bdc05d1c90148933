"""WebKit, the engine of every browser on an iPhone: Playwright's own where installed, else GTK's.

Playwright cannot drive the WebKit of a Linux distribution. Selenium can, but sees less of a page,
so the tests use what both have.
"""

import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright
from selenium.webdriver import ActionChains, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.browsers import NoBrowserError, prepare
from tests.browser.pages import SCRIPTS

ENVIRONMENT = {
    "GDK_BACKEND": "x11",
    # JavaScriptCore's second compiler of WebAssembly takes half of a boot's CPU time.
    "JSC_useOMGJIT": "0",
}

KEYS = {
    "ArrowLeft": Keys.ARROW_LEFT,
    "ArrowRight": Keys.ARROW_RIGHT,
    "ArrowUp": Keys.ARROW_UP,
}

COMPLAINTS = """
() => {
  window.complaints = [];
  const note = (...words) => window.complaints.push(words.map(String).join(" "));
  for (const level of ["error", "warn"]) {
    const say = console[level].bind(console);
    console[level] = (...words) => { note(...words); say(...words); };
  }
  addEventListener("error", (event) => note(event.message));
  addEventListener("unhandledrejection", (event) => note(event.reason));
}
"""

# Neither driver has fingers for WebKit: Selenium's touch is a mouse there, Playwright's only taps.
FINGER = """
(selector, down) => {
  const target = document.querySelector(selector);
  target.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = target.getBoundingClientRect();
  target.dispatchEvent(new PointerEvent(down ? "pointerdown" : "pointerup", {
    clientX: left + width / 2, clientY: top + height / 2, buttons: down ? 1 : 0,
    pointerId: 7, pointerType: "touch", isPrimary: true,
    bubbles: true, cancelable: true, composed: true }));
}
"""

ANSWER = """
const [source, values, done] = arguments;
Promise.resolve().then(() => eval(source)(...values)).then(
  (value) => done({ value }), (error) => done({ error: String(error) }));
"""


class Tab(ABC):
    """A page in WebKit."""

    @abstractmethod
    def go(self, url: str) -> None:
        """Goes to an address; its scripts may still be running afterwards."""

    @abstractmethod
    def evaluate(self, function: str, *values: Any) -> Any:
        """Calls a function of JavaScript in the page; returns what it returns, or promises."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Clicks an element."""

    @abstractmethod
    def key(self, name: str, down: bool) -> None:
        """Presses a key, or lets go of it."""

    @abstractmethod
    def choose_file(self, selector: str, file: Path) -> None:
        """Chooses a file in an input element."""

    def open(self, url: str) -> None:
        """Goes to an address, and notes from then on what the page saves and complains about."""
        self.go(url)
        for script in [COMPLAINTS, *(f"() => {{ {path.read_text('utf-8')} }}" for path in SCRIPTS)]:
            self.evaluate(script)

    def complaints(self) -> list[str]:
        """Returns the errors and warnings of the console since the page was opened."""
        return self.evaluate("() => window.complaints")  # type: ignore[no-any-return]

    def finger(self, selector: str, down: bool) -> None:
        """Puts a finger on an element, or takes it away."""
        self.evaluate(FINGER, selector, down)

    def text(self, selector: str) -> str:
        """Returns the text of an element."""
        return str(self.evaluate("(it) => document.querySelector(it).textContent", selector))

    def wait(self, function: str, *values: Any, seconds: float = 30) -> Any:
        """Waits until a function of JavaScript returns something true, and returns that."""
        deadline = time.monotonic() + seconds
        while not (value := self.evaluate(function, *values)):
            if time.monotonic() > deadline:
                shown = self.evaluate("() => document.body.innerText")
                raise AssertionError(f"not in {seconds} s: {function} {values}\n{shown}")
            time.sleep(0.05)
        return value


class PlaywrightTab(Tab):
    """A page in Playwright's WebKit."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def go(self, url: str) -> None:
        self._page.goto(url, wait_until="domcontentloaded")

    def evaluate(self, function: str, *values: Any) -> Any:
        return self._page.evaluate(f"(values) => ({function})(...values)", list(values))

    def click(self, selector: str) -> None:
        self._page.click(selector)

    def key(self, name: str, down: bool) -> None:
        (self._page.keyboard.down if down else self._page.keyboard.up)(name)

    def choose_file(self, selector: str, file: Path) -> None:
        self._page.set_input_files(selector, file)


class GtkTab(Tab):
    """A page in WebKitGTK's MiniBrowser, driven by Selenium."""

    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    def go(self, url: str) -> None:
        self._driver.get(url)

    def evaluate(self, function: str, *values: Any) -> Any:
        answer = self._driver.execute_async_script(ANSWER, f"({function})", values)
        if "error" in answer:
            raise AssertionError(f"{answer['error']} in {function}")
        return answer.get("value")

    def click(self, selector: str) -> None:
        self._driver.find_element(By.CSS_SELECTOR, selector).click()

    def key(self, name: str, down: bool) -> None:
        chain = ActionChains(self._driver)
        (chain.key_down if down else chain.key_up)(KEYS[name]).perform()

    def choose_file(self, selector: str, file: Path) -> None:
        self._driver.find_element(By.CSS_SELECTOR, selector).send_keys(str(file))


@contextmanager
def launch(playwright: Playwright) -> Iterator[Tab]:
    """Starts WebKit, and ends it.

    Raises:
        NoBrowserError: there is none.
    """
    program = prepare("webkit")
    if program is None:
        browser = playwright.webkit.launch()
        yield PlaywrightTab(browser.new_page())
        browser.close()
        return
    with _display() as display:
        options = Options()
        options.page_load_strategy = "eager"
        environment = {**ENVIRONMENT, **os.environ, "DISPLAY": display}
        driver = WebKitGTK(options, Service(program, env=environment))
        try:
            driver.set_script_timeout(30)
            yield GtkTab(driver)
        finally:
            driver.quit()


@contextmanager
def _display() -> Iterator[str]:
    """Runs a display that nobody sees, under the first number that is free."""
    program = shutil.which("Xvfb")
    if program is None:
        raise NoBrowserError("WebKitGTK needs a display, and there is no Xvfb: apt install xvfb")
    reader, writer = os.pipe()
    command = [program, "-displayfd", str(writer), "-screen", "0", "1280x1000x24"]
    with (
        os.fdopen(reader) as numbers,
        subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server,
    ):
        os.close(writer)
        try:
            yield f":{numbers.readline().strip()}"
        finally:
            server.terminate()
