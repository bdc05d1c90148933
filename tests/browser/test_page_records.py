"""What was played is saved as a file, and a file that is dropped on the page is checked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

# In Firefox Playwright did not hear of the download; why is not known.
pytestmark = in_chromium

FILE = """
(text) => {
  const files = new DataTransfer();
  files.items.add(new File([text], "recording.jsonl"));
  return files;
}
"""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A visitor who has played some episodes of CartPole and of FrozenLake."""
    with watched(browser, served.url) as context:
        player = Player(open_page(context, served.url, "done"))
        player.choose("CartPole", seed=21)
        player.start()
        player.page.keyboard.down("ArrowRight")
        expect(player.page.locator("#recorded")).to_contain_text("4 episodes", timeout=DEADLINE)
        player.page.keyboard.up("ArrowRight")
        player.page.locator("#toggle").click()
        player.wait_for("paused")
        yield player


@pytest.fixture(scope="module")
def saved(player: Player, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of JSON Lines that was saved."""
    with player.page.expect_download() as download:
        player.page.locator("#save-jsonl").click()
    assert download.value.suggested_filename == "cartpole.jsonl"
    file = tmp_path_factory.mktemp("saved") / "cartpole.jsonl"
    download.value.save_as(file)
    return file


def drop(player: Player, text: str) -> None:
    files = player.page.evaluate_handle(FILE, text)
    player.page.dispatch_event("#records", "dragover", {"dataTransfer": files})
    player.page.dispatch_event("#records", "drop", {"dataTransfer": files})


def test_a_saved_file_names_what_it_was_made_with(saved: Path) -> None:
    about, *episodes = map(json.loads, saved.read_text("utf-8").splitlines())
    assert about["environment"] == "CartPole"
    assert about["versions"]["packages"]["gymnasium"] == "1.4.0"
    assert [episode["seed"] for episode in episodes][:4] == [21, 22, 23, 24]
    for episode in episodes:
        assert len(episode["actions"]) == len(episode["rewards"]) == episode["steps"]


def test_a_dropped_file_is_replayed(player: Player, saved: Path) -> None:
    player.choose("Pond")  # the file says where it belongs
    drop(player, saved.read_text("utf-8"))
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("every reward, flag and observation agrees")
    expect(player.page.get_by_role("radio", name="CartPole")).to_be_checked()
    player.wait_for("ready")


def test_a_chosen_csv_file_is_replayed(player: Player, saved: Path, tmp_path: Path) -> None:
    player.page.locator("#save-csv").scroll_into_view_if_needed()
    with player.page.expect_download() as download:
        player.page.locator("#save-csv").click()
    assert download.value.suggested_filename == "cartpole.csv"
    download.value.save_as(tmp_path / "cartpole.csv")
    player.page.locator("#replayed").evaluate("(element) => { element.className = '' }")
    player.page.locator("#file").set_input_files(tmp_path / "cartpole.csv")
    expect(player.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)
    player.wait_for("ready")


def test_a_changed_file_says_where_it_first_differs(player: Player, saved: Path) -> None:
    lines = saved.read_text("utf-8").splitlines()
    second = json.loads(lines[2])
    second["rewards"][4] = 7.5
    drop(player, "\n".join([*lines[:2], json.dumps(second), *lines[3:]]))
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("differs", timeout=DEADLINE)
    expect(replayed).to_have_text(
        f"First difference in episode {second['episode'] + 1}, step 5: "
        "reward is 1.0, the file has 7.5."
    )
    player.wait_for("ready")


def test_a_file_that_is_no_recording_says_so_and_the_game_goes_on(player: Player) -> None:
    drop(player, "once upon a time\n")
    expect(player.page.locator("#replayed")).to_have_class("differs", timeout=DEADLINE)
    expect(player.page.locator("#replayed")).to_contain_text("columns")
    assert player.page.is_hidden("#error")
    player.wait_for("ready")
    player.start()
    player.wait_for_steps(2)
