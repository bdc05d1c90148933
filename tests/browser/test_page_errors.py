"""What goes wrong in an environment is shown with a way out, and a save mends it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.conftest import MakeSite, Serve
from tests.browser.pages import open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import serving

pytestmark = in_chromium

FILE = "envs/cartpole.py"
FAULTS = """
from gymnasium import Wrapper


class Faulty(Wrapper):
    steps = 0

    def step(self, action):
        self.steps += 1
        if self.steps == 5:
            {fault}
        return self.env.step(action)


env = Faulty(env)
"""

# A page that goes away cuts off its stream.
CUT_OFF = [r"failed: .*/\.gymworker/changes"]


@contextmanager
def playing(browser: Browser, serve_changed: Serve, web: Path, fault: str) -> Iterator[Player]:
    """A visitor plays CartPole, whose fifth step is at fault."""
    code = (web / FILE).read_text("utf-8") + FAULTS.format(fault=fault)
    with serve_changed({FILE: code}) as served, watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.start()
        player.wait_for("failed")
        yield player


@pytest.fixture(scope="module")
def web(web_site: Site) -> Path:
    """The project's `web/`."""
    return web_site.web


def test_an_exception_in_a_step_shows_its_traceback_and_restart_goes_on(
    browser: Browser, serve_changed: Serve, web: Path
) -> None:
    fault = 'raise RuntimeError("the cart has no wheels")'
    with playing(browser, serve_changed, web, fault) as player:
        page = player.page
        page.locator("#traceback summary").click()
        shown = page.inner_text("#error")
        assert re.search(rf'File "{FILE}", line \d+, in step', shown)
        assert fault in shown  # the line of source
        assert shown.rstrip().endswith("RuntimeError: the cart has no wheels")
        assert "gymworker" not in shown  # no frame of the library's
        expect(page.locator("#failure-title")).to_have_text("RuntimeError: the cart has no wheels")
        for name in ("toggle", "single", "reset"):
            assert page.is_disabled(f"#{name}")
        page.get_by_role("button", name="Try again in a fresh Python").click()
        player.wait_for("ready")
        assert page.is_hidden("#error")
        player.start()  # four more steps
        player.wait_for("failed")
        player.choose("MountainCar")  # another one is another way out
        player.start()
        player.wait_for_steps(5)
        assert page.is_hidden("#error")


def test_a_worker_that_did_not_boot_is_restarted_when_it_is_mended(
    browser: Browser, changed_site: MakeSite
) -> None:
    site = changed_site({})
    script = site.web / "worker.py"
    good = script.read_text("utf-8")
    script.write_text(good + "\n1 / 0\n", "utf-8")
    with serving(create_app(site=site)) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url, "failed")
        expect(page.locator("#failure-title")).to_contain_text("ZeroDivisionError")
        script.write_text(good, "utf-8")
        page.get_by_role("button", name="Try again in a fresh Python").click()
        expect(page.locator("#failure")).to_be_hidden()  # "failed" until the click is handled
        wait_for(page, "done")
        expect(page.locator("#versions")).to_contain_text("gymnasium 1.4.0")
        player = Player(page)
        player.start()
        player.wait_for_steps(3)
        assert player.picture()["colors"] > 5


def test_a_broken_save_is_shown_and_the_next_one_heals_it(
    browser: Browser, changed_site: MakeSite
) -> None:
    site = changed_site({})
    app = create_app(site=site, reload=True)
    file = site.web / "envs" / "mountain_car.py"
    good = file.read_text("utf-8")
    with (
        serving(app) as served,
        watched(browser, served.url, expected=CUT_OFF) as context,
    ):
        try:
            page = open_page(context, served.url, "done")
            player = Player(page)
            player.choose("MountainCar", seed=7, speed="2")
            player.start()
            player.wait_for_steps(5)
            page.evaluate("window.same = true")
            file.write_text(good + "\ndef broken(:\n", "utf-8")
            player.wait_for("failed")
            error = page.locator("#error")
            expect(error).to_contain_text("SyntaxError")
            expect(error).to_contain_text('File "envs/mountain_car.py", line')
            expect(error).to_contain_text("def broken(:")
            file.write_text(good.replace("play = {", "print('healed')\nplay = {"), "utf-8")
            player.wait_for("running")  # it ran before
            player.wait_for_steps(5)
            assert page.is_hidden("#error")
            expect(page.locator("#log")).to_contain_text("healed", timeout=DEADLINE)
            assert page.evaluate("window.same")
            assert page.input_value("#seed") == "7"
            assert page.input_value("#speed") == "2"
            assert page.get_by_role("radio", name="MountainCar").is_checked()
        finally:
            app.extensions["changes"].close()
