"""Reads wheels and writes what `pyodide-lock.json` says of them."""

import hashlib
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True)
class Wheel:
    """What a lock file needs to know of a wheel."""

    file: Path
    name: str  # normalised
    version: str
    requires: tuple[Requirement, ...]
    imports: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "Wheel":
        """Reads the metadata of a wheel."""
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            metadata = next(
                name
                for name in names
                if name.endswith(".dist-info/METADATA") and name.count("/") == 1
            )
            headers = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
        return cls(
            file=file,
            name=canonicalize_name(headers["Name"]),
            version=headers["Version"],
            requires=tuple(map(Requirement, headers.get_all("Requires-Dist") or ())),
            imports=_top_level(names),
        )


def markers(info: Mapping[str, str]) -> dict[str, str]:
    """Returns the values of PEP 508's markers in the browser.

    Args:
        info: the `info` of Pyodide's lock file.
    """
    python = info["python"]
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": info["arch"],
        "platform_python_implementation": "CPython",
        "platform_release": info["platform"].partition("_")[2].replace("_", "."),
        "platform_system": "Emscripten",
        "platform_version": "#1",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "emscripten",
    }


def closure(
    roots: Iterable[Requirement],
    wheels: Mapping[str, Wheel],
    native: Mapping[str, Mapping[str, Any]],
    environment: Mapping[str, str],
    without: Collection[str] = (),
) -> dict[str, list[str]]:
    """Returns the direct dependencies of each package that `roots` need, by normalised name.

    Args:
        roots: what the user asked for.
        wheels: the wheels at hand; a package that is not among them has no dependencies of its
            own in the result, unless `native` has some.
        native: Pyodide's own packages; what they need besides wheels (shared libraries, parts of
            the standard library) stands only there.
        environment: the markers of the browser.
        without: normalised names of packages that are left out.
    """
    needs: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    todo = [root for root in roots if _applies(root, "", environment)]
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if name in without:
            continue
        depends = needs.setdefault(name, set())
        wheel, own = wheels.get(name), native.get(name)
        if own and (wheel is None or wheel.version == own["version"]):
            todo += [Requirement(other) for other in own["depends"] if (name, other) not in seen]
            seen |= {(name, other) for other in own["depends"]}
            depends |= {canonicalize_name(other) for other in own["depends"]}
        for extra in ("", *requirement.extras):
            if wheel is None or (name, f"[{extra}]") in seen:
                continue
            seen.add((name, f"[{extra}]"))
            found = [other for other in wheel.requires if _applies(other, extra, environment)]
            depends |= {canonicalize_name(other.name) for other in found}
            todo += found
    return {name: sorted(depends - {name, *without}) for name, depends in sorted(needs.items())}


def lock_entry(wheel: Wheel, depends: list[str]) -> dict[str, Any]:
    """Returns the wheel's entry in a lock file, for the file name of the wheel itself."""
    return {
        "name": wheel.name,
        "version": wheel.version,
        "file_name": wheel.file.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.file.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": list(wheel.imports),
        "depends": depends,
    }


def _applies(requirement: Requirement, extra: str, environment: Mapping[str, str]) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({**environment, "extra": extra})


def _top_level(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the names that can be imported from an archive with the files `names`."""
    found = set()
    for name in names:
        head, slash, _ = name.partition("/")
        if slash and not head.endswith((".dist-info", ".data")):
            found.add(head)
        elif not slash and head.endswith((".py", ".so")):
            found.add(head.partition(".")[0])
    return tuple(sorted(name for name in found if name.isidentifier()))
