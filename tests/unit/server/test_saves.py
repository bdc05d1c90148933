"""`--reload`: one save is told once, however an editor writes it."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchfiles import Change

from gymserver import changes
from gymserver.changes import Changes
from gymserver.site import Site
from tests.unit.server.reloading import DEADLINE, END, Page, Served, reloading, until


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


def test_a_save_that_takes_a_second_is_told_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "QUIET_MS", 1500)  # a busy machine writes with pauses
    monkeypatch.setattr(changes, "LONGEST_SAVE_MS", 60_000)
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


def test_a_save_is_told_within_half_a_second(served: Served, page: Page) -> None:
    times = []
    for number in range(10):
        start = time.monotonic()
        served.save("envs/a.py", f"x = {number}\n")
        assert page.next() == ("envs/a.py", "environment")
        times.append(time.monotonic() - start)
    print(f"save to event: median {sorted(times)[5] * 1000:.0f} ms, worst {max(times) * 1000:.0f}")
    assert sorted(times)[5] < 0.5
