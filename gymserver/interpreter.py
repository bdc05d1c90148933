"""A module in the place of `pyodide.mjs`, which starts Pyodide as it must be, or says why not."""

import hashlib
import json
from dataclasses import dataclass

FOLDER = "interpreter"
"""Where these modules are served: their address changes with what is in them."""

STDLIB = "python_stdlib.zip"
"""The standard library that comes with Pyodide, beside `pyodide.mjs`."""

# Imported while it runs, so that a browser which cannot find Pyodide names Pyodide's address.
_MODULE = """\
// Pyodide loses C stack at each call through JavaScript Promise Integration, until it runs into
// the heap: https://github.com/pyodide/pyodide/issues/6249
delete WebAssembly.Suspending;
delete WebAssembly.promising;

const SHORT = 64; // letters of a text for which a decoder does not pay

const because = (file) => (error) => {{
  throw new Error(`${{file}} could not be loaded: ${{error.message ?? error}}`);
}};

// In a worker PyScript opens a store for packages, in which we keep none; a browser may forbid that
// to a frame of another site. Until Pyodide loads, it finds this empty one.
const real = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
const reply = (result) => {{
  const request = {{}};
  queueMicrotask(() => request.onsuccess?.({{ target: {{ result }} }}));
  return request;
}};
const found = (_, name) => () => reply(name === "getAllKeys" ? [] : undefined);
const empty = new Proxy({{}}, {{ get: found }});
const database = {{ transaction: () => ({{ objectStore: () => empty }}), close() {{}} }};
const inWorker = !("document" in globalThis);
if (inWorker)
  Object.defineProperty(globalThis, "indexedDB", {{
    configurable: true,
    value: {{ open: () => reply(database) }},
  }});
const giveBack = () => {{
  if (inWorker) delete globalThis.indexedDB;
  if (inWorker && real) Object.defineProperty(globalThis, "indexedDB", real);
}};

const module = new URL({module}, import.meta.url).href;
{later}{before}const pyodide = await import(module).catch(because(module));
export const {{ version }} = pyodide;

// Pyodide appends one letter after another where it makes a text of JavaScript. A decoder takes a
// fifteenth of the time for a long one. A few letters are others to it: what it made shows that.
const letters = {{
  _python2js_ucs1: [new TextDecoder("latin1"), 1, /[\\u0100-\\uffff]/],
  _python2js_ucs2: [new TextDecoder("utf-16le", {{ ignoreBOM: true }}), 2, /\\ufffd/],
}};
const atOnce = (env) => {{
  for (const [name, [decoder, width, other]] of Object.entries(letters)) {{
    const oneByOne = env?.[name];
    if (oneByOne && env.memory)
      env[name] = (start, length) => {{
        if (length < SHORT) return oneByOne(start, length);
        const place = new Uint8Array(env.memory.buffer, start >>> 0, length * width);
        const text = decoder.decode(place);
        return other.test(text) ? oneByOne(start, length) : text;
      }};
  }}
}};

// Calls `failed` with what Pyodide tells the console alone before it waits for ever.
const watch = (places, failed, wasm) => {{
  const {{ fetch }} = globalThis;
  const {{ instantiateStreaming }} = WebAssembly;
  globalThis.fetch = async (file, ...rest) => {{
    if (!places.some((place) => String(file).startsWith(place))) return fetch(file, ...rest);
    if (wasm?.module && /\\.wasm$/.test(file)) return new Response(); // it is compiled already
    const answer = await fetch(file, ...rest).catch(because(file)).catch(failed);
    if (!answer.ok) failed(new Error(`${{file}} could not be loaded: status ${{answer.status}}`));
    if (/\\.json$/.test(file)) await answer.clone().json().catch(because(file)).catch(failed);
    return answer;
  }};
  WebAssembly.instantiateStreaming = async (response, imports) => {{
    atOnce(imports?.env);
    const {{ module }} = wasm ?? {{}};
    if (module) return {{ module, instance: await WebAssembly.instantiate(module, imports) }};
    const answer = await response;
    // Streaming insists on the type, which a host may not know.
    const known = answer.headers.get("Content-Type")?.startsWith("application/wasm");
    const made = known
      ? instantiateStreaming(answer, imports)
      : WebAssembly.instantiate(await answer.arrayBuffer(), imports);
    const both = await made.catch(because(answer.url)).catch(failed);
    if (wasm) wasm.module = both.module;
    return both;
  }};
  return () => {{
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }};
}};

const start = (options, own, wasm) =>
  new Promise((resolve, reject) => {{
    giveBack();
    const indexURL = new URL(".", module).href;
    const stdLibURL = new URL({stdlib}, import.meta.url).href;
    const restore = watch([indexURL, stdLibURL], (error) => {{
      reject(error);
      throw error;
    }}, wasm);
    // One hash seed for all: the order of a set of strings is the same in every worker.
    const env = {{ PYTHONHASHSEED: "0", ...options?.env }};
    const loading = pyodide.loadPyodide({{ ...options, indexURL, stdLibURL, env, ...own }});
    const loaded = () => "_createPyodideModule" in globalThis;
    const named = (error) =>
      loaded() ? reject(error) : because(`${{indexURL}}pyodide.asm.js`)(error);
    loading.then(resolve, named).catch(reject).finally(restore);
  }});

{load}
"""

_PLAIN = "export const loadPyodide = (options) => start(options);"

# `gymworker/worker/js/later.py` asks for it.
_LATER = """\
if (inWorker) globalThis.gymworkerLater = new URL({later}, import.meta.url).href;
"""

# A page may not fetch a file while Python waits for it, which the restored one does.
_IMPORT = """\
const {{ hash }} = new URL(import.meta.url);
const snapshot = inWorker && import(new URL({restore} + hash, import.meta.url).href);
if (snapshot) snapshot.catch(() => {{}}); // whoever waits for it is told
"""

# What goes wrong does so before anybody has seen this Pyodide.
_RESTORE = """\
export const loadPyodide = async (options) => {{
  if (!snapshot) return start(options);
  try {{
    const {{ restore }} = await snapshot;
    return await restore((own, wasm) => start(options, own, wasm), {{
      key: {key},
      asm: new URL("pyodide.asm.js", module).href,
      stdlib: new URL({stdlib}, import.meta.url).href,
    }});
  }} catch (error) {{
    const message = `the snapshot was not used: ${{error?.message ?? error}}`;
    globalThis.gymworkerNote = message;
    postMessage({{ type: "progress", stage: "fallback", message, timestamp: Date.now() / 1000 }});
    return start(options);
  }}
}};"""


@dataclass(frozen=True)
class Prepared:
    """What the server made so that Pyodide boots faster; addresses are relative to the root.

    Attributes:
        stdlib: the address of the standard library with bytecode; None for the one beside
            `pyodide.mjs`.
        snapshot: the folder of a snapshot, with a slash at its end, or None.
        key: of the snapshot.
    """

    stdlib: str | None = None
    snapshot: str | None = None
    key: str = ""


NOTHING = Prepared()


@dataclass(frozen=True)
class Interpreter:
    """Pyodide without JavaScript Promise Integration, and with a fixed hash seed.

    Attributes:
        module: the address of `pyodide.mjs`, relative to the root of the site.
        prepared: what belongs to this Pyodide.
        later: the address of the bundle that a worker fetches when it wants it, or None.
    """

    module: str
    prepared: Prepared = NOTHING
    later: str | None = None

    @property
    def address(self) -> str:
        """Where it is served, relative to the root of the site."""
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{FOLDER}/pyodide-{digest[:16]}.mjs"

    @property
    def content(self) -> bytes:
        """The module; it stands one folder below the root."""
        library = self.prepared.stdlib or self.module.rpartition("/")[0] + "/" + STDLIB
        stdlib, before, load = _quoted(library), "", _PLAIN
        if self.prepared.snapshot is not None:
            before = _IMPORT.format(restore=_quoted(f"{self.prepared.snapshot}restore.mjs"))
            load = _RESTORE.format(key=json.dumps(self.prepared.key), stdlib=stdlib)
        module = _quoted(self.module)
        later = _LATER.format(later=_quoted(self.later)) if self.later else ""
        return _MODULE.format(
            module=module, stdlib=stdlib, later=later, before=before, load=load
        ).encode()


def _quoted(address: str) -> str:
    return json.dumps(above(address, "../"))


def above(address: str, root: str) -> str:
    """Returns an address that is relative to the root of the site, relative to somewhere else.

    Args:
        address: one that begins with a host or a slash stays as it is.
        root: leads from there to the root, `"../"`.
    """
    return address if "://" in address or address.startswith("/") else root + address
