"""Puts bytecode into the wheels, made by the very Pyodide that will import it.

A wheel keeps its sources, for tracebacks. Its bytecode is not compared with them at an import
(PEP 552), so the times that an unpacker gives the files do not matter.
"""

import base64
import csv
import hashlib
import io
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

# Nothing in a browser imports these; of Gymnasium and NumPy they are a fifth of the modules.
_NOT_COMPILED = {
    *("_examples", "_pyinstaller", "conftest.py", "f2py", "mujoco", "test", "testing", "tests")
}
_SIGNATURES = ("RECORD.jws", "RECORD.p7s")
_DEADLINE = 60  # seconds; two cores take 4
_SCRIPT = Path(__file__).with_name("browser_compile.py")

# Hash randomisation is off, so that nothing can depend on it.
_DRIVER = """
import { readFileSync } from "node:fs";
const [module, lockFileURL, folder, script] = process.argv.slice(1);
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


class CompileFailure(Exception):
    """The wheels could not be compiled; the message is one line."""


def compile_wheels(
    wheels: Sequence[Path], pyodide: Path, lock: Path, work: Path, node: str | None
) -> dict[Path, Path]:
    """Writes the wheels again, with bytecode beside the sources.

    Args:
        wheels: the wheels; they stay as they are.
        pyodide: the folder with `pyodide.mjs`.
        lock: Pyodide's own lock file.
        work: a folder to make, for the new wheels among others.
        node: the program of Node.js.

    Returns:
        The new file of each wheel that has modules, with the old file's name.

    Raises:
        CompileFailure: there is no Node.js, or it failed.
    """
    work.mkdir()
    with zipfile.ZipFile(work / "sources.zip", "w") as sources:
        for number, wheel in enumerate(wheels):
            with zipfile.ZipFile(wheel) as archive:
                for name in filter(_is_wanted, archive.namelist()):
                    sources.writestr(f"{number}/{name}", archive.read(name))
        empty = not sources.namelist()
    if empty:
        return {}
    _run(pyodide, lock, work, node)
    bytecode: dict[int, dict[str, bytes]] = {}
    with zipfile.ZipFile(work / "bytecode.zip") as made:
        for path in made.namelist():
            first, _, name = path.partition("/")
            bytecode.setdefault(int(first), {})[name] = made.read(path)
    new = {}
    for number, modules in bytecode.items():
        old = wheels[number]
        new[old] = work / str(number) / old.name
        new[old].parent.mkdir()
        write_wheel(old, new[old], modules)
    return new


def write_wheel(old: Path, new: Path, modules: Mapping[str, bytes]) -> None:
    """Writes a wheel again with more files in it.

    Its files are stored and not deflated, as in Pyodide's own wheels: the server compresses the
    whole wheel, by which the text that a module and its bytecode share goes over the wire once.

    Args:
        old: the wheel.
        new: the file to write.
        modules: the content of `pkg/__pycache__/a.cpython-313.pyc`.
    """
    beside = {_source(name): name for name in modules}
    with zipfile.ZipFile(old) as given, zipfile.ZipFile(new, "w") as made:
        for info in given.infolist():
            path = PurePosixPath(info.filename)
            about = path.parent.suffix == ".dist-info"
            if info.filename in modules or (about and path.name in _SIGNATURES):
                continue  # bytecode for who knows which Python; a signature of the old RECORD
            content = given.read(info)
            if about and path.name == "RECORD":
                content = _record(content, modules)
            made.writestr(_entry(info.filename, info.date_time, info.external_attr), content)
            if name := beside.get(info.filename):
                made.writestr(_entry(name, info.date_time), modules[name])


def _run(pyodide: Path, lock: Path, work: Path, node: str | None) -> None:
    if node is None:
        raise CompileFailure("there is no Node.js")
    module = (pyodide / "pyodide.mjs").resolve().as_uri()
    arguments = [module, str(lock.resolve()), str(work.resolve()), str(_SCRIPT)]
    try:
        result = subprocess.run(
            [node, "--input-type=module", "--eval", _DRIVER, "--", *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_DEADLINE,
        )
    except subprocess.TimeoutExpired:
        raise CompileFailure(f"Pyodide did not end within {_DEADLINE} s") from None
    except OSError as error:
        raise CompileFailure(f"cannot run {node}: {error.strerror}") from None
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()] or ["no output"]
        raise CompileFailure(f"Pyodide failed: {lines[-1].strip()[:200]}")


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    own = parts[0].endswith((".data", ".dist-info"))
    return name.endswith(".py") and not own and not _NOT_COMPILED & set(parts)


def _source(name: str) -> str:
    """Returns the source of `pkg/__pycache__/a.cpython-313.pyc`, `pkg/a.py`."""
    path = PurePosixPath(name)
    return (path.parent.parent / f"{path.name.rsplit('.', 2)[0]}.py").as_posix()


def _entry(
    name: str, time: tuple[int, int, int, int, int, int], attributes: int = 0o100644 << 16
) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, time)
    info.create_system = 3  # Unix, on every system
    info.external_attr = attributes
    return info


def _record(content: bytes, modules: Mapping[str, bytes]) -> bytes:
    """Returns the RECORD of a wheel with more files in it."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    rows = [row for row in rows if row and row[0] not in modules]
    for name, data in modules.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        rows.append([name, f"sha256={digest}", str(len(data))])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
