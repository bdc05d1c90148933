"""Bytecode for the page's Python files: a browser's main thread need not compile them.

MicroPython takes a file of bytecode (`.mpy`) for a module, not beside its source but in its place.
It says the same file and line in a traceback. What was edited since travels as it is.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from gymserver.bundle import digest
from gymserver.cache import built_folder
from gymserver.optional import or_serve, run_node
from gymserver.runtime import MPY_CROSS
from gymserver.settings import Settings

LAYOUT = "1"  # to be changed with what a cached folder holds

_NAME = "bytecode.json"

# The compiler's Emscripten takes Node.js for a browser if there is a `fetch`, and listens anew for
# each file. Small integers have 31 bits in WebAssembly.
_DRIVER = """
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const [compiler, sources, bytecode] = process.argv.slice(2);
delete globalThis.fetch;
process.setMaxListeners(0);
try {
  const { compile } = createRequire(compiler)(compiler);
  const made = {};
  for (const [name, source] of Object.entries(JSON.parse(readFileSync(sources, "utf8")))) {
    const options = ["-msmall-int-bits=31", "-s", name, "-o", "a.mpy"];
    const { status, mpy } = await compile("a.py", source, options);
    if (status === 0) made[name] = Buffer.from(mpy).toString("base64");
  }
  writeFileSync(bytecode, JSON.stringify(made));
} catch (error) {
  console.error(String(error?.message ?? error));
  process.exit(1);
}
"""


def compile_page(
    settings: Settings, runtime: Path, cache: Path, say: Callable[[str], None]
) -> Path | None:
    """Returns a folder with the bytecode of the page's bundle, making it at the first time.

    Args:
        settings: of the served folder.
        runtime: the folder with MicroPython's compiler.
        cache: where built folders live.
        say: is told what happens, a line at a time.

    Returns:
        The folder; None if it cannot be made: sources work too. The next start tries again.
    """
    sources = _sources(settings.bundle("page").files)
    if not sources:
        return None
    key = hashlib.sha256(json.dumps([LAYOUT, runtime.name, sources]).encode()).hexdigest()

    def build(folder: Path) -> None:
        say("compiling the page's own files for MicroPython ...")
        work = folder.parent / "page"
        work.mkdir()
        given, made = work / "sources.json", work / "bytecode.json"
        given.write_text(json.dumps(sources), "utf-8")
        run_node(_DRIVER, runtime / MPY_CROSS, given, made)
        bytecode = json.loads(made.read_text("utf-8"))
        found = {digest(sources[name].encode(), name): code for name, code in bytecode.items()}
        (folder / _NAME).write_text(json.dumps(found), "utf-8")

    with or_serve("the page's files without bytecode", say):
        return built_folder(cache / f"page-{key[:12]}", build, say)
    return None


def read_page(folder: Path) -> Mapping[str, bytes]:
    """Returns what is in such a folder, by the digest of each file's place and source."""
    found: dict[str, str] = json.loads((folder / _NAME).read_text("utf-8"))
    return {name: base64.b64decode(code) for name, code in found.items()}


def _sources(files: Mapping[str, Path]) -> dict[str, str]:
    found = {}
    for place, file in files.items():
        if place.endswith(".py"):
            try:
                found[place] = file.read_bytes().decode()
            except UnicodeDecodeError:
                continue  # MicroPython says what is wrong with it
    return found
