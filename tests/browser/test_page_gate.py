"""Start is a gate: nothing counts before the visitor plays; between episodes there is a rest."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

# What is there by the names that people who listen hear; whatever is hidden is not.
NAMES = """
() => Array.from(document.querySelectorAll("button, [role], section, aside, fieldset"))
  .filter((element) => element.checkVisibility())
  .map((element) => element.getAttribute("aria-label") || element.textContent.trim())
"""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor, one for each browser."""
    with watched(browser, served.url) as context:
        yield Player(open_page(context, served.url, "done"))


def test_there_is_one_start_with_the_goal_the_keys_and_the_end(player: Player) -> None:
    player.choose("CartPole")
    page = player.page
    assert page.get_by_role("button", name="Start", exact=True).count() == 1
    curtain = page.locator("#curtain")
    expect(curtain).to_contain_text("Keep the pole upright")
    expect(curtain).to_contain_text("It ends when the pole falls")
    expect(curtain.locator("#keys")).to_contain_text("←")
    names = page.evaluate(NAMES)
    assert names.count("Start") == 1
    assert [name for name in names if name == "Game"] == []
    assert page.is_disabled("#toggle"), "there is nothing to pause yet"


def test_the_clock_begins_with_the_first_key_that_the_game_knows(player: Player) -> None:
    page = player.page
    player.choose("CartPole", seed=1)
    page.locator("#start").click()
    player.wait_for("armed")
    expect(page.locator("#prompt")).to_be_visible()
    page.keyboard.press("x")
    page.wait_for_timeout(1000)  # CartPole without a key is lost in half of that
    assert (player.step, page.get_attribute("html", "data-game")) == (0, "armed")
    page.keyboard.down("ArrowRight")
    player.wait_for("running", "resting")
    page.keyboard.up("ArrowRight")
    player.wait_for("resting")
    expect(page.locator("#prompt")).to_be_hidden()


def test_after_an_episode_the_game_rests_with_its_last_frame(player: Player) -> None:
    page = player.page
    player.choose("CartPole", seed=1)
    expect(page.locator("#episode")).to_have_text("1")
    player.start()
    player.wait_for("resting")
    expect(page.locator("#result-title")).to_have_text("Episode 1 is over")
    expect(page.locator("#result-text")).to_contain_text("Score")
    result, frame = (page.locator(id).bounding_box() for id in ("#result", ".frame"))
    assert result
    assert frame
    assert result["y"] >= frame["y"] + frame["height"] - 1, "beside the picture, not over it"
    before, recorded = player.resting_fingerprint(), page.inner_text("#recorded")
    page.wait_for_timeout(1500)  # three episodes without the rest
    assert player.fingerprint() == before
    assert page.inner_text("#recorded") == recorded
    assert page.inner_text("#episode") == "1"
    score = page.inner_text("#score")
    assert page.inner_text("#last-score") == score
    assert int(page.inner_text("#best")) >= int(score)
    page.locator("#next").click()
    player.wait_for("armed")
    expect(page.locator("#episode")).to_have_text("2")
    expect(page.locator("#seed-now")).to_have_text("2")
    expect(page.locator("#result")).to_be_hidden()


def test_the_best_score_of_the_visit_stays_when_one_comes_back(player: Player) -> None:
    player.choose("CartPole")
    best = player.page.inner_text("#best")
    assert best.isdigit()
    player.choose("Taxi")
    expect(player.page.locator("#best")).to_have_text("\u2013")
    player.choose("CartPole")
    expect(player.page.locator("#best")).to_have_text(best)


def test_a_countdown_can_be_given_up_and_runs_to_its_end(player: Player) -> None:
    page = player.page
    player.choose("Pond")
    page.locator("#start").click()
    expect(page.locator("#count")).to_have_text("2", timeout=DEADLINE)
    assert player.step == 0
    page.locator("#toggle").click()
    player.wait_for("ready")
    page.locator("#start").click()
    for number in ("3", "2", "1"):
        expect(page.locator("#count")).to_have_text(number, timeout=DEADLINE)
    player.wait_for("running")
    expect(page.locator("#count")).to_be_hidden()
    player.wait_for_steps(10)


def test_a_turn_based_game_has_no_gate_but_rests(player: Player) -> None:
    page = player.page
    player.choose("FrozenLake", seed=4)
    page.locator("#start").click()
    player.wait_for("waiting")
    for _ in range(120):
        if page.get_attribute("html", "data-game") != "waiting":
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
    player.wait_for("resting")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.get_attribute("html", "data-game") == "resting", "the last key begins nothing"
    page.locator("#next").click()
    player.wait_for("waiting")
    expect(page.locator("#step")).to_have_text("0")


def test_a_new_episode_has_its_gate_too_and_a_pause_none(player: Player) -> None:
    page = player.page
    player.choose("MountainCar", seed=5)
    player.start()
    player.wait_for_steps(3)
    page.locator("#toggle").click()
    player.wait_for("paused")
    expect(page.locator("#curtain")).to_be_hidden()
    expect(page.locator("#toggle")).to_have_text("Resume")
    page.locator("#toggle").click()
    player.wait_for("running")
    expect(page.locator("#toggle")).to_have_text("Pause")
    page.locator("#reset").click()
    player.wait_for("armed")
    expect(page.locator("#step")).to_have_text("0")
