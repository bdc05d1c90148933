"""Any environment by its name: chosen from the list or typed, played, kept, shown again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import BOOT_DEADLINE, open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium

LAKE = 'FrozenLake-v1(is_slippery=False, map_name="8x8")'
"""The name of an environment, as the page writes it."""


@pytest.fixture(scope="module")
def opened(browser: Browser, served: Served) -> Iterator[Page]:
    """The page of all these tests."""
    permissions = ["clipboard-read", "clipboard-write"]
    with watched(browser, served.url, permissions=permissions) as context:
        yield open_page(context, served.url, "done")


@pytest.fixture
def page(opened: Page) -> Page:
    """The page, with its first environment, chosen anew."""
    Player(opened).choose("CartPole")
    opened.evaluate("document.querySelector('#stock').open = false")
    return opened


def ask_for(page: Page, text: str) -> None:
    """Types an id."""
    if page.locator("#stock").get_attribute("open") is None:
        page.locator("#stock summary").click()
    page.locator("#stock-id").fill(text)
    page.get_by_role("button", name="Play it").click()


def copied(page: Page) -> str:
    page.locator("#copy-link").click()
    expect(page.locator("#copied")).to_have_text("Link copied.", timeout=DEADLINE)
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_list_has_what_gymnasium_can_make_here(page: Page) -> None:
    player = Player(page)
    page.locator("#stock summary").click()
    page.wait_for_function("document.querySelector('#stock-list').length > 5", timeout=DEADLINE)
    ids = page.locator("#stock-list option").all_inner_texts()
    assert {"Acrobot-v1", "CartPole-v1", "FrozenLake8x8-v1", "Taxi-v4"} <= set(ids)
    assert not {"CartPole-v0", "HalfCheetah-v5", "LunarLander-v3"} & set(ids)
    page.locator("#stock-list").select_option("Acrobot-v1")
    expect(page.locator("#title")).to_have_text("Acrobot-v1", timeout=DEADLINE)
    player.wait_for("ready")
    assert page.get_by_role("radio", checked=True).count() == 0
    expect(page.locator("#keys kbd").first).to_have_text("0")
    player.start()
    page.keyboard.press("2")
    expect(page.locator("#step")).to_have_text("1", timeout=DEADLINE)
    player.choose("Taxi")
    expect(page.locator("#stock-name")).to_have_text("Any other")
    assert page.input_value("#stock-list") == page.input_value("#stock-id") == ""


def test_an_id_with_arguments_is_played_linked_recorded_and_shown_again(
    page: Page, served: Served
) -> None:
    player = Player(page)
    ask_for(page, "FrozenLake-v1(map_name='8x8',is_slippery=False)")
    expect(page.locator("#title")).to_have_text(LAKE, timeout=DEADLINE)
    player.wait_for("ready")
    assert page.input_value("#stock-id") == LAKE
    player.type_seed("5")
    player.start()
    for step, key in enumerate(("ArrowRight", "ArrowDown", "ArrowDown"), 1):
        page.keyboard.press(key)
        expect(page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
    link = copied(page)
    page.locator("#reset").click()
    expect(page.locator("#recorded")).to_contain_text("1 episode of " + LAKE, timeout=DEADLINE)
    name, text = player.save("#save-jsonl")
    assert name.startswith("frozenlake-v1-is-slippery-false-map-name-8x8-seed5-")

    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#title")).to_have_text(LAKE, timeout=60_000)
    player.wait_for("ready")
    assert (page.input_value("#seed"), page.input_value("#stock-id")) == ("5", LAKE)
    expect(page.locator("#stock-name")).to_have_text(LAKE)
    player.choose("Pond")
    player.drop(text)
    expect(page.locator("#replayed")).to_contain_text("agrees", timeout=DEADLINE)
    expect(page.locator("#title")).to_have_text(LAKE)
    player.check_only()
    expect(page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    expect(page.locator("#replayed")).to_contain_text("1 episode, 3 steps", timeout=DEADLINE)


def test_a_game_of_pettingzoo_is_played_against_chance(page: Page) -> None:
    player = Player(page)
    ask_for(page, "pettingzoo.classic.connect_four_v3")
    expect(page.locator("#title")).to_have_text("pettingzoo.classic.connect_four_v3")
    player.wait_for("ready")
    seats = page.locator("#seats select")
    assert [seat.input_value() for seat in seats.all()] == ["human", "random"]
    expect(page.locator("#keys kbd").first).to_have_text("0")
    player.start()
    expect(page.locator("#game-state")).to_have_text("Your move")
    page.keyboard.press("3")
    expect(page.locator("#step")).to_have_text("2", timeout=DEADLINE)
    player.wait_for("waiting")
    seats.last.select_option("human")
    expect(page.locator("#step")).to_have_text("0", timeout=DEADLINE)
    expect(page.locator("#game-state")).to_have_text("player_0: your move", timeout=DEADLINE)
    page.locator("#stage").focus()
    for column, whose in (("0", "player_1"), ("1", "player_0")):
        page.keyboard.press(column)
        said = f"{whose}: your move"
        expect(page.locator("#game-state")).to_have_text(said, timeout=DEADLINE)
    for step in range(3, 8):
        page.keyboard.press("0")
        expect(page.locator("#step")).to_have_text(str(step), timeout=DEADLINE)
    page.keyboard.press("0")
    expect(page.locator("#game-state")).to_contain_text("0 is not allowed now", timeout=DEADLINE)


def test_going_back_leads_to_the_one_before(page: Page) -> None:
    player = Player(page)
    ask_for(page, "Blackjack-v1")
    expect(page.locator("#title")).to_have_text("Blackjack-v1", timeout=DEADLINE)
    player.wait_for("ready")
    ask_for(page, "Pendulum-v1")
    expect(page.locator("#title")).to_have_text("Pendulum-v1", timeout=DEADLINE)
    player.wait_for("ready")
    page.go_back()
    expect(page.locator("#title")).to_have_text("Blackjack-v1", timeout=DEADLINE)
    expect(page.locator("#stock-name")).to_have_text("Blackjack-v1")


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ("Akrobot-v1", "Akrobot-v1 cannot be made here.", "Did you mean: `Acrobot`?"),
        ("CartPole-v1(size=3)", "CartPole-v1(size=3) cannot", "unexpected keyword argument 'size'"),
        ("HalfCheetah-v5", "HalfCheetah-v5 cannot be made here.", "MuJoCo is not installed"),
    ],
)
def test_what_cannot_be_made_is_told(page: Page, text: str, what: str, why: str) -> None:
    player = Player(page)
    ask_for(page, text)
    player.wait_for("failed", timeout=BOOT_DEADLINE)
    expect(page.locator("#failure-what")).to_contain_text(what)
    expect(page.locator("#failure-title")).to_contain_text(why)
    expect(page.locator("#failure-advice")).to_contain_text("Look at the id and its arguments")
    page.locator("#another").click()
    expect(page.locator("#stock-id")).to_be_focused()
    player.ask_for("Taxi")
    player.wait_for("ready")


def test_what_is_no_id_is_said_at_the_field(page: Page) -> None:
    ask_for(page, "CartPole-v1(size)")
    problem = page.locator("#stock-problem")
    expect(problem).to_have_text("Expected = in the arguments, got “)”.")
    expect(page.locator("#stock-id")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#title")).to_have_text("CartPole")
    page.locator("#stock-id").press_sequentially(" ")
    expect(problem).to_be_hidden()


def test_the_page_says_who_drew(page: Page) -> None:
    player = Player(page)
    line = page.locator("#stand-in")
    expect(line).to_be_hidden()
    ask_for(page, "CartPole-v1")
    expect(line).to_have_text("Drawn with the stand-in for pygame.")
    expect(line).to_be_visible(timeout=DEADLINE)
    expect(page.locator("#log")).to_contain_text("pygame is gymworker's stand-in here")
    player.ask_for("Taxi")
    expect(line).to_be_hidden(timeout=DEADLINE)
