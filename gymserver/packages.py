"""The packages of the worker, as they are served: resolved once, locked, kept in the cache."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gymserver import standins
from gymserver.cache import built_folder, compress
from gymserver.causes import LOCK
from gymserver.errors import StartError
from gymserver.pins import UPDATE, Pins, asked, changes, lock_text, write_lock
from gymserver.resolve import Lock, Resolved, Resolver, Wanted
from gymserver.runtime import LAYOUT, read_lock

Wheels = dict[str, tuple[Lock, Path]]
"""Lock entry and file by normalised name."""

Say = Callable[[str], None]


def install_packages(
    wanted: Wanted,
    runtime: Path,
    source: str,
    cache: Path,
    say: Say,
    lock: Path | None = None,
    *,
    update: bool = False,
) -> Path:
    """Returns the folder with the wheels, resolving them with pip at the first time.

    What a lock file pins is fetched as it stands there. Without one that is for `wanted`, packages
    are taken as they were resolved here before, else the newest, and it is written.

    Args:
        wanted: what `[worker]` asks for.
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        source: the address of the folder that this lock file names its files in.
        cache: where built folders live.
        say: is told what happens, a line at a time.
        lock: the lock file of the site.
        update: make the lock file anew.

    Returns:
        A folder with `wheels/<hash>/<file name>`, and a `pyodide-lock.json` that names them
        relative to Pyodide's folder.

    Raises:
        StartError: a package has no wheel for the browser, or is not what was pinned, or pip
            failed otherwise.
    """
    upstream = read_lock(runtime)
    made_for = asked(wanted, upstream["info"])

    def target(pins: Pins) -> Path:
        offered = standins.offered(wanted.packages)
        return cache / f"packages-{_key(LAYOUT, source, made_for, pins.text, offered)}"

    def fill(folder: Path, resolved: Resolved) -> None:
        found = {name: (each.entry, each.file) for name, each in resolved.packages.items()}
        store_wheels(folder, upstream["info"], found)
        compress(folder.glob("wheels/*/*"))

    if not wanted.packages:
        return built_folder(target(Pins()), lambda folder: fill(folder, Resolved()), say)
    own = _read(lock, strict=not update)
    remembered = cache / f"resolved-{_key(source, made_for)}.lock"
    pins = own if own.made_for == made_for else _read(remembered, strict=False)
    if update or pins.made_for != made_for:
        kept = {} if update else own.kept(wanted, upstream["info"])
        with _resolved(wanted, upstream, source, say, kept) as resolved:
            own.check(resolved, only=kept)
            pins = Pins.parse(lock_text(wanted, upstream, resolved), LOCK)
            cache.mkdir(parents=True, exist_ok=True)
            write_lock(remembered, pins.text)
            folder = built_folder(target(pins), lambda folder: fill(folder, resolved), say)
    else:

        def fetch(folder: Path) -> None:
            with _locked(wanted, upstream, source, say, pins) as resolved:
                fill(folder, resolved)

        folder = built_folder(target(pins), fetch, say)
    for line in pins.older:
        say(line)
    if lock and own.text != pins.text:
        _write(lock, own, pins, say)
    return folder


@contextmanager
def _resolved(
    wanted: Wanted, upstream: Lock, source: str, say: Say, kept: Mapping[str, str]
) -> Iterator[Resolved]:
    """Resolves the packages, keeping to some versions if that goes; gives files for a while."""
    say(f"resolving {', '.join(wanted.packages)} with pip ...")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        resolved = None
        if kept:
            with suppress(StartError):
                resolved = Resolver(wanted, upstream, source, Path(work, "kept")).resolve(kept)
        if resolved is None:
            resolved = Resolver(wanted, upstream, source, Path(work, "new")).resolve({})
        _tell(wanted, resolved, say)
        yield resolved


@contextmanager
def _locked(
    wanted: Wanted, upstream: Lock, source: str, say: Say, pins: Pins
) -> Iterator[Resolved]:
    """Fetches the packages as they are pinned; gives files for a while."""
    say(f"fetching {', '.join(wanted.packages)} with pip, as {LOCK} pins them ...")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        try:
            resolved = Resolver(wanted, upstream, source, Path(work, "new")).resolve(pins.versions)
        except StartError as error:
            way_out = "" if "cannot be reached" in str(error) else f" ({LOCK}: {UPDATE})"
            raise StartError(f"{error}{way_out}") from None
        pins.check(resolved)
        _tell(wanted, resolved, say)
        yield resolved


def _tell(wanted: Wanted, resolved: Resolved, say: Say) -> None:
    """Says what the user may not expect of packages that were resolved."""
    names = [name for name, each in resolved.packages.items() if standins.is_standin(each.entry)]
    if names:
        say(f"{', '.join(sorted(names))}: the worker's stand-in, which draws without a display")
    if unused := wanted.unused(resolved.packages):
        say(f"[worker] build: nothing needs {', '.join(unused)}")


def _read(lock: Path | None, *, strict: bool) -> Pins:
    """Reads a lock file; one that cannot be read pins nothing, unless that matters."""
    try:
        return Pins.read(lock) if lock else Pins()
    except StartError:
        if strict:
            raise
        return Pins()


def _write(lock: Path, own: Pins, pins: Pins, say: Say) -> None:
    if own.made_for == pins.made_for or not own.text:
        why = "made anew" if own.text else "written: versions and hashes, to be committed"
    else:
        why = f"made anew, since it was for {own.made_for or 'something else'}"
    try:
        write_lock(lock, pins.text)
    except OSError as error:
        say(f"{LOCK} cannot be written: {error.strerror}")
        return
    say(f"{LOCK} {why}" + (f"; {changes(own, pins)}" if own.text else ""))


def _key(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def store_wheels(folder: Path, info: Lock, wheels: Mapping[str, tuple[Lock, Path]]) -> None:
    """Copies wheels to where they are served from, and writes the lock file that names them.

    Args:
        folder: will hold `wheels/<hash>/<file name>` and `pyodide-lock.json`.
        info: the `info` of Pyodide's lock file.
        wheels: lock entry and file by normalised name; hash and address are the file's.
    """
    lock: Lock = {"info": info, "packages": {}}
    for name, (entry, file) in wheels.items():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        place = folder / "wheels" / digest[:16]
        place.mkdir(parents=True)
        shutil.copyfile(file, place / file.name)
        # Pyodide resolves this against the folder of its lock file.
        address = f"../../wheels/{place.name}/{file.name}"
        lock["packages"][name] = {**entry, "sha256": digest, "file_name": address}
    (folder / "wheels").mkdir(exist_ok=True)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1) + "\n", "utf-8")


def stored_wheels(folder: Path) -> Wheels:
    """Returns what `store_wheels` wrote to `folder`."""
    packages = read_lock(folder)["packages"]
    return {
        name: (entry, folder / entry["file_name"].removeprefix("../../"))
        for name, entry in packages.items()
    }
