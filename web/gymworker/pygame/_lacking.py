"""What the stand-in lacks says so by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

_PACKAGE = __name__.rpartition("_lacking")[0]


class error(RuntimeError):  # noqa: N801  pygame's own name for it
    """What pygame raises where something cannot be done."""


def lacking(what: str) -> NoReturn:
    """Raise what says that the stand-in has no such function, or no such way of calling it.

    Args:
        what: as somebody who reads the documentation of pygame knows it, ``"draw.arc(width=2)"``.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError(message(what))


def attributes_of(module: str) -> Callable[[str], NoReturn]:
    """Return the ``__getattr__`` of a module, which names what is not there.

    Args:
        module: its ``__name__``.
    """

    def missing(name: str) -> NoReturn:
        known = module.rpartition("pygame")[2].lstrip(".")
        raise AttributeError(message(f"{known}.{name}" if known else name))

    return missing


class Named:
    """An object that names what it lacks."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Name what is not there."""
            ours = next(kind for kind in type(self).__mro__ if kind.__module__.startswith(_PACKAGE))
            attributes_of(ours.__module__)(f"{ours.__name__}.{name}")


def message(what: str) -> str:
    """Return what is said of something that the stand-in lacks, and what one can do."""
    return (
        f"pygame.{what} is not there: this pygame is gymworker's stand-in for the browser, which "
        "has what environments draw with. Do without it, or add pygame-ce to [worker] packages in "
        "pyscript.toml: that is the real one, which finds no display in a worker"
    )
