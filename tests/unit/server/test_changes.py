"""`--reload`: what is saved reaches open pages, and nothing else does."""

import http.client
import json
import logging
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from watchfiles import Change

from gymserver import changes
from gymserver.app import create_app
from gymserver.changes import ADDRESS, Changes
from gymserver.errors import StartError
from gymserver.export import export
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.unit.server.sites import client_of, listening

DEADLINE = 10.0
END = "end.txt"


def until(true: Callable[[], bool], deadline: float = DEADLINE) -> float:
    """Waits for something that nothing tells of; returns the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < deadline, "not in time"
        time.sleep(0.01)
    return time.monotonic() - start


class Page:
    """An open page, which asks as a browser's EventSource does, over real connections."""

    def __init__(self, connect: Callable[[], http.client.HTTPConnection]) -> None:
        self.connect = connect
        self.address = str(config_of(self.get("/"))["reload"])
        self.last: str | None = None
        self.waiting: list[dict[str, str]] = []

    def get(self, address: str, **headers: str) -> str:
        connection = self.connect()
        connection.request("GET", address, headers=headers)
        self.answer = connection.getresponse()
        text = self.answer.read().decode()
        connection.close()
        return text

    def ask(self) -> None:
        """Asks once."""
        headers = {"Last-Event-ID": self.last} if self.last else {}
        for event in self.get(f"/{self.address}", **headers).split("\n\n"):
            fields = dict(line.split(": ", 1) for line in event.splitlines())
            self.last = fields.get("id", self.last)
            if "data" in fields:
                self.waiting.append(json.loads(fields["data"]))

    def next(self) -> tuple[str, str]:
        """Returns file and kind of the next change."""
        start = time.monotonic()
        while not self.waiting:
            assert time.monotonic() - start < DEADLINE, "no change in time"
            self.ask()
            time.sleep(0.02)
        change = self.waiting.pop(0)
        assert set(change) == {"file", "kind"}
        return change["file"], change["kind"]


@dataclass
class Served:
    """A server with `--reload`."""

    web: Path
    connect: Callable[[], http.client.HTTPConnection]

    def save(self, name: str, text: str = "x = 1\n") -> None:
        """Writes a file."""
        file = self.web / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def told(self, page: Page) -> list[tuple[str, str]]:
        """Returns what the page was told until now, by saving one more file and waiting for it."""
        self.save(END)
        found = []
        while (change := page.next()) != (END, "page"):
            found.append(change)
        return found


@contextmanager
def reloading(site: Site) -> Iterator[Served]:
    app = create_app(site=site, reload=True)
    watcher: Changes = app.extensions["changes"]
    try:
        with listening(app) as connect:
            yield Served(site.web, connect)
    finally:
        watcher.close()


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    (site.web / "envs").mkdir()
    (site.web / "games").mkdir()
    (site.web / "games" / "pong.py").write_text("env = 1\n")
    toml = '[worker]\npackages = ["pkg"]\n[[environments]]\nname = "Pong"\nfile = "games/pong.py"\n'
    (site.web / "pyscript.toml").write_text(toml)
    with reloading(site) as served:
        yield served


@pytest.fixture
def page(served: Served) -> Page:
    return Page(served.connect)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("envs/cartpole.py", "environment"),
        ("envs/deep/er/sprites.png", "environment"),
        ("games/pong.py", "environment"),
        ("games/other.py", "page"),
        ("index.html", "page"),
        ("main.py", "page"),
        ("new/folder/style.css", "page"),
    ],
)
def test_a_save_is_told_with_its_kind(served: Served, page: Page, name: str, kind: str) -> None:
    served.save(name)
    assert page.next() == (name, kind)


def test_every_open_page_is_told(served: Served) -> None:
    pages = [Page(served.connect) for _ in range(3)]
    served.save("envs/a.py")
    for page in pages:
        assert page.next() == ("envs/a.py", "environment")


def test_a_new_environment_in_the_configuration_counts_at_once(served: Served, page: Page) -> None:
    served.save("games/chess.py")
    assert page.next() == ("games/chess.py", "page")
    served.save("pyscript.toml", '[[environments]]\nname = "Chess"\nfile = "games/chess.py"\n')
    assert page.next() == ("pyscript.toml", "page")
    served.save("games/chess.py", "x = 2\n")
    assert page.next() == ("games/chess.py", "environment")


def test_a_broken_configuration_is_told_and_forgets_no_environment(
    served: Served, page: Page
) -> None:
    served.save("pyscript.toml", "oops = [")
    assert page.next() == ("pyscript.toml", "page")
    served.save("games/pong.py")
    assert page.next() == ("games/pong.py", "environment")


def truncate_and_write_in_pieces(file: Path) -> None:
    with file.open("w") as stream:
        for number in range(20):
            stream.write(f"x = {number}\n")
            stream.flush()
    os.utime(file)


def write_beside_and_rename(file: Path) -> None:
    beside = file.with_name(f".{file.name}.swp")
    beside.write_text("x = 2\n")
    beside.replace(file)


def rename_and_write_anew(file: Path) -> None:
    backup = file.with_name(file.name + "~")
    file.rename(backup)
    file.write_text("x = 2\n")
    backup.unlink()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a save pause for longer, as it may on a busy machine; for tests before `served`."""
    monkeypatch.setattr(changes, "QUIET_MS", 200)
    monkeypatch.setattr(changes, "LONGEST_SAVE_MS", 5000)


@pytest.mark.parametrize(
    "save", [truncate_and_write_in_pieces, write_beside_and_rename, rename_and_write_anew]
)
def test_a_save_in_several_events_is_told_once(
    patience: None, served: Served, page: Page, save: Callable[[Path], None]
) -> None:
    served.save("envs/a.py")
    assert page.next() == ("envs/a.py", "environment")
    save(served.web / "envs" / "a.py")
    assert page.next() == ("envs/a.py", "environment")
    assert served.told(page) == []


def test_a_file_that_is_missing_for_a_moment_is_told_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = site.web / "main.py"
    go = threading.Event()

    def rounds(*_: object, **options: object) -> Iterator[set[tuple[Change, str]]]:
        yield set()
        go.wait(DEADLINE)
        file.unlink()
        yield {(Change.deleted, str(file))}
        file.touch()
        yield {(Change.added, str(file))}
        yield set()
        (site.web / END).touch()
        yield {(Change.added, str(site.web / END))}
        watcher._ended.wait(DEADLINE)

    monkeypatch.setattr("watchfiles.watch", rounds)
    watcher = Changes(site.web)
    watcher.start()
    begin = watcher.last
    go.set()
    until(lambda: END in watcher.events(begin))
    watcher.close()
    assert re.findall(r'"file": "(.+?)"', watcher.events(begin)) == ["main.py", END]


def test_a_deleted_file_is_told(served: Served, page: Page) -> None:
    (served.web / "main.py").unlink()
    assert page.next() == ("main.py", "page")
    assert served.told(page) == []


def test_a_folder_that_is_moved_in_is_told_file_by_file(
    served: Served, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    for name in ("a.py", "b.py"):
        (tmp_path / "more" / name).touch()
    (tmp_path / "more").rename(served.web / "envs" / "more")
    assert [page.next(), page.next()] == [
        ("envs/more/a.py", "environment"),
        ("envs/more/b.py", "environment"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden",
        ".folder/main.py",
        "lib/main.py~",
        "lib/__pycache__/main.py",
        "envs/.a.py.swp",
        "envs/.git/index",
        "envs/a.py~",
        "envs/__pycache__/a.cpython-313.pyc",
        "envs/#a.py#",
        "envs/.#a.py",
        "envs/a.py.tmp",
        "envs/a.py___jb_tmp___",
        "4913",
    ],
)
def test_what_no_page_cares_for_is_not_told(served: Served, page: Page, name: str) -> None:
    served.save(name)
    assert served.told(page) == []


def test_reading_a_file_is_no_change(served: Served, page: Page) -> None:
    connection = served.connect()
    for name in ("/", "/main.py"):
        connection.request("GET", name)
        assert connection.getresponse().read()
    connection.close()
    assert served.told(page) == []


def test_an_answer_has_the_headers_of_every_answer(page: Page) -> None:
    page.ask()
    headers = {name.lower(): value for name, value in page.answer.getheaders()}
    assert page.answer.status == 200
    assert headers["content-type"].partition(";")[0] == "text/event-stream"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("cross-origin")]


def test_without_reload_there_are_no_events_and_the_page_knows_none(site: Site) -> None:
    client = client_of(site)
    assert client.get(f"/{ADDRESS}").status_code == 404
    assert "reload" not in config_of(client.get("/").text)


def test_the_page_learns_the_address_relative_to_itself(site: Site) -> None:
    (site.web / "sub" / "page.html").write_text("|{{ site.config }}")
    app = create_app(site=site, reload=True)
    watcher: Changes = app.extensions["changes"]
    try:
        client = app.test_client()
        address = f"{ADDRESS}?after={watcher.last}"
        assert config_of(client.get("/").text)["reload"] == address
        assert config_of(client.get("/sub/page.html").text)["reload"] == f"../{address}"
        assert client.head(f"/{ADDRESS}").status_code == 200
        assert client.post(f"/{ADDRESS}").status_code == 405
    finally:
        watcher.close()


def config_of(page: str) -> dict[str, object]:
    text = unescape(page).split("|")[1].partition("</pre>")[0]
    found: dict[str, object] = json.loads(text)
    return found


def test_an_export_knows_nothing_of_changes(site: Site, tmp_path: Path) -> None:
    export(site, create_app(site=site), tmp_path / "out")
    assert "reload" not in config_of((tmp_path / "out" / "index.html").read_text())
    assert not (tmp_path / "out" / ".gymworker").exists()


def test_an_open_page_holds_no_connection(served: Served, page: Page) -> None:
    page.ask()
    assert page.get(f"/{page.address}") == f"retry: {changes.RETRY_MS}\n\n"  # and is over


def test_a_change_while_the_page_asks_nothing_is_told_later(served: Served, page: Page) -> None:
    for name in ("envs/b.py", "envs/a.py"):
        other = Page(served.connect)
        served.save(name)
        assert other.next() == (name, "environment")
    assert [page.next() for _ in range(2)] == [
        ("envs/b.py", "environment"),
        ("envs/a.py", "environment"),
    ]


def test_each_save_is_told_once_however_often_the_page_asks(served: Served, page: Page) -> None:
    for number in range(3):
        served.save("envs/a.py", f"x = {number}\n")
        assert page.next() == ("envs/a.py", "environment")
        page.ask()
        assert page.waiting == []


@pytest.mark.parametrize("after", ["", "nonsense", "a-b", "00000000-3"])
def test_a_page_of_an_earlier_server_is_loaded_anew_once(served: Served, after: str) -> None:
    page = Page(served.connect)
    page.address = f"{ADDRESS}?after={after}"
    assert page.next() == (".", "page")
    page.ask()
    assert page.waiting == []
    served.save("envs/a.py")
    assert page.next() == ("envs/a.py", "environment")


def test_a_save_that_takes_a_second_is_told_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "QUIET_MS", 700)  # a busy machine writes with pauses
    with reloading(site) as served:
        page = Page(served.connect)
        with (served.web / "main.py").open("w") as file:
            for number in range(20):
                file.write(f"x = {number}\n")
                file.flush()
                page.ask()
                assert page.waiting == []
                time.sleep(0.05)
        assert page.next() == ("main.py", "page")
        assert served.told(page) == []


def test_ten_thousand_files_are_watched_and_their_change_is_one_event(
    site: Site,
) -> None:
    for number in range(10_000):
        file = site.web / "pictures" / str(number // 500) / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    start = time.monotonic()
    with reloading(site) as served:
        page = Page(served.connect)
        begun = time.monotonic() - start
        served.save("envs/a.py")
        assert page.next() == ("envs/a.py", "environment")
        print(f"watching after {begun:.2f} s, told after {time.monotonic() - start - begun:.2f} s")
        for file in (site.web / "pictures").rglob("*.png"):
            file.write_text("changed")
        assert page.next() == (".", "page")


def test_a_folder_that_vanishes_is_told_and_awaited(
    served: Served, page: Page, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.WARNING)
    served.web.rename(tmp_path / "away")
    until(lambda: "is gone; waiting until it is there again" in caplog.text)
    shutil.copytree(tmp_path / "away", served.web)
    while page.next() != ("index.html", "page"):
        pass
    until(lambda: "watching the new one" in caplog.text)
    while ("envs/a.py", "environment") not in served.told(page):
        served.save("envs/a.py")


def test_a_folder_that_cannot_be_watched_is_one_error(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    with pytest.raises(StartError, match=r"cannot watch .*: OS file watch limit.*--reload"):
        create_app(site=site, reload=True)


def test_a_closed_watcher_leaves_no_thread(site: Site) -> None:
    before = set(threading.enumerate())
    app = create_app(site=site, reload=True)
    app.extensions["changes"].close()
    until(lambda: set(threading.enumerate()) <= before)


def test_the_settings_of_the_project_name_its_environments() -> None:
    settings = Settings.read(ROOT / "web")
    assert [entry["name"] for entry in settings.environments][:1] == ["CartPole"]


def test_a_save_is_told_within_half_a_second(served: Served, page: Page) -> None:
    times = []
    for number in range(10):
        start = time.monotonic()
        served.save("envs/a.py", f"x = {number}\n")
        assert page.next() == ("envs/a.py", "environment")
        times.append(time.monotonic() - start)
    print(f"save to event: median {sorted(times)[5] * 1000:.0f} ms, worst {max(times) * 1000:.0f}")
    assert sorted(times)[5] < 0.5


def test_the_address_is_none_of_a_user_s_file(served: Served) -> None:
    served.save(ADDRESS, "mine")
    page = Page(served.connect)
    page.ask()
    assert page.answer.headers["Content-Type"].startswith("text/event-stream")
