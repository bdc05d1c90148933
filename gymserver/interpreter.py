"""A module of a few lines in the place of `pyodide.mjs`, which starts Pyodide as it must be."""

import hashlib
import json
from dataclasses import dataclass

FOLDER = "interpreter"
"""Where these modules are served: their address changes with what is in them."""

# Imported while it runs, so that a browser which cannot find Pyodide names Pyodide's address.
_MODULE = """\
// Pyodide loses C stack at each call through JavaScript Promise Integration, until it runs into
// the heap: https://github.com/pyodide/pyodide/issues/6249
delete WebAssembly.Suspending;
delete WebAssembly.promising;

const module = new URL({module}, import.meta.url).href;
const pyodide = await import(module);
export const {{ version }} = pyodide;

// One hash seed for all: the order of a set of strings is the same in every worker.
export const loadPyodide = (options) =>
  pyodide.loadPyodide({{
    ...options,
    indexURL: new URL(".", module).href,{stdlib}
    env: {{ PYTHONHASHSEED: "0", ...options?.env }},
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
        stdlib = ""
        if self.prepared.stdlib is not None:
            found = json.dumps(above(self.prepared.stdlib, "../"))
            stdlib = f"\n    stdLibURL: new URL({found}, import.meta.url).href,"
        module = json.dumps(above(self.module, "../"))
        return _MODULE.format(module=module, stdlib=stdlib).encode()


def above(address: str, root: str) -> str:
    """Returns an address that is relative to the root of the site, relative to somewhere else.

    Args:
        address: one that begins with a host or a slash stays as it is.
        root: leads from there to the root, `"../"`.
    """
    return address if "://" in address or address.startswith("/") else root + address
