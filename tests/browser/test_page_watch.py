"""A recording that is dropped on the page is watched, step by step, and its verdict is said."""

import json
from collections.abc import Iterator

import pytest
from gymworker.recording import read_record
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.recordings import environment, recording
from tests.browser.servers import Served

pytestmark = in_chromium

FROM_STEP = """
([first, last]) => new Promise((resolve) => {
  const times = [];
  const place = document.querySelector("#scrub");
  const look = () => {
    const step = Number(place.value);
    if (times.length === 0 && step >= first) times.push([step, performance.now()]);
    if (step >= last) {
      const [from, began] = times[0];
      resolve((performance.now() - began) / (step - from));
    } else setTimeout(look, 5);
  };
  look();
})
"""
"""Milliseconds that a step takes on the page, from a step to another."""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor, one for each browser."""
    with watched(browser, served.url) as context:
        yield Player(open_page(context, served.url, "done"))


@pytest.fixture(scope="module")
def taxi() -> str:
    """Two rides of 30 random moves, five a second."""
    return taxi_file()


def taxi_file() -> str:
    return recording("Taxi", "taxi", [3, 4], 30, 200.0)


def drop(player: Player, text: str) -> None:
    player.drop(text)
    expect(player.page.locator("#watching")).to_be_visible(timeout=DEADLINE)
    expect(player.page.locator("#title")).to_have_text("Taxi", timeout=DEADLINE)
    player.wait_for("replay")


def scrub(player: Player, step: int) -> None:
    player.page.locator("#scrub").evaluate(
        "(place, step) => { place.value = step; place.dispatchEvent(new Event('input')) }", step
    )
    expect(player.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)


def two_places() -> list[int]:
    """Two steps of the first ride, the later first, at which the town does not look the same."""
    env, _ = environment("taxi")
    record = read_record(taxi_file().splitlines()[1])
    states = [env.reset(seed=3)[0]] + [env.step(action)[0] for action in record["actions"]]
    early = next(i for i in range(5, 30) if states[i] != states[29])
    return [29, early]


def picture_at(player: Player, step: int) -> str:
    """The picture there."""
    scrub(player, step)
    return player.resting_fingerprint()


def test_a_dropped_file_is_shown_at_its_pace(player: Player, taxi: str) -> None:
    player.page.locator("#speed").select_option("1")
    drop(player, taxi)
    gap = player.page.evaluate(FROM_STEP, [2, 8])
    assert 150 < gap < 400
    player.page.locator("#speed").select_option("4")
    faster = player.page.evaluate(FROM_STEP, [12, 24])
    assert faster < gap / 2
    player.page.locator("#speed").select_option("1")


def test_it_pauses_and_goes_on_from_there(player: Player, taxi: str) -> None:
    drop(player, taxi)
    player.wait_for_steps(2)
    player.page.locator("#toggle").click()
    player.wait_for("paused")
    step = player.step
    player.page.locator("#toggle").click()
    player.wait_for("replay")
    player.page.wait_for_function(f"Number(document.querySelector('#scrub').value) > {step}")
    player.page.locator("#stage").focus()
    for key, state in (("Escape", "paused"), ("Space", "replay"), ("Space", "paused")):
        player.page.keyboard.press(key)
        player.wait_for(state)


def test_the_scrubber_goes_forth_and_back_to_the_same_picture(player: Player, taxi: str) -> None:
    drop(player, taxi)
    player.page.locator("#toggle").click()
    player.wait_for("paused")
    places = two_places()
    pictures = [picture_at(player, place) for place in places]
    assert pictures[0] != pictures[1]
    for place, picture in zip(places * 2, pictures * 2, strict=True):
        assert picture_at(player, place) == picture
    step = places[1]
    expect(player.page.locator("#watched-step")).to_have_text(f"{step} of 30")
    player.page.locator("#watched-episode").select_option("1")
    expect(player.page.locator("#seed-now")).to_have_text("4", timeout=DEADLINE)
    expect(player.page.locator("#step")).to_have_text("0")


def test_keys_go_one_step_back_and_one_forth(player: Player, taxi: str) -> None:
    drop(player, taxi)
    player.page.locator("#toggle").click()
    player.wait_for("paused")
    scrub(player, 12)
    player.page.locator("#stage").focus()
    for key, step in ((",", 11), (",", 10), (".", 11), (".", 12), (".", 13)):
        player.page.keyboard.press(key)
        expect(player.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
        expect(player.page.locator("#watched-step")).to_have_text(f"{step} of 30")


def test_its_verdict_comes_at_the_end(player: Player, taxi: str) -> None:
    player.page.locator("#speed").select_option("4")
    drop(player, taxi)
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_text("Watching…")
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("Replayed 2 episodes, 60 steps: every reward")
    player.wait_for("paused")
    expect(player.page.locator("#watched-step")).to_have_text("30 of 30")
    player.page.locator("#toggle").click()
    player.wait_for("replay")
    player.page.locator("#speed").select_option("1")


def test_its_first_difference_is_said_at_once(player: Player, taxi: str) -> None:
    lines = taxi.splitlines()
    changed = json.loads(lines[1])
    changed["rewards"][3] = 99.0
    drop(player, "\n".join([lines[0], json.dumps(changed), lines[2]]))
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("differs", timeout=DEADLINE)
    expect(replayed).to_contain_text("First difference in episode 1, step 4: reward is")
    assert player.step < 20


def test_it_can_be_checked_without_being_shown(player: Player, taxi: str) -> None:
    drop(player, taxi)
    player.check_only()
    expect(player.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    player.wait_for("ready")
    expect(player.page.locator("#watching")).to_be_hidden()
    player.page.locator("#watch").click()
    player.wait_for("replay")
    player.page.locator("#unwatch").click()
    player.wait_for("ready")


def test_a_watched_episode_is_no_score_and_is_not_recorded_again(player: Player, taxi: str) -> None:
    recorded = player.page.inner_text("#recorded")
    best = player.page.inner_text("#best")
    player.page.locator("#speed").select_option("4")
    drop(player, taxi)
    player.wait_for("paused")
    assert player.page.inner_text("#recorded") == recorded
    assert player.page.inner_text("#best") == best
    player.page.locator("#speed").select_option("1")


def test_a_file_with_a_broken_line_leaves_the_game_alone(player: Player, taxi: str) -> None:
    player.choose("Taxi")
    player.start()
    player.drop(taxi + '{"formatVersion": 2, "seed": 1}\n')
    expect(player.page.locator("#replayed")).to_have_class("differs", timeout=DEADLINE)
    expect(player.page.locator("#replayed")).to_contain_text("line 4")
    player.wait_for("waiting")
