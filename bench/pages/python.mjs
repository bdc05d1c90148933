// Pyodide with NumPy and Gymnasium, as a page in JavaScript boots it, in a worker or on the page.

// Gymnasium imports multiprocessing, whose C module the browser's Python lacks.
const IMPORTS = `
import sys, types
sys.modules["_multiprocessing"] = types.SimpleNamespace(
    SemLock=types.SimpleNamespace(SEM_VALUE_MAX=1), sem_unlink=None
)
import numpy, gymnasium
`;

export async function boot({ interpreter, packages }) {
  const { loadPyodide } = await import(interpreter);
  const names = packages.map((name) => name.split("==")[0]);
  const python = await loadPyodide({ packages: names });
  python.runPython(IMPORTS);
  return python;
}

// Makes the environment of a kind in Python's globals.
export function makeEnvironment(python, source, kind) {
  python.globals.set("KIND", kind);
  python.runPython(source);
}

export const AS_OBJECTS = { dict_converter: Object.fromEntries };
