"""`--reload`: what a page asks and hears."""

from pathlib import Path

import pytest

from gymserver import changes
from gymserver.app import create_app
from gymserver.changes import ADDRESS, Changes
from gymserver.export import export
from gymserver.site import Site
from tests.unit.server.reloading import Page, Served, config_of
from tests.unit.server.sites import client_of


def test_every_open_page_is_told(served: Served) -> None:
    pages = [Page(served.connect) for _ in range(3)]
    served.save("envs/a.py")
    for page in pages:
        assert page.next() == ("envs/a.py", "environment")


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


def test_the_address_is_none_of_a_user_s_file(served: Served) -> None:
    served.save(ADDRESS, "mine")
    page = Page(served.connect)
    page.ask()
    assert page.answer.headers["Content-Type"].startswith("text/event-stream")
