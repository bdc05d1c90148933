"""How to make again what pickle does not make as it was. Runs in the worker.

Each function here is named in states, and makes one kind of thing from what was saved of it.
"""

import copyreg
import importlib
import io
import marshal
import random
import sys
import types

from .places import by_name, content_of, module_name, set_content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def reduction(value: "Any") -> "Any":
    """Return what pickle's ``reducer_override`` does; ``NotImplemented`` where pickle knows."""
    found = _REDUCTIONS.get(type(value))
    if found is not None:
        return found(value)
    kind = type(value)
    if kind.__name__ == "ndarray" and kind.__module__ == "numpy":
        return _reduce_array(value)
    if kind.__name__ == "Surface" and "pygame" in kind.__module__:
        return _reduce_picture(value)
    if kind.__name__ == "Clock" and "pygame" in kind.__module__:
        return kind, ()
    if (name := module_name(value)) is not None:
        return importlib.import_module, (name,)
    return reduced(value) if _is_made_anew(value) else NotImplemented


def reduced(value: "Any") -> "Any":
    """Return what pickle's ``__reduce_ex__`` does, but all that is in an ``EzPickle``.

    An ``EzPickle``, of Gymnasium or PettingZoo, has pickle make a new one of its arguments. A
    ``SystemRandom`` has no state, and says so with an error.
    """
    if type(value) is random.SystemRandom:
        return random.SystemRandom, ()
    if _is_made_anew(value):
        made: Any = copyreg.__newobj__  # type: ignore[attr-defined]
        return made, (type(value),), dict(vars(value)), None, None, set_attributes
    return value.__reduce_ex__(4)


def _is_made_anew(value: "Any") -> bool:
    if "_ezpickle_args" not in getattr(value, "__dict__", ()):
        return False
    how = next(kind for kind in type(value).__mro__ if "__getstate__" in vars(kind))
    return how.__name__ == "EzPickle"


def set_attributes(value: "Any", attributes: "dict[str, Any]") -> None:
    """Set what an object has, whatever it says of its state."""
    vars(value).update(attributes)


def make_function(code: bytes, names: "Any", name: str, closure: "Any") -> "Any":
    """Return a function that no module has under its name: a lambda, or one made by another."""
    if isinstance(names, str):
        names = importlib.import_module(names).__dict__
    return types.FunctionType(marshal.loads(code), names, name, None, closure)


def set_function(function: "Any", state: "dict[str, Any]") -> None:
    """Set what a function carries."""
    vars(function).update(state.pop("__dict__"))
    for name, value in state.items():
        setattr(function, name, value)


def make_cell() -> types.CellType:
    """Return an empty cell of a closure."""
    return types.CellType()


def make_array(data: bytes, dtype: "Any", shape: "Any", order: str, writeable: bool) -> "Any":
    """Return an array with memory of its own."""
    numpy = sys.modules["numpy"]
    made = numpy.frombuffer(data, dtype).reshape(shape, order=order).copy(order)
    made.flags.writeable = writeable
    return made


def make_view(
    base: "Any", dtype: "Any", shape: "Any", offset: int, strides: "Any", writeable: bool
) -> "Any":
    """Return an array over the memory of another one, or of a bytearray."""
    numpy = sys.modules["numpy"]
    flat = base.reshape(-1, order="A") if isinstance(base, numpy.ndarray) else base
    made = numpy.ndarray(shape, dtype, flat, offset, strides)
    made.flags.writeable = writeable
    return made


def make_picture(size: "Any", flags: int, pixels: bytes, form: str, shown: bool) -> "Any":
    """Return a Surface of pygame; the one that is shown is the display's."""
    pygame = importlib.import_module("pygame")
    made = pygame.image.frombytes(pixels, size, form)
    if shown:
        display = pygame.display.get_surface()
        if display is None or display.get_size() != tuple(size):
            display = pygame.display.set_mode(size)
        display.blit(made, (0, 0))
        return display
    picture = pygame.Surface(size, flags, 32)
    picture.fill((0, 0, 0, 0))
    picture.blit(made, (0, 0))
    return picture


def _reduce_function(function: "Any") -> "Any":
    if by_name(function):
        return NotImplemented
    names: Any = function.__globals__
    module = sys.modules.get(names.get("__name__"))
    if module is not None and module.__dict__ is names:
        names = names["__name__"]
    state = {
        "__dict__": dict(vars(function)),
        "__defaults__": function.__defaults__,
        "__kwdefaults__": function.__kwdefaults__,
        "__qualname__": function.__qualname__,
        "__module__": function.__module__,
        "__doc__": function.__doc__,
    }
    made = marshal.dumps(function.__code__), names, function.__name__, function.__closure__
    return make_function, made, state, None, None, set_function


def _reduce_cell(cell: types.CellType) -> "Any":
    return make_cell, (), (content_of(cell),), None, None, set_cell


def set_cell(cell: types.CellType, state: "tuple[Any]") -> None:
    """Put in a cell what was in it."""
    set_content(cell, state[0])


def _reduce_array(array: "Any") -> "Any":
    if array.dtype.hasobject or not array.nbytes:
        return NotImplemented
    base: Any = array.base
    if type(base) is memoryview:
        base = base.obj
    writeable = array.flags.writeable
    if type(base) is bytearray or (type(base) is type(array) and base.flags.forc):
        start = _address(base)
        offset = array.__array_interface__["data"][0] - start
        return make_view, (base, array.dtype, array.shape, offset, array.strides, writeable)
    order = "F" if array.flags.fnc else "C"
    return make_array, (array.tobytes("A"), array.dtype, array.shape, order, writeable)


def _address(memory: "Any") -> int:
    array: Any = memory
    if isinstance(memory, bytearray):
        array = sys.modules["numpy"].frombuffer(memory, "u1")
    return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


def _reduce_picture(surface: "Any") -> "Any":
    """Reduce what real pygame has; the stand-in's are made of arrays, which pickle takes."""
    pygame = sys.modules["pygame"]
    shown = surface is pygame.display.get_surface()
    if not shown and hasattr(surface, "__dict__"):
        return NotImplemented
    flags = surface.get_flags() & pygame.SRCALPHA
    form = "RGBA" if flags else "RGB"
    pixels = pygame.image.tobytes(surface, form)
    return make_picture, (surface.get_size(), flags, pixels, form, shown)


_REDUCTIONS: "dict[type, Callable[[Any], Any]]" = {
    types.FunctionType: _reduce_function,
    types.CellType: _reduce_cell,
    random.SystemRandom: reduced,
    io.TextIOWrapper: reduced,  # raises: cloudpickle would make another file of its text
}
