"""The stand-in for pygame: found where no real one is, and joined to the page. In the worker.

``import pygame`` asks all other places first; a real pygame, wherever it is installed, wins. The
stand-in is the library's folder ``pygame``; until somebody imports it, it is not even fetched.
"""

import sys
from importlib.machinery import PathFinder
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

NAME = "pygame"

LIBRARY = Path(__file__).parent.parent
"""The folder that it lies in."""

show: "Callable[[Any], None] | None" = None
"""Takes a frame ``(H, W, 3) uint8`` that ``pygame.display.flip`` shows; None where nobody looks."""

drawn = False
"""Whether the environment that is there made a Surface."""

writer: "Any" = None
"""Writes text, see ``js.writer.Writer``; None where there is no canvas to write on."""


class Finder:
    """Finds the stand-in, as the last of all that are asked.

    Args:
        folder: that it lies in.
        fetch: brings it there, called if it is not; it is given the folder of the library.
    """

    def __init__(self, folder: Path, fetch: "Callable[[Path], None]") -> None:
        self._folder = folder
        self._fetch = fetch

    def find_spec(
        self,
        name: str,
        path: "Sequence[str] | None" = None,
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        """Return what is needed to import it, None for any other name.

        Raises:
            ModuleNotFoundError: the stand-in has no such module.
            OSError: it could not be fetched. It is no ``ImportError``, for which environments say
                that pygame has to be installed.
        """
        if name.startswith(NAME + "."):
            self._missing(name)
        if name != NAME:
            return None
        if not (self._folder / NAME).is_dir():
            self._fetch(self._folder.parent)
            sys.path_importer_cache.pop(str(self._folder), None)  # it remembers what was there
        return PathFinder.find_spec(name, [str(self._folder)])

    def _missing(self, name: str) -> None:
        """Name a module that nobody has found, if it is the stand-in that is asked for it."""
        package = sys.modules[NAME]
        if Path(package.__file__ or "").parent == self._folder / NAME:
            said = package._lacking.message(name.partition(".")[2])
            # Without the name of the module: else ``from pygame import x`` says less.
            raise ModuleNotFoundError(said)


def install(
    shows: "Callable[[Any], None] | None", writes: "Any", fetch: "Callable[[Path], None]"
) -> None:
    """Let ``import pygame`` find the stand-in where it finds nothing else.

    Args:
        shows: see ``show``.
        writes: see ``writer``.
        fetch: see ``Finder``.
    """
    global show, writer
    show, writer = shows, writes
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder(LIBRARY, fetch))
