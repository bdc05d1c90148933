"""What was played is not lost with its page: the browser asks first, and finds it again."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from gymworker.recording import read
from playwright.sync_api import Browser, Dialog, expect

from gymserver.app import create_app
from tests.browser.browsers import in_chromium
from tests.browser.conftest import MakeSite
from tests.browser.pages import open_page, wait_for, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served, serving

# A file's lines are read once the page is told to.
HOLD = """
() => {
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    await new Promise((go) => { window.release = go; });
    return read.call(this);
  };
}
"""
NOTHING = "Each episode is recorded: seed, actions, rewards, times."


class Visitor(Player):
    """A visitor who agrees to whatever the browser asks; `asked` has what that was."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.page.on("dialog", self._agree)

    def reload(self) -> None:
        """Loads the page again and waits until it can be played."""
        self.page.reload()
        wait_for(self.page, "done")
        self.open_developers()

    def expect_recorded(self, text: str) -> None:
        """Waits until the page says this of its recordings."""
        expect(self.page.locator("#recorded")).to_have_text(text, timeout=DEADLINE)

    def play_moves(self, seeds: int) -> None:
        """Plays that many episodes of FrozenLake, one move each."""
        for _ in range(seeds):
            self.page.locator("#single").click()
            expect(self.page.locator("#step")).to_have_text("1", timeout=DEADLINE)
            self.page.locator("#reset").click()
            expect(self.page.locator("#step")).to_have_text("0", timeout=DEADLINE)

    def _agree(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        dialog.accept()


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Visitor]:
    """A visitor at FrozenLake, in a browser that keeps nothing yet."""
    with visiting(browser, served) as visitor:
        yield visitor


@contextmanager
def visiting(browser: Browser, served: Served) -> Iterator[Visitor]:
    """A visitor at FrozenLake."""
    with watched(browser, served.url) as context:
        yield Visitor(open_page(context, served.url + "#FrozenLake", "done"))


def test_recordings_outlive_the_page_until_they_are_saved(visitor: Visitor) -> None:
    visitor.play_moves(3)
    visitor.expect_recorded("3 episodes of FrozenLake recorded, not saved yet.")
    visitor.reload()
    assert visitor.asked == ["beforeunload"]
    visitor.expect_recorded("3 episodes of FrozenLake recorded, not saved yet.")
    visitor.play_moves(1)  # what is played now joins what was found
    visitor.expect_recorded("4 episodes of FrozenLake recorded, not saved yet.")
    name, text = visitor.save("#save-jsonl")
    assert re.fullmatch(r"frozenlake-seed\d+-\d{8}-\d{6}\.jsonl", name)
    about, *episodes = map(json.loads, text.splitlines())
    assert about["environment"] == "FrozenLake"
    assert [episode["steps"] for episode in episodes] == [1, 1, 1, 1]
    visitor.expect_recorded("4 episodes of FrozenLake recorded, and saved.")
    visitor.save("#save-csv")  # as long as the page is there
    visitor.reload()
    visitor.expect_recorded(NOTHING)
    assert visitor.asked == ["beforeunload"]


@in_chromium
def test_what_is_played_after_a_save_is_found_again_alone(visitor: Visitor) -> None:
    visitor.play_moves(2)
    visitor.save("#save-jsonl")
    visitor.play_moves(1)
    visitor.expect_recorded("3 episodes of FrozenLake recorded, 1 of them not saved yet.")
    for episodes in ("1 episode", "3 episodes", "5 episodes"):
        visitor.reload()
        visitor.expect_recorded(f"{episodes} of FrozenLake recorded, not saved yet.")
        visitor.play_moves(2)


@in_chromium
def test_what_is_played_while_a_file_is_made_is_not_in_it(visitor: Visitor) -> None:
    visitor.play_moves(2)
    page = visitor.page
    page.evaluate(HOLD)
    page.locator("#save-csv").click()
    page.wait_for_function("Boolean(window.release)")
    visitor.play_moves(1)
    page.evaluate("release()")
    page.wait_for_function("savedFiles.length == 1")
    saved = read(page.evaluate("savedFiles[0].text"))
    assert [len(record["actions"]) for record in saved] == [1, 1]
    visitor.expect_recorded("3 episodes of FrozenLake recorded, 1 of them not saved yet.")
    visitor.reload()
    assert visitor.asked == ["beforeunload"]
    visitor.expect_recorded("1 episode of FrozenLake recorded, not saved yet.")


@in_chromium
def test_no_tab_takes_from_another_what_it_keeps(visitor: Visitor) -> None:
    visitor.play_moves(2)
    other = Visitor(open_page(visitor.page.context, visitor.page.url, "done"))
    other.expect_recorded("2 episodes of FrozenLake recorded, not saved yet.")
    other.play_moves(1)
    visitor.page.bring_to_front()
    visitor.play_moves(1)
    visitor.save("#save-jsonl")
    other.page.bring_to_front()
    other.play_moves(1)
    visitor.page.bring_to_front()
    visitor.play_moves(1)
    other.page.bring_to_front()
    other.reload()
    other.expect_recorded("3 episodes of FrozenLake recorded, not saved yet.")


def test_recordings_can_be_thrown_away(visitor: Visitor) -> None:
    page = visitor.page
    visitor.play_moves(2)
    visitor.choose("Taxi")
    visitor.expect_recorded(NOTHING + " Not saved yet: FrozenLake.")
    assert page.is_disabled("#throw-away")
    visitor.choose("FrozenLake")
    page.locator("#throw-away").click()
    visitor.expect_recorded(NOTHING)
    assert visitor.asked == ["confirm"]
    visitor.reload()
    visitor.expect_recorded(NOTHING)
    assert visitor.asked == ["confirm"]


@in_chromium
def test_switching_without_playing_records_nothing_and_the_page_does_not_ask(
    visitor: Visitor,
) -> None:
    visitor.page.locator("#title").click()  # a page that nobody touched would not ask anyway
    for name in ("Pond", "CartPole", "Duet", "FrozenLake"):
        visitor.choose(name)
        visitor.expect_recorded(NOTHING)
    visitor.reload()
    visitor.expect_recorded(NOTHING)
    assert visitor.asked == []


@in_chromium
def test_each_version_of_the_code_has_a_file_of_its_own(
    browser: Browser, changed_site: MakeSite
) -> None:
    site = changed_site({})
    with serving(create_app(site=site)) as served, visiting(browser, served) as visitor:
        visitor.play_moves(2)
        file = site.web / "envs" / "frozen_lake.py"
        file.write_text(file.read_text("utf-8") + "\n# another version\n", "utf-8")
        visitor.reload()
        visitor.play_moves(1)
        visitor.expect_recorded("3 episodes of FrozenLake recorded, not saved yet.")
        visitor.save("#save-jsonl")
        visitor.page.wait_for_function("savedFiles.length == 2")
        files = visitor.page.evaluate("savedFiles")
        assert len({file["name"] for file in files}) == 2
        assert [file["text"].count("\n") for file in files] == [3, 2]
        codes = [json.loads(file["text"].splitlines()[0])["code"] for file in files]
        assert codes[0] != codes[1]
        visitor.drop(files[0]["text"])
        replayed = visitor.page.locator("#replayed")
        expect(replayed).to_contain_text("Another version of the environment's code recorded it.")


# What a long session leaves in the browser: so many copies of a record.
LEAVE = """
async ([count, record, about]) => {
  const request = indexedDB.open("gymworker");
  const database = await new Promise((done) => { request.onsuccess = () => done(request.result); });
  const transaction = database.transaction("values", "readwrite");
  const values = transaction.objectStore("values");
  const bytes = new TextEncoder().encode(record);
  values.put(about, "about/1-1");
  for (let i = 0; i < count; i += 1) values.put(bytes, `record/1-1/${String(i).padStart(9, "0")}`);
  await new Promise((done) => { transaction.oncomplete = done; });
}
"""
WATCH = """
() => {
  let last = performance.now();
  window.longest = 0;
  setInterval(() => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - last);
    last = now;
  }, 5);
}
"""


@in_chromium
def test_a_long_session_is_saved_without_a_pause_of_the_page(visitor: Visitor) -> None:
    visitor.play_moves(1)
    about, record = visitor.save("#save-jsonl")[1].splitlines()
    about = json.dumps({**json.loads(about), "id": "1-1"})
    visitor.page.evaluate(LEAVE, [20_000, record, about])
    visitor.reload()
    visitor.expect_recorded("20000 episodes of FrozenLake recorded, not saved yet.")
    visitor.page.evaluate(WATCH)
    _, table = visitor.save("#save-csv")
    _, lines = visitor.save("#save-jsonl")
    assert lines.count("\n") == 20_001
    assert table.count("\n") >= 40_001  # a reset and a step each
    longest = visitor.page.evaluate("longest")
    print(f"20,000 episodes: the page paused for {longest:.0f} ms at most")
    assert longest < 2000  # of a busy machine; the table alone is several seconds of work
