"""The browser's standard library with bytecode: npm's has sources only, a third of a boot's work.

The sources stay beside it, for tracebacks. An import does not compare the two (PEP 552).
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from gymserver.browser_compile import STDLIB
from gymserver.bytecode import compile_sources
from gymserver.cache import built_folder, compress
from gymserver.optional import or_serve

FOLDER = "stdlib"
"""Where it is served: its address changes with what is in it."""

LAYOUT = "2"  # to be changed with what a cached folder holds
NAME = "python_stdlib.zip"


def compile_stdlib(
    runtime: Path, pyodide: Path, cache: Path, say: Callable[[str], None]
) -> Path | None:
    """Returns a folder with `stdlib/<hash>/python_stdlib.zip`, making it at the first time.

    Args:
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        pyodide: the folder with `pyodide.mjs` and npm's `python_stdlib.zip`.
        cache: where built folders live.
        say: is told what happens, a line at a time.

    Returns:
        The folder; None if it cannot be made: npm's file works too. The next start tries again.
    """
    with or_serve("the standard library without bytecode", say):
        old = (pyodide / NAME).read_bytes()
        key = hashlib.sha256(json.dumps([LAYOUT, pyodide.name]).encode() + old).hexdigest()

        def build(folder: Path) -> None:
            say("compiling Python's standard library with Pyodide ...")
            new = folder.parent / NAME
            work = folder.parent / "stdlib"
            _write(pyodide / NAME, new, pyodide, runtime / "pyodide-lock.json", work)
            place = folder / FOLDER / hashlib.sha256(new.read_bytes()).hexdigest()[:16] / NAME
            place.parent.mkdir(parents=True)
            shutil.move(new, place)
            compress([place])

        return built_folder(cache / f"stdlib-{key[:12]}", build, say)
    return None


def address(folder: Path) -> str:
    """Returns the address of the file in `folder`, relative to the root of the site."""
    file = next((folder / FOLDER).glob(f"*/{NAME}"))
    return file.relative_to(folder).as_posix()


def _write(old: Path, new: Path, pyodide: Path, lock: Path, work: Path) -> None:
    """Writes a standard library again, with bytecode before each source.

    Its files are deflated: hosts that compress what they send hardly ever do so for zip files.
    """
    with zipfile.ZipFile(old) as given, zipfile.ZipFile(new, "w") as made:
        sources = (
            (f"{STDLIB}/{name}", given.read(name))
            for name in given.namelist()
            if name.endswith(".py")
        )
        bytecode = compile_sources(sources, pyodide, lock, work)
        for name in given.namelist():
            if content := bytecode.get(f"{STDLIB}/{name}c"):
                made.writestr(zipfile.ZipInfo(f"{name}c"), content, zipfile.ZIP_DEFLATED)
            made.writestr(zipfile.ZipInfo(name), given.read(name), zipfile.ZIP_DEFLATED)
