"""Bytecode for the page's own files: made for the served MicroPython, used while it fits."""

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from gymserver import optional
from gymserver.bundle import LONGEST, Bundle, Bytecode, digest
from gymserver.micropython import compile_page, read_page
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.runtimes import Runtime
from tests.unit.server.sites import make_web

TOML = """
[files]
"lib/*.*" = "./lib/"
"""
BODY = 'big = 1 << 30\nname = "é"\n\n\ndef fail():\n    raise KeyError(name)\n'


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A site whose page has a package, with files in it that cannot be compiled."""
    web = make_web(tmp_path / "web", TOML)
    (web / "lib").mkdir()
    (web / "lib/good.py").write_text(BODY, "utf-8")
    (web / "lib/__init__.py").write_text("")
    (web / "lib/wrong.py").write_text("def f(:\n")
    (web / "lib/latin.py").write_bytes(b"name = '\xe9'\n")
    (web / "lib/data.txt").write_text("words")
    return web


def compiled(web: Path, real_site: Site, cache: Path) -> tuple[Path | None, list[str]]:
    """Compiles the page's files of a site with the real compiler."""
    assert real_site.runtime
    lines: list[str] = []
    return compile_page(Settings.read(web), real_site.runtime, cache, lines.append), lines


def contents(bundle: Bundle) -> dict[str, bytes]:
    """The files in a bundle."""
    with tarfile.open(fileobj=BytesIO(bundle.content)) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive}
        return {name: file.read() for name, file in files.items() if file}


def test_bytecode_travels_in_the_place_of_a_source_until_it_changes(
    web: Path, real_site: Site, tmp_path: Path
) -> None:
    folder, lines = compiled(web, real_site, tmp_path / "cache")
    assert folder
    assert lines == ["compiling the page's own files for MicroPython ..."]
    assert compiled(web, real_site, tmp_path / "cache") == (folder, [])
    code = Bytecode(page=read_page(folder))
    packed = contents(Settings.read(web, code).bundle("page"))
    places = ["__init__.mpy", "data.txt", "good.mpy", "latin.py", "wrong.py"]
    assert list(packed) == [f"lib/{name}" for name in places]
    assert packed["lib/wrong.py"] == b"def f(:\n"
    (web / "lib/good.py").write_text("name = 43\n")
    packed = contents(Settings.read(web, code).bundle("page"))
    assert "lib/good.mpy" not in packed
    assert packed["lib/good.py"] == b"name = 43\n"


def test_micropython_imports_it_and_its_tracebacks_name_the_source(
    web: Path, real_site: Site, tmp_path: Path
) -> None:
    folder, _ = compiled(web, real_site, tmp_path / "cache")
    assert folder
    packed = contents(Settings.read(web, Bytecode(page=read_page(folder))).bundle("page"))
    sent = {name: content.hex() for name, content in packed.items()}
    with Runtime.of_site("micropython", real_site) as python:
        python.exec(LOOK)
        seen = json.loads(python.call("look", json.dumps(sent))[0])
    assert seen["file"].endswith("lib/good.mpy")
    assert (seen["big"], seen["name"]) == (1 << 30, "é")
    assert 'File "lib/good.py", line 6, in fail' in seen["traceback"]


LOOK = """
import io, json, os, sys

def look(text, buffers, out):
    os.mkdir("lib")
    for name, content in json.loads(text).items():
        with open(name, "wb") as file:
            file.write(bytes.fromhex(content))
    from lib import good
    try:
        good.fail()
    except KeyError as error:
        lines = io.StringIO()
        sys.print_exception(error, lines)
    found = {"file": good.__file__, "big": good.big, "name": good.name}
    found["traceback"] = lines.getvalue()
    return json.dumps(found)
"""


def test_every_file_of_the_page_that_we_serve_has_bytecode(real_site: Site, tmp_path: Path) -> None:
    web = ROOT / "web"
    folder, _ = compiled(web, real_site, tmp_path / "cache")
    assert folder
    packed = contents(Settings.read(web, Bytecode(page=read_page(folder))).bundle("page"))
    assert packed
    assert all(name.endswith(".mpy") for name in packed)


def test_a_file_of_bytecode_knows_its_place(web: Path, real_site: Site, tmp_path: Path) -> None:
    (web / "lib/copy.py").write_text(BODY, "utf-8")
    folder, _ = compiled(web, real_site, tmp_path / "cache")
    assert folder
    packed = contents(Settings.read(web, Bytecode(page=read_page(folder))).bundle("page"))
    assert b"lib/copy.py" in packed["lib/copy.mpy"]
    assert b"lib/good.py" in packed["lib/good.mpy"]


@pytest.mark.parametrize("other", ["another.mjs", "https://cdn.example/pyodide/pyodide.mjs"])
def test_an_interpreter_of_the_user_s_own_gets_sources(web: Path, other: str) -> None:
    code = Bytecode(page={digest(BODY.encode(), "lib/good.py"): b"code"})
    assert "lib/good.mpy" in contents(Settings.read(web, code).bundle("page"))
    file = web / "pyscript.toml"
    file.write_text(f'interpreter = "{other}"\n{file.read_text("utf-8")}', "utf-8")
    assert "lib/good.py" in contents(Settings.read(web, code).bundle("page"))


def test_a_place_that_is_too_long_or_taken_keeps_its_source(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(BODY)
    long = "d" * (LONGEST - 3) + ".py"
    source = digest(file.read_bytes(), long), digest(file.read_bytes(), "a.py")
    code = Bytecode(page=dict.fromkeys(source, b"code"))
    files = {long: file, "a.py": file, "a.mpy": tmp_path / "a.mpy"}
    (tmp_path / "a.mpy").write_bytes(b"the author's")
    found = contents(Bundle.of("page", files, code))
    assert found == {
        long: BODY.encode(), "a.py": BODY.encode(), "a.mpy": b"the author's"
    }  # fmt: skip


def test_without_node_the_sources_are_served_and_the_next_start_tries_again(
    web: Path, real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_node", lambda: None)
    folder, lines = compiled(web, real_site, tmp_path / "cache")
    assert folder is None
    assert lines == [
        "compiling the page's own files for MicroPython ...",
        "serving the page's files without bytecode, boots will take longer: there is no Node.js",
    ]
    assert not list((tmp_path / "cache").glob("page-*"))
