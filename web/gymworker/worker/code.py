"""Running the source text of an environment as a module of its own. Runs in the worker."""

import ast
import inspect
import sys
import types

from ..errors import ProtocolError
from .helpers import Helpers, remember_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODULE = "environment"
"""The ``__name__`` of the user's code, under which pickle and dataclasses find it."""

_helpers: "dict[str, Helpers]" = {}
"""Those of each environment that there is, by the name of its module."""

_NONE = Helpers({})


async def run(
    code: str,
    file_name: str,
    names: "dict[str, Any]",
    files: "dict[str, str] | None" = None,
    module_name: str = MODULE,
) -> types.ModuleType:
    """Run source text in a fresh module, which it leaves with a variable ``env``.

    If that fails, the module that was there before stays, and so do its helpers.

    Args:
        code: Python source; top-level await is allowed.
        file_name: what tracebacks call it.
        names: that it finds defined.
        files: the modules beside it, see ``helpers``.
        module_name: the module's ``__name__``.

    Raises:
        ProtocolError: the code left no ``env`` with ``reset`` and ``step``.
        BaseException: whatever the code raised.
    """
    code = code.removeprefix("\ufeff")
    module = types.ModuleType(module_name)
    module.__file__, module.__package__ = file_name, ""
    module.__dict__.update(names)
    remember_lines(file_name, code)
    helpers = Helpers(files or {}, file_name[: file_name.rfind("/") + 1])
    earlier = sys.modules.get(module_name)
    for others in _helpers.values():
        others.remove()
    helpers.install()
    try:
        compiled = compile(
            code, file_name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
        sys.modules[module_name] = module
        waiting = eval(compiled, module.__dict__)
        if inspect.iscoroutine(waiting):
            await waiting
        _check(module.__dict__.get("env"), file_name, code)
        _helpers[module_name] = helpers
    except BaseException:
        if earlier is not None:
            sys.modules[module_name] = earlier
        raise
    finally:
        helpers.remove()
        for each in _helpers.values():
            each.install()
    return module


def beside(names: "dict[str, Any]") -> Helpers:
    """Return the modules beside that of an environment.

    Args:
        names: of its module.
    """
    return _helpers.get(names.get("__name__", ""), _NONE)


def _check(env: "Any", file_name: str, code: str) -> None:
    if env is None:
        raise ProtocolError(f"{file_name} left no variable `env`: {_advice(code)}")
    missing = [name for name in ("reset", "step") if not callable(getattr(env, name, None))]
    if missing:
        raise ProtocolError(
            f"expected `env` to be a Gymnasium or PettingZoo environment, got "
            f"{type(env).__name__}, which has no {' and no '.join(missing)}()"
        )


def _advice(code: str) -> str:
    """Return what to do about code that leaves no environment."""
    example = '`env = gymnasium.make("CartPole-v1")`'
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.If) and _asks_for_main(statement.test):
            return (
                f'its part `if __name__ == "__main__":` in line {statement.lineno} does not run '
                f"here, where the code is the module `{MODULE}`: make `env` above it, for "
                f"example with {example}"
            )
    return f"end it with, for example, {example}"


def _asks_for_main(test: ast.expr) -> bool:
    parts = list(ast.walk(test))
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in parts) and any(
        isinstance(part, ast.Constant) and part.value == "__main__" for part in parts
    )
