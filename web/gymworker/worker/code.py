"""Running the source text of an environment as a module of its own. Runs in the worker."""

import ast
import inspect
import linecache
import re
import sys
import types

from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODULE = "environment"
"""The ``__name__`` of the user's code, under which pickle and dataclasses find it."""


async def run(code: str, file_name: str, names: "dict[str, Any]") -> types.ModuleType:
    """Run source text in a fresh module, which it leaves with a variable ``env``.

    If that fails, the module that was there before stays.

    Args:
        code: Python source; top-level await is allowed.
        file_name: what tracebacks call it.
        names: that it finds defined.

    Raises:
        ProtocolError: the code left no ``env`` with ``reset`` and ``step``.
        BaseException: whatever the code raised.
    """
    module = types.ModuleType(MODULE)
    module.__file__ = file_name
    module.__dict__.update(names)
    lines = re.findall(r"[^\n]*\n|[^\n]+", code)  # not str.splitlines: it splits at form feeds too
    linecache.cache[file_name] = (len(code), None, lines, file_name)  # source lines in tracebacks
    earlier = sys.modules.get(MODULE)
    try:
        compiled = compile(
            code, file_name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
        sys.modules[MODULE] = module
        waiting = eval(compiled, module.__dict__)
        if inspect.iscoroutine(waiting):
            await waiting
        _check(module.__dict__.get("env"), file_name)
    except BaseException:
        if earlier is not None:
            sys.modules[MODULE] = earlier
        raise
    return module


def _check(env: "Any", file_name: str) -> None:
    if env is None:
        raise ProtocolError(
            f"{file_name} left no variable `env`: end it with, for example, "
            '`env = gymnasium.make("CartPole-v1")`'
        )
    missing = [name for name in ("reset", "step") if not callable(getattr(env, name, None))]
    if missing:
        raise ProtocolError(
            f"expected `env` to be a Gymnasium or PettingZoo (parallel) environment, got "
            f"{type(env).__name__}, which has no {' and no '.join(missing)}()"
        )
