"""What Gymnasium has by name: the environments that run here, and what it says of their actions.

Runs in the worker.
"""

import inspect
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ACTION = re.compile(r"^\s*[-*] (\d+): (.+?)\s*$", re.MULTILINE)
"""A line of a docstring about an action, ``- 0: Push cart to the left``."""


def registered() -> "list[str]":
    """Return the ids of the environments that can be made here, of each the newest version.

    Those whose modules cannot be imported, for want of MuJoCo or Box2D, are left out.
    """
    from gymnasium.envs.registration import load_env_creator, registry

    newest: dict[Any, Any] = {}
    for spec in registry.values():
        name = spec.namespace, spec.name
        if name not in newest or (spec.version or 0) > (newest[name].version or 0):
            newest[name] = spec
    found = []
    for spec in newest.values():
        try:
            made_by = spec.entry_point
            made_by = load_env_creator(made_by) if isinstance(made_by, str) else made_by
        except Exception:
            continue
        if inspect.isclass(made_by):  # a function says what became of an environment
            found.append(spec.id)
    return sorted(found)


def described(env: "Any") -> "dict[int, str]":
    """Return what the documentation of an environment calls its actions, by their numbers."""
    count = getattr(getattr(env, "action_space", None), "n", None)
    text = inspect.getdoc(type(getattr(env, "unwrapped", env))) or ""
    found: dict[int, str] = {}
    for number, said in ACTION.findall(text):
        if int(number) != len(found):  # a list of something else
            break
        found[int(number)] = said
    return found if count is not None and len(found) == count else {}
