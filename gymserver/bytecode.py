"""Puts bytecode into the wheels, made by the very Pyodide that will import it.

A wheel keeps its sources, for tracebacks. Its bytecode is not compared with them at an import
(PEP 552), so the times that an unpacker gives the files do not matter.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gymserver.cache import built_folder, compress
from gymserver.optional import or_serve, run_node
from gymserver.packages import store_wheels, stored_wheels
from gymserver.rewrite import write_wheel
from gymserver.runtime import read_lock

LAYOUT = "2"  # to be changed with what a cached folder holds

# Seldom imported in a browser; a fifth of the modules of Gymnasium, PettingZoo and NumPy.
_NOT_COMPILED = {
    *("_examples", "_pyinstaller", "conftest.py", "f2py", "ma", "mujoco", "polynomial"),
    *("test", "testing", "tests"),
}
_SCRIPT = Path(__file__).with_name("browser_compile.py")

# Hash randomisation is off, so that the same sources give the same bytes.
_DRIVER = """
import { readFileSync } from "node:fs";
const [module, lockFileURL, folder, script] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(module);
  const python = await loadPyodide({ lockFileURL, env: { PYTHONHASHSEED: "0" } });
  python.mountNodeFS("/exchange", folder);
  python.runPython(readFileSync(script, "utf8"));
} catch (error) {
  console.error(String(error?.message ?? error));
  process.exit(1);
}
"""


def compile_packages(
    packages: Path, runtime: Path, pyodide: Path, cache: Path, say: Callable[[str], None]
) -> Path:
    """Returns a folder like `packages` whose wheels have bytecode, making it at the first time.

    Args:
        packages: the folder that `install_packages` returned.
        runtime: the folder with Pyodide's own `pyodide-lock.json`.
        pyodide: the folder with `pyodide.mjs`.
        cache: where built folders live.
        say: is told what happens, a line at a time.

    Returns:
        The new folder; `packages` itself if it has no modules, or if they cannot be compiled: they
        work without bytecode too. The next start tries again.
    """
    wheels = stored_wheels(packages)
    files = [file for _, file in wheels.values() if file.suffix == ".whl"]
    if not files:
        return packages
    lock = read_lock(packages)
    key = json.dumps([LAYOUT, pyodide.name, sorted(_NOT_COMPILED), lock])
    target = cache / f"bytecode-{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def build(folder: Path) -> None:
        say("compiling them with Pyodide ...")
        work = folder.parent / "bytecode"
        new = compile_wheels(files, pyodide, runtime / "pyodide-lock.json", work)
        store_wheels(
            folder,
            lock["info"],
            {name: (entry, new.get(file, file)) for name, (entry, file) in wheels.items()},
        )
        compress(folder.glob("wheels/*/*"))

    with or_serve("the packages without bytecode", say):
        return built_folder(target, build, say)
    return packages


def compile_wheels(
    wheels: Sequence[Path], pyodide: Path, lock: Path, work: Path
) -> dict[Path, Path]:
    """Writes wheels again, with bytecode beside the sources.

    Args:
        wheels: the wheels; they stay as they are.
        pyodide: the folder with `pyodide.mjs`.
        lock: Pyodide's own lock file.
        work: a folder to make, for the new wheels among others.

    Returns:
        The new file of each wheel that has modules, with the old file's name.

    Raises:
        NodeFailure: Node.js or Pyodide failed, or is not here.
    """
    sources = (
        (f"{number}/{name}", content)
        for number, wheel in enumerate(wheels)
        for name, content in _modules(wheel)
    )
    bytecode: dict[int, dict[str, bytes]] = {}
    for path, content in compile_sources(sources, pyodide, lock, work).items():
        first, _, name = path.partition("/")
        bytecode.setdefault(int(first), {})[name] = content
    new = {}
    for number, modules in bytecode.items():
        old = wheels[number]
        new[old] = work / str(number) / old.name
        new[old].parent.mkdir()
        write_wheel(old, new[old], modules)
    return new


def compile_sources(
    sources: Iterable[tuple[str, bytes]], pyodide: Path, lock: Path, work: Path
) -> Mapping[str, bytes]:
    """Compiles modules in Pyodide.

    Args:
        sources: name and content of each, the name as in `browser_compile`.
        pyodide: the folder with `pyodide.mjs`.
        lock: Pyodide's own lock file.
        work: a folder to make.

    Returns:
        The bytecode of those that could be compiled, under the names that `browser_compile` gives.

    Raises:
        NodeFailure: Node.js or Pyodide failed, or is not here.
    """
    work.mkdir()
    with zipfile.ZipFile(work / "sources.zip", "w") as archive:
        for name, content in sources:
            # The entry has a time of its own: a clock before 1980 stops nothing.
            archive.writestr(zipfile.ZipInfo(name), content)
    module = (pyodide / "pyodide.mjs").resolve().as_uri()
    run_node(_DRIVER, module, lock, work, _SCRIPT)
    with zipfile.ZipFile(work / "bytecode.zip") as made:
        return {name: made.read(name) for name in made.namelist()}


def _modules(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in filter(_is_wanted, archive.namelist()):
            yield name, archive.read(name)


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    own = parts[0].endswith((".data", ".dist-info"))
    return name.endswith(".py") and not own and not _NOT_COMPILED & set(parts)
