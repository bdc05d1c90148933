"""Bytecode in wheels: made by the real Pyodide under Node, imported by it, or left away."""

import base64
import csv
import hashlib
import io
import json
import re
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gymserver import optional
from gymserver.bytecode import compile_packages
from gymserver.packages import store_wheels, stored_wheels
from gymserver.site import Site
from tests.runtimes import Runtime
from tests.unit.server.wheels import make_wheel, sha256

RULES = """\
def play(move):
    if move not in {"up", "down"}:
        raise ValueError("no such move")
"""
FILES = {
    "game/__init__.py": "from game import rules\n",
    "game/rules.py": RULES,
    "game/broken.py": "def :\n",
    "game/native.so": "\0asm",
    "game/tests/test_rules.py": "value = 1\n",
    "single.py": "value = 'ä'\n",
}
COMPILED = [
    "game/__pycache__/__init__.cpython-313.pyc",
    "game/__pycache__/rules.cpython-313.pyc",
    "__pycache__/single.cpython-313.pyc",
]

Compile = Callable[..., tuple[Path, list[str]]]


def make_packages(folder: Path, **entry: str) -> Path:
    """Makes a folder such as `install_packages` makes, with one wheel."""
    folder.mkdir()
    wheel = make_wheel(folder, "game", files=FILES)
    store_wheels(folder, {"python": "3.13.2"}, {"game": ({"name": "game", **entry}, wheel)})
    return folder


def wheel_in(packages: Path) -> Path:
    return stored_wheels(packages)["game"][1]


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def program(folder: Path, script: str) -> str:
    """Writes a program in Node's place that runs lines of Python."""
    file = folder / "node"
    file.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    file.chmod(0o755)
    if sys.platform != "win32":
        return str(file)
    command = folder / "node.cmd"
    command.write_text(f'@"{sys.executable}" "{file}" %*\n')
    return str(command)


def compiled_by(site: Site, packages: Path, cache: Path) -> tuple[Path, list[str]]:
    assert site.runtime
    lines: list[str] = []
    pyodide = site.runtime / site.addresses.pyodide
    return compile_packages(packages, site.runtime, pyodide, cache, lines.append), lines


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_packages(tmp_path_factory.mktemp("packages") / "packages")


@pytest.fixture(scope="module")
def compiled(packages: Path, real_site: Site) -> Path:
    folder, lines = compiled_by(real_site, packages, packages.parent / "cache")
    assert lines == ["compiling them with Pyodide ..."]
    return folder


@pytest.fixture
def compile_with(
    packages: Path, real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Compile:
    """Compiles with another program in Node's place, and an empty cache."""

    def compile_with(node: str | None, of: Path = packages) -> tuple[Path, list[str]]:
        monkeypatch.setattr(optional, "find_node", lambda: node)
        return compiled_by(real_site, of, tmp_path / "cache")

    return compile_with


def test_modules_have_bytecode_but_not_broken_ones_and_tests(compiled: Path) -> None:
    assert [name for name in contents(wheel_in(compiled)) if name.endswith(".pyc")] == COMPILED


def test_every_other_file_stays_as_it_was(packages: Path, compiled: Path) -> None:
    old, new = contents(wheel_in(packages)), contents(wheel_in(compiled))
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    assert changed == {*COMPILED, "game-1.0.dist-info/RECORD"}


def test_the_record_has_every_file_and_the_hashes_of_the_bytecode(compiled: Path) -> None:
    files = contents(wheel_in(compiled))
    record = files["game-1.0.dist-info/RECORD"].decode()
    rows = {name: rest for name, *rest in csv.reader(io.StringIO(record))}
    assert rows.keys() == files.keys()
    for name in COMPILED:
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).decode()
        assert rows[name] == [f"sha256={digest.rstrip('=')}", str(len(files[name]))]


def test_the_lock_file_has_the_new_hash(compiled: Path) -> None:
    entry, file = stored_wheels(compiled)["game"]
    assert entry["sha256"] == sha256(file)
    assert file.parent.name == entry["sha256"][:16]


def test_the_same_wheels_give_the_same_bytes(
    compiled: Path, packages: Path, real_site: Site, tmp_path: Path
) -> None:
    again, _ = compiled_by(real_site, packages, tmp_path)
    assert again.name == compiled.name
    assert wheel_in(again).read_bytes() == wheel_in(compiled).read_bytes()


def test_a_clock_before_1980_stops_nothing(
    packages: Path, compiled: Path, real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.localtime", lambda *_: time.struct_time((1970, 1, 1, *[0] * 6)))
    again, lines = compiled_by(real_site, packages, tmp_path)
    monkeypatch.undo()
    assert lines == ["compiling them with Pyodide ..."]
    assert contents(wheel_in(again)) == contents(wheel_in(compiled))


def test_an_import_in_pyodide_compiles_nothing_and_tracebacks_show_the_source(
    compiled: Path, real_site: Site
) -> None:
    assert real_site.runtime
    folder, lock = real_site.runtime / real_site.addresses.pyodide, "pyodide-lock.json"
    with Runtime("pyodide", folder, real_site.runtime / lock, [wheel_in(compiled)]) as python:
        python.exec(COUNT + IMPORT)
        seen = json.loads(python.call("look", "")[0])
    assert seen["compiled"] == ["test_rules.py", "broken.py"]
    assert seen["cached"] == f"/lib/python3.13/site-packages/{COMPILED[1]}"
    assert seen["error"] == "SyntaxError"
    place = 'File "/lib/python3.13/site-packages/game/rules.py", line 3, in play\n'
    assert f'{place}    raise ValueError("no such move")\n' in seen["traceback"]


COUNT = """
import importlib.machinery
compiled = []
original = importlib.machinery.SourceFileLoader.source_to_code
def source_to_code(self, data, path, **options):
    compiled.append(path.rpartition("/")[2])
    return original(self, data, path, **options)
importlib.machinery.SourceFileLoader.source_to_code = source_to_code
"""
"""Keeps the names of the files that Python compiles in `compiled`."""

IMPORT = """
import importlib, json, traceback

def look(text, buffers, out):
    seen = {"compiled": compiled}
    import game, single
    seen["cached"] = game.rules.__cached__
    try:
        game.rules.play("left")
    except ValueError:
        seen["traceback"] = traceback.format_exc()
    import game.tests.test_rules
    try:
        import game.broken
    except SyntaxError as error:
        seen["error"] = type(error).__name__
    return json.dumps(seen)
"""


def test_a_later_start_needs_no_node(
    compiled: Path, packages: Path, real_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_node", None)
    assert compiled_by(real_site, packages, compiled.parent) == (compiled, [])


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "there is no Node.js"),
        ("missing", "cannot run missing: .+"),
        ("sys.exit('bad option')", "Pyodide failed: bad option"),
        ("sys.exit(9)", "Pyodide failed: no output"),
        ("sys.exit(0)", r".*bytecode\.zip.*"),
    ],
)
def test_without_a_node_that_works_the_packages_are_served_as_they_are(
    script: str | None, reason: str, compile_with: Compile, packages: Path, tmp_path: Path
) -> None:
    node = script if script in (None, "missing") else program(tmp_path, script)
    folder, lines = compile_with(node)
    assert folder == packages
    told = "serving the packages without bytecode, boots will take longer: "
    assert re.fullmatch(told + reason, lines[-1])
    assert not list((tmp_path / "cache").glob("bytecode-*"))  # the next start tries again


def test_a_node_that_hangs_is_ended(
    compile_with: Compile, packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "DEADLINE", 0.1)
    folder, lines = compile_with(program(tmp_path, "import threading; threading.Event().wait()"))
    assert folder == packages
    assert lines[-1].endswith("Pyodide did not end within 0.1 s")


def test_other_wheels_are_compiled_into_another_folder(
    compile_with: Compile, packages: Path, tmp_path: Path
) -> None:
    empty = "import zipfile; zipfile.ZipFile(sys.argv[5] + '/bytecode.zip', 'w').close()"
    node = program(tmp_path, empty)
    first, _ = compile_with(node)
    other, _ = compile_with(node, make_packages(tmp_path / "other", version="2"))
    assert first.parent == other.parent == tmp_path / "cache"
    assert first != other
    assert wheel_in(first).read_bytes() == wheel_in(packages).read_bytes()


def test_without_packages_nothing_runs(compile_with: Compile, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    store_wheels(tmp_path / "none", {}, {})
    assert compile_with(None, tmp_path / "none") == (tmp_path / "none", [])
