"""The packages of the worker: pip resolves them for the browser's Python, the cache keeps them."""

import hashlib
import html
import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gymserver.bootstrap import IMPATIENT
from gymserver.cache import built_folder, compress
from gymserver.errors import StartError
from gymserver.lockfile import Wheel, closure, lock_entry, markers
from gymserver.pins import Pins
from gymserver.programs import run
from gymserver.runtime import LAYOUT, read_lock

Lock = dict[str, Any]
Wheels = dict[str, tuple[Lock, Path]]
"""Lock entry and file by normalised name."""


def install_packages(
    requirements: Sequence[str],
    runtime: Path,
    source: str,
    cache: Path,
    say: Callable[[str], None],
    pins: Pins | None = None,
) -> Path:
    """Returns the folder with the wheels, resolving them with pip at the first time.

    Args:
        requirements: as in `[worker] packages`, `["gymnasium==1.4.0"]`.
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        source: the address of the folder that this lock file names its files in.
        cache: where built folders live.
        say: is told what happens, a line at a time.
        pins: what the files must be.

    Returns:
        A folder with `wheels/<hash>/<file name>`, and a `pyodide-lock.json` that names them
        relative to Pyodide's folder.

    Raises:
        StartError: a package has no wheel for the browser, or is not what was pinned, or pip
            failed otherwise.
    """
    upstream = read_lock(runtime)
    pins = pins or Pins()
    pinned = sorted((name, sorted(hashes)) for name, hashes in pins.hashes.items())
    key = json.dumps([LAYOUT, source, sorted(requirements), upstream["info"], pinned])
    target = cache / f"packages-{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def build(folder: Path) -> None:
        downloads = folder.parent / "downloads"
        downloads.mkdir()
        if requirements:
            say(f"resolving {', '.join(requirements)} with pip ...")
        all_pinned = bool(requirements) and pins.covers(requirements)
        versions = pins.versions if all_pinned else {}
        wheels = _resolve(requirements, upstream, source, downloads, versions)
        for name, (entry, _) in wheels.items():
            if entry["sha256"] != upstream["packages"].get(name, {}).get("sha256"):  # of npm's hash
                pins.check(name, entry["version"], entry["sha256"], all_pinned=all_pinned)
        if unpinned := sorted(set(wheels) - set(pins.versions)):
            say(f"not pinned: {', '.join(unpinned)} (`python -m gymserver.pins` pins all)")
        store_wheels(folder, upstream["info"], wheels)
        compress(folder.glob("wheels/*/*"))

    return built_folder(target, build, say)


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


def find_links_page(upstream: Lock, source: str) -> str:
    """Returns a page for pip's `--find-links`: each wheel of the lock file, with its hash."""
    links = (
        f'<a href="{html.escape(source + entry["file_name"])}#sha256={entry["sha256"]}">'
        f"{html.escape(entry['file_name'])}</a><br>"
        for entry in upstream["packages"].values()
        if entry["file_name"].endswith(".whl")
    )
    return "<!DOCTYPE html>\n" + "\n".join(links) + "\n"


def _resolve(
    requirements: Sequence[str],
    upstream: Lock,
    source: str,
    downloads: Path,
    versions: Mapping[str, str],
) -> Wheels:
    """Fetches the closure of `requirements`; returns lock entry and file by normalised name."""
    constraints = downloads.parent / "constraints.txt"
    lines = [f"{name}=={version}\n" for name, version in versions.items()]
    constraints.write_text("".join(lines), "utf-8")
    page = downloads.parent / "find-links.html"
    page.write_text(find_links_page(upstream, source), "utf-8")
    roots = [Requirement(requirement) for requirement in requirements]
    native: dict[str, Lock] = {
        canonicalize_name(name): entry for name, entry in upstream["packages"].items()
    }
    wanted = list(requirements)
    while True:
        for wheel_of_last_round in downloads.glob("*.whl"):
            wheel_of_last_round.unlink()
        if wanted:
            _download(wanted, upstream, page, constraints, downloads)
        wheels = {wheel.name: wheel for wheel in map(Wheel.read, downloads.glob("*.whl"))}
        needs = closure(roots, wheels, native, markers(upstream["info"]))
        missing = {name for name in needs if name not in wheels and not _is_file(native, name)}
        if not missing:
            break
        if missing <= set(wanted):
            raise StartError(f"pip did not fetch {', '.join(sorted(missing))}")
        wanted += sorted(missing)
    result = {}
    for name, depends in needs.items():
        if name in wheels:
            result[name] = lock_entry(wheels[name], depends), wheels[name].file
        else:
            entry = native[name]
            result[name] = {**entry, "depends": depends}, _fetch(entry, source, downloads)
    return result


def _is_file(native: dict[str, Lock], name: str) -> bool:
    """Tells shared libraries and parts of the standard library, which pip cannot know."""
    return name in native and native[name]["package_type"] != "package"


def _fetch(entry: Lock, source: str, downloads: Path) -> Path:
    file = downloads / str(entry["file_name"])
    try:
        with urlopen(source + file.name, timeout=30) as response:
            content = response.read()
    except (URLError, OSError) as error:
        raise StartError(f"cannot fetch {entry['name']} from {source}: {error}") from None
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise StartError(f"{source}{file.name} does not have the hash in Pyodide's lock file")
    file.write_bytes(content)
    return file


def _download(
    wanted: Sequence[str], upstream: Lock, page: Path, constraints: Path, downloads: Path
) -> None:
    """Runs pip, and once more without Pyodide's CDN if it failed.

    The second run is for machines that cannot reach the CDN but have the wheels in a place of
    their own (`PIP_FIND_LINKS`, an index).
    """
    info = upstream["info"]
    abi = info["abi_version"]
    command = [
        *(sys.executable, "-P", str(Path(__file__).with_name("browser_pip.py"))),
        *(json.dumps(markers(info)), "download", "--quiet", "--no-input"),
        *(
            "--disable-pip-version-check",
            "--constraint",
            str(constraints),
            "--dest",
            str(downloads),
            "--only-binary=:all:",
        ),
        *IMPATIENT,
        *("--implementation", "cp", "--python-version", info["python"]),
        # The wheels on the CDN carry the second tag: at equal versions a wheel of the user's own
        # with the older first tag is preferred, and the CDN is not needed.
        *("--platform", f"pyodide_{abi}_wasm32", "--platform", f"pyemscripten_{abi}_wasm32"),
    ]
    outputs = []
    for options in ["--find-links", str(page)], []:
        result = run([*command, *options, *wanted])
        if result.returncode == 0:
            return
        outputs.append(result.stderr)
        if "DO NOT MATCH THE HASHES" in result.stderr:
            break
    raise StartError(explain(outputs, upstream))


def explain(outputs: Sequence[str], upstream: Lock) -> str:
    """Returns one line for failed pip runs.

    Args:
        outputs: what pip wrote to stderr, with Pyodide's CDN and without it.
        upstream: Pyodide's lock file.
    """
    info = upstream["info"]
    names = [_no_match(output) for output in outputs]
    output, name = next(((o, n) for o, n in zip(outputs, names, strict=True) if n), ("", None))
    if name is None:
        errors = [line for line in outputs[0].splitlines() if line.startswith("ERROR: ")]
        lines = [line.removeprefix("ERROR: ") for line in errors[:3]] or outputs[0].splitlines()[
            -1:
        ]
        return "pip could not resolve [worker] packages: " + "; ".join(lines)
    if names[0] is None and canonicalize_name(Requirement(name).name) in upstream["packages"]:
        return (
            f"{name} comes from Pyodide's CDN, which cannot be reached; a folder with the wheel "
            "can be named in PIP_FIND_LINKS"
        )
    if "Retrying (" in output:
        return f"pip found no {name} and cannot reach a package index; is the network there?"
    versions = output.partition("(from versions: ")[2].partition(")")[0]
    found = f"; there are: {versions}" if versions not in ("", "none") else ""
    return (
        f"{name} has no wheel for the browser (Python {info['python']}, Pyodide ABI "
        f"{info['abi_version']}){found}; what [worker] packages names must be pure Python or "
        "built for Pyodide"
    )


def _no_match(output: str) -> str | None:
    """Returns the requirement that pip found nothing for."""
    found = re.search(r"^ERROR: No matching distribution found for ([^;\n]+)", output, re.MULTILINE)
    return found[1].partition(" (from ")[0].strip() if found else None
