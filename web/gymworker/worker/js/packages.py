"""Installing packages, from the site's own wheels where it has them. Runs in the worker."""

import asyncio
import importlib.metadata
import re
from operator import ge, gt, le, lt, ne

from . import loading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

POLL = 0.02
"""Seconds between two looks at what Pyodide has installed so far: it tells nobody."""

_FIELD = re.compile(r"^(Name|Version): *(.*?) *$", re.MULTILINE)


async def install(packages: "Sequence[str]", report: "Callable[..., None]") -> "dict[str, str]":
    """Install packages that are not installed yet, all fetched at once.

    Args:
        packages: names, with a version where it matters (``gymnasium==1.4.0``).
        report: called with stage, message, ``loaded`` and ``total`` packages.

    Returns:
        The version of each package that is installed now.

    Raises:
        ImportError: a package could not be installed; it is named.
    """
    present = installed()
    missing = [package for package in packages if not _fits(package, present.get(_name(package)))]
    if not missing:
        return present
    on_site = loading.site_packages()
    local = [package for package in missing if _fits(package, on_site.get(_name(package)))]
    await _load([_name(package) for package in local], report)
    foreign = [package for package in missing if package not in local]
    if foreign:
        await _fetch(foreign, on_site, report)
    return installed()


def tell_loaded(report: "Callable[..., None]") -> None:
    """Report the packages that are there before anything is installed: a snapshot holds them."""
    names = sorted(loading.loaded_packages())
    for number, name in enumerate(names, 1):
        report("packages", name, loaded=number, total=len(names))


def installed() -> "dict[str, str]":
    """Return the version of each installed package, by its normalised name."""
    found = {}
    for dist in importlib.metadata.distributions():
        # Parsing whole descriptions, as `dist.version` does, takes ten milliseconds of each boot.
        head = (dist.read_text("METADATA") or "").partition("\n\n")[0]
        fields = dict(_FIELD.findall(head))
        if len(fields) < 2:  # an egg, perhaps
            fields = {"Name": dist.name, "Version": dist.version}
        found[_name(fields["Name"])] = fields["Version"]
    return found


async def _load(names: "list[str]", report: "Callable[..., None]") -> None:
    if not names:
        return
    before = loading.loaded_packages()
    total = len(loading.with_dependencies(names) - before)
    task = asyncio.ensure_future(loading.load_packages(names))
    told = set(before)
    while not task.done():
        await asyncio.wait({task}, timeout=POLL)
        for name in sorted(loading.loaded_packages() - told):
            told.add(name)
            report("packages", name, loaded=len(told) - len(before), total=total)
    problems = task.result()
    absent = sorted(loading.with_dependencies(names) - loading.loaded_packages())
    if absent:
        raise ImportError(f"cannot install {', '.join(absent)}: {'; '.join(problems)}")


async def _fetch(
    packages: "list[str]", on_site: "dict[str, str]", report: "Callable[..., None]"
) -> None:
    """Install with micropip, which is part of Pyodide's distribution on its CDN."""
    listed = ", ".join(packages)
    if "micropip" not in on_site:
        raise ImportError(
            f"cannot install {listed}: the site has no such wheel. Add it to `packages` in the "
            "[worker] table of pyscript.toml and start the server again"
        )
    await _load(["micropip"], report)
    import micropip

    for number, package in enumerate(packages, 1):
        try:
            await micropip.install(package)
        except Exception as error:
            raise ImportError(f"cannot install {package}: {error}") from error
        report("packages", package, loaded=number, total=len(packages))


def _name(package: str) -> str:
    name = re.split(r"[^A-Za-z0-9._-]", package.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _fits(package: str, version: "str | None") -> bool:
    """Tell whether a version satisfies what follows the name (``numpy>=2,<3``)."""
    if version is None:
        return False
    conditions = re.findall(r"(===?|[!<>~]=|[<>])\s*([^\s,;]+)", package.split(";")[0])
    return all(_holds(version, operator, wanted) for operator, wanted in conditions)


def _holds(version: str, operator: str, wanted: str) -> bool:
    if wanted.endswith(".*"):
        inside = (version + ".").startswith(wanted[:-1])
        return inside if operator == "==" else not inside
    ours, theirs = _release(version), _release(wanted)
    if operator in ("==", "==="):
        return version == wanted or (
            ours == theirs and (version + wanted).replace(".", "").isdigit()
        )
    if operator == "~=":
        series = theirs[: wanted.count(".")]
        return ours >= theirs and ours[: len(series)] == series
    holds: bool = {"!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}[operator](ours, theirs)
    return holds


def _release(version: str) -> "tuple[int, ...]":
    """Return the numbers of a version, without zeros at the end: 1.0 is 1.0.0."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    release = [int(number) for number in numbers[0].split(".")] if numbers else []
    while release and not release[-1]:
        release.pop()
    return tuple(release)
