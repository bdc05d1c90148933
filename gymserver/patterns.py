"""What a pattern in a table of files stands for: `"gymworker/**/*.py" = "./gymworker/"`.

`*`, `?` and `[…]` stand for a part of a name, `**` for any number of folders. A file goes into the
folder on the right by its name alone; where the pattern has `**`, by its path from the pattern's
first sign on: with the line above, `gymworker/codec/encoder.py` to `./gymworker/codec/encoder.py`.
"""

import math
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gymserver.public import public_file


def is_pattern(source: str) -> bool:
    """Tells whether a name in a table of files is a pattern."""
    return _has_sign(source) and "://" not in source


def matches(web: Path, pattern: str, folder: str) -> dict[str, Path]:
    """Returns the files that a pattern stands for, by the place where each belongs.

    Args:
        web: the served folder; what is not served is not among them.
        pattern: relative to it.
        folder: where they go.

    Raises:
        ValueError: it is no pattern that can be read; the message says why.
    """
    parts = PurePosixPath(pattern).parts
    if PurePosixPath(pattern).is_absolute() or ".." in parts:
        raise ValueError(f"expected a pattern for files in {web}")
    if "**" in parts:
        begin = next(i for i, part in enumerate(parts) if _has_sign(part))
    if parts[-1] == "**":  # Python 3.13 takes it for files too, earlier ones for folders
        pattern += "/*"
    found = {}
    for file in sorted(web.glob(pattern)):
        name = file.relative_to(web)
        if public_file(web, name.as_posix()) and "__pycache__" not in name.parts:
            kept = name.parts[begin:] if "**" in parts else [name.name]
            found[PurePosixPath(folder, *kept).as_posix()] = file
    return found


def folders(web: Path, pattern: str) -> Iterator[Path]:
    """Yields the folders that are searched for a pattern's files: a new one changes their time.

    Args:
        web: the served folder.
        pattern: relative to it.
    """
    parts = PurePosixPath(pattern).parts
    begin = next(i for i, part in enumerate(parts) if _has_sign(part))
    levels = math.inf if "**" in parts else len(parts) - begin
    seen = set()
    todo = [(web.joinpath(*parts[:begin]), 1)]
    while todo:
        folder, level = todo.pop()
        real = folder.resolve()
        if real in seen:  # a circle of links
            continue
        seen.add(real)
        yield folder
        if level < levels and folder.is_dir():
            todo += [(found, level + 1) for found in folder.iterdir() if found.is_dir()]


def _has_sign(text: str) -> bool:
    return any(sign in text for sign in "*?[")
