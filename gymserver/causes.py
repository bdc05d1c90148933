"""Why packages do not resolve, or only in an old version, told from what pip has seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from gymserver.seen import Need, Published, Seen, short

UNREACHED = "Pyodide's CDN, which cannot be reached"

LOCK = "pyscript.lock"
"""The lock file beside `pyscript.toml`; see `pins.py`."""


@dataclass(frozen=True)
class Browser:
    """What a reason depends on besides what pip has seen.

    Attributes:
        python: the version of its Python.
        abi: the version of Pyodide's binary interface.
        native: the versions of Pyodide's own packages, by normalised name.
        cdn: whether Pyodide's CDN, which has these, could be reached.
        index: whether all package indexes could be reached.
    """

    python: str
    abi: str
    native: Mapping[str, str]
    cdn: bool = True
    index: bool = True

    @classmethod
    def of(cls, upstream: Mapping[str, Any], *, cdn: bool = True, index: bool = True) -> "Browser":
        """Returns what Pyodide's lock file says."""
        native: dict[str, str] = {
            canonicalize_name(name): entry["version"]
            for name, entry in upstream["packages"].items()
        }
        info = upstream["info"]
        return cls(info["python"], info["abi_version"], native, cdn, index)


def explain(
    roots: Sequence[Requirement],
    seen: Seen,
    browser: Browser,
    versions: Mapping[str, str] | None = None,
) -> str | None:
    """Returns the cause of a failure in one line, None if what pip has seen holds none.

    It is looked for where a reader would: in the newest version of each package, from what the
    user asks for on.

    Args:
        roots: what the user asks for.
        seen: by pip.
        browser: that it is for.
        versions: that the lock file asks for, by normalised name.
    """
    needs = list(_walk(roots, seen))
    needs += [
        Need(Requirement(f"{name}=={version}"), LOCK) for name, version in (versions or {}).items()
    ]
    for need in needs:
        if reason := _lacks(need.requirement, seen, browser):
            gone = canonicalize_name(need.requirement.name)
            can_go = need.of not in ("", LOCK) and UNREACHED not in reason
            way_out = f'; `without = ["{gone}"]` leaves it out' if can_go else ""
            return f"{need} {reason}{way_out}"
    for name, several in _by_name(needs).items():
        files = _taken(seen, name)
        if files and not any(
            all(_allows(need, file.version) for need in several) for file in files
        ):
            said = [
                f"{need.of or '[worker] packages'} asks for {short(need.requirement)}"
                for need in several
                if need.requirement.specifier
            ]
            return f"no version of {name} fits all that need it: {', '.join(said)}"
    return None


def older(
    roots: Sequence[Requirement],
    chosen: Mapping[str, str],
    seen: Seen,
    browser: Browser,
) -> list[str]:
    """Returns a line for each package of which an older version than the newest was chosen.

    What a requirement holds back is not told, nor is a package of Pyodide's own.

    Args:
        roots: what the user asks for.
        chosen: versions by normalised name.
        seen: by pip.
        browser: that it is for.
    """
    by_name = _by_name(_walk(roots, seen, chosen))
    lines = []
    for name, version in sorted(chosen.items()):
        if browser.native.get(name) == version:
            continue
        files = [
            file
            for file in seen.published.get(name, ())
            if not file.yanked
            and not file.version.is_prerelease
            and all(_allows(need, file.version) for need in by_name.get(name, ()))
        ]
        newest = max((file.version for file in files), default=Version(version))
        if newest <= Version(version):
            continue
        line = f"{name} {version} rather than {newest}"
        for need in _walk([Requirement(f"{name}=={newest}")], seen):
            if why := _lacks(need.requirement, seen, browser):
                line += f": {need} {why}"
                break
        lines.append(line)
    return lines


def _walk(
    roots: Sequence[Requirement], seen: Seen, chosen: Mapping[str, str] | None = None
) -> Iterable[Need]:
    """Gives all requirements, nearest first, of the newest versions or of those chosen."""
    todo = [Need(root) for root in roots]
    done: set[str] = set()
    while todo:
        need = todo.pop(0)
        yield need
        name = canonicalize_name(need.requirement.name)
        if chosen is None:
            version = seen.newest(need.requirement)
        else:
            version = Version(chosen[name]) if name in chosen else None
        if version is None or short(need.requirement) in done:
            continue
        done.add(short(need.requirement))
        todo += seen.needs_of(need.requirement, version)


def _by_name(needs: Iterable[Need]) -> dict[str, list[Need]]:
    found: dict[str, list[Need]] = {}
    for need in needs:
        found.setdefault(canonicalize_name(need.requirement.name), []).append(need)
    return found


def _lacks(requirement: Requirement, seen: Seen, browser: Browser) -> str | None:
    """Returns why a requirement cannot be met, as the end of a sentence; None if it can."""
    name = canonicalize_name(requirement.name)
    if name not in seen.published or seen.newest(requirement) is not None:
        return None
    files = seen.published[name]
    if not browser.cdn and name in browser.native and not _taken(seen, name):
        return f"comes from {UNREACHED}; a folder with the wheel can be named in PIP_FIND_LINKS"
    if not files and not browser.index:
        return "is not at hand, and pip cannot reach a package index; is the network there?"
    if not files:
        return "does not exist: no package index knows such a package"
    python = browser.python
    fitting = seen.fitting(requirement)
    if not fitting:
        released = {file.version for file in files if not file.version.is_prerelease}
        return (
            f"does not exist; the newest versions are {', '.join(map(str, sorted(released)[-3:]))}"
        )
    taken = [file.version for file in _taken(seen, name)]
    there = f"; for the browser there is {max(taken)}" if taken else ""
    kinds = {file.kind for file in fitting if _is_for(file.python, python)}
    if not kinds:
        return f"is for other versions of Python than the browser's {python}{there}"
    if "compiled" in kinds:
        return (
            "is compiled for other systems only and has no wheel for the browser "
            f"(Python {python}, Pyodide ABI {browser.abi}){there}"
        )
    if "source" in kinds:
        return (
            f'is published as source only; if that is pure Python, `build = ["{name}"]` in '
            f"[worker] makes a wheel of it{there}"
        )
    return f"has no wheel that fits the browser's Python {python}{there}"


def _taken(seen: Seen, name: str) -> list[Published]:
    return [file for file in seen.published.get(name, ()) if file.taken]


def _allows(need: Need, version: Version) -> bool:
    return need.requirement.specifier.contains(version, prereleases=True)


def _is_for(wanted: str, python: str) -> bool:
    try:
        return SpecifierSet(wanted).contains(python)
    except InvalidSpecifier:  # pip lets it pass too
        return True
