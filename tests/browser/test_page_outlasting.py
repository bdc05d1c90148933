"""A game outlasts its worker, and its page: it goes on after a crash, and after a reload."""

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gymserver.app import create_app
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Edits, MakeSite, Serve
from tests.browser.pages import BOOT_DEADLINE, open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served, serving
from tests.browser.test_page_hangs import IMPATIENT, NEVER, code

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = in_chromium

ENV = 'env = Drawn(gymnasium.make("MountainCar-v0"))'
PARTS = f"""
import numpy


class Parts(gymnasium.Wrapper):
    def reset(self, *, seed=None, options=None):
        self.steps, self.last = 0, [0, 1, 2]
        self.parts = [numpy.full(20_000, number) for number in self.last]
        return self.env.reset(seed=seed, options=options)

    def step(self, action):
        assert [int(part[-1]) for part in self.parts] == self.last
        self.steps += 1
        if self.steps % 20 == 0:
            turn = self.steps // 20 % 3
            self.last[turn] = self.steps
            self.parts[turn] = numpy.full(20_000, self.steps)
        return self.env.step(action)


{ENV}
env = Parts(env)
"""
"""A MountainCar whose state has large parts; now and then one is another."""

HELD = f"""

class Held:
    def __getstate__(self):
        return {{"held": True}}

    def __setstate__(self, state):
        import js
        from pyodide.http import open_url

        open_url(js.location.origin + "/gate").read()


{ENV}
env.held = Held()
"""
"""A MountainCar that is restored once the server has answered."""

KEPT = """
async () => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await answer(indexedDB.open("gymworker"));
  const values = database.transaction("values").objectStore("values");
  const id = sessionStorage.getItem("gymworker game");
  const about = await answer(values.get(`game-state/${id}/about`));
  database.close();
  return about === undefined ? null : JSON.parse(about).step;
}
"""
"""The step of this tab's game that the browser keeps, null if it keeps none."""


class Visitor(Player):
    """A visitor who leaves each page that asks whether they want to."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        page.on("dialog", lambda dialog: dialog.accept())

    def play(self, steps: int) -> int:
        """Plays that many steps, or a few more, until they are kept; returns how many."""
        self.start()
        self.wait_for_steps(steps)
        return self.pause()

    def pause(self) -> int:
        """Holds the game until its step is kept; returns it."""
        self.page.locator("#toggle").click()
        self.wait_for("paused")
        step = int(self.page.inner_text("#step"))
        self.wait_until_kept(step)
        return step

    def wait_until_kept(self, step: int | None = None) -> None:
        """Waits until the browser keeps the game, at this step if one is given."""
        deadline, kept = time.monotonic() + DEADLINE / 1000, None
        while kept is None or step not in (None, kept):
            assert time.monotonic() < deadline, f"expected step {step} to be kept, got {kept}"
            kept = self.page.evaluate(KEPT)

    def reload(self) -> None:
        """Loads the page anew and waits until its game stands."""
        self.page.reload()
        wait_for(self.page, "done")
        self.open_developers()

    def expect_to_go_on(self, at_least: int) -> int:
        """Waits until the page says that the game goes on; returns at which step."""
        notice = self.page.locator("#notice")
        expect(notice).to_contain_text("The game goes on at step", timeout=BOOT_DEADLINE)
        self.wait_for("paused")
        step = int(re.findall(r"step (\d+)", notice.inner_text())[0])
        assert step >= at_least
        expect(self.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
        return step

    def try_again(self) -> None:
        """Waits until the page offers a fresh Python, and takes it."""
        button = self.page.get_by_role("button", name="Try again in a fresh Python")
        button.click()
        button.wait_for(state="hidden")

    def finish(self) -> tuple[str, list[list[object]]]:
        """Plays on, ends the episode and saves it; returns the file, and its events."""
        self.page.locator("#toggle").click()
        self.wait_for_steps(10)
        self.page.locator("#reset").click()
        expect(self.page.locator("#recorded")).to_contain_text("recorded", timeout=DEADLINE)
        _, text = self.save("#save-jsonl")
        record = json.loads(text.splitlines()[-1])
        return text, record["events"]

    def expect_replay(self, text: str) -> None:
        """Has a file checked, which comes out the same."""
        self.drop(text)
        self.check_only()
        expect(self.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)


@contextmanager
def visiting(context: BrowserContext, url: str) -> Iterator[Visitor]:
    """A visitor at MountainCar."""
    yield Visitor(open_page(context, url + "#MountainCar", "done"))


@pytest.fixture(scope="module")
def impatient(serve_changed: Serve) -> Iterator[Served]:
    """The site with a page of little patience, and a Pond that never ends its fifth step."""
    cars = {"envs/mountain_car.py": (ENV, PARTS)}
    edits: Edits = {"main.py": IMPATIENT, "envs/pond.py": code(step=NEVER), **cars}
    with serve_changed(edits) as served:
        yield served


@pytest.fixture
def context(browser: Browser, impatient: Served) -> Iterator[BrowserContext]:
    """A browser that keeps nothing yet."""
    with watched(browser, impatient.url) as context:
        yield context


def test_a_worker_that_is_gone_costs_a_click(context: BrowserContext, impatient: Served) -> None:
    visitor = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    page = visitor.page
    visitor.play(20)
    page.locator("#toggle").click()
    visitor.wait_for("running")
    (worker,) = page.workers
    worker.evaluate("() => { self.close() }")
    expect(page.locator("#failure")).to_be_visible(timeout=DEADLINE)
    expect(page.locator("#failure-advice")).to_contain_text("The game can go on from about step")
    page.locator("#go-on").click()
    step = visitor.expect_to_go_on(20)
    assert page.is_hidden("#failure")
    assert page.inner_text("#episode") == "1"
    visitor.wait_for_picture()
    text, events = visitor.finish()
    assert [event[2] for event in events if event[1] == "restored"] == [step]
    visitor.expect_replay(text)


def test_a_game_that_hangs_again_says_so_and_one_can_begin_anew(
    context: BrowserContext, impatient: Served
) -> None:
    visitor = Visitor(open_page(context, impatient.url + "#Pond", "done"))
    page = visitor.page
    visitor.start()
    advice = page.locator("#failure-advice")
    expect(advice).to_contain_text("The game can go on from about step", timeout=DEADLINE)
    page.locator("#go-on").click()
    visitor.expect_to_go_on(0)
    page.locator("#toggle").click()
    expect(advice).to_contain_text("and then it happened again", timeout=DEADLINE)
    visitor.try_again()
    visitor.wait_for("ready", timeout=BOOT_DEADLINE)
    assert page.is_hidden("#failure")


def test_a_page_that_is_loaded_anew_finds_its_game(
    context: BrowserContext, impatient: Served
) -> None:
    visitor = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    page = visitor.page
    first = visitor.play(50)
    for _ in range(5):  # without a step
        visitor.reload()
        assert visitor.expect_to_go_on(50) == first
    text, events = visitor.finish()
    assert [event[2] for event in events if event[1] == "restored"] == [first]
    visitor.expect_replay(text)
    visitor.reload()  # the next game was not begun
    visitor.wait_for("ready")
    assert page.is_hidden("#notice")


def test_a_game_that_was_left_is_not_found_again(
    context: BrowserContext, impatient: Served
) -> None:
    visitor = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    visitor.play(5)
    visitor.choose("FrozenLake")
    visitor.reload()
    visitor.wait_for("ready")
    visitor.choose("MountainCar")
    assert visitor.page.is_hidden("#notice")


def test_each_tab_has_its_own_game(context: BrowserContext, impatient: Served) -> None:
    first = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    step = first.play(20)
    other = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    other.wait_for("ready")
    assert other.page.is_hidden("#notice")
    other.page.close()
    first.reload()
    assert first.expect_to_go_on(20) == step


def test_a_copy_of_a_tab_takes_nothing_from_it(context: BrowserContext, impatient: Served) -> None:
    first = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    step = first.play(25)
    with context.expect_page() as opened:  # with what the session of this tab has
        first.page.evaluate("() => { window.open(location.href) }")
    wait_for(opened.value, "done")
    copy = Visitor(opened.value)
    assert copy.expect_to_go_on(25) == step
    copy.page.close()
    for _ in range(2):  # what it takes, then what it has kept
        first.page.bring_to_front()
        first.reload()
        assert first.expect_to_go_on(25) == step
        first.page.locator("#single").click()
        step += 1
        expect(first.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
        first.wait_until_kept(step)


class Gate:
    """What the server answers at once, or once it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()

    def __call__(
        self,
        served: Served,
        app: "WSGIApplication",
        environ: "WSGIEnvironment",
        start: "StartResponse",
    ) -> Iterable[bytes]:
        self.open.wait(60)
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"open"]


@contextmanager
def held(browser: Browser, serve_changed: Serve) -> Iterator[tuple[Visitor, Gate]]:
    """A visitor whose MountainCar was loaded anew, and is not restored before a gate opens."""
    gate = Gate()
    edits: Edits = {"main.py": IMPATIENT, "envs/mountain_car.py": (ENV, HELD)}
    with (
        serve_changed(edits, {"^/gate$": gate}) as served,
        watched(browser, served.url, expected=["/gate net::ERR_ABORTED"]) as context,
        visiting(context, served.url) as visitor,
    ):
        visitor.play(5)
        gate.open.clear()
        try:
            with visitor.page.expect_request("**/gate"):
                visitor.page.reload()
            yield visitor, gate
        finally:
            gate.open.set()


def test_a_page_that_is_loaded_anew_while_its_game_is_restored_finds_it_again(
    browser: Browser, serve_changed: Serve
) -> None:
    with held(browser, serve_changed) as (visitor, gate):
        visitor.wait_until_kept()
        gate.open.set()
        visitor.reload()
        visitor.expect_to_go_on(5)


def test_a_game_whose_worker_hangs_while_it_is_restored_waits_for_the_next_one(
    browser: Browser, serve_changed: Serve
) -> None:
    with held(browser, serve_changed) as (visitor, gate):
        expect(visitor.page.locator("#failure")).to_be_visible(timeout=DEADLINE)
        gate.open.set()
        visitor.try_again()
        visitor.expect_to_go_on(5)


def test_a_game_that_no_page_can_show_is_given_up_and_that_is_said(
    browser: Browser, serve_changed: Serve
) -> None:
    with held(browser, serve_changed) as (visitor, _):
        for _ in range(3):
            visitor.try_again()
        visitor.wait_for("ready", timeout=BOOT_DEADLINE)
        said = "The game that this tab left cannot go on. It was found 3 times"
        expect(visitor.page.locator("#log")).to_contain_text(said, timeout=DEADLINE)


def test_another_version_of_the_environment_begins_anew_and_says_why(
    browser: Browser, changed_site: MakeSite
) -> None:
    site = changed_site({})
    with (
        serving(create_app(site=site)) as served,
        watched(browser, served.url) as context,
        visiting(context, served.url) as visitor,
    ):
        visitor.play(5)
        file = site.web / "envs" / "mountain_car.py"
        file.write_text(file.read_text("utf-8") + "\n# another version\n", "utf-8")
        visitor.reload()
        visitor.wait_for("ready")
        said = "The game that this tab left cannot go on."
        expect(visitor.page.locator("#log")).to_contain_text(said, timeout=DEADLINE)
        expect(visitor.page.locator("#log")).to_contain_text("other code of the environment")


def test_a_site_can_keep_no_games(browser: Browser, serve_changed: Serve) -> None:
    edits: Edits = {"pyscript.toml": ("keep_on_page = true", "keep_on_page = false")}
    with (
        serve_changed(edits) as served,
        watched(browser, served.url) as context,
        visiting(context, served.url) as visitor,
    ):
        visitor.start()
        visitor.wait_for_steps(40)  # more than a second: a state of it has come
        visitor.reload()
        visitor.wait_for("ready")
        assert visitor.page.is_hidden("#notice")
