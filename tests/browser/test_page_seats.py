"""Who plays is chosen on the page, seat by seat; the curious see each step as plots."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

PATHS = "Array.from(document.querySelectorAll('#curves path'), (path) => path.getAttribute('d'))"


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor at Duet, one for each browser."""
    with watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("Duet")
        yield player


def test_a_seat_offers_what_the_environment_has(player: Player) -> None:
    seats = player.page.locator("#seats label")
    assert seats.count() == 2
    for i in range(2):
        offered = seats.nth(i).locator("option").all_inner_texts()
        assert offered == ["You", "Policy", "Random"]
    expect(player.page.locator("#seats").get_by_label("teal")).to_have_value("human")
    expect(player.page.locator("#seats").get_by_label("amber")).to_have_value("policy")


def test_a_second_person_has_keys_of_their_own(player: Player) -> None:
    pads = player.page.locator("#pad .hand")
    expect(pads).to_have_count(1)
    player.sit("human", 1)
    expect(pads).to_have_count(2)
    player.sit("policy", 0)
    expect(pads).to_have_count(1)
    expect(pads).to_contain_text("amber")


def test_chance_plays_at_once_and_its_record_replays(player: Player) -> None:
    player.sit("random", 0)
    player.sit("random", 1)
    player.page.locator("#start").click()
    player.wait_for("running")
    player.wait_for_steps(20)
    player.page.locator("#reset").click()
    expect(player.page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
    _, text = player.save("#save-jsonl")
    episode = json.loads(text.splitlines()[1])
    assert episode["players"] == {"teal": "random", "amber": "random"}
    player.drop(text)
    player.check_only()
    expect(player.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    player.wait_for("ready")


def test_plots_follow_observation_reward_and_action_while_they_are_open(player: Player) -> None:
    player.page.locator("#start").click()
    player.wait_for("running")
    assert player.page.evaluate(PATHS) == []
    player.page.locator("#curves summary").click()
    expect(player.page.locator("#curves figure")).to_have_count(3, timeout=DEADLINE)
    player.page.wait_for_function(f"{PATHS}.length === 12 && {PATHS}.every((d) => d)")
    before = player.page.evaluate(PATHS)
    player.page.wait_for_function(f"before => {PATHS}[0] !== before", arg=before[0])
    player.page.locator("#curves summary").click()
    player.wait_for_steps(15)  # what was on its way has arrived
    before = player.page.evaluate(PATHS)
    player.wait_for_steps(15)
    assert player.page.evaluate(PATHS) == before
