"""How packages are resolved for the browser, with real pip and small wheels."""

import json
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from gymserver.errors import StartError
from gymserver.lockfile import Wheel, closure, markers
from gymserver.packages import install_packages
from gymserver.resolve import Wanted, find_links_page
from gymserver.runtime import read_lock
from gymserver.site import Site
from tests.unit.server.wheels import make_wheel, sha256

INFO = {
    "abi_version": "2025_0",
    "arch": "wasm32",
    "platform": "emscripten_4_0_9",
    "python": "3.13.2",
}
NATIVE = "cp313-cp313-pyemscripten_2025_0_wasm32"
OLD_NATIVE = "cp313-cp313-pyodide_2025_0_wasm32"


class World:
    """An index of our own, a Pyodide with its CDN, and no network."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.index.mkdir()
        self.cdn = folder / "cdn"
        self.cdn.mkdir()
        self.runtime = folder / "runtime"
        self.runtime.mkdir()
        self.cache = folder / "cache"
        self.locked = folder / "pyscript.lock"
        self.lines: list[str] = []
        self.lock: dict[str, Any] = {"info": INFO, "packages": {}}

    def add_native(self, file: Path, name: str, **fields: Any) -> None:
        self.lock["packages"][name] = {
            "name": name,
            "version": "1.0",
            "file_name": file.name,
            "install_dir": "site",
            "sha256": sha256(file),
            "package_type": "package",
            "imports": [name],
            "depends": [],
            **fields,
        }

    def install(
        self,
        *requirements: str,
        build: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        update: bool = False,
    ) -> dict[str, Any]:
        (self.runtime / "pyodide-lock.json").write_text(json.dumps(self.lock))
        self.folder = install_packages(
            Wanted(requirements, build, without),
            self.runtime,
            f"{self.cdn.as_uri()}/",
            self.cache,
            self.lines.append,
            self.locked,
            update=update,
        )
        packages: dict[str, Any] = read_lock(self.folder)["packages"]
        return packages


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.index))
    return made


def test_the_closure_is_resolved_for_the_browser_and_not_for_this_machine(world: World) -> None:
    make_wheel(
        world.index,
        "game",
        requires=[
            "here>=1; sys_platform == 'emscripten' and python_version == '3.13'",
            "windows-only; sys_platform == 'win32'",
            "linux-only; sys_platform == 'linux' or platform_machine == 'x86_64'",
            "drawing; extra == 'draw'",
            "unwanted; extra == 'other'",
        ],
    )
    make_wheel(world.index, "here", "2.0")
    make_wheel(world.index, "drawing")
    packages = world.install("game[draw]==1.0")
    assert sorted(packages) == ["drawing", "game", "here"]
    assert packages["game"]["depends"] == ["drawing", "here"]
    assert packages["here"]["version"] == "2.0"


def test_native_packages_come_from_the_cdn_with_what_only_its_lock_file_knows(
    world: World,
) -> None:
    make_wheel(world.index, "game", requires=["array>=1"])
    make_wheel(world.index, "helper")
    world.add_native(
        make_wheel(world.cdn, "array", tag=NATIVE), "array", depends=["libx", "helper"]
    )
    library = world.cdn / "libx-1.0.zip"
    with zipfile.ZipFile(library, "w") as archive:
        archive.writestr("libx.so", "x")
    world.add_native(library, "libx", package_type="shared_library", install_dir="dynlib")
    packages = world.install("game")
    assert sorted(packages) == ["array", "game", "helper", "libx"]
    assert packages["array"]["depends"] == ["helper", "libx"]
    assert packages["libx"]["install_dir"] == "dynlib"
    assert packages["libx"]["package_type"] == "shared_library"


def test_each_entry_leads_to_a_file_with_its_hash(world: World) -> None:
    make_wheel(world.index, "game", files=["game.py", "more/__init__.py", "game_lib/x.so"])
    entry = world.install("game")["game"]
    file = world.folder / entry["file_name"].removeprefix("../../")
    assert sha256(file) == entry["sha256"]
    assert file.parent.name == entry["sha256"][:16]
    assert entry["imports"] == ["game", "game_lib", "more"]


def test_a_changed_file_on_the_cdn_is_refused(world: World) -> None:
    world.add_native(make_wheel(world.cdn, "array", tag=NATIVE), "array", sha256="0" * 64)
    with pytest.raises(StartError, match=r"array.* does not have the hash that its index or"):
        world.install("array")


def test_a_changed_library_on_the_cdn_is_refused(world: World) -> None:
    library = world.cdn / "libx-1.0.zip"
    library.write_bytes(b"changed")
    world.add_native(library, "libx", package_type="shared_library", sha256="0" * 64)
    world.add_native(make_wheel(world.cdn, "array", tag=NATIVE), "array", depends=["libx"])
    with pytest.raises(StartError, match=r"libx-1\.0\.zip does not have the hash"):
        world.install("array")


def test_without_the_cdn_a_wheel_of_the_users_own_serves(world: World) -> None:
    file = make_wheel(world.cdn, "array", tag=NATIVE)
    world.add_native(file, "array")
    file.unlink()
    make_wheel(world.index, "array", tag=OLD_NATIVE)
    assert world.install("array")["array"]["file_name"].endswith(f"array-1.0-{OLD_NATIVE}.whl")


def test_a_native_package_out_of_reach_says_where_it_comes_from(world: World) -> None:
    file = make_wheel(world.cdn, "array", tag=NATIVE)
    world.add_native(file, "array")
    file.unlink()
    with pytest.raises(StartError, match=r"array comes from Pyodide's CDN.*PIP_FIND_LINKS"):
        world.install("array")


def test_a_package_without_a_wheel_for_the_browser_is_named(world: World) -> None:
    make_wheel(world.index, "pygame-ce", "2.5.5", tag="cp311-cp311-manylinux_2_17_x86_64")
    with pytest.raises(StartError, match=r"^pygame-ce is compiled for other systems only"):
        world.install("pygame-ce")
    assert not list(world.cache.glob("*/"))


def test_a_list_is_resolved_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wheel(world.index, "game")
    first = world.install("game")
    monkeypatch.setattr("gymserver.resolve.run", None)  # pip cannot run any more
    assert world.install("game") == first
    assert world.lines == [
        "resolving game with pip ...",
        "pyscript.lock written: versions and hashes, to be committed",
    ]


def test_no_packages_need_no_pip(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gymserver.resolve.run", None)
    assert world.install() == {}


def test_a_missing_network_is_told_within_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens
    start = time.monotonic()
    with pytest.raises(
        StartError, match=r"^game is not at hand, and pip cannot reach a package index"
    ):
        world.install("game")
    assert time.monotonic() - start < 20


def test_the_find_links_page_lists_each_wheel_with_its_hash(real_site: Site) -> None:
    assert real_site.runtime
    lock = read_lock(real_site.runtime)
    links: list[str | None] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            links.extend(value for name, value in attrs if name == "href")

    Reader().feed(find_links_page(lock, "https://example.org/full/"))
    numpy = lock["packages"]["numpy"]
    assert f"https://example.org/full/{numpy['file_name']}#sha256={numpy['sha256']}" in links
    assert len(links) > 250
    assert all(link and ".whl#sha256=" in link for link in links)


def test_a_circle_of_dependencies_ends(tmp_path: Path) -> None:
    wheels = {
        name: Wheel.read(
            make_wheel(tmp_path, name, requires=[other, f"{name}[x]", "c; extra=='x'"])
        )
        for name, other in (("a", "b"), ("b", "a"))
    }
    assert closure([Requirement("a")], wheels, {}, markers(INFO)) == {
        "a": ["b", "c"],
        "b": ["a", "c"],
        "c": [],
    }


def test_gymnasium_is_resolved_with_numpy(real_site: Site) -> None:
    assert real_site.packages
    packages = read_lock(real_site.packages)["packages"]
    assert packages["gymnasium"]["version"] == "1.4.0"
    assert "numpy" in packages["gymnasium"]["depends"]
    assert "wasm32" in packages["numpy"]["file_name"]
