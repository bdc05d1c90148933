"""The file of an environment, and the modules beside it that it imports. Runs on the page."""

import asyncio

from ..errors import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Files:
    """Reads what an environment is made of.

    Args:
        read: returns the text of a file of the site, and raises ``LoadError``; it is awaited.
        known: the Python files beside environments; no other one is asked for.
    """

    def __init__(self, read: "Callable[[str], Any]", known: "list[str]") -> None:
        self._read = read
        self._known = list(known)
        self._file = self._folder = ""
        self._names: set[str] = set()  # that the last environment's code imports

    async def load(self, file: str) -> "tuple[str, dict[str, str]]":
        """Read the file of an environment; what it imports is looked for line by line.

        Args:
            file: relative to the page.

        Returns:
            Its text, and that of each module beside it, by its name relative to the folder.

        Raises:
            LoadError: one of them cannot be had, or is no Python; it says why.
        """
        self._file, self._folder = file, file[: file.rfind("/") + 1]
        self._names = set()
        code = await self._text(file)
        self._names.update(imported(code))
        found: dict[str, str] = {}
        while True:
            more = [name for name in self._beside() if name not in found]
            if not more:
                return code, found
            tasks = [asyncio.create_task(self._text(self._folder + name)) for name in more]
            problem = None
            for name, task in zip(more, tasks):  # noqa: B905 - MicroPython's takes no `strict`
                try:
                    found[name] = await task
                except LoadError as error:  # the others are waited for, too
                    problem = problem or error
                    continue
                self._names.update(imported(found[name]))
            if problem is not None:
                raise problem

    def uses(self, file: str) -> bool:
        """Tell whether the last environment is made of a file, which may be a new one.

        Args:
            file: that was saved.
        """
        beside = file.startswith(self._folder) and file.endswith(".py")
        if beside and file not in self._known:
            self._known.append(file)
        return file == self._file or (beside and file[len(self._folder) :] in self._beside())

    def _beside(self) -> "list[str]":
        """Return the names, relative to the folder, of the modules that are imported."""
        start = len(self._folder)
        names = [
            file[start:]
            for file in self._known
            if file.startswith(self._folder) and file != self._file
        ]
        return [name for name in names if name.split("/")[0].split(".")[0] in self._names]

    async def _text(self, file: str) -> str:
        text: str = await self._read(file)
        if text.lstrip()[:1] == "<":
            raise LoadError(file + " could not be loaded: a page in HTML came in its place")
        return text


def imported(code: str) -> "set[str]":
    """Return the words of all lines that import, up to their dots: what is imported is there."""
    found: set[str] = set()
    for line in code.split("\n"):
        if "import" in line:
            for sign in "(),;'\"":
                line = line.replace(sign, " ")
            found.update([word.split(".")[0] for word in line.split()])
    return found
