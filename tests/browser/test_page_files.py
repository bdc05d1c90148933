"""Seeds that are typed, and files that are saved and brought."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served

QUERY = "?PROLIFIC_PID=p7&session=s%202&env=CartPole"
BRING = """
([bytes, name]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], name));
  return files;
}
"""
BRING_MUCH = """
(size) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(size)], "much.jsonl"));
  return files;
}
"""


@pytest.fixture(scope="module")
def player(browser: Browser, served: Served) -> Iterator[Player]:
    """A participant of a study."""
    with watched(browser, served.url) as context:
        yield Player(open_page(context, served.url + QUERY, "done"))


def bring(player: Player, files: object) -> None:
    player.page.locator("#replayed").evaluate("element => { element.className = '' }")
    player.page.dispatch_event("#records", "drop", {"dataTransfer": files})


@pytest.mark.parametrize(("typed", "seed"), [("1e3", "1000"), ("7.0", "7")])
def test_a_seed_typed_before_the_first_game_is_that_of_episode_1(
    player: Player, typed: str, seed: str
) -> None:
    page = player.page
    player.type_seed(typed)
    expect(page.locator("#seed")).to_have_value(seed)
    expect(page.locator("#seed-now")).to_have_text(seed, timeout=DEADLINE)
    expect(page.locator("#episode")).to_have_text("1")


@pytest.mark.parametrize("typed", ["-1", "1.5", "1e10", "seven"])
def test_what_is_no_seed_is_refused_aloud(player: Player, typed: str) -> None:
    page = player.page
    before = page.inner_text("#seed-now")
    player.type_seed(typed)
    problem = page.locator("#seed-problem")
    expect(problem).to_have_text(re.compile(f"whole number from 0 to .*, not “{re.escape(typed)}”"))
    expect(page.locator("#seed")).to_have_attribute("aria-invalid", "true")
    page.locator("#reset").click()
    expect(page.locator("#seed-now")).to_have_text(before)
    player.type_seed("7")
    expect(problem).to_be_hidden()


@pytest.fixture(scope="module")
def saved(player: Player) -> dict[str, str]:
    """Two episodes, as both kinds of files."""
    player.choose("CartPole", seed=7)
    player.start()
    player.page.keyboard.down("ArrowRight")
    expect(player.page.locator("#recorded")).to_contain_text("1 episode", timeout=DEADLINE)
    player.page.keyboard.up("ArrowRight")
    (name, lines), (table_name, table) = (player.save(f"#save-{kind}") for kind in ("jsonl", "csv"))
    assert re.fullmatch(r"cartpole-seed7-\d{8}-\d{6}\.jsonl", name)
    assert table_name == name.replace("jsonl", "csv")
    return {"jsonl": lines, "csv": table}


def test_a_file_says_who_played_with_what_and_when(player: Player, saved: dict[str, str]) -> None:
    about, record, *_ = map(json.loads, saved["jsonl"].splitlines())
    assert (about["participant"], about["session"]) == ("p7", "s 2")
    assert about["browser"] == player.page.evaluate("navigator.userAgent")
    assert (record["episode"], record["seed"], record["players"]) == (1, 7, "human")
    assert record["times"][0] == 0
    assert record["seconds"] * 1000 >= record["times"][-1]
    kinds = {event[1] for event in record["events"]}
    assert {"fps", "key"} <= kinds
    assert next(event[2:] for event in record["events"] if event[1] == "key") == [
        "ArrowRight",
        "down",
    ]
    table = saved["csv"]
    for line in ("# environment: CartPole", "# participant: p7", "# code: " + about["code"]):
        assert line in table
    assert "# version of gymnasium: " in table
    assert '"# event: [' in table


def test_leaving_the_page_stands_in_the_file(player: Player) -> None:
    page = player.page
    player.choose("Pond", seed=8)  # which goes on for long
    player.start()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    player.wait_for_steps(3)
    page.locator("#toggle").click()
    player.wait_for("paused")
    page.locator("#reset").click()
    _, text = player.save("#save-jsonl")
    last = json.loads(text.splitlines()[-1])
    kinds = [event[1] for event in last["events"]]
    assert kinds.index("blur") < kinds.index("focus")
    assert last["seed"] == 8


BROKEN = [
    (b"", "an empty file"),
    (b"PK\x03\x04" + bytes(99), "a ZIP archive"),
    (b"<!doctype html><p>Sign in", "a page in HTML"),
    (b'{"name": "package"}', "JSON of something else"),
    (b"a;b;c\n1;2;3\n", "expected the columns"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
]


@pytest.mark.parametrize(("data", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_what_is_no_recording_says_so_and_the_game_goes_on(
    player: Player, data: bytes, words: str
) -> None:
    refused(player, player.page.evaluate_handle(BRING, [list(data), "file"]), words)


def test_a_file_that_is_too_large_or_of_elsewhere_or_cut_says_so(
    player: Player, saved: dict[str, str]
) -> None:
    lines = saved["jsonl"]
    size = (64 << 20) + 1
    refused(player, player.page.evaluate_handle(BRING_MUCH, size), "at most 64 MB")
    for text, words in (
        (lines.replace('"CartPole"', '"Moon"', 1), "“Moon”, which this page has not; it has"),
        (lines[:-30], "ends in the middle of an episode"),
        (lines + lines.split("\n")[1] + "\n", "episode 1 stands here twice"),
    ):
        files = player.page.evaluate_handle(BRING, [list(text.encode()), "file"])
        refused(player, files, words)


def refused(player: Player, files: object, words: str) -> None:
    page = player.page
    if page.get_attribute("html", "data-game") != "waiting":
        player.choose("FrozenLake", seed=7)
        player.start()
        page.keyboard.press("ArrowUp")
        expect(page.locator("#step")).to_have_text("1")
    bring(player, files)
    expect(page.locator("#replayed")).to_have_class("differs", timeout=DEADLINE)
    expect(page.locator("#replayed")).to_contain_text(words)
    assert page.is_hidden("#failure")
    player.wait_for("waiting")
    assert (page.inner_text("#step"), page.inner_text("#seed-now")) == ("1", "7")


def test_a_german_excel_s_file_is_replayed(player: Player, saved: dict[str, str]) -> None:
    rows = []
    for row in saved["csv"].split("\r\n"):
        if row[:1] not in ("#", '"'):
            cells = row.replace("true", "WAHR").replace("false", "FALSCH").split(",")
            row = ";".join(cell.replace(".", ",") for cell in cells)
        rows.append(row)
    for data in ("\r\n".join(rows).encode("utf-16"), "\r\n".join(rows).encode("utf-8-sig")):
        bring(player, player.page.evaluate_handle(BRING, [list(data), "cartpole.csv"]))
        if player.page.locator("#check-only").is_visible():
            player.page.locator("#check-only").click()
        expect(player.page.locator("#replayed")).to_have_class("same", timeout=DEADLINE)


def test_an_observation_that_differs_is_shown(player: Player, saved: dict[str, str]) -> None:
    top, first, *_ = saved["jsonl"].splitlines()
    record = json.loads(first)
    record["seed"] = 99
    data = (top + "\n" + json.dumps(record) + "\n").encode()
    bring(player, player.page.evaluate_handle(BRING, [list(data), "file"]))
    expect(player.page.locator("#replayed")).to_have_class("differs", timeout=DEADLINE)
    expect(player.page.locator("#replayed")).to_contain_text(
        re.compile(r"step 0: obs is array\(\[ ?-?\d")
    )
    assert str(record["checksums"][0]) not in player.page.inner_text("#replayed")
