"""pip resolves packages for the browser's Python; sources become wheels where the user says so."""

import hashlib
import html
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from gymserver import standins
from gymserver.bootstrap import IMPATIENT
from gymserver.causes import UNREACHED, Browser, explain, older
from gymserver.errors import StartError
from gymserver.lockfile import Wheel, closure, lock_entry, markers
from gymserver.programs import run
from gymserver.seen import Seen

Lock = dict[str, Any]

_FAILED = ("ResolutionImpossible", "No matching distribution", "DO NOT MATCH THE HASHES")
"""What pip says where another place to look at would not help."""

_EPOCH = "315532800"  # 1980, the first year that a wheel can hold: the same source, the same wheel


@dataclass(frozen=True)
class Wanted:
    """What `[worker]` says of packages.

    Attributes:
        packages: requirements, `gymnasium==1.4.0`.
        build: names of packages that may be built from their source.
        without: names of packages that are left out, whoever needs them.
    """

    packages: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def roots(self) -> list[Requirement]:
        """The requirements, read."""
        return [Requirement(package) for package in self.packages]

    def unused(self, packages: Mapping[str, Any]) -> list[str]:
        """Returns the names in `build` that are not among packages, by normalised name."""
        return [name for name in self.build if canonicalize_name(name) not in packages]


class Package(NamedTuple):
    """A package that was resolved: its entry in a lock file, its file, the hash of what came."""

    entry: Lock
    file: Path
    sha256: str


@dataclass(frozen=True)
class Resolved:
    """The packages by normalised name, and lines about what is older than it could be."""

    packages: Mapping[str, Package] = field(default_factory=dict)
    older: Sequence[str] = ()


class Resolver:
    """Fetches packages into a folder of its own.

    Args:
        wanted: what the user asks for.
        upstream: Pyodide's lock file.
        source: the address of the folder that this lock file names its files in.
        work: a folder that is not there yet.
    """

    def __init__(self, wanted: Wanted, upstream: Lock, source: str, work: Path) -> None:
        self._wanted = wanted
        self._upstream = upstream
        self._source = source
        self._downloads = work / "downloads"
        self._downloads.mkdir(parents=True)
        self._constraints = work / "constraints.txt"
        self._report = work / "report.json"
        self._page = work / "find-links.html"
        self._page.write_text(find_links_page(upstream, source), "utf-8")
        self._standins = work / "standins"
        standins.write_wheels(self._standins, standins.offered(wanted.packages))
        self._native: dict[str, Lock] = {
            canonicalize_name(name): entry for name, entry in upstream["packages"].items()
        }
        self._versions: dict[str, str] = {}
        self._cdn = True  # whether it can be reached, until it turns out that it cannot
        self._built: dict[str, tuple[Path, str]] = {}  # wheel and the source's hash, by the source

    def resolve(self, versions: Mapping[str, str]) -> Resolved:
        """Fetches the packages with all that they need.

        Args:
            versions: that packages must have, by normalised name.

        Raises:
            StartError: it cannot be done; the message is the cause, in one line.
        """
        self._versions = {
            name: version for name, version in versions.items() if not self._is_file(name)
        }
        self._write_constraints()
        roots = self._wanted.roots
        left_out = {canonicalize_name(name) for name in self._wanted.without}
        asked = [root for root in roots if not self._is_file(canonicalize_name(root.name))]
        wanted = {canonicalize_name(root.name): str(root) for root in asked}
        more: list[str] = []
        while True:
            for file_of_last_round in self._downloads.iterdir():
                file_of_last_round.unlink()
            if wanted or more:
                self._download([*map(str, asked), *more])
            hashes = self._build_sources()
            wheels = {wheel.name: wheel for wheel in map(Wheel.read, self._wheels())}
            needs = closure(roots, wheels, self._native, markers(self._upstream["info"]), left_out)
            missing = {name for name in needs if name not in wheels and not self._is_file(name)}
            if not missing:
                break
            if missing <= {*wanted, *more}:
                raise StartError(f"pip did not fetch {', '.join(sorted(missing))}")
            more += sorted(missing)
        packages = {}
        for name, depends in needs.items():
            if name in wheels:
                entry, file = lock_entry(wheels[name], depends), wheels[name].file
            else:
                entry = {**self._native[name], "depends": depends}
                file = self._fetch(entry)
            packages[name] = Package(entry, file, hashes.get(file, entry["sha256"]))
        chosen = {
            name: package.entry["version"]
            for name, package in packages.items()
            if name in wheels and not standins.is_standin(package.entry)
        }
        browser = Browser.of(self._upstream, cdn=self._cdn)
        lines = older(roots, chosen, Seen.read(self._report), browser)
        if late := [line for line in lines if UNREACHED in line and not versions]:
            raise StartError(late[0])  # with the network, it would be another package
        return Resolved(packages, lines)

    def _write_constraints(self) -> None:
        """Writes what pip must keep to.

        A pre-release is no candidate for pip unless a requirement names one. Where Pyodide has
        nothing else to offer, `>=0.dev0`, which all versions fit, does that.
        """
        own = {
            name: Version(entry["version"])
            for name, entry in self._native.items()
            if not self._is_file(name)
        }
        lines = [f"{name}>=0.dev0" for name, version in own.items() if version.is_prerelease]
        lines += [f"{name}=={version}" for name, version in self._versions.items()]
        self._constraints.write_text("".join(f"{line}\n" for line in lines), "utf-8")

    def _is_file(self, name: str) -> bool:
        """Tells shared libraries and parts of the standard library, which pip cannot know."""
        return name in self._native and self._native[name]["package_type"] != "package"

    def _wheels(self) -> list[Path]:
        return sorted(self._downloads.glob("*.whl"))

    def _fetch(self, entry: Lock) -> Path:
        file = self._downloads / str(entry["file_name"])
        if file.is_file():
            return file
        try:
            with urlopen(self._source + file.name, timeout=30) as response:
                content = response.read()
        except (URLError, OSError) as error:
            raise StartError(f"{entry['name']} comes from {UNREACHED}: {error}") from None
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise StartError(
                f"{self._source}{file.name} does not have the hash in Pyodide's lock file"
            )
        file.write_bytes(content)
        return file

    def _download(self, wanted: Sequence[str]) -> None:
        """Runs pip, and once more without Pyodide's CDN if that failed.

        The second run is for machines that cannot reach the CDN but have the wheels in a place of
        their own (`PIP_FIND_LINKS`, an index).
        """
        told = {
            "markers": markers(self._upstream["info"]),
            "without": [canonicalize_name(name) for name in self._wanted.without],
            "build": [canonicalize_name(name) for name in self._wanted.build],
            "report": str(self._report),
        }
        info = self._upstream["info"]
        abi = info["abi_version"]
        command = [
            *(sys.executable, "-P", str(Path(__file__).with_name("browser_pip.py"))),
            *(json.dumps(told), "download", "--quiet", "--no-input", "--use-pep517"),
            *("--disable-pip-version-check", "--only-binary=:all:"),
            *("--constraint", str(self._constraints), "--dest", str(self._downloads)),
            *IMPATIENT,
            *("--find-links", str(self._standins)),
            *("--implementation", "cp", "--python-version", info["python"]),
            # The wheels on the CDN carry the second tag: at equal versions a wheel of the user's
            # own with the older first tag is preferred, and the CDN is not needed.
            *("--platform", f"pyodide_{abi}_wasm32", "--platform", f"pyemscripten_{abi}_wasm32"),
        ]
        for options in ["--find-links", str(self._page)], []:
            result = run([*command, *options, *wanted])
            if result.returncode == 0:
                return
            if any(sign in result.stderr for sign in _FAILED):
                break
            self._cdn = False
        raise StartError(self._explain(result.stderr))

    def _explain(self, output: str) -> str:
        """Returns one line for a failed run of pip."""
        if changed := re.search(r"^ +(\S+)[^\n]*:\n +Expected sha256 ", output, re.MULTILINE):
            return f"{changed[1]} does not have the hash that its index or Pyodide's CDN names"
        browser = Browser.of(self._upstream, cdn=self._cdn, index="Retrying (" not in output)
        seen = Seen.read(self._report)
        if cause := explain(self._wanted.roots, seen, browser, self._versions):
            return cause
        if "subprocess-exited-with-error" in output:
            return f"cannot build {' or '.join(self._wanted.build)}: {_last_error(output)}"
        if host := re.search(r"host='([^']+)'", output):
            return f"pip cannot reach {host[1]}; is the network there?"
        lines = [line for line in output.splitlines() if line.startswith("ERROR: ")]
        line = (lines or output.splitlines() or ["no output"])[0].removeprefix("ERROR: ")
        return f"pip could not resolve [worker] packages: {line[:200]}"

    def _build_sources(self) -> dict[Path, str]:
        """Makes a wheel of each source among the downloads; returns the sources' hashes by it."""
        hashes = {}
        for source in sorted(self._downloads.iterdir()):
            if source.suffix == ".whl":
                continue
            if source.name not in self._built:
                sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
                self._built[source.name] = (
                    build_wheel(source, source.parent.parent / "built"),
                    sha256,
                )
            made, sha256 = self._built[source.name]
            wheel = self._downloads / made.name
            wheel.write_bytes(made.read_bytes())
            hashes[wheel] = sha256
        return hashes


def build_wheel(source: Path, folder: Path) -> Path:
    """Builds a wheel from a source archive, in an environment of its own.

    Raises:
        StartError: it cannot be built, or it is not pure Python.
    """
    into = folder / source.name
    pip = [sys.executable, "-P", "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    result = run(
        [*pip, "--no-deps", "--use-pep517", *IMPATIENT, "--wheel-dir", str(into), str(source)],
        env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
    )
    made = list(into.glob("*.whl"))
    if result.returncode or not made:
        raise StartError(f"cannot build {source.name}: {_last_error(result.stderr)}")
    if not made[0].stem.endswith("-none-any"):
        raise StartError(
            f"{source.name} holds code to be compiled ({made[0].name}); only pure Python can be "
            "built for the browser"
        )
    return made[0]


def _last_error(output: str) -> str:
    """Returns the exception that a build ended with, else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no output"]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (errors or lines)[-1][:200]


def find_links_page(upstream: Lock, source: str) -> str:
    """Returns a page for pip's `--find-links`: each wheel of the lock file, with its hash."""
    links = (
        f'<a href="{html.escape(source + entry["file_name"])}#sha256={entry["sha256"]}">'
        f"{html.escape(entry['file_name'])}</a><br>"
        for entry in upstream["packages"].values()
        if entry["file_name"].endswith(".whl")
    )
    return "<!DOCTYPE html>\n" + "\n".join(links) + "\n"
