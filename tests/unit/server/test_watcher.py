"""`--reload`: the thread that watches the folder."""

import logging
import shutil
import threading
import time
from pathlib import Path

import pytest

from gymserver.app import create_app
from gymserver.errors import StartError
from gymserver.site import Site
from tests.unit.server.reloading import Page, Served, reloading, until


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
        # Where a disk pauses while they are written, what was written until then is told first.
        events = [page.next()]
        while events[-1] != (".", "page"):
            events.append(page.next())
        assert len(events) <= 5
        assert {kind for _, kind in events} == {"page"}


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
