"""The project as an installed package: what an author's own tests and type checker find."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gymserver.site import ROOT

BUILD = "import hatchling.build, sys; print(getattr(hatchling.build, sys.argv[1])(sys.argv[2]))"

USE = """
from gymworker import Surface

surface = Surface(60, 40)
surface.circle(30, 20, 5, "#cf222e")
assert surface.commit()
"""
TYPED = """
from gymworker import Surface

wrong: str = Surface(60, 40)
"""
SERVE = """
import sys
from server import create_app

app = create_app(sys.argv[1], cdn=True, root=sys.argv[2])
assert app.test_client().get("/").status_code == 200
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=100)


def build(hook: str, folder: Path) -> Path:
    """Builds without the network, as pip does with `--no-build-isolation`."""
    result = run(sys.executable, "-c", BUILD, hook, str(folder), cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return folder / result.stdout.splitlines()[-1]


@pytest.fixture(scope="module", params=["build_wheel", "build_editable"])
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the package and nothing else, installed from a wheel or with `-e`."""
    folder = tmp_path_factory.mktemp("installed")
    wheel = build(request.param, folder)
    assert run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder).returncode == 0
    python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
    ]
    result = run(*pip, wheel, cwd=folder)
    assert result.returncode == 0, result.stderr
    return python


def test_an_author_s_own_code_imports_the_library(python: Path, tmp_path: Path) -> None:
    result = run(python, "-c", USE, cwd=tmp_path)
    assert result.returncode == 0, result.stderr


def test_a_type_checker_sees_its_types(python: Path, tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(USE)
    (tmp_path / "wrong.py").write_text(TYPED)
    checker: list[str | Path] = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        python,
    ]
    result = run(*checker, "right.py", "wrong.py", cwd=tmp_path)
    [error, _] = result.stdout.splitlines()
    assert error.startswith("wrong.py:4: error: Incompatible types in assignment")
    assert '"Surface"' in error


def test_a_wheel_holds_the_library_and_the_server_and_no_more(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("build_wheel", tmp_path)) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    folders = {"gymworker": ROOT / "web" / "gymworker", "gymserver": ROOT / "gymserver"}
    sources = {
        f"{package}/{file.relative_to(folder).as_posix()}"
        for package, folder in folders.items()
        for file in folder.rglob("*.*")
        if file.suffix in (".py", ".mjs")
    }
    assert names == {*sources, "gymworker/py.typed", "server.py"}


def test_the_installed_server_serves_a_folder_of_the_author_s(tmp_path: Path) -> None:
    """What it needs besides: the folder, and the versions in `package.json`."""
    result = run(
        sys.executable, "-m", "zipfile", "-e", build("build_wheel", tmp_path), "to", cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'to')!r})\n{SERVE}"
    command = [sys.executable, "-c", code, str(ROOT / "web"), str(ROOT)]
    result = run(*command, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
