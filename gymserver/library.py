"""Bytecode for the Python files of the worker's bundles, our own library first of all.

They change more often than anything else that a boot needs, so their bytecode is no part of the
snapshot. It is found by its source: a file that was edited since travels without.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from gymserver.bundle import Bytecode
from gymserver.bytecode import CompileFailure, compile_sources
from gymserver.cache import built_folder
from gymserver.runtime import find_node
from gymserver.settings import Settings

LAYOUT = "1"  # to be changed with what a cached folder holds
NAME = "bytecode.zip"


def compile_library(
    settings: Settings, runtime: Path, pyodide: Path, cache: Path, say: Callable[[str], None]
) -> Path | None:
    """Returns a folder with the bytecode of the worker's bundles, making it at the first time.

    Args:
        settings: of the served folder.
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        pyodide: the folder with `pyodide.mjs`.
        cache: where built folders live.
        say: is told what happens, a line at a time.

    Returns:
        The folder; None if it cannot be made: sources work too. The next start tries again.
    """
    files = {**settings.bundle("worker").files, **settings.bundle("later").files}
    sources = {digest(content): content for content in _modules(files)}
    if not sources:
        return None
    key = hashlib.sha256(json.dumps([LAYOUT, pyodide.name, sorted(sources)]).encode()).hexdigest()

    def build(folder: Path) -> None:
        node = find_node()
        if node is None:
            raise CompileFailure("there is no Node.js")
        say("compiling the worker's own files with Pyodide ...")
        # Python puts the name of the file in when it imports it.
        named = ((f"0/{name}.py", content) for name, content in sources.items())
        work = folder.parent / "library"
        made = compile_sources(named, pyodide, runtime / "pyodide-lock.json", work, node)
        with zipfile.ZipFile(folder / NAME, "w") as archive:
            for name, content in made.items():
                archive.writestr(zipfile.ZipInfo(name.rpartition("/")[2]), content)

    try:
        return built_folder(cache / f"library-{key[:12]}", build, say)
    except Exception as error:  # whatever it is, there is something to serve
        say(f"serving the worker's files without bytecode, boots will take longer: {error}")
        return None


def read_bytecode(folder: Path) -> Bytecode:
    """Returns what is in such a folder, by the digest of each source."""
    found = {}
    with zipfile.ZipFile(folder / NAME) as archive:
        for name in archive.namelist():
            source, tag, _ = name.split(".")
            found[source] = tag, archive.read(name)
    return found


def digest(source: bytes) -> str:
    """Returns the name of a source."""
    return hashlib.sha256(source).hexdigest()


def _modules(files: Mapping[str, Path]) -> list[bytes]:
    return [file.read_bytes() for place, file in files.items() if place.endswith(".py")]
