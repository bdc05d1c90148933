"""What patterns in a table of files stand for."""

from pathlib import Path

import pytest

from gymserver.errors import StartError
from gymserver.patterns import matches
from gymserver.settings import SIDES, Settings
from gymserver.site import ROOT, Site
from tests.unit.server.sites import make_web

FILES = (
    *("a.py", "lib/b.py", "lib/c.txt", "lib/deep/d.py", "lib/deep/er/e.py", "lib/other/d.py"),
    *(".hidden.py", "lib/.hidden.py", "lib/.deep/f.py", "lib/deep/__pycache__/d.cpython-313.pyc"),
)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    web = make_web(tmp_path / "web", "")
    for name in FILES:
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).touch()
    return web


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("lib/*.py", {"to/b.py": "lib/b.py"}),
        ("lib/[bc].*", {"to/b.py": "lib/b.py", "to/c.txt": "lib/c.txt"}),
        ("lib/deep/?.py", {"to/d.py": "lib/deep/d.py"}),
        (
            "lib/**/*.py",
            {
                "to/b.py": "lib/b.py",
                "to/deep/d.py": "lib/deep/d.py",
                "to/deep/er/e.py": "lib/deep/er/e.py",
                "to/other/d.py": "lib/other/d.py",
            },
        ),
        ("lib/deep/**/e.py", {"to/er/e.py": "lib/deep/er/e.py"}),
        (
            "lib/[!o]*/**/*.py",  # what a sign stands for is kept before the stars too
            {"to/deep/d.py": "lib/deep/d.py", "to/deep/er/e.py": "lib/deep/er/e.py"},
        ),
        ("lib/deep/**", {"to/d.py": "lib/deep/d.py", "to/er/e.py": "lib/deep/er/e.py"}),
        ("lib/.*.py", {}),
        ("lib/.deep/**/*.py", {}),
        ("lib/*", {"to/b.py": "lib/b.py", "to/c.txt": "lib/c.txt"}),
        ("nowhere/**/*.py", {}),
    ],
)
def test_a_pattern_stands_for_files_and_keeps_their_folders(
    web: Path, pattern: str, places: dict[str, str]
) -> None:
    assert matches(web, pattern, "./to/") == {to: web / name for to, name in places.items()}


def test_nothing_that_a_link_leads_to_outside_is_among_them(web: Path) -> None:
    (web.parent / "outside").mkdir()
    (web.parent / "outside" / "secret.py").touch()
    try:
        (web / "lib" / "link").symlink_to(web.parent / "outside", target_is_directory=True)
    except OSError:  # Windows asks for a privilege
        return
    assert not [place for place in matches(web, "**/*.py", "") if "secret" in place]


@pytest.mark.parametrize(
    ("text", "line", "pattern"),
    [
        ('a = 1\n[files]\n"lib/*.py" = ""\n"lib/*.js" = ""\n', 4, "lib/*.js"),
        ('[worker]\n[worker.files]\n\n"none/**/*.py" = ""\n', 4, "none/**/*.py"),
        ('[files]\n"lib/.*.py" = ""\n', 2, "lib/.*.py"),
        ('[files]\n"../*.py" = ""\n', 2, "../*.py"),
        ('[files]\n"/lib/*.py" = ""\n', 2, "/lib/*.py"),
        ('[files]\n"lib**/x*.py" = ""\n', 2, "lib**/x*.py"),
        ("[files]\n'lib/\\u*.py' = ''\n", 2, "lib/\\u*.py"),
    ],
)
def test_a_pattern_that_stands_for_nothing_is_an_error_at_the_start(
    web: Path, text: str, line: int, pattern: str
) -> None:
    (web / "pyscript.toml").write_text(text)
    with pytest.raises(StartError) as caught:
        Site.prepare(web, cdn=True)
    message = str(caught.value)
    assert message.startswith(f"{web / 'pyscript.toml'}, line {line}: files: {pattern!r} stands")
    assert "\n" not in message


def test_what_the_browser_fetches_by_itself_is_no_pattern(web: Path) -> None:
    files = {"https://example.org/a*.py": "", "gone.py": ""}
    (web / "pyscript.toml").write_text('[files]\n"https://example.org/a*.py" = ""\n"gone.py" = ""')
    settings = Settings.read(web)
    assert settings.page["files"] == files
    assert not settings.bundle("page").files


def test_each_side_of_the_project_gets_its_own_rooms() -> None:
    settings = Settings.read(ROOT / "web")
    rooms = {
        side: {
            place.split("/")[1] for place in settings.bundle(side).files if "gymworker/" in place
        }
        for side in ("page", "worker")
    }
    assert rooms["page"] - rooms["worker"] == {"page"}
    assert rooms["worker"] - rooms["page"] == {"surface", "worker"}
    for side in rooms:
        for place in settings.bundle(side).files:
            assert (ROOT / "web" / place).is_file()  # nothing has moved on the way
    assert all(place.startswith("gymworker/pygame/") for place in settings.bundle("later").files)
    library = {
        file.relative_to(ROOT / "web").as_posix()
        for file in (ROOT / "web" / "gymworker").rglob("*.py")
    }
    assert library <= {place for side in SIDES for place in settings.bundle(side).files}
