"""Imports what goes into a snapshot, in the browser's Python. Run by `snapshot_build.mjs`."""

import gc
import importlib
import importlib.metadata
import linecache
import re
import sys
import types
from collections.abc import Sequence


def make_up() -> None:
    """Makes up for what the browser's Python lacks and Gymnasium imports.

    `gymworker/worker/compat.py`, which may be edited, fills it in when a worker begins.
    """
    stand_in = types.ModuleType("_multiprocessing")
    semaphore = type("SemLock", (), {"SEM_VALUE_MAX": 2**31 - 1})
    stand_in.__dict__.update(SemLock=semaphore, sem_unlink=None)
    sys.modules["_multiprocessing"] = stand_in


def take(modules: Sequence[str], strict: bool) -> None:
    """Imports modules.

    Args:
        modules: their names.
        strict: whether each has to be there.
    """
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            if strict:
                raise


def tidy() -> None:
    """Forgets what a new process would not know; what the path holds may be known."""
    assert all(dist.version for dist in importlib.metadata.distributions())
    for finder in sys.path_importer_cache.values():
        if type(finder).__name__ == "FileFinder":  # the others' would read the library's zip anew
            finder.invalidate_caches()  # type: ignore[union-attr]
    sys.modules["__main__"].__dict__.pop("_", None)
    linecache.clearcache()
    re.purge()
    gc.collect()
