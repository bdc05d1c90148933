"""Where the code of an environment keeps what changes, beside its objects. Runs in the worker.

Functions and classes of the environment's module stand in a state by their names, for they are the
same wherever the same code has run. What they carry is data: the attributes of a class, and of a
function its defaults, its attributes and the cells of its closure. So are the module's variables
and the generators that everybody shares. The modules beside it (see ``helpers``) are like it.
``read`` collects all of this, ``write`` puts it back.
"""

import functools
import random
import sys
import types
from array import array
from enum import Enum

from ...errors import StateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..helpers import Helpers

OWN = ""
"""Stands for the name of the environment's module in what ``read`` returns."""

EMPTY = "<empty>"
"""Stands for a cell of a closure that nothing was put in yet."""

_METHODS = (
    types.FunctionType, types.BuiltinFunctionType, types.MemberDescriptorType,
    types.GetSetDescriptorType, types.WrapperDescriptorType, types.MethodDescriptorType,
    staticmethod, classmethod, property, functools.cached_property,
)  # fmt: skip

_OF_PYTHON = frozenset(("_abc_impl",))
"""What Python itself keeps in classes, beside the names with underscores around them."""


def read(names: "dict[str, Any]", beside: "Helpers") -> "dict[str, Any]":
    """Return what stands in all places, the objects themselves.

    Args:
        names: of the environment's module.
        beside: the modules beside it.
    """
    modules = {OWN: names, **beside.names}
    return {
        "modules": {name: _read_module(variables) for name, variables in modules.items()},
        "random": _random_state(),
        "numpy": _numpy_state(),
    }


def write(names: "dict[str, Any]", beside: "Helpers", values: "dict[str, Any]") -> None:
    """Put back what ``read`` has returned, or an equal of it; what came since is taken away."""
    modules = values["modules"]
    beside.load(name for name in modules if name != OWN)
    for name, module in modules.items():
        _write_module(names if name == OWN else beside.names[name], module)
    version, words, rest = values["random"]
    random.setstate((version, tuple(array("I", words)), rest))
    if values["numpy"] is not None:
        sys.modules["numpy"].random.set_state(values["numpy"])
    beside.forget(beside.names.keys() - modules.keys())


def names_in(skip: "Any") -> "frozenset[str]":
    """Return the names in a ``snapshot_skip``, which may be one by itself.

    Raises:
        StateError: it holds no names.
    """
    try:
        names = frozenset([skip] if isinstance(skip, str) else skip)
    except TypeError:
        names = frozenset([None])
    if not all(isinstance(name, str) for name in names):
        raise StateError(
            f"expected snapshot_skip to be a name or several, ('window', 'log'), got {skip!r:.80}"
        )
    return names


def by_name(value: "Any") -> bool:
    """Tell whether a function or class is what its module has under its name."""
    found: Any = sys.modules.get(value.__module__)
    for name in value.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is value


def module_name(value: "Any") -> "str | None":
    """Return the name under which a module is imported; None for what is no module.

    Some modules have a class of their own, and ``import js`` is an object of JavaScript's.
    """
    if isinstance(value, types.ModuleType):
        return value.__name__
    if type(value).__name__ == "JsProxy":
        return next((name for name, module in sys.modules.items() if module is value), None)
    return None


def data_of(kind: type) -> "dict[str, Any]":
    """Return the attributes of a class that are data: no methods and nothing of Python's own."""
    return {
        name: value
        for name, value in vars(kind).items()
        if not (_special(name) or name in _OF_PYTHON or isinstance(value, _METHODS))
        and type(value).__name__ != "_tuplegetter"
    }


def _read_module(names: "dict[str, Any]") -> "dict[str, Any]":
    skip = names_in(names.get("snapshot_skip", ()))
    classes, functions = _definitions(names)
    kept = {name: names[name] for name in names if name not in skip and not _special(name)}
    return {
        "variables": kept,
        "classes": {name: _attributes(kind) for name, kind in classes.items()},
        "functions": {name: _carried(function) for name, function in functions.items()},
    }


def _write_module(names: "dict[str, Any]", values: "dict[str, Any]") -> None:
    skip = names_in(names.get("snapshot_skip", ()))
    variables = values["variables"]
    for name in [name for name in names if name not in variables]:
        if name not in skip and not _special(name):
            del names[name]
    names.update({name: value for name, value in variables.items() if name not in skip})
    classes, functions = _definitions(names)
    for name, kind in classes.items():
        _set_attributes(kind, values["classes"].get(name, {}))
    for name, function in functions.items():
        if name in values["functions"]:
            _carry(function, values["functions"][name])


def _definitions(names: "dict[str, Any]") -> "tuple[dict[str, type], dict[str, Any]]":
    """Return the classes and the functions of a module, by their qualified names."""
    module = names.get("__name__")
    classes: dict[str, type] = {}
    functions: dict[str, Any] = {}
    pending = list(names.values())
    while pending:
        value = pending.pop()
        if isinstance(value, type):
            name = value.__qualname__
            if value.__module__ == module and name not in classes and by_name(value):
                classes[name] = value
                for attribute, member in vars(value).items():
                    for number, function in enumerate(_functions_in(member)):
                        functions[f"{name}.{attribute}:{number}"] = function
                    if isinstance(member, type):
                        pending.append(member)
        elif type(value) is types.FunctionType and value.__module__ == module and by_name(value):
            functions[value.__qualname__] = value
            wrapped = getattr(value, "__wrapped__", None)
            if type(wrapped) is types.FunctionType and value.__globals__ is not names:
                functions[value.__qualname__ + ":wrapped"] = wrapped
    own = {key: found for key, found in functions.items() if found.__globals__ is names}
    return classes, own


def _functions_in(member: "Any") -> "Iterator[Any]":
    """Yield the functions behind an attribute of a class, in one order."""
    if isinstance(member, (staticmethod, classmethod)):
        member = member.__func__
    if isinstance(member, property):
        found = [member.fget, member.fset, member.fdel]
    elif isinstance(member, functools.cached_property):
        found = [member.func]
    else:
        found = [member]
    yield from (function for function in found if type(function) is types.FunctionType)


def _attributes(kind: type) -> "dict[str, Any]":
    return {} if issubclass(kind, Enum) else data_of(kind)


def _set_attributes(kind: type, values: "dict[str, Any]") -> None:
    for name in _attributes(kind):
        if name not in values:
            delattr(kind, name)
    present = vars(kind)
    for name, value in values.items():
        if present.get(name, EMPTY) is not value:
            setattr(kind, name, value)


def _carried(function: "Any") -> "tuple[Any, ...]":
    """Return the defaults, the attributes and the closure of a function."""
    cells = function.__closure__ or ()
    names = function.__code__.co_freevars
    held = {
        name: content_of(cell)
        for name, cell in zip(names, cells, strict=True)
        if name != "__class__"  # what super() looks up
    }
    return function.__defaults__, function.__kwdefaults__, vars(function), held


def _carry(function: "Any", values: "tuple[Any, ...]") -> None:
    defaults, keywords, attributes, held = values
    function.__defaults__, function.__kwdefaults__ = defaults, keywords
    if attributes is not vars(function):
        vars(function).clear()
        vars(function).update(attributes)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    for name, value in held.items():
        set_content(cells[name], value)


def content_of(cell: "Any") -> "Any":
    """Return what is in a cell of a closure, ``EMPTY`` for nothing."""
    try:
        return cell.cell_contents
    except ValueError:
        return EMPTY


def set_content(cell: "Any", value: "Any") -> None:
    """Put something in a cell of a closure."""
    if value is not EMPTY:
        cell.cell_contents = value
    elif content_of(cell) is not EMPTY:
        del cell.cell_contents


def _random_state() -> "tuple[Any, ...]":
    version, words, rest = random.getstate()
    return version, array("I", words).tobytes(), rest


def _numpy_state() -> "Any":
    numpy = sys.modules.get("numpy")
    return None if numpy is None else numpy.random.get_state(legacy=False)


def _special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
