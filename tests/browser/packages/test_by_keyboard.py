"""Environments as their authors wrote them, played on the page by keyboard, with no line more."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gymserver.app import create_app
from gymserver.site import Site
from tests.browser.browsers import in_chromium
from tests.browser.packages.conftest import MakePackages
from tests.browser.pages import BOOT_DEADLINE, open_page, watched
from tests.browser.player import CHOSEN, DEADLINE, Player
from tests.browser.servers import serving

pytestmark = [in_chromium, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def opened(browser: Browser, site: Site) -> Iterator[Page]:
    """The page of most of these tests."""
    with serving(create_app(site=site)) as served, watched(browser, served.url) as context:
        yield open_page(context, served.url, "done")


def begin(page: Page, name: str) -> Player:
    """Has an environment made by its name, and begins."""
    player = Player(page)
    if page.locator("#menu").is_visible():
        page.locator("#menu").click()
    if page.locator("#stock").get_attribute("open") is None:
        page.locator("#stock summary").click()
    page.locator("#stock-id").fill(name)
    page.get_by_role("button", name="Play it").first.click()
    page.wait_for_function(CHOSEN, arg=name, timeout=DEADLINE)
    if page.locator("#ask").is_visible():
        page.locator("#ask-yes").click()
    expect(page.locator("#title")).to_have_text(name, timeout=DEADLINE)
    player.wait_for("ready", timeout=BOOT_DEADLINE)
    page.locator("#start").click()
    player.wait_for("armed", "running", "waiting")
    return player


def finish(page: Page, steps: int) -> None:
    """Looks at the picture, and ends the game."""
    player = Player(page)
    player.wait_for_picture(3)
    assert player.step >= steps


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("minigrid:MiniGrid-Empty-5x5-v0", ["ArrowUp", "ArrowRight", "ArrowUp", "5"]),
        ("mo_gymnasium:deep-sea-treasure-v0", ["ArrowRight", "ArrowDown"]),
        ("pettingzoo.classic.connect_four_v3", ["3"]),
        ("pettingzoo.classic.rps_v2", ["0", "2"]),
    ],
)
def test_a_game_that_waits_makes_a_step_for_each_key(
    opened: Page, name: str, keys: list[str]
) -> None:
    player = begin(opened, name)
    player.wait_for("waiting")
    for key in keys:
        before = player.step
        opened.keyboard.press(key)
        opened.wait_for_function(
            "before => Number(document.querySelector('#step').textContent) > before", arg=before
        )
        player.wait_for("waiting")
    finish(opened, len(keys))


@pytest.mark.parametrize(
    ("name", "key", "action"),
    [
        ("flappy_bird_gymnasium:FlappyBird-v0(use_lidar=False)", "Space", "1"),
        ("mpe2.simple_spread_v3", "ArrowLeft", "1"),
    ],
)
def test_a_game_with_an_action_that_does_nothing_goes_on_by_itself(
    opened: Page, name: str, key: str, action: str
) -> None:
    player = begin(opened, name)
    opened.evaluate("document.querySelector('#developers').open = true")
    player.follow_steps()
    opened.locator("#stage").focus()
    opened.keyboard.down(key)
    player.wait_for("running")
    expect(opened.locator("#last-action")).to_contain_text(action, timeout=DEADLINE)
    opened.keyboard.up(key)
    player.wait_for_steps(3)
    finish(opened, 4)


def test_chess_is_played_by_its_moves(opened: Page) -> None:
    player = begin(opened, "pettingzoo.classic.chess_v6")
    player.wait_for("waiting")
    moves = opened.locator("#moves-list")
    expect(moves).to_be_focused()
    expect(moves.locator("option")).to_have_count(20)
    opened.keyboard.type("e4")  # as in any list
    opened.keyboard.press("Enter")
    expect(opened.locator("#step")).to_have_text("2", timeout=DEADLINE)  # chance has answered
    player.wait_for("waiting")
    expect(moves).to_be_focused()
    names = moves.locator("option").all_inner_texts()
    assert len(names) > 20 and "e5" not in names[0]
    moves.select_option("Nf3" if "Nf3" in names else names[-1])
    opened.locator("#moves button").click()
    expect(opened.locator("#step")).to_have_text("4", timeout=DEADLINE)
    opened.locator("#seats select").last.select_option("human")  # two at one table
    expect(opened.locator("#step")).to_have_text("0", timeout=DEADLINE)
    player.wait_for("waiting")
    moves.get_by_text("Nf3", exact=True).wait_for(state="attached")
    moves.focus()
    for name, step in (("e4", "1"), ("e5", "2"), ("Nf3", "3")):
        moves.get_by_text(name, exact=True).wait_for(state="attached")
        expect(moves).to_be_focused()
        opened.keyboard.type(name)
        opened.keyboard.press("Enter")
        expect(opened.locator("#step")).to_have_text(step, timeout=DEADLINE)
    finish(opened, 3)


def test_the_list_of_moves_is_that_of_the_game_that_is_there(opened: Page) -> None:
    player = begin(opened, "pettingzoo.classic.chess_v6(screen_height=300)")
    form, moves = opened.locator("#moves"), opened.locator("#moves-list")
    expect(moves.locator("option")).to_have_count(20)
    opened.locator("#seats select").last.select_option("human")  # another game, at its step 0 too
    player.wait_for("waiting")
    expect(opened.locator("#game-state")).to_have_text("player_0: your move", timeout=DEADLINE)
    expect(form).to_be_visible()
    moves.focus()
    opened.keyboard.type("e4")
    opened.keyboard.press("Enter")
    expect(opened.locator("#step")).to_have_text("1", timeout=DEADLINE)
    expect(form).to_be_visible()
    player.ask_for("Taxi")
    expect(form).to_be_hidden()
    player.wait_for("ready")
    expect(form).to_be_hidden()


def test_2048_is_played_by_its_arrows(browser: Browser, packaged: MakePackages) -> None:
    asked = ["gymnasium-2048==0.1.2", "pettingzoo==1.27.0"]
    site = packaged("2048.lock", {"packages": asked})
    with serving(create_app(site=site)) as served, watched(browser, served.url) as context:
        page = open_page(context, served.url, "done")
        player = begin(page, "gymnasium_2048:gymnasium_2048/TwentyFortyEight-v0")
        player.wait_for("waiting")
        for step, key in enumerate(("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"), 1):
            page.keyboard.press(key)
            expect(page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
        finish(page, 4)
