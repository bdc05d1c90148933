"""What the browser's Python lacks and Gymnasium imports. Runs in the worker."""

import sys
import types


def install() -> None:
    """Make ``import gymnasium`` work in Pyodide.

    Gymnasium 1.3 and later import ``multiprocessing.synchronize`` for their vector environments,
    which needs the C module ``_multiprocessing``. The browser has no processes, so a stand-in is
    enough whose semaphore says so when it is used.
    """
    stand_in = sys.modules.get("_multiprocessing")
    if stand_in is None:
        stand_in = types.ModuleType("_multiprocessing")
        sys.modules["_multiprocessing"] = stand_in
    elif stand_in.__spec__ is not None:  # a real one; a snapshot holds an empty stand-in
        return
    stand_in.__doc__ = "Stand-in: the browser has no processes."
    stand_in.SemLock = SemLock  # type: ignore[attr-defined]
    stand_in.sem_unlink = _no_processes  # type: ignore[attr-defined]


class SemLock:
    """The semaphore that cannot be."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *args: object, **kwargs: object) -> None:
        _no_processes()


def _no_processes(*args: object) -> None:
    raise OSError(
        "the browser's Python has no processes: use SyncVectorEnv instead of AsyncVectorEnv"
    )
