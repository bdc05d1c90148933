"""Wheels of metadata for pygame: what names it resolves, and imports the worker's stand-in.

There is no pygame for the browser on PyPI, and the one on Pyodide's CDN finds no display in a
worker. The wheels hold no module, so that `import pygame` finds the library's own stand-in.
"""

import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

VERSIONS = {
    "pygame": ("2.1.0", "2.1.2", "2.1.3", "2.3.0", "2.4.0", "2.5.2", "2.6.0", "2.6.1"),
    "pygame-ce": ("2.1.4", "2.2.1", "2.3.2", "2.4.1", "2.5.0", "2.5.5", "2.5.7", "2.5.8"),
}
"""By normalised name, those that packages pin and the newest one; all are the same stand-in."""

_ABOUT = "A stand-in: what imports pygame in gymworker's worker finds the library's own."


def offered(requirements: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Returns the versions that are offered, by name: not of what the user asks for by name.

    Args:
        requirements: as in `[worker] packages`.
    """
    named = {canonicalize_name(Requirement(requirement).name) for requirement in requirements}
    return {name: versions for name, versions in VERSIONS.items() if name not in named}


def write_wheels(folder: Path, names: Mapping[str, Collection[str]]) -> None:
    """Writes the wheels; the same name and version give the same bytes.

    Args:
        folder: to write to; it is made.
        names: versions by normalised name.
    """
    folder.mkdir()
    for name, versions in names.items():
        for version in versions:
            _write(folder, name, version)


def is_standin(entry: Mapping[str, Any]) -> bool:
    """Tells whether an entry of a lock file is one of these wheels, and no real pygame."""
    return entry["name"] in VERSIONS and not entry["imports"]


def _write(folder: Path, name: str, version: str) -> None:
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"{stem}.dist-info"
    tag = "py3-none-any"
    files = {
        f"{about}/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {_ABOUT}\n"
        ),
        f"{about}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: gymworker\nRoot-Is-Purelib: true\nTag: {tag}\n"
        ),
    }
    files[f"{about}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # whose time is always the same
