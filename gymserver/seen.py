"""What a run of pip has seen: the files that there are, and what they need."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version


@dataclass(frozen=True)
class Published:
    """A file that somebody offers.

    Attributes:
        kind: `"pure"`, `"compiled"` or `"source"`.
        taken: whether pip may take it for the browser.
        python: the versions of Python that it is for, as its author wrote them.
        yanked: whether its author took it back.
    """

    version: Version
    kind: str
    taken: bool
    python: str
    yanked: bool


@dataclass(frozen=True)
class Need:
    """A requirement, and who has it: `""` is the user."""

    requirement: Requirement
    of: str = ""

    def __str__(self) -> str:
        wanted = short(self.requirement)
        return f"{wanted}, which {self.of} needs," if self.of else wanted


@dataclass(frozen=True)
class Seen:
    """What a run of pip has seen.

    Attributes:
        published: the files of each package that it looked for, by normalised name.
        needs: the requirements of each version that it looked into, by `name==version`; a name
            may have extras.
    """

    published: Mapping[str, Sequence[Published]] = field(default_factory=dict)
    needs: Mapping[str, Sequence[Requirement]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Seen":
        """Reads the report that `browser_pip.py` wrote; without one, pip has seen nothing."""
        try:
            report = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        published = {
            name: [made for file, about in files.items() if (made := _published(name, file, about))]
            for name, files in report["links"].items()
        }
        needs = {
            of: [read for text in texts if (read := _requirement(text))]
            for of, texts in report["needs"].items()
        }
        return cls(published, needs)

    def needs_of(self, requirement: Requirement, version: Version) -> list[Need]:
        """Returns what a version of a package needs."""
        name = canonicalize_name(requirement.name)
        extras = ",".join(sorted(requirement.extras))
        full = f"{name}[{extras}]" if extras else name
        found = [
            *self.needs.get(f"{full}=={version}", ()),
            *self.needs.get(f"{name}=={version}", ()),
        ]
        return [Need(each, f"{full} {version}") for each in dict.fromkeys(found)]

    def newest(self, requirement: Requirement) -> Version | None:
        """Returns the newest version that fits and that pip may take."""
        taken = [file.version for file in self.fitting(requirement) if file.taken]
        return max(taken, default=None)

    def fitting(self, requirement: Requirement) -> list[Published]:
        """Returns the files of the versions that a requirement allows."""
        name = canonicalize_name(requirement.name)
        allows = requirement.specifier
        return [
            file for file in self.published.get(name, ()) if allows.contains(file.version, True)
        ]


def short(requirement: Requirement) -> str:
    """Returns a requirement without its marker."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:  # pip's own: a candidate, a Python
        return None


def _published(name: str, file: str, about: Mapping[str, Any]) -> Published | None:
    """Returns what a file is, None if it belongs to another package, as in a folder of wheels."""
    try:
        if file.endswith(".whl"):
            found, version, _, tags = parse_wheel_filename(file)
            kind = "pure" if all(tag.platform == "any" for tag in tags) else "compiled"
        else:
            found, version = parse_sdist_filename(_as_sdist(file))
            kind = "source"
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):  # of an older time
        return None
    if found != name:
        return None
    return Published(version, kind, about["taken"], about["python"] or "", about["yanked"])


def _as_sdist(file: str) -> str:
    """Lets archives of all sorts be read as the one that `packaging` knows."""
    for suffix in (".tar.bz2", ".tgz", ".tar.xz"):
        file = file.removesuffix(suffix) + ".tar.gz" if file.endswith(suffix) else file
    return file
