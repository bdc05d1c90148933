"""Bytecode for the Python files of the worker's bundles, our own library first of all.

They change more often than anything else that a boot needs, so their bytecode is no part of the
snapshot. It is found by its source: a file that was edited since travels without.

PyScript writes Python files of its own in each worker. Their bytecode is in the bundle too; Python
compares it with the source when it imports it.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from gymserver.bundle import Bytecode, digest
from gymserver.bytecode import compile_sources
from gymserver.cache import built_folder
from gymserver.optional import or_serve
from gymserver.runtime import PYSCRIPT_SOURCES
from gymserver.settings import Settings

LAYOUT = "2"  # to be changed with what a cached folder holds
NAME = "bytecode.zip"

_PYSCRIPT = "pyscript/"
_CHECKED = (0b11).to_bytes(4, "little")


def compile_library(
    settings: Settings, runtime: Path, pyodide: Path, cache: Path, say: Callable[[str], None]
) -> Path | None:
    """Returns a folder with the bytecode of the worker's bundles, making it at the first time.

    Args:
        settings: of the served folder.
        runtime: the folder with Pyodide's own `pyodide-lock.json` and PyScript's sources.
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
    inputs = [LAYOUT, runtime.name, pyodide.name, sorted(sources)]
    key = hashlib.sha256(json.dumps(inputs).encode()).hexdigest()

    def build(folder: Path) -> None:
        say("compiling the worker's own files with Pyodide ...")
        # Python puts the name of the file in when it imports it.
        named = {f"0/{name}.py": content for name, content in sources.items()}
        named |= _pyscript(runtime / PYSCRIPT_SOURCES)
        work = folder.parent / "library"
        made = compile_sources(named.items(), pyodide, runtime / "pyodide-lock.json", work)
        with zipfile.ZipFile(folder / NAME, "w") as archive:
            for name, content in made.items():
                if name.startswith(_PYSCRIPT):
                    checked = content[:4] + _CHECKED + content[8:]  # PEP 552
                    archive.writestr(zipfile.ZipInfo(name), checked)
                else:
                    archive.writestr(zipfile.ZipInfo(name.rpartition("/")[2]), content)

    with or_serve("the worker's files without bytecode", say):
        return built_folder(cache / f"library-{key[:12]}", build, say)
    return None


def read_library(folder: Path) -> Bytecode:
    """Returns what is in such a folder."""
    found, pyscript = {}, {}
    with zipfile.ZipFile(folder / NAME) as archive:
        for name in archive.namelist():
            if name.startswith(_PYSCRIPT):
                pyscript[name] = archive.read(name)
            else:
                source, tag, _ = name.split(".")
                found[source] = tag, archive.read(name)
    return Bytecode(worker=found, pyscript=pyscript)


def _modules(files: Mapping[str, Path]) -> list[bytes]:
    return [file.read_bytes() for place, file in files.items() if place.endswith(".py")]


def _pyscript(file: Path) -> dict[str, bytes]:
    """Returns PyScript's modules as it writes them: `pyscript/util.py`, and so on."""
    _, _, text = file.read_text("utf-8").partition("export default ")
    modules: dict[str, str] = json.loads(text.strip().removesuffix(";"))["pyscript"]
    return {f"{_PYSCRIPT}{name}": source.encode() for name, source in modules.items()}
