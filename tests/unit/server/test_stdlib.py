"""The standard library with bytecode: made by the real Pyodide, imported by it, or left away."""

import json
import re
import zipfile
from _imp import source_hash
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gymserver import optional, stdlib
from gymserver.app import create_app
from gymserver.export import export
from gymserver.interpreter import Interpreter, Prepared
from gymserver.site import Site
from gymserver.stdlib import compile_stdlib
from tests.runtimes import Runtime
from tests.unit.server.sites import PYODIDE, client_of

ADDRESS = "stdlib/0123456789abcdef/python_stdlib.zip"


def archive(folder: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(folder / stdlib.address(folder))


def original(site: Site) -> zipfile.ZipFile:
    assert site.runtime
    return zipfile.ZipFile(site.runtime / site.addresses.pyodide / "python_stdlib.zip")


@pytest.fixture(scope="module")
def compiled(real_site: Site) -> Path:
    assert real_site.stdlib
    return real_site.stdlib


@pytest.fixture
def with_stdlib(site: Site, tmp_path: Path) -> Site:
    """The made-up site, with a standard library of its own."""
    file = tmp_path / "cache" / "stdlib-1" / ADDRESS
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PK library")
    return replace(site, stdlib=tmp_path / "cache" / "stdlib-1")


def test_each_module_has_its_bytecode_beside_it_and_nothing_is_lost(
    compiled: Path, real_site: Site
) -> None:
    names = archive(compiled).namelist()
    old = original(real_site).namelist()
    modules = {name for name in old if name.endswith(".py")}
    added = {name for name in names if name.endswith(".pyc")}
    assert [name for name in names if name not in added] == old
    assert {f"{name.removesuffix('c')}" for name in added} == modules
    assert len(names) == len(set(names))
    assert not [name for name in names if "__pycache__" in name]


def test_the_bytecode_is_of_these_sources_and_is_not_compared_with_them(
    compiled: Path, real_site: Site
) -> None:
    old = original(real_site)
    with archive(compiled) as files:
        for name in filter(lambda name: name.endswith(".pyc"), files.namelist()):
            head = files.read(name)[:16]
            assert head[4:8] == b"\1\0\0\0", name  # PEP 552: named by a hash, unchecked
            source = old.read(name.removesuffix("c"))
            assert files.read(name.removesuffix("c")) == source
            assert head[8:] == source_hash(int.from_bytes(head[:4], "little"), source), name


IMPORT = """
import importlib.machinery, inspect, json, sys, traceback, zipimport

def look(text, buffers, out):
    import json.decoder, smtplib, wave
    seen = {"path": [place for place in sys.path if place.endswith(".zip")]}
    seen["files"] = [module.__cached__ or module.__file__ for module in (smtplib, wave)]
    try:
        json.loads("[1,")
    except ValueError:
        seen["traceback"] = traceback.format_exc()
    seen["source"] = inspect.getsource(json.decoder.JSONDecodeError).splitlines()[0]
    seen["code"] = json.decoder.JSONDecoder.decode.__code__.co_filename
    return json.dumps(seen)
"""


def test_pyodide_imports_it_and_tracebacks_show_files_and_source_lines(
    compiled: Path, real_site: Site
) -> None:
    with Runtime.of_site("pyodide", real_site) as python:
        python.exec(IMPORT)
        seen = json.loads(python.call("look", "")[0])
    assert seen["path"] == ["/lib/python313.zip"]
    assert seen["files"] == [f"/lib/python313.zip/{name}.pyc" for name in ("smtplib", "wave")]
    assert seen["code"] == "/lib/python313.zip/json/decoder.py"
    assert seen["source"] == "class JSONDecodeError(ValueError):"
    assert re.search(
        r'File "/lib/python313\.zip/json/decoder\.py", line \d+, in decode\n'
        r"    obj, end = self\.raw_decode\(",
        seen["traceback"],
    )


def test_the_same_library_gives_the_same_bytes_and_a_later_start_needs_no_node(
    compiled: Path, real_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert real_site.runtime
    pyodide = real_site.runtime / real_site.addresses.pyodide
    monkeypatch.setattr(optional, "find_node", None)
    lines: list[str] = []
    found = compile_stdlib(real_site.runtime, pyodide, compiled.parent, lines.append)
    assert found == compiled
    assert lines == []


def test_without_node_npm_s_own_library_is_served(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_node", lambda: None)
    lines: list[str] = []
    assert site.runtime
    with zipfile.ZipFile(site.runtime / PYODIDE / "python_stdlib.zip", "w") as given:
        given.writestr("this.py", "pass")
    found = compile_stdlib(site.runtime, site.runtime / PYODIDE, tmp_path / "new", lines.append)
    assert found is None
    assert lines == [
        "compiling Python's standard library with Pyodide ...",
        "serving the standard library without bytecode, boots will take longer: "
        "there is no Node.js",
    ]
    assert not list((tmp_path / "new").glob("stdlib-*"))  # the next start tries again
    address = configuration(client_of(site))["interpreter"]
    assert f'"../{PYODIDE}/python_stdlib.zip"' in client_of(site).get(f"/{address}").text


def configuration(client: FlaskClient) -> dict[str, object]:
    config = json.loads(unescape(client.get("/").text).split("|")[1].partition("</pre>")[0])
    return dict(config["worker"])


def test_it_is_served_for_good_and_pyodide_is_told_of_it(with_stdlib: Site) -> None:
    client = client_of(with_stdlib)
    answer = client.get(f"/{ADDRESS}")
    assert answer.data == b"PK library"
    assert "immutable" in answer.headers["Cache-Control"]
    worker = configuration(client)
    expected = Interpreter(f"{PYODIDE}/pyodide.mjs", Prepared(ADDRESS))
    assert worker["interpreter"] == expected.address
    text = client.get(f"/{expected.address}").text
    assert f'stdLibURL = new URL("../{ADDRESS}", import.meta.url).href' in text
    downloads = worker["downloads"]
    assert isinstance(downloads, list)
    assert [file["url"] for file in downloads if "stdlib" in file["url"]] == [ADDRESS]
    assert {"url": ADDRESS, "bytes": 10} in downloads


def test_a_pyodide_of_the_user_s_own_keeps_its_own_library(with_stdlib: Site) -> None:
    (with_stdlib.web / "pyscript.toml").write_text('[worker]\ninterpreter = "own/pyodide.mjs"\n')
    client = client_of(with_stdlib)
    own = client.get(f"/{configuration(client)['interpreter']}").text
    assert 'stdLibURL = new URL("../own/python_stdlib.zip", import.meta.url).href' in own


def test_an_export_has_it_and_it_is_compressed_in_itself(
    compiled: Path, site: Site, tmp_path: Path
) -> None:
    address = stdlib.address(compiled)
    assert (compiled / address).stat().st_size < 8_000_000
    site = replace(site, stdlib=compiled)
    export(site, create_app(site=site), tmp_path / "out")
    assert (tmp_path / "out" / address).read_bytes() == (compiled / address).read_bytes()
    assert "/stdlib/*\n" in (tmp_path / "out" / "_headers").read_text()
