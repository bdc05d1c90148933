"""Bytecode for the worker's own files: made by the served Pyodide, used while it fits."""

import base64
import io
import json
import tarfile
from pathlib import Path

import pytest

from gymserver import library, optional
from gymserver.bundle import LONGEST, Bundle, Bytecode, digest
from gymserver.library import compile_library, read_library
from gymserver.runtime import PYSCRIPT_SOURCES
from gymserver.settings import Settings
from gymserver.site import Site
from tests.runtimes import Runtime
from tests.unit.server.sites import make_web
from tests.unit.server.test_bytecode import COUNT

TOML = """
[worker.files]
"lib/*.py" = "./lib/"
"""
BODY = "value = 6 * 7\n\ndef fail():\n    raise KeyError('why')\n"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A site whose worker has two modules, one of them for no Python."""
    web = make_web(tmp_path / "web", TOML)
    (web / "lib").mkdir()
    (web / "lib/good.py").write_text(BODY)
    (web / "lib/template.py").write_text("{% not python %}\n")
    return web


def compiled(web: Path, real_site: Site, cache: Path) -> tuple[Path | None, list[str]]:
    """Compiles the worker's files of a site with the real Pyodide."""
    assert real_site.runtime
    lines: list[str] = []
    pyodide = real_site.runtime / real_site.addresses.pyodide
    folder = compile_library(Settings.read(web), real_site.runtime, pyodide, cache, lines.append)
    return folder, lines


def names(bundle: Bundle) -> list[str]:
    """The files in a bundle."""
    with tarfile.open(fileobj=io.BytesIO(bundle.content)) as archive:
        return [entry.name for entry in archive if entry.isfile()]


def own(bundle: Bundle) -> list[str]:
    """The files in a bundle, but for PyScript's."""
    return [name for name in names(bundle) if not name.startswith("pyscript/")]


def test_sources_travel_with_their_bytecode_until_they_change(
    web: Path, real_site: Site, tmp_path: Path
) -> None:
    folder, lines = compiled(web, real_site, tmp_path / "cache")
    assert folder
    assert "compiling the worker's own files" in lines[0]
    assert compiled(web, real_site, tmp_path / "cache") == (folder, [])
    found = read_library(folder)
    assert list(found.worker) == [digest(BODY.encode())]
    [(tag, _)] = found.worker.values()
    settings = Settings.read(web, found)
    packed = settings.bundle("worker")
    assert own(packed) == ["lib/good.py", f"lib/__pycache__/good.{tag}.pyc", "lib/template.py"]
    assert packed.address != Settings.read(web).bundle("worker").address
    (web / "lib/good.py").write_text("value = 43\n")
    assert own(Settings.read(web, found).bundle("worker")) == ["lib/good.py", "lib/template.py"]
    assert names(settings.bundle("page")) == []


def test_what_travels_is_imported_uncompiled_and_tracebacks_show_the_source(
    web: Path, real_site: Site, tmp_path: Path
) -> None:
    folder, _ = compiled(web, real_site, tmp_path / "cache")
    assert folder
    content = Settings.read(web, read_library(folder)).bundle("worker").content
    with Runtime.of_site("pyodide", real_site) as python:
        python.exec(COUNT + IMPORT)
        seen = json.loads(python.call("look", base64.b64encode(content).decode())[0])
    assert seen["compiled"] == []
    assert "lib/good.py\", line 4, in fail\n    raise KeyError('why')\n" in seen["traceback"]


IMPORT = """
import base64, importlib, io, json, os, sys, tarfile, tempfile, traceback

def look(text, buffers, out):
    folder = tempfile.mkdtemp()
    tarfile.open(fileobj=io.BytesIO(base64.b64decode(text))).extractall(folder, filter="data")
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    from lib import good
    try:
        good.fail()
    except KeyError:
        return json.dumps({"compiled": compiled, "traceback": traceback.format_exc()})
"""


def test_pyscript_s_own_modules_have_bytecode_that_is_compared_with_what_it_writes(
    web: Path, real_site: Site, tmp_path: Path
) -> None:
    folder, _ = compiled(web, real_site, tmp_path / "cache")
    assert folder
    found = read_library(folder)
    bundle = Settings.read(web, found).bundle("worker")
    with tarfile.open(fileobj=io.BytesIO(bundle.content)) as archive:
        members = {name: archive.extractfile(name) for name in found.pyscript}
        packed = {name: member.read() for name, member in members.items() if member}
    assert packed == found.pyscript
    assert all(
        name.startswith("pyscript/__pycache__/") and name.endswith(".cpython-313.pyc")
        for name in packed
    )
    sources = pyscript_writes(real_site)
    assert {name.split("/")[-1].split(".")[0] + ".py" for name in packed} == set(sources)
    content = base64.b64encode(bundle.content).decode()
    with Runtime.of_site("pyodide", real_site) as python:
        python.exec(COUNT + CHECKED)
        good = {"util.py": sources["util.py"]}
        other = {"util.py": "is_awaitable = 'another'\n"}
        for written, compiled_there in ((good, []), (other, ["util.py"])):
            text = json.dumps({"content": content, "files": written})
            seen = json.loads(python.call("look", text)[0])
            assert seen == {"compiled": compiled_there, "other": written is other}


def pyscript_writes(site: Site) -> dict[str, str]:
    """The Python files in the PyScript that is served, as its JavaScript has them."""
    assert site.runtime
    [file] = (site.runtime / site.addresses.pyscript).glob("core-*.js")
    script = file.read_text("utf-8")
    found = library._pyscript(site.runtime / PYSCRIPT_SOURCES)
    modules = {name.removeprefix("pyscript/"): code.decode() for name, code in found.items()}
    assert all(
        json.dumps(source, ensure_ascii=False)[1:-1] in script for source in modules.values()
    )
    return modules


CHECKED = """
import base64, importlib, io, json, os, sys, tarfile, tempfile

def look(text, buffers, out):
    given = json.loads(text)
    folder = tempfile.mkdtemp()
    content = io.BytesIO(base64.b64decode(given["content"]))
    tarfile.open(fileobj=content).extractall(folder, filter="data")
    for name, source in given["files"].items():
        with open(f"{folder}/pyscript/{name}", "w") as file:
            file.write(source)
    compiled.clear()
    sys.path.insert(0, f"{folder}/pyscript")
    importlib.invalidate_caches()
    sys.modules.pop("util", None)
    import util
    names = [str(name).rpartition("/")[2] for name in compiled]
    return json.dumps({"compiled": names, "other": util.is_awaitable == "another"})
"""


def test_a_place_that_is_too_long_for_a_bundle_goes_without(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(BODY)
    place = "d/" * 40 + "a.py"
    assert len(place) < LONGEST < len(place) + len("__pycache__/.cpython-313c")
    code = Bytecode(worker={digest(BODY.encode()): ("cpython-313", b"code")})
    assert names(Bundle.of("worker", {place: file}, code)) == [place]


def test_without_node_the_sources_are_served_and_the_next_start_tries_again(
    web: Path, real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_node", lambda: None)
    folder, lines = compiled(web, real_site, tmp_path / "cache")
    assert folder is None
    assert lines == [
        "compiling the worker's own files with Pyodide ...",
        "serving the worker's files without bytecode, boots will take longer: there is no Node.js",
    ]
    assert not list((tmp_path / "cache").glob("library-*"))
