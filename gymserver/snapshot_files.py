"""The files of a snapshot: what the worker's memory held, and the packages' files beside it."""

import base64
import hashlib
import json
import shutil
import sys
from array import array
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

from gymserver.packages import Wheels

_EARLY = ("METADATA", "INSTALLER", "PYODIDE_SOURCE", "entry_points.txt", "direct_url.json")
"""In a `.dist-info`: what `importlib.metadata` reads at the boot."""

_ADDED = {"INSTALLER": "pyodide.loadPackage", "PYODIDE_SOURCE": "pyodide"}
"""What Pyodide writes into the `.dist-info` of a package that it loads."""


def write_files(
    target: Path, work: Path, wheels: Wheels, site: str, stdlib_size: int, seed: str = ""
) -> str:
    """Writes a snapshot as it is served, and returns its key: a hash of all that is in it.

    Two builds of the same differ, by what was chance: neither goes with a file of the other.

    - `memory.wasm`: the memory that is neither empty nor constants of Pyodide's or a library's own,
      and the files that each boot reads
    - `files.wasm`: the other files of the packages, filled in on their first use
    - `lib0.wasm`, ...: the packages' libraries
    - `meta.mjs`: what stands where

    Those that are no WebAssembly are named as if they were, because hosts compress that.

    Args:
        target: an empty folder.
        work: where `snapshot_build.mjs` ran.
        wheels: the packages that are in it.
        site: the folder of the packages in Pyodide, with a slash at the end.
        stdlib_size: bytes of the standard library's zip file.
        seed: goes into the key.
    """
    state = json.loads((work / "state.json").read_text("utf-8"))
    early: list[tuple[str, bytes]] = []
    late: list[tuple[str, bytes]] = []
    for name in wheels:
        for path, content in _files(work / "packages" / name):
            if path.endswith(".so"):
                content = b""
            folder, _, last = path.rpartition("/")
            own = folder.endswith(".dist-info") and last in _EARLY
            (early if own else late).append((site + path, content))
    heap = (work / "heap.bin").read_bytes()
    memory, early_index = _join(early, heap)
    files, late_index = _join(late)
    memory += bytes(-len(memory) % 4)
    (target / "memory.wasm").write_bytes(memory)
    (target / "files.wasm").write_bytes(files)
    for number, path in enumerate(state["libraries"]):
        source = next(
            file
            for name in wheels
            if (file := work / "packages" / name / path.removeprefix(site)).is_file()
        )
        shutil.copyfile(source, target / f"lib{number}.wasm")
    hashes = {file.name: _integrity(file.read_bytes()) for file in sorted(target.iterdir())}
    meta = {
        **state,
        "folders": json.loads((work / "plan.json").read_text("utf-8"))["folders"],
        "integrity": hashes,
        "memory": [len(memory), *checksum(memory)],
        "early": early_index,
        "late": late_index,
        "size": len(files),
        "stdlib": stdlib_size,
        "loaded": {entry["name"]: "default channel" for entry, _ in wheels.values()},
    }
    key = hashlib.sha256(json.dumps([seed, meta]).encode()).hexdigest()
    text = json.dumps({**meta, "key": key}, separators=(",", ":"))
    (target / "meta.mjs").write_text(f"export default {text};\n", "utf-8")
    return key


def checksum(content: bytes) -> tuple[int, int]:
    """Returns the sum of all 32-bit words and the sum of all sums on the way, modulo 2**32.

    A browser takes milliseconds for it, where SHA-256 takes some sixty for a snapshot's memory.
    """
    words = array("I", content)
    if sys.byteorder == "big":
        words.byteswap()
    return sum(words) % 2**32, sum(accumulate(words)) % 2**32


def _files(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Gives the files of an unpacked wheel, and what Pyodide would add to them."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix(), file.read_bytes()
    for info in folder.glob("*.dist-info"):
        for name, text in _ADDED.items():
            yield f"{info.name}/{name}", text.encode()


def _join(
    files: Iterable[tuple[str, bytes]], head: bytes = b""
) -> tuple[bytes, list[tuple[str, int, int]]]:
    """Returns files as one, after `head`, and the path, start and size of each."""
    index, parts, start = [], [head], len(head)
    for path, content in dict(files).items():
        index.append((path, start, len(content)))
        parts.append(content)
        start += len(content)
    return b"".join(parts), index


def _integrity(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
