"""What Pyodide can load, and has loaded, of the site's packages. Runs in the worker."""

import js
import pyodide_js
from pyodide.ffi import to_js

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def site_packages() -> "dict[str, str]":
    """Return the version of each package that Pyodide can load from this site, by name."""
    packages = pyodide_js.lockfile.packages.to_py()
    return {name: entry["version"] for name, entry in packages.items()}


def with_dependencies(names: "Sequence[str]") -> "set[str]":
    """Return packages of this site and all that they depend on."""
    packages = pyodide_js.lockfile.packages.to_py()
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in packages and name not in found:
            found.add(name)
            waiting.extend(packages[name]["depends"])
    return found


def loaded_packages() -> "set[str]":
    """Return the names of the packages that Pyodide has loaded."""
    return set(js.Object.keys(pyodide_js.loadedPackages).to_py())


async def load_packages(names: "Sequence[str]") -> "list[str]":
    """Load packages of this site, in parallel, hashes checked; return what went wrong."""
    problems: list[str] = []
    try:
        await pyodide_js.loadPackage(
            to_js(list(names)), messageCallback=_quiet, errorCallback=problems.append
        )
    except Exception as error:
        problems.append(str(error))
    return problems


def _quiet(message: str) -> None:
    pass
