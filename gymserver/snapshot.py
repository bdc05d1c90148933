"""A snapshot of the worker: Pyodide with the packages imported, which a browser restores.

None of it depends on the visitor, so the server does once, in Node.js, what each visit would do
anew. Editing what is served needs no new snapshot: it holds packages only.
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gymserver.cache import ENCODINGS, built_folder, compress
from gymserver.optional import or_serve, run_node
from gymserver.packages import Wheels, stored_wheels
from gymserver.runtime import read_lock
from gymserver.snapshot_files import write_files

FOLDER = "snapshot"
"""Where it is served: its address changes with what is in it."""

LAYOUT = "5"  # to be changed with what a cached folder holds

_ABOUT = "snapshot.json"

_HERE = Path(__file__).parent
_DRIVER = _HERE / "snapshot_build.mjs"
_RESTORE = _HERE / "snapshot_restore.mjs"
_SCRIPT = _HERE / "browser_snapshot.py"

# What PyScript and the library import before READY.
_MODULES = (
    *("ast", "asyncio", "base64", "bz2", "contextvars", "copy", "csv", "dataclasses", "difflib"),
    *("email.parser", "enum", "fnmatch", "functools", "gzip", "hashlib", "hmac", "html", "json"),
    *("importlib.metadata", "importlib.resources", "inspect", "io", "linecache", "logging"),
    *("math", "numbers", "pathlib", "pickle", "platform", "random", "secrets", "shutil"),
    *("statistics", "struct", "tarfile", "tempfile", "textwrap", "traceback", "typing"),
    *("warnings", "zipfile"),
)

# What most games import of a package, if it is there.
_OF_PACKAGES = (
    *("gymnasium.envs.classic_control", "gymnasium.envs.toy_text", "gymnasium.wrappers"),
    *("numpy.random", "pettingzoo.utils"),
)


def make_snapshot(
    packages: Path,
    stdlib: Path,
    runtime: Path,
    pyodide: Path,
    cache: Path,
    say: Callable[[str], None],
) -> Path | None:
    """Returns a folder with `snapshot/<hash>/`, making it at the first time.

    Args:
        packages: the folder with the wheels.
        stdlib: the standard library with bytecode, a zip file.
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        pyodide: the folder with `pyodide.mjs`.
        cache: where built folders live.
        say: is told what happens, a line at a time.

    Returns:
        The folder; None if it cannot be made: workers boot without it too. The next start tries
        again.
    """
    with or_serve("without a snapshot of the worker", say):
        inputs = _inputs(packages, stdlib, runtime, pyodide)

        def build(folder: Path) -> None:
            say("making a snapshot of the worker with Pyodide ...")
            work = folder.parent / "snapshot"
            wheels, plan = _plan(packages, say)
            plan |= {
                "pyodide": (pyodide / "pyodide.mjs").resolve().as_uri(),
                "lock": str((runtime / "pyodide-lock.json").resolve()),
                "stdlib": str(stdlib.resolve()),
            }
            wheels = _attempt(work, wheels, plan, say)
            place = work / "done"
            place.mkdir()
            key = write_files(place, work, wheels, plan["site"], stdlib.stat().st_size, inputs)
            shutil.copyfile(_RESTORE, place / "restore.mjs")
            compress(place.iterdir())
            (folder / FOLDER).mkdir()
            place.rename(folder / FOLDER / key[:16])
            about = {"key": key, "address": f"{FOLDER}/{key[:16]}/", "packages": list(wheels)}
            (folder / _ABOUT).write_text(json.dumps(about), "utf-8")

        return built_folder(cache / f"snapshot-{inputs[:12]}", build, say)
    return None


def find(folder: Path) -> tuple[str, str]:
    """Returns the address of the snapshot in `folder`, relative to the root, and its key."""
    about = _about(folder)
    return about["address"], about["key"]


def packages_in(folder: Path) -> set[str]:
    """Returns the names of the packages that are in the snapshot."""
    return set(_about(folder)["packages"])


def fetched(folder: Path) -> dict[str, Path]:
    """Returns the files that each boot fetches of a snapshot, by address."""
    address, _ = find(folder)
    return {
        address + file.name: file
        for file in sorted((folder / address).iterdir())
        if file.suffix not in ENCODINGS.values() and file.name != "files.wasm"
    }


def _about(folder: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((folder / _ABOUT).read_text("utf-8"))
    return about


def _inputs(packages: Path, stdlib: Path, runtime: Path, pyodide: Path) -> str:
    """Returns a hash of all that goes in; files in built folders are named by theirs."""
    scripts = [path.read_text("utf-8") for path in (_SCRIPT, _DRIVER, _RESTORE)]
    names = [runtime.name, pyodide.name, stdlib.parent.name, read_lock(packages)]
    key = json.dumps([LAYOUT, _MODULES, _OF_PACKAGES, names, scripts])
    return hashlib.sha256(key.encode()).hexdigest()


def _plan(packages: Path, say: Callable[[str], None]) -> tuple[Wheels, dict[str, Any]]:
    """Returns the packages that may go in, each after what it depends on, and what Node is told."""
    info = read_lock(packages)["info"]
    python = ".".join(info["python"].split(".")[:2])
    wheels = stored_wheels(packages)
    for name, (entry, file) in list(wheels.items()):
        if reason := _reason(entry, file):
            wheels = without(wheels, name)
            say(f"{name} stays out of the snapshot: {reason}")
    site = f"/lib/python{python}/site-packages/"
    folders = [f"/lib/python{python.replace('.', '')}.zip", site[:-1], f"/lib/python{python}"]
    plan = {"site": site, "folders": folders, "modules": _MODULES, "later": _OF_PACKAGES}
    return in_order(wheels), plan


def _reason(entry: Mapping[str, Any], file: Path) -> str:
    """Returns why a package cannot even be tried, or nothing."""
    if file.suffix != ".whl" or entry.get("package_type", "package") != "package":
        return "it is no wheel of its own"
    with zipfile.ZipFile(file) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
    if any(folder.endswith(".libs") for folder in folders):
        return "it brings shared libraries"
    if any(folder.endswith(".data") for folder in folders):
        return "it has files for other folders"
    return ""


def in_order(wheels: Wheels) -> Wheels:
    """Returns the packages, each after what it depends on."""
    ordered: Wheels = {}

    def add(name: str) -> None:
        if name in wheels and name not in ordered and name not in waiting:
            waiting.add(name)
            for other in sorted(wheels[name][0]["depends"]):
                add(other)
            ordered[name] = wheels[name]

    waiting: set[str] = set()
    for name in sorted(wheels):
        add(name)
    return ordered


def without(wheels: Wheels, name: str) -> Wheels:
    """Returns the packages without one, and without those that depend on it."""
    out = {name}
    while more := {
        other
        for other, (entry, _) in wheels.items()
        if other not in out and out & set(entry["depends"])
    }:
        out |= more
    return {other: found for other, found in wheels.items() if other not in out}


def _attempt(
    work: Path, wheels: Wheels, plan: dict[str, Any], say: Callable[[str], None]
) -> Wheels:
    """Makes a snapshot with as many of the packages as can go in; returns these."""
    while True:  # each time with one less
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        shutil.copyfile(_SCRIPT, work / _SCRIPT.name)
        named = [
            {"name": name, "imports": entry.get("imports", [])}
            for name, (entry, _) in wheels.items()
        ]
        for name, (_, file) in wheels.items():
            with zipfile.ZipFile(file) as archive:
                archive.extractall(work / "packages" / name)
        (work / "plan.json").write_text(json.dumps({**plan, "packages": named}), "utf-8")
        run_node(_DRIVER.read_text("utf-8"), work)
        if not (work / "failure.json").is_file():
            return wheels
        failure = json.loads((work / "failure.json").read_text("utf-8"))
        fewer = without(wheels, failure["name"])
        lost = ", ".join(sorted(set(wheels) - set(fewer)))
        say(f"{lost} stays out of the snapshot: {failure['message'][:200]}")
        wheels = fewer
