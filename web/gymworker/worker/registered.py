"""What there is by name: the environments that run here, and what is said of their actions.

Gymnasium's have an id, ``CartPole-v1``; PettingZoo's the name of their module,
``pettingzoo.classic.connect_four_v3``. Runs in the worker.
"""

import importlib
import inspect
import re
import sys
from enum import IntEnum
from pathlib import Path

from .introduction import AEC, PARALLEL, agents_of, kind_of, space_of
from .turns import is_allowed, mask_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

# Compiled when they are first used: no boot waits for it.
VERSIONED = r"(.+)_v(\d+)"
"""The name of a module that makes an environment of PettingZoo."""

LIST = r"(?m)^\s*[-*] `?(\d+)`?(?::| -) (.+?)\s*$"
"""A line of a docstring about an action, ``- 0: Push cart to the left``."""

ROW = r"(?m)^\s*\|(.+)\|\s*$"
"""A row of a table."""

WORDS = r"(?i)action[^\n\[]*\[(\w+(?:, \w+)+)\]"
"""All of them in their order, ``action space: [no_action, move_left, move_right]``."""

COMMENT = r"(?i)\b(\d+) ?[:=] ?([a-z][a-z ]*)"
"""One of those in a line of code, ``# 0: up, 1: right``."""


def registered() -> "list[str]":
    """Return the names of the environments that can be made here, of each the newest version.

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
    return sorted(found) + sorted(filter(_can_be_made, _modules()))


def described(env: "Any") -> "dict[Any, Any]":
    """Return what an environment calls its actions, by their numbers, where it says so of each.

    That may be in its documentation, in an enumeration of its module, or in its code. In an
    environment of several agents it is by agent.
    """
    kind = type(getattr(env, "unwrapped", env))
    if kind_of(env) not in (AEC, PARALLEL):
        return _called(kind, space_of(env, "action_space", None))
    found = {agent: _called(kind, space_of(env, "action_space", agent)) for agent in agents_of(env)}
    return {agent: labels for agent, labels in found.items() if labels}


def moves(env: "Any") -> "list[tuple[int, str]]":
    """Return the actions that the agent whose turn it is may do, each with what it is called.

    Only where agents take turns, and actions are numbers.
    """
    agent = env.agent_selection
    space = env.action_space(agent)
    obs, _, _, _, info = env.last()
    mask, labels = mask_of(obs, info), described(env).get(agent, {})
    start = int(space.start)
    return [
        (action, labels.get(action) or _move(env, agent, action))
        for action in range(start, start + int(space.n))
        if is_allowed(action, mask, space)
    ]


def _called(kind: type, space: "Any") -> "dict[int, str]":
    """Return what a class of environments calls the actions of a space."""
    if type(space).__name__ != "Discrete" or space.start:
        return {}
    count = int(space.n)
    module = sys.modules.get(kind.__module__)
    text = f"{inspect.getdoc(kind) or ''}\n{getattr(module, '__doc__', None) or ''}"
    for pairs in (re.findall(LIST, text), *_columns(text)):
        if found := _numbered(pairs, count):
            return found
    for words in re.findall(WORDS, text):
        if found := _numbered(enumerate(words.split(", ")), count):
            return found
    for name, value in vars(module or object).items():
        if "action" in name.lower() and isinstance(value, type) and issubclass(value, IntEnum):
            members = [(member.value, member.name.lower()) for member in value]
            if found := _numbered(members, count):
                return found
    try:
        code = inspect.getsource(kind)
    except (OSError, TypeError):
        return {}
    lines = (re.findall(COMMENT, line) for line in code.splitlines())
    return next((found for pairs in lines if (found := _numbered(pairs, count))), {})


def _columns(text: str) -> "Iterator[list[tuple[Any, str]]]":
    """Yield the columns of tables that are no numbers, beside the first or last that is numbers."""
    rows = [[cell.strip(" `") for cell in row.split("|")] for row in re.findall(ROW, text)]
    for place in (0, -1):
        numbered = [row for row in rows if row[place].isdigit() and len(row) > 1]
        for column in range(max(map(len, numbered), default=0)):
            yield [(row[place], row[column]) for row in numbered if column < len(row)]


def _numbered(pairs: "Any", count: int) -> "dict[int, str]":
    """Return what numbers from 0 on are called, if each has its own name and there are so many."""
    names: dict[int, str] = {}
    for number, said in pairs:
        if int(number) != len(names):  # a list of something else
            names = {}
        if int(number) == len(names):
            names[int(number)] = said
        if len(names) == count:
            break
    named = len(names) == count == len(set(names.values()))
    return _plain(names.items()) if named and all(map(_has_letters, names.values())) else {}


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _plain(names: "Iterable[tuple[int, str]]") -> "dict[int, str]":
    """Return names as people read them."""
    said = [(number, " ".join(name.replace("_", " ").split())) for number, name in names]
    return {number: name[:1].upper() + name[1:] for number, name in said}


def _move(env: "Any", agent: "Any", action: int) -> str:
    """Return what an action is called of which no documentation says it."""
    board: Any = getattr(env.unwrapped, "board", None)
    if type(board).__module__ == "chess":
        # The very module that the environment plays with: it keeps which number is which move.
        utils = type(env.unwrapped).step.__globals__["chess_utils"]
        return str(board.san(utils.action_to_move(board, action, env.possible_agents.index(agent))))
    return f"Action {action}"


def _modules() -> "Iterator[str]":
    """Yield the modules of PettingZoo's environments, of each the newest version."""
    import pkgutil  # no boot waits for it, nor for `importlib.metadata` below

    newest: dict[str, int] = {}
    for package, folder in _packages():
        for module in pkgutil.iter_modules([str(folder)]):
            if match := re.fullmatch(VERSIONED, module.name):
                name = f"{package}.{match[1]}"
                newest[name] = max(newest.get(name, 0), int(match[2]))
    for name, version in newest.items():
        yield f"{name}_v{version}"


def _packages() -> "Iterator[tuple[str, Path]]":
    """Yield the packages that may have such modules: PettingZoo's, and those that build on it."""
    from importlib.metadata import distributions

    for distribution in distributions():
        name = distribution.metadata["Name"].lower()
        needs = [re.split(r"[^\w.-]", need)[0].lower() for need in distribution.requires or ()]
        if name == "pettingzoo" or "pettingzoo" in needs:
            for file in distribution.files or ():
                if file.name == "__init__.py" and len(file.parts) <= 3:
                    yield (
                        ".".join(file.parts[:-1]),
                        Path(str(distribution.locate_file(file))).parent,
                    )


def _can_be_made(name: str) -> bool:
    try:
        module = importlib.import_module(name)
    except Exception:
        return False
    return any(callable(getattr(module, make, None)) for make in ("parallel_env", "env"))
