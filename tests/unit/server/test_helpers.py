"""Which files the code of an environment may import: the page is told, and asks for no others."""

import json
from html import unescape
from pathlib import Path

import pytest

from gymserver.changes import Changes
from gymserver.runtime import Versions
from gymserver.settings import Settings
from gymserver.site import Site
from tests.unit.server.sites import client_of, make_web

TOML = """
[files]
"app/*.py" = "./app/"
[[environments]]
name = "Pong"
file = "games/pong.py"
[[environments]]
name = "Chess"
file = "games/board/chess.py"
[worker]
packages = ["pkg"]
[worker.files]
"games/worker/*.py" = "./"
"""

FILES = (
    "app/a.py", "games/pong.py", "games/rules.py", "games/.hidden.py", "games/map.txt",
    "games/board/chess.py", "games/board/pieces/__init__.py", "games/board/pieces/king.py",
    "games/worker/own.py", "elsewhere/x.py", "games/__pycache__/rules.py",
)  # fmt: skip

EXPECTED = [
    "games/board/chess.py",
    "games/board/pieces/__init__.py",
    "games/board/pieces/king.py",
    "games/pong.py",
    "games/rules.py",
]


@pytest.fixture
def web(tmp_path: Path) -> Path:
    web = make_web(tmp_path / "web", TOML)
    for name in FILES:
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text("x = 1\n")
    return web


def test_those_beside_an_environment_and_below_it(web: Path) -> None:
    assert Settings.read(web).helpers == EXPECTED


def test_at_the_top_what_a_bundle_has_is_none(web: Path) -> None:
    toml = TOML.replace("games/pong.py", "main.py")
    (web / "pyscript.toml").write_text(toml)
    helpers = Settings.read(web).helpers
    assert "elsewhere/x.py" in helpers
    assert not {"app/a.py", "games/worker/own.py"} & set(helpers)


def test_without_environments_there_are_none(tmp_path: Path) -> None:
    settings = Settings.read(make_web(tmp_path / "web"))
    assert settings.helpers == []


def test_the_page_is_told_and_the_worker_is_not(web: Path) -> None:
    page = "{{ site.config }}<pre>{{ site.worker }}"
    (web / "index.html").write_text(page)
    (web / "sub" / "page.html").write_text(page)
    client = client_of(Site(web, Versions("1.2.3", "4.5.6", "7.8.9")))
    for address, root in (("/", ""), ("/sub/page.html", "../")):
        config, worker = unescape(client.get(address).text).split("<pre>")
        assert json.loads(config)["worker"]["helpers"] == [root + name for name in EXPECTED]
        assert "rules" not in worker


def test_a_save_of_one_is_told_as_of_an_environment(web: Path) -> None:
    changes = Changes(web)
    kinds = {name: changes.kind(name) for name in ("games/rules.py", "games/map.txt", "app/a.py")}
    assert kinds == {"games/rules.py": "environment", "games/map.txt": "page", "app/a.py": "page"}
