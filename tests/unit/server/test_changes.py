"""`--reload`: which saves are told, and as what."""

import pytest

from gymserver.settings import Settings
from gymserver.site import ROOT
from tests.unit.server.reloading import Page, Served


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


def test_the_settings_of_the_project_name_its_environments() -> None:
    settings = Settings.read(ROOT / "web")
    assert [entry["name"] for entry in settings.environments][:1] == ["CartPole"]
