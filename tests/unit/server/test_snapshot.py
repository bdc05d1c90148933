"""The snapshot of the worker: what goes in, what stays out, and how it is served."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from gymserver import optional, snapshot
from gymserver.app import create_app
from gymserver.export import export
from gymserver.interpreter import Interpreter, Prepared
from gymserver.packages import store_wheels
from gymserver.site import Site
from gymserver.snapshot import find, in_order, make_snapshot, packages_in, without
from gymserver.snapshot_files import write_files
from gymserver.stdlib import address
from tests.unit.server.sites import PYODIDE, client_of
from tests.unit.server.wheels import make_wheel

BLOCK = 256
PLACE = "snapshot/0123456789abcdef/"
KEY = "0123456789abcdef" * 4

GAMES = {
    "plain": {"plain/__init__.py": "import json\nvalue = 1\n"},
    "keeper": {"keeper.py": "from js import Array\nkept = Array.new(3)\n"},
    "user": {"user.py": "import keeper\n"},
    "broken": {"broken.py": "raise ImportError('not here')\n"},
}
NEEDS = {"user": ["keeper"]}


def make_packages(folder: Path, *names: str) -> Path:
    """Makes a folder such as `install_packages` makes."""
    folder.mkdir()
    wheels = {}
    for name in names:
        entry = {"name": name, "imports": [name], "depends": NEEDS.get(name, [])}
        wheels[name] = (entry, make_wheel(folder, name, files=GAMES[name]))
    store_wheels(folder, {"python": "3.13.2"}, wheels)
    return folder


def made_of(
    site: Site, packages: Path, cache: Path, lines: list[str] | None = None
) -> tuple[Path | None, list[str]]:
    assert site.runtime and site.stdlib
    lines = [] if lines is None else lines
    library = site.stdlib / address(site.stdlib)
    pyodide = site.runtime / site.addresses.pyodide
    return make_snapshot(packages, library, site.runtime, pyodide, cache, lines.append), lines


@pytest.fixture(scope="module")
def tried(real_site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A snapshot of packages of which only one can go in, and what was said."""
    folder = tmp_path_factory.mktemp("tried")
    made, lines = made_of(real_site, make_packages(folder / "packages", *GAMES), folder / "cache")
    assert made, lines
    return made, lines


def meta_of(folder: Path) -> Any:
    place, _ = find(folder)
    text = (folder / place / "meta.mjs").read_text("utf-8")
    return json.loads(text.removeprefix("export default ").rstrip().removesuffix(";"))


def test_what_cannot_go_in_stays_out_and_is_said_in_one_line(
    tried: tuple[Path, list[str]],
) -> None:
    folder, lines = tried
    assert packages_in(folder) == {"plain"}
    assert lines[0] == "making a snapshot of the worker with Pyodide ..."
    out = {line.partition(" stays out of the snapshot: ")[0] for line in lines[1:]}
    assert out == {"broken", "keeper, user"}
    assert [line for line in lines if "not here" in line and "\n" not in line]


def test_it_holds_the_files_of_its_packages_and_what_pyodide_adds(
    tried: tuple[Path, list[str]],
) -> None:
    meta = meta_of(tried[0])
    site = "/lib/python3.13/site-packages/"
    early = [path for path, *_ in meta["early"]]
    assert early == [
        f"{site}plain-1.0.dist-info/{name}" for name in ("METADATA", "INSTALLER", "PYODIDE_SOURCE")
    ]
    late = {path: (start, size) for path, start, size in meta["late"]}
    start, size = late[f"{site}plain/__init__.py"]
    place, key = find(tried[0])
    content = (tried[0] / place / "files.wasm").read_bytes()[start : start + size]
    assert content.decode() == GAMES["plain"]["plain/__init__.py"]
    assert meta["key"] == key
    assert meta["loaded"] == {"plain": "default channel"}
    empty, given, own = (sum(n for kind, n in meta["runs"] if kind == which) for which in range(3))
    assert min(start for _, start, _ in meta["early"]) == given * BLOCK
    assert (empty + given + own) * BLOCK == meta["heap"]
    assert own * BLOCK > 2.5e6, "the constants of Pyodide are no part of it"


def test_packages_come_after_what_they_need_and_go_with_it() -> None:
    needs = {"a": ["c"], "b": [], "c": ["d"], "d": ["a"], "e": ["b", "x"]}
    wheels: dict[str, Any] = {name: ({"depends": found}, Path()) for name, found in needs.items()}
    order = list(in_order(wheels))
    assert sorted(order) == sorted(wheels)
    assert order.index("b") < order.index("e")
    assert set(without(wheels, "d")) == {"b", "e"}
    assert set(without(wheels, "b")) == {"a", "c", "d"}


def test_a_later_start_needs_no_node_and_other_packages_are_another_snapshot(
    tried: tuple[Path, list[str]],
    real_site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(optional, "find_node", lambda: None)
    cache = tried[0].parent
    assert made_of(real_site, cache.parent / "packages", cache) == (tried[0], [])
    other, lines = made_of(real_site, make_packages(tmp_path / "other", "plain"), cache)
    assert other is None
    assert lines == [
        "making a snapshot of the worker with Pyodide ...",
        "serving without a snapshot of the worker, boots will take longer: there is no Node.js",
    ]


def test_two_builds_of_the_same_have_each_an_address_of_its_own(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "state.json").write_text('{"libraries": []}', "utf-8")
    (work / "plan.json").write_text('{"folders": []}', "utf-8")
    keys = []
    for number, heap in enumerate((b"chance", b"luck", b"chance")):
        (work / "heap.bin").write_bytes(heap)
        place = tmp_path / str(number)
        place.mkdir()
        keys.append(write_files(place, work, {}, "/site/", 7))
        assert keys[-1] in (place / "meta.mjs").read_text("utf-8")
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.parametrize("changed", ["_MODULES", "LAYOUT"])
def test_what_goes_in_is_in_the_key(
    tried: tuple[Path, list[str]],
    real_site: Site,
    monkeypatch: pytest.MonkeyPatch,
    changed: str,
) -> None:
    monkeypatch.setattr(optional, "find_node", lambda: None)
    monkeypatch.setattr(snapshot, changed, ("json",))
    cache = tried[0].parent
    assert made_of(real_site, cache.parent / "packages", cache)[0] is None


def test_a_node_that_hangs_is_ended(
    real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "DEADLINE", 0.1)
    made, lines = made_of(real_site, make_packages(tmp_path / "p", "plain"), tmp_path / "cache")
    assert made is None
    assert lines[-1].endswith("Pyodide did not end within 0.1 s")
    assert not list((tmp_path / "cache").glob("snapshot-*"))  # the next start tries again


def test_two_first_starts_at_the_same_time_make_one(real_site: Site, tmp_path: Path) -> None:
    packages = make_packages(tmp_path / "packages", "plain")
    lines: list[str] = []
    made: list[Path | None] = []

    def start() -> None:
        made.append(made_of(real_site, packages, tmp_path / "cache", lines)[0])

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1] is not None
    assert lines == ["making a snapshot of the worker with Pyodide ..."]


@pytest.fixture
def with_snapshot(site: Site, tmp_path: Path) -> Site:
    """The made-up site, with a standard library and a snapshot."""
    library = tmp_path / "cache" / "stdlib-1" / "stdlib" / "1" / "python_stdlib.zip"
    folder = tmp_path / "cache" / "snapshot-1"
    (folder / PLACE).mkdir(parents=True)
    library.parent.mkdir(parents=True)
    library.write_bytes(b"PK library")
    for name in ("meta.mjs", "restore.mjs", "memory.wasm", "files.wasm", "lib0.wasm"):
        (folder / PLACE / name).write_bytes(name.encode() * 99)
    about = {"key": KEY, "address": PLACE, "packages": ["pkg"]}
    (folder / "snapshot.json").write_text(json.dumps(about))
    return replace(site, stdlib=tmp_path / "cache" / "stdlib-1", snapshot=folder)


def worker_of(site: Site) -> Mapping[str, Any]:
    page = unescape(client_of(site).get("/").text)
    return dict(json.loads(page.split("|")[1].partition("</pre>")[0])["worker"])


def test_a_boot_fetches_the_snapshot_and_not_what_it_holds(with_snapshot: Site) -> None:
    downloads = worker_of(with_snapshot)["downloads"]
    optional = [file["url"] for file in downloads if file.get("optional")]
    assert optional == [
        f"{PLACE}{n}" for n in ("lib0.wasm", "memory.wasm", "meta.mjs", "restore.mjs")
    ]
    instead = [Path(file["url"]).name for file in downloads if file.get("instead")]
    assert instead == ["python_stdlib.zip", "pkg-1.0-py3-none-any.whl"]
    kinds = ("optional", "instead")
    needed = [Path(f["url"]).name for f in downloads if not any(f.get(kind) for kind in kinds)]
    assert needed == ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide-lock.json"]
    client = client_of(with_snapshot)
    for file in downloads:
        answer = client.get("/" + file["url"], headers={"Accept-Encoding": "identity"})
        assert len(answer.data) == file["bytes"]


def test_it_is_served_for_good_and_named_with_its_key(with_snapshot: Site) -> None:
    client = client_of(with_snapshot)
    answer = client.get(f"/{PLACE}memory.wasm")
    assert "immutable" in answer.headers["Cache-Control"]
    interpreter = worker_of(with_snapshot)["interpreter"]
    prepared = Prepared("stdlib/1/python_stdlib.zip", PLACE, KEY)
    assert interpreter == Interpreter(f"{PYODIDE}/pyodide.mjs", prepared).address
    text = client.get(f"/{interpreter}").text
    assert f'import(new URL("../{PLACE}restore.mjs" + hash, import.meta.url).href)' in text
    assert f'key: "{KEY}"' in text


def test_editing_what_is_served_changes_nothing(with_snapshot: Site) -> None:
    before = worker_of(with_snapshot)["interpreter"]
    for name in ("worker.py", "gymworker/errors.py", "envs/a.py"):
        (with_snapshot.web / name).parent.mkdir(exist_ok=True)
        (with_snapshot.web / name).write_text("changed = True\n")
    assert worker_of(with_snapshot)["interpreter"] == before


def test_a_pyodide_of_the_user_s_own_has_no_snapshot(with_snapshot: Site) -> None:
    toml = '[worker]\ninterpreter = "own/pyodide.mjs"\n'
    (with_snapshot.web / "pyscript.toml").write_text(toml)
    worker = worker_of(with_snapshot)
    assert worker["downloads"] == []
    assert "snapshot" not in client_of(with_snapshot).get(f"/{worker['interpreter']}").text


def test_an_export_has_it(with_snapshot: Site, tmp_path: Path) -> None:
    export(with_snapshot, create_app(site=with_snapshot), tmp_path / "out")
    assert (tmp_path / "out" / PLACE / "memory.wasm").is_file()
    assert "/snapshot/*\n" in (tmp_path / "out" / "_headers").read_text()
