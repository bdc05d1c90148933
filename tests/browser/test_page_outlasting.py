"""A game outlasts its worker, and its page: it goes on after a crash, and after a reload."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gymserver.app import create_app
from tests.browser.browsers import in_chromium
from tests.browser.conftest import Edits, MakeSite, Serve
from tests.browser.pages import BOOT_DEADLINE, open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served, serving
from tests.browser.test_page_hangs import IMPATIENT, NEVER, code

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


class Visitor(Player):
    """A visitor who leaves each page that asks whether they want to."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        page.on("dialog", lambda dialog: dialog.accept())

    def play(self, steps: int) -> None:
        """Starts the game and plays that many steps, and until they are kept."""
        self.start()
        self.wait_for_steps(steps)
        self.page.wait_for_timeout(1200)

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
    page.get_by_role("button", name="Try again in a fresh Python").click()
    visitor.wait_for("ready", timeout=BOOT_DEADLINE)
    assert page.is_hidden("#failure")


def test_a_page_that_is_loaded_anew_finds_its_game(
    context: BrowserContext, impatient: Served
) -> None:
    visitor = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    page = visitor.page
    visitor.play(50)
    visitor.reload()
    first = visitor.expect_to_go_on(50)
    visitor.reload()  # without a step
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
    first.play(20)
    first.page.locator("#toggle").click()
    first.wait_for("paused")
    other = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    other.wait_for("ready")
    assert other.page.is_hidden("#notice")
    other.page.close()
    first.page.wait_for_timeout(1200)
    first.reload()
    first.expect_to_go_on(20)


def test_a_copy_of_a_tab_takes_nothing_from_it(context: BrowserContext, impatient: Served) -> None:
    first = Visitor(open_page(context, impatient.url + "#MountainCar", "done"))
    first.play(25)
    first.page.locator("#toggle").click()
    first.wait_for("paused")
    first.page.wait_for_timeout(1200)
    with context.expect_page() as opened:  # with what the session of this tab has
        first.page.evaluate("() => { window.open(location.href) }")
    wait_for(opened.value, "done")
    copy = Visitor(opened.value)
    step = copy.expect_to_go_on(25)
    copy.page.close()
    for _ in range(2):  # what it takes, then what it has kept
        first.page.bring_to_front()
        first.reload()
        assert first.expect_to_go_on(25) == step
        first.page.locator("#single").click()
        step += 1
        expect(first.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
        first.page.wait_for_timeout(1200)


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
        visitor.play(5)
        visitor.reload()
        visitor.wait_for("ready")
        assert visitor.page.is_hidden("#notice")
