// Boots Pyodide with packages in it and writes what its memory holds. Run by snapshot.py in Node.
//   node snapshot_build.mjs <folder>
// In the folder: plan.json, browser_snapshot.py, and each package unpacked.
// Written there: heap.bin and state.json, or failure.json with the package that cannot go in.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const BLOCK = 256; // bytes
const TIME = 1e12; // of all files, in milliseconds: the import system compares it
const [EMPTY, GIVEN, OWN] = [0, 1, 2]; // kinds of blocks; see snapshot_restore.mjs

const folder = process.argv[2];
const plan = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));

class Failure extends Error {
  constructor(name, error) {
    super(`${name}: ${error?.message ?? error}`);
    this.name = name;
  }
}

function* files(place) {
  for (const entry of readdirSync(place, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      yield [path.slice(place.length + 1).replaceAll("\\", "/"), path];
    }
}

// Libraries are loaded before the runtime starts, in one order: where their memory and their part
// of the table begin depends on that alone, so that a browser can do the same.
function install(Module, libraries) {
  for (const { name } of plan.packages)
    for (const [path, file] of files(join(folder, "packages", name))) {
      const target = plan.site + path, isLibrary = path.endsWith(".so");
      Module.FS.mkdirTree(dirname(target));
      Module.FS.writeFile(target, isLibrary ? new Uint8Array(4) : readFileSync(file));
      Module.FS.utime(target, TIME, TIME);
      if (isLibrary) libraries.push({ path: target, file, name });
    }
  libraries.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function place(Module, { path, file, name }) {
  const library = Module.newDSO(path, undefined, "loading");
  Object.assign(library, { refcount: Infinity, global: false });
  const options = { loadAsync: true, nodelete: true };
  try {
    const bytes = new Uint8Array(readFileSync(file));
    library.exports = await Module.loadWebAssemblyModule(bytes, options, path, {});
  } catch (error) {
    throw new Failure(name, error);
  }
}

// Returns Python, its module, and the data that this and the libraries bring along, as it is before
// anything runs.
async function boot(libraries) {
  delete WebAssembly.Suspending;
  delete WebAssembly.promising;
  const pyodide = fileURLToPath(plan.pyodide);
  globalThis.require = createRequire(plan.pyodide);
  globalThis.__dirname = dirname(pyodide);
  await import(new URL("pyodide.asm.js", plan.pyodide).href);
  const create = globalThis._createPyodideModule;
  let Module, data, fail;
  const failed = new Promise((_, reject) => (fail = reject));
  globalThis._createPyodideModule = (settings) => {
    settings.preRun.push((module) => {
      Module = module;
      Module.addRunDependency("snapshot");
      (async () => {
        install(Module, libraries);
        for (const library of libraries) await place(Module, library);
        Module.tableSize = Module.wasmTable.length;
        data = Module.HEAPU8.slice(0, Module.getMemory(0));
        Module.removeRunDependency("snapshot");
      })().catch(fail);
    });
    return Promise.race([create(settings), failed]);
  };
  const { loadPyodide } = await import(plan.pyodide);
  const python = await loadPyodide({
    _makeSnapshot: true,
    lockFileURL: plan.lock,
    stdLibURL: plan.stdlib,
    env: { PYTHONHASHSEED: "0" },
  });
  return [python, Module, data];
}

// Without what was freed a snapshot is smaller.
function zeroFree(Module) {
  const { malloc, free } = Module.LDSO.loadedLibsByName.__main__.exports;
  const end = Module._sbrk(0), taken = [];
  for (let size = 4 << 20; size >= 1024; size >>= 1)
    for (;;) {
      const start = malloc(size) >>> 0;
      if (!start) break;
      if (start + size >= end) { free(start); break; }
      Module.HEAPU8.fill(0, start, start + size);
      taken.push(start);
    }
  taken.forEach((start) => free(start));
}

// A word of each block shows whether it is the same.
const addUp = (sum, block) => (sum + block.readUInt32LE()) >>> 0;

function write(snapshot, Module, data, libraries) {
  const [, start, length] = new Uint32Array(snapshot.buffer, 0, 3);
  const hiwire = JSON.parse(new TextDecoder().decode(snapshot.subarray(48, 48 + length)));
  const heap = Buffer.from(snapshot.slice(start).buffer), empty = Buffer.alloc(BLOCK);
  const runs = [], parts = { [EMPTY]: [], [GIVEN]: [], [OWN]: [] };
  for (let at = 0; at < heap.length; at += BLOCK) {
    const block = heap.subarray(at, at + BLOCK);
    const isOwn = at + BLOCK <= data.length && block.equals(data.subarray(at, at + BLOCK));
    const kind = block.equals(empty) ? EMPTY : isOwn ? OWN : GIVEN;
    if (runs.at(-1)?.[0] === kind) runs.at(-1)[1]++;
    else runs.push([kind, 1]);
    parts[kind].push(block);
  }
  const handles = Object.entries(Module.LDSO.loadedLibsByHandle)
    .filter(([handle]) => handle !== "0")
    .map(([handle, library]) => [Number(handle), library.name]);
  writeFileSync(join(folder, "heap.bin"), Buffer.concat(parts[GIVEN]));
  writeFileSync(
    join(folder, "state.json"),
    JSON.stringify({
      heap: heap.length, runs, own: parts[OWN].reduce(addUp, 0), hiwire, handles,
      table: Module.tableSize, libraries: libraries.map(({ path }) => path),
    }),
  );
}

// A seeded generator of NumPy has no source of seeds, which all visitors would share.
const SETTLE = `
import gc, sys
if "numpy.random" in sys.modules:
    sys.modules["numpy.random"].seed(0)
gc.collect()
del gc, sys
`;

async function main() {
  const libraries = [];
  const [python, Module, data] = await boot(libraries);
  const own = python.toPy({});
  python.runPython(readFileSync(join(folder, "browser_snapshot.py"), "utf8"), { globals: own });
  const [make_up, take, tidy] = ["make_up", "take", "tidy"].map((name) => own.get(name));
  make_up();
  take(python.toPy(plan.modules), false);
  for (const { name, imports } of plan.packages)
    try {
      take(python.toPy(imports), true);
      for (const loaded in python.loadedPackages) delete python.loadedPackages[loaded];
      python.makeMemorySnapshot();
    } catch (error) {
      throw new Failure(name, error);
    }
  take(python.toPy(plan.later), false);
  for (const path of plan.folders) Module.FS.utime(path, TIME, TIME);
  tidy();
  for (const proxy of [make_up, take, tidy, own]) proxy.destroy();
  python.runPython(SETTLE);
  zeroFree(Module);
  write(python.makeMemorySnapshot(), Module, data, libraries);
}

try {
  await main();
} catch (error) {
  const message = String(error?.message ?? error).trim().split("\n").at(-1);
  if (!(error instanceof Failure)) {
    console.error(message);
    process.exit(1);
  }
  writeFileSync(join(folder, "failure.json"), JSON.stringify({ name: error.name, message }));
}
process.exit(0);
