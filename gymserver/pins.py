"""The versions and hashes that the browser's packages must have: `locks/browser.txt`, as pip reads.

    python -m gymserver.pins

writes the file anew, for the packages that `web/pyscript.toml` names.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gymserver.errors import StartError

_HEAD = "# What the worker's packages must be. Written by `python -m gymserver.pins`.\n"


@dataclass(frozen=True)
class Pins:
    """What a lock file says.

    Attributes:
        versions: by normalised name.
        hashes: the allowed ones of a package's wheels, by normalised name.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Pins":
        """Reads a lock file; a missing one pins nothing.

        Raises:
            StartError: it cannot be read.
        """
        try:
            text = file.read_text("utf-8")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise StartError(f"cannot read {file}: {error}") from None
        entries = re.findall(
            r"^([\w.-]+)==(\S+)((?:[\s\\]+--hash=sha256:[0-9a-f]{64})+)", text, re.M
        )
        lines = [line for line in text.splitlines() if line.strip() and line[0].isalnum()]
        if len(entries) != len(lines):
            raise StartError(f"{file}: expected lines such as name==1.0 --hash=sha256:...")
        return cls(
            {canonicalize_name(name): version for name, version, _ in entries},
            {
                canonicalize_name(name): frozenset(re.findall(r"sha256:(\w+)", hashes))
                for name, _, hashes in entries
            },
        )

    def covers(self, requirements: Sequence[str]) -> bool:
        """Tells whether all of `requirements` are pinned, and so all that they need."""
        return all(
            requirement.specifier.contains(version, prereleases=True)
            if (version := self.versions.get(canonicalize_name(requirement.name)))
            else False
            for requirement in map(Requirement, requirements)
        )

    def check(self, name: str, version: str, sha256: str, *, all_pinned: bool) -> None:
        """Checks one package.

        Args:
            name: normalised.
            version: of the file.
            sha256: of the file.
            all_pinned: a package that is not pinned is a mistake too.

        Raises:
            StartError: it is not the file that was pinned.
        """
        pinned = self.versions.get(name)
        if pinned == version and sha256 not in self.hashes[name]:
            raise StartError(
                f"{name} {version} does not have the hash in locks/browser.txt, so it is not the "
                f"file that was tried; it has {sha256}"
            )
        if all_pinned and pinned != version:
            raise StartError(
                f"{name} {version} is not pinned in locks/browser.txt; write that anew with "
                "`python -m gymserver.pins`"
            )


def write(file: Path, packages: Mapping[str, Mapping[str, Any]], native: Mapping[str, Any]) -> None:
    """Writes a lock file.

    Args:
        file: to write.
        packages: a lock file's entries for the wheels as they were fetched.
        native: Pyodide's own packages, whose hashes are allowed too: a wheel of the user's own may
            stand in the place of one of them.
    """
    lines = [_HEAD]
    for name, entry in sorted(packages.items()):
        own = native.get(name, {})
        hashes = {
            entry["sha256"],
            *([own["sha256"]] if own.get("version") == entry["version"] else []),
        }
        lines.append(f"{name}=={entry['version']}")
        lines += [f" \\\n    --hash=sha256:{digest}" for digest in sorted(hashes)]
        lines.append("\n")
    file.write_text("".join(lines), "utf-8")


def main() -> int:
    """Writes the project's lock file anew."""
    import tempfile

    from gymserver.packages import install_packages
    from gymserver.runtime import Versions, find_npm, install_runtime, read_lock
    from gymserver.settings import Settings
    from gymserver.site import PINS, ROOT

    settings = Settings.read(ROOT / "web")
    runtime = install_runtime(ROOT, ROOT / ".cache", find_npm(), print)
    source = Versions.read(ROOT).on_cdn.pyodide
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        made = install_packages(settings.packages, runtime, source, Path(cache), print)
        write(ROOT / PINS, read_lock(made)["packages"], read_lock(runtime)["packages"])
    print(f"wrote {PINS}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as error:
        sys.exit(f"gymworker: {error}")
