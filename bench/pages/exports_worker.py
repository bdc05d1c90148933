"""PyScript's own exported functions: the worker's half."""

import sys
import types

# Gymnasium imports multiprocessing, whose C module the browser's Python lacks.
sys.modules["_multiprocessing"] = types.SimpleNamespace(
    SemLock=types.SimpleNamespace(SEM_VALUE_MAX=1), sem_unlink=None
)

names = {}


def setup(code, kind):
    """Make the environment of a kind."""
    names.clear()
    names["KIND"] = kind
    exec(code, names)


def step(actions, render):
    """Step once."""
    return names["step"](actions, render)


def batch(actions, render):
    """Step once for each action."""
    return names["batch"](actions, render)


__export__ = ["setup", "step", "batch"]
