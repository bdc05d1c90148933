// Restores a snapshot of the worker: Pyodide with the packages imported, in the browser.
// What the build did (snapshot_build.mjs) is done again as far as memory does not hold it:
// libraries are placed in the same order before the runtime starts, files get their names back.
import meta from "./meta.mjs";

const BLOCK = 256; // bytes
const TIME = 1e12; // of all files, as at the build
const EIO = 29;
const [EMPTY, GIVEN, OWN] = [0, 1, 2]; // kinds of blocks

const KEPT = "#kept"; // at the end of the address, where the page keeps what a worker handed over
const PATIENCE = 2e3; // milliseconds until it is fetched all the same

const here = (name) => new URL(name, import.meta.url).href;
const fetched = (name) => fetch(here(name), { integrity: meta.integrity[name] });

// Fetches what memory holds, and throws unless it is what was built. It is summed up as it arrives,
// which takes a tenth of what `integrity` takes; see `checksum`.
async function received() {
  const [size, ...sums] = meta.memory, found = [0, 0];
  const content = new Uint8Array(size), words = new Uint32Array(content.buffer);
  const reader = (await fetch(here("memory.wasm"))).body.getReader();
  let end = 0;
  for (let part; (part = (await reader.read()).value); ) {
    const start = end;
    end += part.length;
    if (end > size) break;
    content.set(part, start);
    sumUp(found, words, start >>> 2, end >>> 2);
  }
  if (end !== size || sums.some((sum, which) => sum !== found[which] >>> 0))
    throw new Error("memory.wasm is damaged");
  return content.buffer;
}

function sumUp(found, words, start, end) {
  let [sum, sums] = found;
  for (let place = start; place < end; place++) {
    sum = (sum + words[place]) | 0;
    sums = (sums + sum) | 0;
  }
  found[0] = sum;
  found[1] = sums;
}

async function compiled(name) {
  const answer = await fetched(name);
  // Streaming insists on the type, which a host may not know.
  return answer.headers.get("Content-Type")?.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(answer)
    : WebAssembly.compile(await answer.arrayBuffer());
}

// What the worker before this one left with the page: `memory`, compiled `libraries` and `wasm`.
const takeBack = () =>
  new Promise((resolve) => {
    addEventListener("message", function take({ data }) {
      if (data?.type !== "keep") return;
      removeEventListener("message", take);
      resolve(data.key === meta.key ? data : undefined);
    });
    setTimeout(resolve, PATIENCE);
    postMessage({ type: "giveBack" });
  });

const kept = import.meta.url.endsWith(KEPT) ? takeBack() : undefined;
let memory = kept ? kept.then((given) => given?.memory ?? received()) : received();
const libraries = meta.libraries.map((_, number) => {
  const compile = () => compiled(`lib${number}.wasm`);
  return kept ? kept.then((given) => given?.libraries[number] ?? compile()) : compile();
});
for (const started of [memory, ...libraries]) started.catch(() => {}); // whoever waits is told

// Files whose content is fetched when it is first wanted, unless it has come until then.
class Later {
  constructor(address, size, integrity) {
    Object.assign(this, { address, size, integrity });
  }
  async fetch() {
    const answer = await fetch(this.address, { integrity: this.integrity });
    const content = await answer.arrayBuffer();
    if (answer.ok && content.byteLength === this.size) this.content ??= content;
  }
  get() {
    if (!this.content) {
      const request = new XMLHttpRequest();
      request.open("GET", this.address, false);
      request.responseType = "arraybuffer";
      request.send();
      const size = request.status === 200 ? request.response.byteLength : "no";
      if (size !== this.size) throw new Error(`${size} of ${this.size} bytes came`);
      this.content = request.response;
    }
    return this.content;
  }
}

// Returns a function that makes such a file.
function maker(FS) {
  const { MEMFS } = FS.filesystems, folders = new Map(), filling = new Map();
  const fill = (node) => {
    if (!node.later) return;
    const [source, start] = node.later;
    try {
      node.contents = new Uint8Array(source.get(), start, node.usedBytes).slice();
    } catch (error) { // Python gets an OSError; the next attempt may succeed
      console.error(`${source.address} could not be loaded: ${error.message ?? error}`);
      throw new FS.ErrnoError(EIO);
    }
    node.later = null;
  };
  const filled = (operations, of) => {
    const wanted = ["read", "write", "mmap", "allocate", "setattr"];
    const replace = ([name, operation]) => {
      const first = (target, ...rest) => (fill(of(target)), operation(target, ...rest));
      return [name, wanted.includes(name) ? first : operation];
    };
    return Object.fromEntries(Object.entries(operations).map(replace));
  };
  const folder = (path) => {
    if (!folders.has(path)) {
      FS.mkdirTree(path);
      folders.set(path, FS.lookupPath(path).node);
    }
    return folders.get(path);
  };
  return (path, source, start, size) => {
    const slash = path.lastIndexOf("/");
    const node = MEMFS.createNode(folder(path.slice(0, slash)), path.slice(slash + 1), 0o100644, 0);
    if (!filling.size) {
      filling.set("stream", filled(node.stream_ops, (stream) => stream.node));
      filling.set("node", filled(node.node_ops, (node) => node));
    }
    node.stream_ops = filling.get("stream");
    node.node_ops = filling.get("node");
    Object.assign(node, { later: [source, start], usedBytes: size, mtime: TIME });
  };
}

async function place(Module) {
  for (const [number, path] of meta.libraries.entries()) {
    const library = Module.newDSO(path, undefined, "loading");
    Object.assign(library, { refcount: Infinity, global: false });
    const options = { loadAsync: true, nodelete: true };
    library.exports = await Module.loadWebAssemblyModule(
      await libraries[number], options, path, {},
    );
  }
  if (Module.wasmTable.length !== meta.table)
    throw new Error(`a table of ${meta.table} was expected, not ${Module.wasmTable.length}`);
}

function* pieces() {
  let start = 0;
  for (const [kind, count] of meta.runs) yield [kind, start, (start += count * BLOCK)];
}

// Blocks of memory are empty, given with the snapshot, or what Pyodide and the libraries bring along:
// constants, which are there already.
function fillMemory(Module, content) {
  const heap = Module.HEAPU8, words = Module.HEAPU32;
  let own = 0;
  for (const [kind, from, to] of pieces())
    for (let at = from; kind === OWN && at < to; at += BLOCK) own += words[at >>> 2];
  if (own % 2 ** 32 !== meta.own) throw new Error("the constants of Pyodide are others");
  // Nobody has been where nothing was allocated; and what lies deep in the stack is nobody's.
  const deep = Module._emscripten_stack_get_end(), base = Module._emscripten_stack_get_base();
  const used = Module._sbrk(0);
  const clear = (from, to) => from < to && heap.fill(0, from, to);
  let start = 0;
  for (const [kind, from, to] of pieces()) {
    if (kind === EMPTY) {
      clear(from, Math.min(to, deep));
      clear(Math.max(from, base), Math.min(to, used));
    } else if (kind === GIVEN) {
      heap.set(new Uint8Array(content, start, to - from), from);
      start += to - from;
    }
  }
  // The one pointer that differs between engines.
  const place = Module.__PyRuntime + Module.HEAP32[Module.__PyEM_EMSCRIPTEN_COUNT_ARGS_OFFSET / 4];
  Module.HEAP32[place / 4] = Module._PyEM_CountArgsPtr;
  return start;
}

const UNZIP = 'lambda data: __import__("zlib").decompress(data.to_bytes(), 31)';

// Unpacks the worker's own files, as the server packs them, in a fifth of the time that Python's
// tarfile takes. What is packed otherwise, or damaged, is left to that.
function unpacker(python, FS, make) {
  const { unpackArchive } = python, decoder = new TextDecoder();
  const gunzip = python.runPython(UNZIP);
  return (archive, format, options) => {
    let files;
    try {
      const packed = gunzip(new Uint8Array(archive.buffer ?? archive)), view = packed.getBuffer();
      files = entries(view.data.slice(), decoder);
      view.release();
      packed.destroy();
    } catch {} // Python says what is wrong
    if (!files) return unpackArchive(archive, format, options);
    const folder = FS.lookupPath(options.extractDir).path;
    for (const [name, ...place] of files) make(`${folder}/${name}`, ...place);
  };
}

// Returns the names of the files in a plain tar file, and where they are in it.
function entries(content, decoder) {
  const text = (start, size) => decoder.decode(content.subarray(start, start + size)).split("\0")[0];
  const files = [], source = { get: () => content.buffer };
  for (let at = 0; text(at, 100); ) {
    const size = parseInt(text(at + 124, 12), 8), kind = text(at + 156, 1);
    if (!["0", "5"].includes(kind) || text(at + 345, 155)) return undefined;
    if (kind === "0") files.push([text(at, 100), source, at + 512, size]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

// What is the visitor's and not of the machine of the build. The zone as CPython finds it. NumPy's
// `seed()` has loops that browsers begin to optimise, for nothing: a tenth of a boot.
const PERSONAL = `
import _locale, os, random, sys, time
os.environ.update(env)
_locale.setlocale(_locale.LC_CTYPE, "")
year = 365 * 24 * 3600 + 6 * 3600
start = int(time.time()) // year * year
zones = [(-at.tm_gmtoff, at.tm_zone) for at in map(time.localtime, (start, start + year // 2))]
zones.sort(key=lambda zone: zone[0], reverse=True)
(time.timezone, name), (time.altzone, other) = zones
time.daylight, time.tzname = int(time.timezone != time.altzone), (name, other)
info = sys._emscripten_info
sys._emscripten_info = type(info)((info[0], agent, *info[2:]))
random.seed()
if "numpy.random" in sys.modules:
    words = memoryview(os.urandom(4 * 624)).cast("I")
    sys.modules["numpy.random"].set_state(("MT19937", words, 624))
if sys.path[:2] == ["", ""]:
    del sys.path[0]
`;

function personal(python, Module) {
  const language = (navigator.languages?.[0] ?? "C").replace("-", "_");
  const env = {
    USER: "web_user", LOGNAME: "web_user", PATH: "/", PWD: "/",
    LANG: `${language}.UTF-8`, _: "./this.program", ...Module.ENV,
  };
  const names = [0, 4].map((offset) => Module.HEAPU32[(Module._tzname + offset) >>> 2]);
  Module.__tzset_js(Module._timezone, Module._daylight, ...names);
  const given = python.toPy({ env, agent: navigator.userAgent });
  python.runPython(PERSONAL, { globals: given });
  given.destroy();
}

// Starts Pyodide with `start(options, wasm)`, and has it take its memory from the snapshot. `wasm`
// gets the `module` of Pyodide; where it has one, that is used.
export async function restore(start, { key, asm, stdlib }) {
  if (meta.key !== key) throw new Error("the snapshot is another one");
  const wasm = { module: (await kept)?.wasm };
  await import(asm);
  const create = globalThis._createPyodideModule;
  const files = new Later(here("files.wasm"), meta.size, meta.integrity["files.wasm"]);
  const library = new Later(stdlib, meta.stdlib);
  let Module, make, content, end;
  globalThis._createPyodideModule = async (settings) => {
    globalThis._createPyodideModule = create;
    settings.INITIAL_MEMORY = meta.heap;
    const failed = new Promise((_, reject) => {
      settings.preRun.push((module) => {
        module.addRunDependency("snapshot");
        place(module).then(() => module.removeRunDependency("snapshot"), reject);
      });
    });
    Module = await Promise.race([create(settings), failed]);
    make = maker(Module.FS);
    const zip = meta.folders[0];
    Module.FS.unlink(zip);
    make(zip, library, 0, meta.stdlib);
    content = await memory;
    for (const [handle, name] of meta.handles)
      Module.LDSO.loadedLibsByHandle[handle] = Module.LDSO.loadedLibsByName[name];
    Module.API.restoreSnapshot = () => {
      end = fillMemory(Module, content);
      return meta.hiwire;
    };
    return Module;
  };
  try {
    // Any file that has come is a library until it is unlinked; any snapshot, until it is filled.
    const options = { stdLibURL: import.meta.url, _loadSnapshot: new Uint8Array(64) };
    const python = await start(options, wasm);
    const rest = content.slice(end), early = { get: () => rest };
    for (const [path, offset, size] of meta.early) make(path, early, offset - end, size);
    for (const [path, offset, size] of meta.late) make(path, files, offset, size);
    for (const path of meta.folders) Module.FS.lookupPath(path).node.mtime = TIME;
    Object.assign(python.loadedPackages, meta.loaded);
    python.unpackArchive = unpacker(python, Module.FS, make);
    personal(python, Module);
    if (!(await kept)) {
      const compiled = { wasm: wasm.module, libraries: await Promise.all(libraries) };
      globalThis.gymworkerKeep = { type: "keep", key, memory: content, ...compiled };
    }
    setTimeout(() => Promise.all([files.fetch(), library.fetch()]).catch(() => {}), 4000);
    return python;
  } finally {
    memory = content = undefined; // 17 MB, which the page holds
    globalThis._createPyodideModule = create;
  }
}
