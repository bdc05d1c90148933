"""What a file and its helper modules import, and whether it is there."""

import ast
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gymworker.worker.missing import advice

from gymserver.doctor.checks import FAILED, OK, SKIPPED, WARNING
from gymserver.doctor.trial.finding import Finding, failure

IN_BROWSER = sys.platform == "emscripten"

BROWSERS = {"js", "pyodide", "pyodide_js", "pyscript", "polyscript"}
"""What is there because Python runs in a browser: on a page, all of it."""

_ABSENT = (ImportError, ModuleNotFoundError)


@dataclass(frozen=True)
class Import:
    """A module that is imported.

    Attributes:
        name: its first part.
        place: file and line.
        needed: whether the file cannot even begin without it.
    """

    name: str
    place: str
    needed: bool


def check_imports(job: Mapping[str, Any]) -> Finding:
    """Looks for each module that the code of an environment imports.

    Args:
        job: `source`, `fileName` and `files`; and `packages`, the package that has a module of
            which nobody would think so, by the module's name.
    """
    found: dict[str, Import] = {}
    for file, text in {job["fileName"]: job["source"], **job["files"]}.items():
        for one in imports(text, file.rpartition("/")[2]):
            if one.name not in found or one.needed:
                found[one.name] = one
    beside = {name.partition("/")[0].removesuffix(".py") for name in job["files"]}
    missing = [one for one in found.values() if not _is_there(one.name, beside)]
    if not missing:
        return Finding(OK, _told(found, beside))
    needed = [one for one in missing if one.needed] or missing
    text = ", ".join(f"{one.name} is not there ({one.place})" for one in needed)
    todo = "; ".join(
        dict.fromkeys(_what_to_do(one.name, job.get("packages", {})) for one in needed)
    )
    if needed[0].needed:
        return Finding(FAILED if IN_BROWSER else SKIPPED, text, todo)
    return Finding(WARNING, text + ", in a function that may want it", todo)


def missing(error: ModuleNotFoundError) -> Finding:
    """Returns what it amounts to that CPython has not what some package imports."""
    found, name = failure(error), (error.name or "").partition(".")[0]
    return Finding(SKIPPED, found.text, _what_to_do(name, {}))


def imports(text: str, file: str) -> Iterator[Import]:
    """Yields what a source text imports, but for what it does without, and tries alone.

    A text that cannot be read imports nothing.
    """
    try:
        tree = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError):
        return
    yield from _imports(tree.body, file, needed=True)


def _imports(body: list[ast.stmt], file: str, *, needed: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [node.module]
        elif isinstance(node, ast.If) and _is_not_run(node.test):
            yield from _imports(node.orelse, file, needed=needed)
            continue
        else:
            inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            for part in ("body", "orelse", "finalbody"):
                if part == "body" and isinstance(node, ast.Try) and _catches(node):
                    continue
                more = getattr(node, part, None)
                if isinstance(more, list):
                    yield from _imports(more, file, needed=needed and not inside)
            continue
        for name in names:
            yield Import(name.partition(".")[0], f"{file}, line {node.lineno}", needed)


def _catches(node: ast.Try) -> bool:
    """Tells whether a `try` goes on without a module."""
    words = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    for handler in node.handlers:
        if handler.type is None:
            return True
        caught = {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)}
        raised = any(isinstance(part, ast.Raise) for part in ast.walk(handler))
        if caught & words and not raised:
            return True
    return False


def _is_not_run(test: ast.expr) -> bool:
    """Tells whether what an `if` asks is `TYPE_CHECKING`, or whether this is the main module."""
    words = {part.id for part in ast.walk(test) if isinstance(part, ast.Name)}
    words |= {part.attr for part in ast.walk(test) if isinstance(part, ast.Attribute)}
    return bool(words & {"TYPE_CHECKING", "__name__"})


def _is_there(name: str, beside: set[str]) -> bool:
    if name in beside or name in BROWSERS or name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except _ABSENT:
        return False
    except ValueError:  # a module without a spec
        return True


def _told(found: Mapping[str, Import], beside: set[str]) -> str:
    """Returns which packages and helpers are imported, with versions."""
    known = importlib.metadata.packages_distributions()
    words = []
    for name in sorted(found):
        if name in beside:
            words.append(f"{name} beside it")
        elif name in known and name not in sys.stdlib_module_names and name != "gymworker":
            package = sorted(known[name])[0]
            words.append(f"{name} {importlib.metadata.version(package)}")
    return ", ".join(words) or "nothing but the standard library"


def _what_to_do(name: str, packages: Mapping[str, str]) -> str:
    if name in sys.stdlib_module_names:
        return advice(ModuleNotFoundError(name, name=name)) or f"this Python is without {name}"
    package = packages.get(name, name)
    if not IN_BROWSER:
        return f"`{sys.executable} -m pip install {package}` lets CPython try it too"
    unsure = "" if name in packages else ", if the package is called so"
    return f'add "{package}" to `packages` in [worker] of pyscript.toml{unsure}'
