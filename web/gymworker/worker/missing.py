"""What to do about a module that the browser's Python has not. Runs in the worker."""

import sys

APART = {
    "_hashlib": "hashlib",
    "_lzma": "lzma",
    "_pydecimal": "pydecimal",
    "_sqlite3": "sqlite3",
    "_ssl": "ssl",
    "lzma": "lzma",
    "pydoc_data": "pydoc-data",
    "sqlite3": "sqlite3",
    "ssl": "ssl",
    "test": "test",
}
"""The package of Pyodide's that has a part of the standard library, by the module's name."""


def advice(error: BaseException) -> str:
    """Return what to do about an error's missing module, "" if there is nothing to say."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return ""
    name = error.name.partition(".")[0]
    if name in APART:
        return (
            f"Pyodide keeps this part of the standard library in a package of its own: add "
            f'"{APART[name]}" to `packages` in the [worker] table of pyscript.toml'
        )
    if name == "distutils":
        return (
            'Python has no distutils since 3.12: add "setuptools" to `packages` in the [worker] '
            "table of pyscript.toml, and import setuptools first"
        )
    if name in sys.stdlib_module_names and error.name == name:
        return "no browser has what this part of the standard library needs"
    return ""
