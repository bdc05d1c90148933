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
const pyodide = await import(module).catch(because(module));
export const {{ version }} = pyodide;

// Calls `failed` with what Pyodide tells the console alone before it waits for ever.
const watch = (places, failed) => {{
  const {{ fetch }} = globalThis;
  const {{ instantiateStreaming }} = WebAssembly;
  globalThis.fetch = async (file, ...rest) => {{
    if (!places.some((place) => String(file).startsWith(place))) return fetch(file, ...rest);
    const answer = await fetch(file, ...rest).catch(because(file)).catch(failed);
    if (!answer.ok) failed(new Error(`${{file}} could not be loaded: status ${{answer.status}}`));
    if (/\\.json$/.test(file)) await answer.clone().json().catch(because(file)).catch(failed);
    return answer;
  }};
  WebAssembly.instantiateStreaming = async (response, imports) => {{
    const answer = await response;
    // Streaming insists on the type, which a host may not know.
    const known = answer.headers.get("Content-Type")?.startsWith("application/wasm");
    const made = known
      ? instantiateStreaming(answer, imports)
      : WebAssembly.instantiate(await answer.arrayBuffer(), imports);
    return made.catch(because(answer.url)).catch(failed);
  }};
  return () => {{
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }};
}};

export const loadPyodide = (options) =>
  new Promise((resolve, reject) => {{
    giveBack();
    const indexURL = new URL(".", module).href;
    const stdLibURL = new URL({stdlib}, import.meta.url).href;
    const restore = watch([indexURL, stdLibURL], (error) => {{
      reject(error);
      throw error;
    }});
    // One hash seed for all: the order of a set of strings is the same in every worker.
    const env = {{ PYTHONHASHSEED: "0", ...options?.env }};
    const loading = pyodide.loadPyodide({{ ...options, indexURL, stdLibURL, env }});
    const loaded = () => "_createPyodideModule" in globalThis;
    const named = (error) =>
      loaded() ? reject(error) : because(`${{indexURL}}pyodide.asm.js`)(error);
    loading.then(resolve, named).catch(reject).finally(restore);
  }});
"""


@dataclass(frozen=True)
class Prepared:
    """What the server made so that Pyodide boots faster.

    Attributes:
        stdlib: the address of the standard library with bytecode, relative to the root of the site;
            None for the one beside `pyodide.mjs`.
    """

    stdlib: str | None = None


NOTHING = Prepared()


@dataclass(frozen=True)
class Interpreter:
    """Pyodide without JavaScript Promise Integration, and with a fixed hash seed.

    Attributes:
        module: the address of `pyodide.mjs`, relative to the root of the site.
        prepared: what belongs to this Pyodide.
    """

    module: str
    prepared: Prepared = NOTHING

    @property
    def address(self) -> str:
        """Where it is served, relative to the root of the site."""
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{FOLDER}/pyodide-{digest[:16]}.mjs"

    @property
    def content(self) -> bytes:
        """The module; it stands one folder below the root."""
        stdlib = self.prepared.stdlib or self.module.rpartition("/")[0] + "/" + STDLIB
        places = {"module": self.module, "stdlib": stdlib}
        return _MODULE.format(
            **{name: json.dumps(above(address, "../")) for name, address in places.items()}
        ).encode()


def above(address: str, root: str) -> str:
    """Returns an address that is relative to the root of the site, relative to somewhere else.

    Args:
        address: one that begins with a host or a slash stays as it is.
        root: leads from there to the root, `"../"`.
    """
    return address if "://" in address or address.startswith("/") else root + address
