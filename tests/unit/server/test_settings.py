"""How `pyscript.toml` is read and what of it reaches the page."""

from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.interpreter import Interpreter
from gymserver.runtime import Addresses
from gymserver.settings import Settings

ADDRESSES = Addresses("ps/", "mp/", "py/")


def read(folder: Path, text: str | bytes) -> Settings:
    (folder / "pyscript.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return Settings.read(folder)


def test_what_the_user_wrote_reaches_the_page(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        'plugins = ["!error"]\n[files]\n"a.py" = ""\n'
        '[worker]\npackages = ["a[b]==1"]\ndebug = true\n[worker.files]\n"é.py" = ""\n',
    )
    downloads = [{"url": "w/a.whl", "bytes": 3}]
    assert settings.render(ADDRESSES, downloads) == {
        "interpreter": "mp/micropython.mjs",
        "plugins": ["!error"],
        "files": {"a.py": ""},
        "worker": {
            "interpreter": Interpreter("py/pyodide.mjs").address,
            "packages": ["a[b]==1"],
            "debug": True,
            "files": {"é.py": ""},
            "downloads": downloads,
        },
    }


def test_a_file_without_worker_table_is_enough(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.packages == []
    assert settings.render(ADDRESSES, [])["worker"]["packages"] == []


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    settings = read(tmp_path, '[worker]\npackages = ["a"]\n'.encode("utf-8-sig"))
    assert settings.packages == ["a"]


def test_an_interpreter_of_the_user_wins_and_gets_its_packages_from_micropip(
    tmp_path: Path,
) -> None:
    settings = read(tmp_path, '[worker]\ninterpreter = "https://example.org/pyodide.mjs"\n')
    worker = settings.render(ADDRESSES, [{"url": "w/a.whl", "bytes": 3}])["worker"]
    assert worker["interpreter"] == Interpreter("https://example.org/pyodide.mjs").address
    assert (worker["downloads"], worker["micropip"]) == ([], True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = [\n", r"pyscript\.toml is not valid TOML: .*line 2|end of document"),
        ("a = 1\nb = oops\n", r"pyscript\.toml is not valid TOML: .*line 2"),
        (b"a = '\xff'\n", r"pyscript\.toml is not UTF-8"),
        ("a = 1\nworker = 3\n", r"pyscript\.toml, line 2: worker must be a table"),
        ('[worker]\n\npackages = "numpy"\n', r"line 3: packages must be a list"),
        ("[worker]\npackages = [1]\n", r"line 2: packages must be a list"),
        ('[worker]\npackages = ["a b c"]\n', r"line 2: packages must be .* not 'a b c'"),
        ("a = 1\nfiles = 3\n", r"line 2: files must be a table"),
        ("[worker]\nfiles.a = 3\n", r"line 2: files must be a table"),
        ("a = 1\ninterpreter = 3\n", r"line 2: interpreter must be an address"),
        ("[worker]\ninterpreter = ['a']\n", r"line 2: interpreter must be an address"),
        ("when = 2026-01-01\n", r"dates and times"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_with_its_place(
    tmp_path: Path, text: str | bytes, complaint: str
) -> None:
    with pytest.raises(StartError, match=complaint) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


GAME = '[[environments]]\nname = "Game"\nfile = "game.py"\n'


def test_environments_reach_the_page_as_written(tmp_path: Path) -> None:
    (tmp_path / "game.py").touch()
    settings = read(tmp_path, GAME + 'about = "Fun"\nlevel = 3\n')
    expected = [{"name": "Game", "file": "game.py", "about": "Fun", "level": 3}]
    assert settings.environments == expected
    assert settings.render(ADDRESSES, [])["environments"] == expected
    assert read(tmp_path, "").environments == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = 1\nenvironments = 3\n", r"line 2: expected tables \[\[environments\]\] .*got 3"),
        ("[environments]\nname = 'A'\n", r"line 1: expected tables \[\[environments\]\]"),
        ("environments = ['game.py']\n", r"line 1: .*expected tables .*got 'game.py'"),
        (GAME + "[[environments]]\nfile = 'game.py'\n", r"line 4: .*expected name .*got none"),
        (GAME + "\n[[environments]]\nname = ' '\n", r"line 6: .*expected name .*got ' '"),
        ("[[environments]]\nname = 'A'\n", r"line 1: .*expected file .*got none"),
        (GAME + "ends = 3\n", r"line 4: .*expected ends to be text in quotes, got 3"),
        (GAME + "start = 'now'\n", r"line 4: .*expected start .*'key', .*'at once', got 'now'"),
        ("[[environments]]\nname = 'A'\nfile = 3\n", r"line 3: .*expected file .*got 3"),
        (GAME + "about = ['x']\n", r"line 4: .*expected about .*got \['x'\]"),
        (GAME + GAME, r"line 5: .*expected names that differ, got 'Game' twice"),
        (GAME + "[[environments]]\nname = 'A'\nfile = 'no.py'\n", r"line 6: .*no file no\.py in"),
        (GAME.replace("game.py", "../game.py"), r"line 3: .*expected a file in .*'\.\./game\.py'"),
        (GAME.replace("game.py", "/game.py"), r"line 3: .*expected a file in .*'/game\.py'"),
        (GAME.replace("game.py", ".game.py"), r"line 3: .*expected a file in .*'\.game\.py'"),
    ],
)
def test_a_wrong_environment_is_told_in_one_line_with_its_place(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "game.py").touch()
    with pytest.raises(StartError, match=rf"pyscript\.toml, {complaint}") as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"cannot read .*pyscript\.toml: No such file"):
        Settings.read(tmp_path)
