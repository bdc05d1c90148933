"""Plays on the project's page as a visitor does: by its buttons and by real keys."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

DEADLINE = 20_000
"""Milliseconds for what takes a moment; other tests may run on the same cores."""

# The pixels of the game's picture around some places of it, as sums of red, green and blue.
PIXELS = """
(places) => {
  const shown = document.querySelector("#canvas");
  const copy = new OffscreenCanvas(shown.width, shown.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const colors = new Set();
  for (let i = 0; i < data.length; i += 4 * 97) colors.add(data.slice(i, i + 4).join());
  const pixel = ([x, y]) => Array.from(context.getImageData(x, y, 1, 1).data);
  return { size: [copy.width, copy.height], colors: colors.size, pixels: places.map(pixel) };
}
"""

FINGERPRINT = """
async () => {
  const shown = await createImageBitmap(document.querySelector("#canvas"));
  const copy = new OffscreenCanvas(shown.width, shown.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const digest = await crypto.subtle.digest("SHA-256", data);
  return Array.from(new Uint8Array(digest)).join();
}
"""

# How many frames of the display show a picture that rests.
RESTING_FRAMES = 12

# Whether the page has taken a choice, or asks whether the game may end.
CHOSEN = """
(name) => document.querySelector("#ask").open
  || document.querySelector("#title").textContent === name
  || ["none", "failed"].includes(document.documentElement.dataset.game)
"""

FILE = """
(text) => {
  const files = new DataTransfer();
  files.items.add(new File([text], "recording.jsonl"));
  return files;
}
"""


class Player:
    """A visitor at a page whose boot is over.

    Args:
        page: the page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(DEADLINE)
        self.open_developers()

    def open_developers(self) -> None:
        """Opens what is for developers: the log, the check, the last step."""
        self.page.evaluate("document.querySelector('#developers').open = true")

    def choose(self, name: str, seed: int | None = None, speed: str = "1") -> None:
        """Chooses an environment anew and waits until it can be started."""
        if self.page.locator("#menu").is_visible():  # on a phone the game has it all
            self.page.locator("#menu").click()
        if self.page.get_by_role("radio", name=name).is_checked():
            self.choose("Taxi" if name != "Taxi" else "Pond")
        self.type_seed("" if seed is None else str(seed))
        self.page.locator("#speed").select_option(speed)
        self.ask_for(name)
        expect(self.page.locator("#title")).to_have_text(name, timeout=DEADLINE)
        self.wait_for("ready")

    def type_seed(self, text: str) -> None:
        """Types a seed, key by key: Firefox tells a page of no change that a program makes."""
        field = self.page.locator("#seed")
        field.focus()
        field.press("ControlOrMeta+a")
        field.press("Delete")
        field.press_sequentially(text)
        field.blur()

    def ask_for(self, name: str) -> None:
        """Chooses an environment, and leaves the episode that is under way."""
        self.page.get_by_role("radio", name=name).dispatch_event("click")
        self.page.wait_for_function(CHOSEN, arg=name, timeout=DEADLINE)
        if self.page.locator("#ask").is_visible():
            self.page.locator("#ask-yes").click()

    def start(self, button: str = "#start") -> None:
        """Starts the game, or what follows, and its clock; it then has the focus."""
        self.page.locator(button).click()
        self.wait_for("armed", "counting", "running", "waiting")
        if self.page.get_attribute("html", "data-game") == "armed":
            self.page.locator("#stage").click()
        self.wait_for("running", "waiting")
        expect(self.page.locator("#stage")).to_be_focused()

    def start_and_fail(self) -> None:
        """Starts the game, whose environment then fails."""
        self.page.locator("#start").click()
        self.wait_for("armed", "counting", "running", "waiting", "failed")
        if self.page.get_attribute("html", "data-game") == "armed":
            self.page.locator("#stage").click()
        self.wait_for("failed")

    def wait_for(self, *states: str, timeout: int = DEADLINE) -> None:
        """Waits until the game is in one of the states."""
        self.page.wait_for_function(
            "states => states.includes(document.documentElement.dataset.game)",
            arg=list(states),
            timeout=timeout,
        )

    def follow_steps(self) -> None:
        """Opens the panel with the last step, and the one around it."""
        if self.page.locator("#developers").get_attribute("open") is None:
            self.page.locator("#developers > summary").click()
        if self.page.locator("#last").get_attribute("open") is None:
            self.page.locator("#last summary").click()

    @property
    def step(self) -> int:
        """The step that the page shows."""
        return int(self.page.inner_text("#step"))

    def obs(self, step: int) -> list[float]:
        """The observation that the page shows of a step, as soon as it does."""
        expect(self.page.locator("#last-step")).to_have_text(str(step), timeout=DEADLINE)
        shown = self.page.inner_text("#last-obs")
        return [float(number) for number in re.findall(r"-?\d+\.\d+", shown)]

    def wait_for_action(self, action: int) -> None:
        """Waits until the environment is given this action."""
        expect(self.page.locator("#last-action")).to_have_text(str(action), timeout=DEADLINE)

    def wait_for_steps(self, count: int) -> None:
        """Waits until that many steps were made from now, in this episode."""
        self.page.wait_for_function(
            "wanted => Number(document.querySelector('#step').textContent) >= wanted",
            arg=self.step + count,
            timeout=DEADLINE,
        )

    def save(self, button: str) -> tuple[str, str]:
        """Saves a file by a button; returns its name and its text."""
        before = self.page.evaluate("savedFiles.length")
        self.page.locator(button).scroll_into_view_if_needed()
        self.page.locator(button).click()
        self.page.wait_for_function("n => savedFiles.length > n", arg=before, timeout=DEADLINE)
        file = self.page.evaluate("savedFiles.at(-1)")
        return file["name"], file["text"]

    def drop(self, text: str) -> None:
        """Drops a file on the page."""
        files = self.page.evaluate_handle(FILE, text)
        self.page.dispatch_event("#records", "dragover", {"dataTransfer": files})
        self.page.dispatch_event("#records", "drop", {"dataTransfer": files})

    def sit(self, who: str, seat: int = 0) -> None:
        """Says who plays: `human`, `policy` or `random`; a new game is ready then."""
        select = self.page.locator("#seats select").nth(seat)
        if select.input_value() != who:
            before = select.element_handle()
            select.select_option(who)
            self.page.wait_for_function("select => !select.isConnected", arg=before)
            self.wait_for("ready")

    def check_only(self) -> None:
        """Has the file that is being watched checked instead."""
        self.wait_for("replay", "paused")
        self.page.locator("#check-only").click()
        expect(self.page.locator("#watching")).to_be_hidden(timeout=DEADLINE)

    def picture(self, *places: tuple[float, float]) -> dict[str, Any]:
        """Looks at the game's picture.

        Args:
            places: x and y, in its own pixels.

        Returns:
            Its `size`, how many `colors` it has, and the `pixels` at the places.
        """
        return self.page.evaluate(PIXELS, [list(place) for place in places])  # type: ignore[no-any-return]

    def wait_for_picture(self, colors: int = 6) -> None:
        """Waits until something of that many colours is painted."""
        self._wait_until(lambda seen: seen["colors"] >= colors)

    def wait_for_size(self, *size: int) -> None:
        """Waits until the picture has this size."""
        self._wait_until(lambda seen: seen["size"] == list(size))

    def let_scroll(self) -> None:
        """Waits two frames, in which a browser scrolls what a key, a finger or the focus moves."""
        for _ in range(2):
            self.page.evaluate("new Promise(requestAnimationFrame)")

    def _wait_until(self, right: Callable[[dict[str, Any]], bool]) -> None:
        """Waits for a picture: what is painted comes with a later frame of the display."""
        deadline = time.monotonic() + DEADLINE / 1000
        while not right(seen := self.picture()):
            assert time.monotonic() < deadline, f"the picture stays {seen}"
            self.page.evaluate("new Promise(requestAnimationFrame)")

    def fingerprint(self) -> str:
        """Returns what is the same for the same picture of the game."""
        return self.page.evaluate(FINGERPRINT)  # type: ignore[no-any-return]

    def wait_for_another(self, fingerprint: str) -> None:
        """Waits until another picture is painted."""
        deadline = time.monotonic() + DEADLINE / 1000
        while self.fingerprint() == fingerprint:
            assert time.monotonic() < deadline, "the picture stays what it was"
            self.page.evaluate("new Promise(requestAnimationFrame)")

    def resting_fingerprint(self) -> str:
        """Waits until the picture has been the same for some frames; returns what stands for it.

        A worker's picture comes to the page some frames after the worker says what it painted.
        """
        deadline = time.monotonic() + DEADLINE / 1000
        last, same = self.fingerprint(), 0
        while same < RESTING_FRAMES:
            assert time.monotonic() < deadline, "the picture goes on changing"
            self.page.evaluate("new Promise(requestAnimationFrame)")
            seen = self.fingerprint()
            last, same = seen, same + 1 if seen == last else 0
        return last
