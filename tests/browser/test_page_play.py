"""A visitor plays: keys, focus, picture, whole episodes."""

import math
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

AMBER, TEAL = (251, 191, 36), (45, 212, 191)
LEFT, STILL, RIGHT = 0, 1, 2  # MountainCar's actions


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor of their own for these tests, one for each browser."""
    with watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        player = Player(page)
        player.follow_steps()
        yield player


def near(pixel: list[int], color: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, color, strict=False))


def test_keys_steer_the_environment(player: Player) -> None:
    player.choose("MountainCar")
    player.start()
    player.wait_for_action(STILL)
    for key, action in ("ArrowRight", RIGHT), ("ArrowLeft", LEFT):
        player.page.keyboard.down(key)
        player.wait_for_action(action)
        expect(player.page.locator("#pad .down-now")).to_have_count(1)
        player.page.keyboard.up(key)
        player.wait_for_action(STILL)
        expect(player.page.locator("#pad .down-now")).to_have_count(0)


def test_keys_do_not_steer_without_the_focus(player: Player) -> None:
    player.choose("MountainCar")
    player.start()
    player.page.keyboard.down("ArrowRight")
    player.wait_for_action(RIGHT)
    player.page.locator("#seed").focus()  # whoever leaves the game lets go of its keys
    player.wait_for_action(STILL)
    player.page.keyboard.up("ArrowRight")
    player.page.keyboard.down("ArrowRight")
    player.wait_for_steps(10)
    assert player.page.inner_text("#last-action") == str(STILL)
    player.page.keyboard.up("ArrowRight")
    expect(player.page.locator(".hint")).to_be_visible()
    player.page.locator("#stage").click()
    expect(player.page.locator("#stage")).to_be_focused()
    player.page.keyboard.down("ArrowRight")
    player.wait_for_action(RIGHT)
    player.page.keyboard.up("ArrowRight")


def test_keys_of_the_game_do_not_scroll_the_page(player: Player) -> None:
    page = player.page
    page.set_viewport_size({"width": 1280, "height": 500})
    player.choose("FrozenLake", seed=3)
    player.start()
    page.evaluate("scrollTo(0, 0)")
    for key in ("ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#step")).not_to_have_text("0", timeout=DEADLINE)
    assert page.evaluate("scrollY") == 0
    page.set_viewport_size({"width": 1280, "height": 800})


def test_pause_step_and_reset(player: Player) -> None:
    page = player.page
    player.choose("MountainCar", seed=11)
    player.start()
    player.wait_for_steps(5)
    page.locator("#toggle").click()
    player.wait_for("paused")
    before = player.step
    page.locator("#single").click()
    expect(page.locator("#step")).to_have_text(str(before + 1), timeout=DEADLINE)
    assert player.obs(before + 1)
    first, again = first_steps(player), first_steps(player)
    assert first[0] != first[1]
    assert again == first  # the same seed, the same beginning


def first_steps(player: Player) -> list[list[float]]:
    """Resets a game that is paused, and returns the observations of its first two steps."""
    player.page.locator("#reset").click()
    expect(player.page.locator("#step")).to_have_text("0", timeout=DEADLINE)
    observations = []
    for step in (1, 2):
        player.page.locator("#single").click()
        observations.append(player.obs(step))
    return observations


def test_a_turn_based_game_waits_for_the_player(player: Player) -> None:
    player.choose("Taxi", seed=5)
    player.start()
    player.wait_for("waiting")
    assert player.step == 0
    for count, key in enumerate(("ArrowDown", "ArrowUp", "p"), 1):
        player.page.keyboard.press(key)
        expect(player.page.locator("#step")).to_have_text(str(count), timeout=DEADLINE)
    player.wait_for_action(4)


def test_the_speed_changes_the_pace(player: Player) -> None:
    player.choose("MountainCar", speed="0.25")
    player.start()
    expect(player.page.locator("#rate")).to_have_text(re.compile(r"^[67]\.\d"), timeout=DEADLINE)
    player.page.locator("#speed").select_option("1")
    expect(player.page.locator("#rate")).to_have_text(re.compile(r"^[23]\d\.\d"), timeout=DEADLINE)


def test_the_pole_is_where_the_state_says(player: Player) -> None:
    page = player.page
    player.choose("CartPole", seed=4)
    for count in range(1, 7):
        page.locator("#single").click()
        expect(page.locator("#step")).to_have_text(str(count), timeout=DEADLINE)
        position, _, angle, _ = player.obs(count)
        x, y = 300 + 110 * position, 274
        pole = [(x + r * math.sin(angle), y - r * math.cos(angle)) for r in (60, 120, 180)]
        deadline = time.monotonic() + DEADLINE / 1000
        while True:  # the frame comes with the next one of the display
            seen = player.picture(*pole, (x - 40, y))
            hits = [near(pixel, AMBER) for pixel in seen["pixels"][:3]]
            if all(hits) and near(seen["pixels"][3], TEAL):
                break
            assert time.monotonic() < deadline, seen
    assert seen["size"] == [600, 400]
    assert seen["colors"] > 5


@pytest.mark.parametrize("name", ["MountainCar", "FrozenLake", "Taxi", "Pond", "Duet"])
def test_each_environment_is_painted_before_it_starts(player: Player, name: str) -> None:
    player.choose(name)
    player.wait_for_picture(8)


def balance(page: Page, steps: int) -> None:
    """Plays CartPole by its keys: pushes the cart to where the pole falls."""
    held = None
    deadline = time.monotonic() + 60
    while True:
        step, shown = page.evaluate(
            "['#step', '#last-obs'].map((id) => document.querySelector(id).textContent)"
        )
        if int(step) >= steps:
            break
        assert time.monotonic() < deadline, f"only {step} steps in time"
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", shown)]
        if not numbers:
            continue
        position, speed, angle, turning = numbers
        lean = 4 * angle + turning + 0.15 * position + 0.25 * speed
        wanted = "ArrowRight" if lean > 0 else "ArrowLeft"
        if wanted != held:
            if held:
                page.keyboard.up(held)
            page.keyboard.down(wanted)
            held = wanted
    if held:
        page.keyboard.up(held)


@in_chromium
def test_a_whole_episode_of_cartpole_is_played_by_its_keys(player: Player) -> None:
    page = player.page
    player.choose("CartPole", seed=42, speed="0.25")
    player.start()
    balance(page, 60)  # nobody at the keys falls after ten
    page.locator("#speed").select_option("1")
    player.wait_for("resting")  # and then it falls
    expect(page.locator("#recorded")).to_contain_text("CartPole recorded")
    returned = int(page.inner_text("#return-now"))
    assert returned >= 9


@in_chromium
def test_the_page_is_written_a_few_times_a_second_however_fast_the_game(player: Player) -> None:
    """The main thread has nothing to do for a frame: only the figures change."""
    player.choose("Pond")
    player.page.locator("#last summary").click()
    player.start()
    player.wait_for_steps(5)
    counted = player.page.evaluate(
        """async () => {
          const watched = document.querySelector(".hud");
          let writes = 0;
          new MutationObserver(() => { writes += 1; })
            .observe(watched, { subtree: true, childList: true, characterData: true });
          await new Promise((resolve) => setTimeout(resolve, 2000));
          return writes;
        }"""
    )
    player.follow_steps()
    assert 5 <= counted <= 26
