"""Compiles Python sources in the browser's Python; no other can make its bytecode."""

import importlib.util
import marshal
import sysconfig
import warnings
import zipfile
from pathlib import Path

UNCHECKED = (0b01).to_bytes(4, "little")
"""PEP 552: named by the hash of its source, and not compared with the source at an import."""


def compile_sources(sources: Path, bytecode: Path) -> None:
    """Writes the bytecode of each source that this Python can compile.

    Args:
        sources: a zip file with Python sources, `3/pkg/a.py`.
        bytecode: the zip file to write, with `3/pkg/__pycache__/a.cpython-313.pyc`.
    """
    site = sysconfig.get_path("purelib")  # where Pyodide unpacks wheels
    warnings.simplefilter("ignore")  # what a package's source looks like is its author's business
    with zipfile.ZipFile(sources) as given, zipfile.ZipFile(bytecode, "w") as made:
        for name in given.namelist():
            source = given.read(name)
            try:
                code = compile(
                    source, f"{site}/{name.partition('/')[2]}", "exec", dont_inherit=True
                )
            except (SyntaxError, ValueError):  # a template, or for another Python
                continue
            head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
            target = zipfile.ZipInfo(importlib.util.cache_from_source(name))
            made.writestr(target, head + marshal.dumps(code))


if __name__ == "__main__":
    compile_sources(Path("/exchange/sources.zip"), Path("/exchange/bytecode.zip"))
