"""What is tried: the file of an environment with the modules beside it, or an id of Gymnasium's."""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gymserver.errors import StartError

_MADE = """import gymnasium

env = gymnasium.make({id!r}, **{arguments!r})
"""


@dataclass(frozen=True)
class Target:
    """An environment to try.

    Attributes:
        name: as the user has written it.
        source: its code.
        file_name: what tracebacks call it, as the page does.
        files: the text of each module beside it that it imports, by its name there.
    """

    name: str
    source: str
    file_name: str
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, web: Path, taken: Collection[str] = ()) -> "Target":
        """Returns what a word of the command line stands for.

        Args:
            name: a file, or an id of Gymnasium's, with keyword arguments or without.
            web: the served folder.
            taken: names of modules that are the site's, wherever a file of that name lies.

        Raises:
            StartError: there is no such file, it cannot be read, or the id's arguments cannot.
        """
        path = Path(name)
        if path.suffix != ".py" and not path.exists():
            id, arguments = _read(name)
            return cls(name, _MADE.format(id=id, arguments=arguments), name)
        source = _text(path)
        whole, root = path.resolve(), web.resolve()
        inside = whole.is_relative_to(root)
        file_name = whole.relative_to(root).as_posix() if inside else path.name
        return cls(name, source, file_name, _beside(whole, source, taken))

    def request(self) -> dict[str, Any]:
        """Returns the fields of a request about it."""
        return {"source": self.source, "fileName": self.file_name, "files": self.files}


def _read(name: str) -> tuple[str, dict[str, Any]]:
    """Returns an id and what `gymnasium.make` is to take, by name; nothing in it is run."""
    id, bracket, _ = name.partition("(")
    drawn: dict[Any, Any] = {"render_mode": "rgb_array"}
    if not bracket:
        return id, drawn
    try:
        call = ast.parse("make" + name[len(id) :], mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args:
            given = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
            if None not in given and len(given) == len(call.keywords):
                return id.strip(), drawn | given
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        pass  # all that literal_eval may raise
    raise StartError(
        "expected an id with keyword arguments that are Python's literals, such as "
        f"FrozenLake-v1(is_slippery=False), got {name}"
    )


def _beside(path: Path, source: str, taken: Collection[str]) -> dict[str, str]:
    """Returns the modules beside a file that its code imports, and these too."""
    found: dict[str, str] = {}
    todo, seen = [source], set(taken)
    while todo:
        for name in sorted(_imported(todo.pop()) - seen):
            seen.add(name)
            one, folder = path.parent / f"{name}.py", path.parent / name
            files = [one] if one.is_file() and one != path else []
            for file in [*files, *sorted(folder.rglob("*.py") if folder.is_dir() else ())]:
                text = _text(file)
                found[file.relative_to(path.parent).as_posix()] = text
                todo.append(text)
    return found


def _imported(source: str) -> set[str]:
    """Returns the words of all lines that import, up to their dots; the page does the same."""
    lines = [line for line in source.split("\n") if "import" in line]
    words = [
        word.split(".")[0] for line in lines for word in re.sub(r"[(),;'\"]", " ", line).split()
    ]
    return {word for word in words if word.isidentifier()}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise StartError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StartError(f"{path} is not UTF-8 text: {error.reason}") from None
