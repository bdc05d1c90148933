"""WebKit, the engine of iPhones: boots, plays, paints, records, and outlives its worker."""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser.browsers import NoBrowserError
from tests.browser.conftest import MakeSite
from tests.browser.player import FINGERPRINT, PIXELS
from tests.browser.servers import serving
from tests.browser.webkit import Tab, launch

pytestmark = pytest.mark.filterwarnings(  # Selenium's own way to start this driver
    "ignore:setting remote_server_addr:DeprecationWarning"
)

BOOT = 100
"""Seconds for a boot: with other tests on the same cores, WebKit's compilers take their time."""

IMPATIENT = ("PyodideWorker(", "PyodideWorker(timeout=10, ")
"""What main.py says, and what it says here."""

LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions

DEADLY = """
class Deadly(gymnasium.Wrapper):
    def step(self, action):
        if action == 3:
            import js
            js.self.close()
            action = 1
        return self.env.step(action)


env = Deadly(env)
play["action_mapping"]["ArrowUp"] = 3
"""
"""What becomes of MountainCar: a key that ends its worker."""

CALMLY = """
() => {
  for (const it of document.querySelectorAll("#developers, #last")) it.open = true;
  const speed = document.querySelector("#speed");
  speed.value = "0.25";
  speed.dispatchEvent(new Event("change", { bubbles: true }));
}
"""


@pytest.fixture(scope="module")
def webkit(playwright: Playwright) -> Iterator[Tab]:
    """An empty tab of WebKit."""
    try:
        with launch(playwright) as tab:
            yield tab
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def tab(webkit: Tab, changed_site: MakeSite, web_site: Site) -> Iterator[Tab]:
    """MountainCar, which may be started, at a quarter of its pace, its last step in sight."""
    name = "envs/mountain_car.py"
    code = (web_site.web / name).read_text("utf-8") + DEADLY
    site = changed_site({"main.py": IMPATIENT, name: code})
    with serving(create_app(site=site)) as served:
        webkit.open(served.url + "#MountainCar")
        booted(webkit)
        webkit.evaluate(CALMLY)
        yield webkit


def booted(tab: Tab) -> None:
    """Waits for the end of the boot; fails with the page's words if it is a bad one."""
    state = "() => document.documentElement.dataset.state"
    tab.wait(f"() => ['done', 'failed'].includes(({state})())", seconds=BOOT)
    assert tab.evaluate(state) == "done", tab.evaluate("() => document.body.innerText")


def wait_for(tab: Tab, *games: str) -> None:
    """Waits until the game is in one of the states."""
    tab.wait("(...games) => games.includes(document.documentElement.dataset.game)", *games)


def start(tab: Tab) -> None:
    """Starts the game, once it is there; its clock may wait for a key."""
    wait_for(tab, "ready")
    tab.click("#start")
    tab.wait("() => document.documentElement.dataset.game !== 'ready'")


def wait_for_steps(tab: Tab, count: int) -> None:
    """Waits until that many steps were made from now, in this episode."""
    wanted = int(tab.text("#step")) + count
    tab.wait("(n) => Number(document.querySelector('#step').textContent) >= n", wanted)


def wait_for_action(tab: Tab, action: int) -> None:
    """Waits until the environment is given this action."""
    tab.wait("(n) => document.querySelector('#last-action').textContent === String(n)", action)


def wait_for_picture(tab: Tab) -> dict[str, Any]:
    """Waits until there is more than a background; returns its size and colors."""
    return tab.wait(  # type: ignore[no-any-return]
        f"() => {{ const seen = ({PIXELS})([]); return seen.colors > 7 && seen; }}"
    )


def test_the_page_boots_and_shows_its_versions(tab: Tab) -> None:
    versions = tab.text("#versions")
    assert "Python 3.13" in versions
    assert "gymnasium 1.4.0" in versions
    wait_for(tab, "ready")


def test_the_first_frame_is_painted(tab: Tab) -> None:
    assert wait_for_picture(tab)["size"] == [600, 400]


@pytest.fixture(scope="module")
def recorded(tab: Tab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an episode that was played by keys, then by touch."""
    before = tab.evaluate(FINGERPRINT)
    start(tab)
    tab.key("ArrowRight", True)
    wait_for_action(tab, RIGHT)
    assert tab.evaluate("(it) => document.querySelectorAll(it).length", "#pad .down-now") == 1
    tab.key("ArrowRight", False)
    wait_for_action(tab, STILL)
    tab.key("ArrowLeft", True)
    wait_for_action(tab, LEFT)
    tab.key("ArrowLeft", False)
    wait_for_action(tab, STILL)
    for button, action in ("#pad .right", RIGHT), ("#pad .left", LEFT):
        tab.finger(button, True)
        wait_for_action(tab, action)
        tab.finger(button, False)
        wait_for_action(tab, STILL)
    assert tab.evaluate(FINGERPRINT) != before
    tab.click("#reset")
    tab.wait("() => !document.querySelector('#save-jsonl').disabled")
    tab.click("#save-jsonl")
    saved = tab.wait("() => window.savedFiles.at(-1)")
    assert saved["name"].endswith(".jsonl")
    file: Path = tmp_path_factory.mktemp("saved") / saved["name"]
    file.write_text(saved["text"], "utf-8")
    return file


def test_keys_and_touch_steer_and_the_game_is_recorded(recorded: Path) -> None:
    _, episode, *_ = map(json.loads, recorded.read_text("utf-8").splitlines())
    changes = [action for action, _ in groupby(episode["actions"])]
    assert changes[changes.index(RIGHT) :] == 2 * [RIGHT, STILL, LEFT, STILL]


def test_a_worker_that_dies_is_told_and_restart_brings_another(tab: Tab, recorded: Path) -> None:
    tab.click("#stage")  # the next episode, which runs or awaits a key
    tab.key("ArrowUp", True)
    wait_for(tab, "failed")
    tab.key("ArrowUp", False)
    assert tab.evaluate("() => !document.querySelector('#failure').hidden")
    tab.click("#restart")
    tab.wait("() => document.querySelector('#failure').hidden")
    booted(tab)
    assert wait_for_picture(tab)["size"] == [600, 400]
    start(tab)
    tab.key("ArrowRight", True)
    wait_for_steps(tab, 5)
    tab.key("ArrowRight", False)


def test_a_recording_is_replayed_and_agrees(tab: Tab, recorded: Path) -> None:
    tab.choose_file("#file", recorded)
    tab.wait("() => /agrees|differ/.test(document.querySelector('#replayed').textContent)")
    assert "every reward, flag and observation agrees" in tab.text("#replayed")


def test_the_browser_has_nothing_to_complain_about(tab: Tab) -> None:
    assert tab.complaints() == []
