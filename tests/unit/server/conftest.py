"""Sites for the server's tests: a small made-up one, and the real one from the real cache."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gymserver.cache import compress
from gymserver.causes import LOCK
from gymserver.runtime import Versions
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.unit.server.reloading import Page, Served, reloading
from tests.unit.server.sites import PYODIDE, client_of, make_web


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with a few small files in place of the runtime and the wheels."""
    runtime, packages = tmp_path / "cache" / "runtime-1", tmp_path / "cache" / "packages-1"
    pyodide = runtime / PYODIDE
    pyodide.mkdir(parents=True)
    for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        (pyodide / name).write_bytes(name.encode() * 500)
    compress([pyodide / "pyodide.asm.wasm", pyodide / "pyodide.asm.js"])
    wheel = packages / "wheels" / "0123456789abcdef" / "pkg-1.0-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    wheel.write_bytes(b"PK wheel")
    address = f"../../wheels/0123456789abcdef/{wheel.name}"
    (packages / "pyodide-lock.json").write_text(
        f'{{"info": {{}}, "packages": {{"pkg": {{"file_name": "{address}"}}}}}}'
    )
    versions = Versions("0.7.31", "1.28.0-6", "0.29.5")
    return Site(make_web(tmp_path / "web"), versions, runtime, packages, ("pkg",))


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A client of the made-up site."""
    return client_of(site)


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The real runtime and the site's own packages, in the project's cache as a start leaves it."""
    packages = Settings.read(ROOT / "web").worker["packages"]
    toml = f"[worker]\npackages = {json.dumps(packages)}\n"
    web = make_web(tmp_path_factory.mktemp("real") / "web", toml)
    shutil.copy(ROOT / "web" / LOCK, web)
    return Site.prepare(web, cache=ROOT / ".cache", say=print)


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    """A server with `--reload`, of the made-up site with one game."""
    (site.web / "envs").mkdir()
    (site.web / "games").mkdir()
    (site.web / "games" / "pong.py").write_text("env = 1\n")
    toml = '[worker]\npackages = ["pkg"]\n[[environments]]\nname = "Pong"\nfile = "games/pong.py"\n'
    (site.web / "pyscript.toml").write_text(toml)
    with reloading(site) as served:
        yield served


@pytest.fixture
def page(served: Served) -> Page:
    """A page that it has open."""
    return Page(served.connect)
