"""Back in time on the page: by the scrubber, by keys, on phones; going on from there cuts."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

PHONES: list[ViewportSize] = [
    {"width": 360, "height": 740},
    {"width": 320, "height": 568},
    {"width": 740, "height": 360},
]


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor, one for each browser."""
    with watched(browser, served.url) as context:
        yield Player(open_page(context, served.url, "done"))


def play_and_pause(player: Player, name: str, steps: int, **options: Any) -> int:
    """Plays some steps of a game, and pauses it; returns the step at which it stands."""
    player.choose(name, **options)
    player.start()
    player.page.keyboard.down("ArrowRight")
    player.wait_for_steps(steps)
    player.page.keyboard.up("ArrowRight")
    return pause(player)


def pause(player: Player) -> int:
    player.page.keyboard.press("Escape")
    player.wait_for("paused")
    expect(player.page.locator("#watching")).to_be_visible()
    scrub = player.page.locator("#scrub")
    expect(player.page.locator("#step")).to_have_text(str(scrub.get_attribute("max")))
    return player.step


def scrub(player: Player, step: int) -> None:
    player.page.locator("#scrub").evaluate(
        "(place, step) => { place.value = step; place.dispatchEvent(new Event('input')) }", step
    )
    expect_at(player, step)


def expect_at(player: Player, step: int) -> None:
    expect(player.page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
    expect(player.page.locator("#scrub")).to_have_value(str(step))


def expect_points(page: Page, right: Callable[[int], bool]) -> None:
    """Waits until the first plot has the right number of steps."""
    line = page.locator("#curves path").first
    for _ in range(100):
        points = str(line.get_attribute("d")).count("L")
        if right(points):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the plot has {points} steps")


def test_the_scrubber_goes_back_to_what_was_there(player: Player) -> None:
    page = player.page
    last = play_and_pause(player, "MountainCar", 30, seed=5)
    pictures = {last: player.resting_fingerprint()}
    for step in (12, 3):
        scrub(player, step)
        expect(page.locator("#watched-step")).to_have_text(f"{step} of {last}")
        expect(page.locator("#score")).to_have_text(str(-step))
        expect(page.locator("#past")).to_be_visible()
        pictures[step] = player.resting_fingerprint()
    assert len(set(pictures.values())) == 3
    for step in (12, last, 3):
        scrub(player, step)
        assert player.resting_fingerprint() == pictures[step]
    scrub(player, last)
    expect(page.locator("#past")).to_be_hidden()
    assert page.get_attribute("html", "data-game") == "paused"


def test_a_key_goes_one_step_back_and_one_forth(player: Player) -> None:
    page = player.page
    last = play_and_pause(player, "MountainCar", 12)
    expect(page.locator("#stage")).to_be_focused()
    page.keyboard.press(".")
    for step in (last - 1, last - 2):
        page.keyboard.press(",")
        expect_at(player, step)
    page.keyboard.press(".")
    expect_at(player, last - 1)
    slider = page.locator("#scrub")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect_at(player, last - 2)
    page.keyboard.press(",")
    expect_at(player, last - 3)
    assert slider.get_attribute("aria-valuetext") == f"Step {last - 3} of {last}"
    page.keyboard.press("p")
    player.wait_for("running")
    expect(page.locator("#watching")).to_be_hidden()
    page.keyboard.press(",")
    player.wait_for_steps(3)
    assert page.get_attribute("html", "data-game") == "running"


def test_a_key_that_is_held_goes_on(player: Player) -> None:
    play_and_pause(player, "MountainCar", 20)
    for _ in range(200):
        player.page.keyboard.down(",")  # the keyboard repeats it
    player.page.keyboard.up(",")
    expect_at(player, 0)


def test_going_on_cuts_what_came_after_and_the_record_is_sound(player: Player) -> None:
    page = player.page
    last = play_and_pause(player, "MountainCar", 30, seed=8)
    scrub(player, 10)
    page.locator("#toggle").click()
    player.wait_for("running")
    player.page.keyboard.down("ArrowLeft")
    player.wait_for_steps(5)
    player.page.keyboard.up("ArrowLeft")
    step = pause(player)
    assert 15 <= step < last
    page.keyboard.press(",")
    expect_at(player, step - 1)
    page.locator("#single").click()
    expect_at(player, step)
    expect(page.locator("#scrub")).to_have_attribute("max", str(step))
    page.locator("#reset").click()
    expect(page.locator("#step")).to_have_text("0", timeout=DEADLINE)
    _, text = player.save("#save-jsonl")
    episode = json.loads(text.splitlines()[-1])
    assert (episode["seed"], episode["steps"]) == (8, step)
    assert len(episode["actions"]) == len(episode["rewards"]) == step
    cuts = [event[2:] for event in episode["events"] if event[1] == "rewound"]
    assert cuts == [[10, last], [step - 1, step]]
    player.drop(text)
    player.check_only()
    replayed = page.locator("#replayed")
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("every reward, flag and observation agrees")
    player.wait_for("ready")


def test_a_turn_can_be_taken_back(player: Player) -> None:
    page = player.page
    player.choose("Taxi", seed=3)
    player.start()
    for step in range(1, 5):
        page.keyboard.press("ArrowDown")
        expect(page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
    pause(player)
    page.keyboard.press(",")
    expect_at(player, 3)
    page.keyboard.press("Escape")
    player.wait_for("waiting")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#step")).to_have_text("4", timeout=DEADLINE)


def test_plots_stand_at_the_step_and_are_cut(player: Player) -> None:
    page = player.page
    player.choose("MountainCar")
    page.evaluate("document.querySelector('#curves').open = true")
    player.start()
    player.wait_for_steps(25)
    pause(player)
    expect_points(page, lambda points: points >= 25)
    scrub(player, 10)
    expect_points(page, lambda points: points == 10)
    page.locator("#single").click()
    expect_at(player, 11)
    expect_points(page, lambda points: points == 11)
    page.evaluate("document.querySelector('#curves').open = false")


def test_an_environment_that_cannot_be_saved_has_no_scrubber(
    browser: Browser, serve_changed: Serve
) -> None:
    edits = {
        "envs/mountain_car.py": (
            'env = Drawn(gymnasium.make("MountainCar-v0"))',
            'env = Drawn(gymnasium.make("MountainCar-v0"))\nenv.log = (i for i in range(9))\n'
            "next(env.log)",
        )
    }
    with serve_changed(edits) as served, watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("MountainCar")
        player.start()
        player.wait_for_steps(10)
        player.page.keyboard.press("Escape")
        player.wait_for("paused")
        step = player.step
        player.page.keyboard.press(",")
        player.page.wait_for_timeout(500)
        expect(player.page.locator("#watching")).to_be_hidden()
        assert player.step == step
        player.page.keyboard.press("Escape")
        player.wait_for("running")
        player.wait_for_steps(3)


@in_chromium
def test_on_a_phone_it_fits_between_picture_and_buttons(browser: Browser, served: Served) -> None:
    options: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": PHONES[0]}
    with watched(browser, served.url, **options) as context:
        page: Page = open_page(context, served.url, "done")
        for size in PHONES:
            page.set_viewport_size(size)
            check_on_a_phone(Player(page))


def check_on_a_phone(player: Player) -> None:
    """Plays, pauses and goes back with a finger."""
    page = player.page
    player.choose("MountainCar")
    expect(page.locator("#watching")).to_be_hidden()
    page.locator("#start").tap()
    page.locator("#pad button").first.tap()
    player.wait_for("running")
    player.wait_for_steps(10)
    page.locator("#toggle").tap()
    player.wait_for("paused")
    for id in ("#scrub", "#watched-step", "#toggle", "#menu"):
        expect(page.locator(id)).to_be_in_viewport(ratio=1)
    scrub, pads = page.locator("#scrub").bounding_box(), page.locator("#pad button")
    assert scrub is not None and scrub["height"] >= 44 and scrub["width"] >= 96
    for number in range(pads.count()):
        box = pads.nth(number).bounding_box()
        assert box is not None
        apart = box["y"] >= scrub["y"] + scrub["height"] or box["y"] + box["height"] <= scrub["y"]
        assert apart or box["x"] >= scrub["x"] + scrub["width"]
    page.locator("#scrub").tap(position={"x": 10, "y": scrub["height"] / 2})
    page.wait_for_function("Number(document.querySelector('#step').textContent) < 5")
    page.locator("#toggle").tap()
    player.wait_for("running")
    expect(page.locator("#watching")).to_be_hidden()
