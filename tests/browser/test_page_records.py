"""What was played is saved as a file, and a file that is dropped on the page is checked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

pytestmark = in_chromium


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor who has played some episodes of CartPole, one for each browser."""
    with watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("CartPole", seed=21)
        for episode in range(4):
            player.start("#next" if episode else "#start")
            player.page.keyboard.down("ArrowRight")
            player.wait_for("resting")
            player.page.keyboard.up("ArrowRight")
        expect(player.page.locator("#recorded")).to_contain_text("4 episodes", timeout=DEADLINE)
        yield player


@pytest.fixture(scope="module")
def saved(player: Player) -> str:
    """The file of JSON Lines that was saved."""
    name, text = player.save("#save-jsonl")
    assert re.fullmatch(r"cartpole-seed21-\d{8}-\d{6}\.jsonl", name)
    return text


def test_a_saved_file_names_what_it_was_made_with(saved: str) -> None:
    about, *episodes = map(json.loads, saved.splitlines())
    assert about["environment"] == "CartPole"
    assert about["versions"]["packages"]["gymnasium"] == "1.4.0"
    assert [episode["seed"] for episode in episodes][:4] == [21, 22, 23, 24]
    assert {episode["ended"] for episode in episodes[:4]} == {"terminated"}
    assert len(about["code"]) == 64


def test_a_dropped_file_is_replayed(player: Player, saved: str) -> None:
    player.choose("Pond")  # the file says where it belongs
    player.drop(saved)
    player.check_only()
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("every reward, flag and observation agrees")
    expect(replayed).not_to_contain_text("Another version")
    expect(player.page.get_by_role("radio", name="CartPole")).to_be_checked()
    player.wait_for("ready")


def test_a_chosen_csv_file_is_replayed(player: Player, saved: str, tmp_path: Path) -> None:
    name, text = player.save("#save-csv")
    assert re.fullmatch(r"cartpole-seed21-\d{8}-\d{6}\.csv", name)
    steps = sum(json.loads(line)["steps"] + 1 for line in saved.splitlines()[1:])
    assert len(text.splitlines()) >= 1 + steps
    (tmp_path / "cartpole.csv").write_text(text, "utf-8", newline="")
    player.page.locator("#replayed").evaluate("(element) => { element.className = '' }")
    player.page.locator("#file").set_input_files(tmp_path / "cartpole.csv")
    player.check_only()
    expect(player.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    player.wait_for("ready")


def test_a_changed_file_says_where_it_first_differs(player: Player, saved: str) -> None:
    lines = saved.splitlines()
    first, second = (json.loads(line) for line in lines[1:3])
    second["seed"] += 100
    player.drop("\n".join([*lines[:2], json.dumps(second), *lines[3:]]))
    player.check_only()
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("differs", timeout=DEADLINE)
    expect(replayed).to_contain_text(f"First difference in episode {second['episode']}, step 0")
    player.wait_for("ready")
    first["code"] = "0" * 64
    player.drop("\n".join([lines[0], json.dumps(first)]))
    player.check_only()
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("Another version of the environment's code recorded it.")
    player.wait_for("ready")


def test_a_file_that_is_no_recording_says_so_and_the_game_goes_on(player: Player) -> None:
    player.drop("once upon a time\n")
    expect(player.page.locator("#replayed")).to_have_class("differs", timeout=DEADLINE)
    expect(player.page.locator("#replayed")).to_contain_text("columns")
    assert player.page.is_hidden("#error")
    player.wait_for("ready")
    player.start()
    player.wait_for_steps(2)


def test_the_browser_gets_the_file_as_a_download(player: Player, tmp_path: Path) -> None:
    with player.page.expect_download() as download:
        player.page.locator("#save-jsonl").click()
    assert re.fullmatch(r"cartpole-.*\.jsonl", download.value.suggested_filename)
    download.value.save_as(tmp_path / "cartpole.jsonl")
    assert json.loads((tmp_path / "cartpole.jsonl").read_text("utf-8").splitlines()[0])
