"""Compiles Python sources in the browser's Python; no other can make its bytecode."""

import importlib.util
import marshal
import sys
import sysconfig
import warnings
import zipfile
from pathlib import Path

STDLIB = "stdlib"
"""The first part of the names of the standard library's modules, which stand in a zip file."""

UNCHECKED = (0b01).to_bytes(4, "little")
"""PEP 552: named by the hash of its source, and not compared with the source at an import."""


def compile_sources(sources: Path, bytecode: Path) -> None:
    """Writes the bytecode of each source that this Python can compile.

    Args:
        sources: a zip file with Python sources, `3/pkg/a.py` or `stdlib/pkg/a.py`.
        bytecode: the zip file to write, with `3/pkg/__pycache__/a.cpython-313.pyc`; with
            `stdlib/pkg/a.pyc`, because in a zip file Python looks for bytecode beside the source.
    """
    places = {STDLIB: next(place for place in sys.path if place.endswith(".zip"))}
    site = sysconfig.get_path("purelib")  # where Pyodide unpacks wheels
    warnings.simplefilter("ignore")  # what a package's source looks like is its author's business
    with zipfile.ZipFile(sources) as given, zipfile.ZipFile(bytecode, "w") as made:
        for name in given.namelist():
            source = given.read(name)
            first, _, path = name.partition("/")
            try:
                code = compile(
                    source, f"{places.get(first, site)}/{path}", "exec", dont_inherit=True
                )
            except (SyntaxError, ValueError):  # a template, or for another Python
                continue
            head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
            beside = first == STDLIB
            target = f"{name}c" if beside else importlib.util.cache_from_source(name)
            made.writestr(zipfile.ZipInfo(target), head + marshal.dumps(code))


if __name__ == "__main__":
    compile_sources(Path("/exchange/sources.zip"), Path("/exchange/bytecode.zip"))
