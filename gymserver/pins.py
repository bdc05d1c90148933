"""The lock file beside `pyscript.toml`: versions and hashes of the worker's packages.

It is there to be committed. The first start makes it, `python server.py --update` makes it anew,
and so does a start after `[worker]` has changed. Its lines are pip's. The comments say what it is
for, and what is older than it could be. There are no addresses in it.
"""

import json
import os
import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from gymserver.causes import LOCK
from gymserver.errors import StartError
from gymserver.resolve import Resolved, Wanted
from gymserver.standins import is_standin

UPDATE = "`python server.py --update` makes it anew"

_HEAD = f"# The worker's packages, as they were resolved; {UPDATE}.\n"
_FOR = "# for: "
_OLDER = "# older: "
_PACKAGES = "packages = "


@dataclass(frozen=True)
class Pins:
    """What a lock file says.

    Attributes:
        text: the file's.
        made_for: see `asked`; empty if it does not say.
        versions: by normalised name.
        hashes: the allowed ones of a package's files, by normalised name.
        older: lines about what is older than it could be.
    """

    text: str = ""
    made_for: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    older: Sequence[str] = ()

    @classmethod
    def read(cls, file: Path) -> "Pins":
        """Reads a lock file; a missing one pins nothing.

        Raises:
            StartError: it cannot be read.
        """
        try:
            return cls.parse(file.read_text("utf-8"), str(file))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise StartError(f"cannot read {file}: {error}; {UPDATE}") from None

    @classmethod
    def parse(cls, text: str, name: str) -> "Pins":
        """Reads the text of a lock file.

        Args:
            text: to read.
            name: what a mistake is told of.

        Raises:
            StartError: it pins nothing, or something without a hash.
        """
        entries = re.findall(
            r"^([\w.-]+)==(\S+)((?:[\s\\]+--hash=sha256:[0-9a-f]{64})+)", text, re.M
        )
        lines = [line for line in text.splitlines() if line.strip() and line[0] not in "# "]
        if len(entries) != len(lines):
            raise StartError(
                f"{name}: expected lines such as name==1.0 --hash=sha256:...; {UPDATE}"
            )
        told = {
            start: [
                line.removeprefix(start) for line in text.splitlines() if line.startswith(start)
            ]
            for start in (_FOR, _OLDER)
        }
        return cls(
            text,
            "".join(told[_FOR][:1]),
            {canonicalize_name(name): version for name, version, _ in entries},
            {
                canonicalize_name(name): frozenset(re.findall(r"sha256:(\w+)", hashes))
                for name, _, hashes in entries
            },
            told[_OLDER],
        )

    def kept(self, wanted: Wanted, info: Mapping[str, str]) -> dict[str, str]:
        """Returns the versions that stay although `[worker]` asks for other packages now.

        If more has changed than `packages`, the best choice may be another one: none stay.
        """
        others_now, _, _ = asked(wanted, info).partition(_PACKAGES)
        others_then, _, _ = self.made_for.partition(_PACKAGES)
        if others_now != others_then:
            return {}
        kept = dict(self.versions)
        for root in wanted.roots:
            name = canonicalize_name(root.name)
            if name in kept and not root.specifier.contains(kept[name], prereleases=True):
                del kept[name]
        return kept

    def check(self, resolved: Resolved, only: Collection[str] | None = None) -> None:
        """Checks that packages are what was pinned.

        Args:
            resolved: the packages.
            only: names that are looked at, where they have the version that was pinned.

        Raises:
            StartError: one is not, or is not pinned.
        """
        for name, (entry, _, sha256) in resolved.packages.items():
            version, pinned = entry["version"], self.versions.get(name)
            if is_standin(entry) or (only is not None and (name not in only or pinned != version)):
                continue
            if pinned != version:
                raise StartError(
                    f"{LOCK} has {f'{name} {pinned}' if pinned else f'no {name}'}, and {version} "
                    f"was found; {UPDATE}"
                )
            if sha256 not in self.hashes[name]:
                raise StartError(
                    f"{name} {version} does not have the hash in {LOCK}, so it is not the file "
                    f"that was tried; it has {sha256}. If it is the right one: {UPDATE}"
                )


def asked(wanted: Wanted, info: Mapping[str, str]) -> str:
    """Returns what a lock file is made for, as one line.

    Args:
        wanted: what `[worker]` asks for.
        info: the `info` of Pyodide's lock file.
    """
    parts = [f"Python {info['python']}, Pyodide ABI {info['abi_version']}"]
    for key, names in (("build", wanted.build), ("without", wanted.without)):
        if names:
            parts.append(f"{key} = {json.dumps(sorted(map(canonicalize_name, names)))}")
    return ", ".join([*parts, _PACKAGES + json.dumps(sorted(wanted.packages))])


def lock_text(wanted: Wanted, upstream: Mapping[str, Any], resolved: Resolved) -> str:
    """Returns the text of a lock file.

    Args:
        wanted: what `[worker]` asks for.
        upstream: Pyodide's lock file, whose hashes are allowed too: a wheel of the user's own may
            stand in the place of one of its packages.
        resolved: as it was fetched.
    """
    lines = [_HEAD, f"{_FOR}{asked(wanted, upstream['info'])}\n"]
    lines += [f"{_OLDER}{line}\n" for line in resolved.older]
    for name, (entry, _, sha256) in sorted(resolved.packages.items()):
        if is_standin(entry):
            continue
        own = upstream["packages"].get(name, {})
        hashes = {sha256, *([own["sha256"]] if own.get("version") == entry["version"] else [])}
        lines.append(f"{name}=={entry['version']}")
        lines += [f" \\\n    --hash=sha256:{digest}" for digest in sorted(hashes)]
        lines.append("\n")
    return "".join(lines)


def changes(old: Pins, new: Pins) -> str:
    """Returns what differs between two lock files, in one line."""
    told = []
    for name in sorted({*old.versions, *new.versions}):
        before, after = old.versions.get(name), new.versions.get(name)
        if before is None:
            told.append(f"{name} {after} is new")
        elif after is None:
            told.append(f"{name} is gone")
        elif before != after:
            told.append(f"{name} {before} is {after} now")
    return ", ".join(told) or "the versions are the same"


def write_lock(file: Path, text: str) -> None:
    """Writes a lock file, the whole of it or nothing.

    Raises:
        OSError: it cannot be written.
    """
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, prefix=".", encoding="utf-8", delete=False
    ) as made:
        made.write(text)
    Path(made.name).chmod(0o644)
    os.replace(made.name, file)  # noqa: PTH105 - a file in the place of a file
