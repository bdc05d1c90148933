"""`web/pyscript.toml`: read, checked, and written as the configuration that the page gets."""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gymserver.bundle import NO_BYTECODE, Bundle, Bytecode
from gymserver.errors import StartError
from gymserver.interpreter import NOTHING, Interpreter, Prepared, above
from gymserver.patterns import folders, is_pattern, matches
from gymserver.resolve import Wanted
from gymserver.runtime import Addresses

FILE = "pyscript.toml"
STARTS = ("key", "countdown", "at once")  # when the clock of an environment begins
SIDES = ("page", "worker", "later")
"""Whose bundles there are: `[files]`, `[worker.files]`, and `[worker.later]`."""

LISTS = ("packages", "build", "without")
"""What `[worker]` says of packages: requirements, and twice names."""

_PYODIDE = "pyodide.mjs"
_FOR_SERVER = {"later", "build", "without"}  # keys of [worker] that the page need not know


@dataclass(frozen=True)
class Settings:
    """The page's part of `pyscript.toml` and the `[worker]` table.

    Attributes:
        bytecode: of the files in bundles.
    """

    web: Path
    page: dict[str, Any]
    worker: dict[str, Any] = field(default_factory=dict)
    bytecode: Bytecode = NO_BYTECODE

    @property
    def packages(self) -> list[str]:
        """The requirements of the worker, as written."""
        return list(self.worker.get("packages", ()))

    @property
    def wanted(self) -> Wanted:
        """What the worker's packages are to be."""
        lists = (self.worker.get(key, ()) for key in LISTS)
        return Wanted(*map(tuple, lists))

    @property
    def environments(self) -> list[dict[str, Any]]:
        """The tables `[[environments]]`: `name`, `file`, what there is else, the user's own."""
        return list(self.page.get("environments", ()))

    @classmethod
    def read(cls, web: Path, bytecode: Bytecode = NO_BYTECODE) -> "Settings":
        """Reads `pyscript.toml` in the folder `web`.

        Raises:
            StartError: it is missing, unreadable, no TOML, or a value has the wrong type, or an
                environment's file is missing.
        """
        file = web / FILE
        try:
            text = file.read_text("utf-8-sig")  # Windows' editors write a byte order mark
            page = tomllib.loads(text)
        except OSError as error:
            raise StartError(f"cannot read {file}: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise StartError(f"{file} is not UTF-8 text: {error.reason}") from None
        except tomllib.TOMLDecodeError as error:
            raise StartError(f"{file} is not valid TOML: {error}") from None
        _check(page, text, file)
        _check_environments(page.get("environments", []), text, file)
        worker = page.pop("worker", {})
        return cls(web, page, worker, bytecode)

    def bundle(self, side: str) -> Bundle:
        """Returns the files that patterns stand for: of the `page`, of the `worker`, or `later`."""
        return self._bundles[side]

    @cached_property
    def _bundles(self) -> dict[str, Bundle]:
        bundles = {}
        for side in SIDES:
            found: dict[str, Path] = {}
            for pattern, folder in self._patterns(side).items():
                found |= matches(self.web, pattern, folder)
            # An interpreter of the user's own may be another Python.
            own = side == "page" and "interpreter" in self.page
            bundles[side] = Bundle.of(side, found, NO_BYTECODE if own else self.bytecode)
        return bundles

    @cached_property
    def helpers(self) -> list[str]:
        """The Python files that the code of an environment may import: those beside its file.

        Relative to the folder, without those of a bundle.
        """
        packed = {file for side in SIDES for file in self.bundle(side).files.values()}
        packed.update(file for side in SIDES for file in self.bundle(side).too_long.values())
        found = {
            file for pattern in self._beside for file in matches(self.web, pattern, "").values()
        }
        return sorted(file.relative_to(self.web).as_posix() for file in found - packed)

    @property
    def _beside(self) -> set[str]:
        """Patterns for what lies beside the environments, and in folders there."""
        parents = {PurePosixPath(entry["file"]).parent for entry in self.environments}
        return {(parent / "**/*.py").as_posix() for parent in parents}

    @property
    def sources(self) -> set[Path]:
        """What these settings were made of: files, and the folders that were searched for them."""
        found = {self.web / FILE, *(self.web / entry["file"] for entry in self.environments)}
        for side in SIDES:
            found.update(self.bundle(side).files.values(), self.bundle(side).too_long.values())
            for pattern in self._patterns(side):
                found.update(folders(self.web, pattern))
        for pattern in self._beside:
            found.update(folders(self.web, pattern))
        return found

    def _patterns(self, side: str) -> dict[str, str]:
        if side == "later":
            return dict(self.worker.get("later", {}))
        files = (self.worker if side == "worker" else self.page).get("files", {})
        return {source: folder for source, folder in files.items() if is_pattern(source)}

    def interpreters(
        self, addresses: Addresses, prepared: Prepared = NOTHING
    ) -> dict[str, Interpreter]:
        """Returns what starts Pyodide in the `worker`, and on the `page` if that runs in it too.

        Args:
            addresses: where the runtimes are found, relative to the root of the site.
            prepared: what belongs to Pyodide, unless it is of the user's own.
        """
        ours = addresses.pyodide + _PYODIDE
        later = self.bundle("later").address if self.bundle("later").files else None
        found = {"worker": Interpreter(ours, prepared, later)}
        if "interpreter" in self.worker:
            found["worker"] = Interpreter(self.worker["interpreter"], later=later)
        if PurePosixPath(self.page.get("interpreter", "")).name == _PYODIDE:
            found["page"] = Interpreter(self.page["interpreter"])
        return found

    def render(
        self,
        addresses: Addresses,
        downloads: Sequence[dict[str, Any]] | None,
        root: str = "",
        prepared: Prepared = NOTHING,
    ) -> dict[str, Any]:
        """Returns the page's configuration.

        Args:
            addresses: where the runtimes are found, relative to the root of the site.
            downloads: `{"url", "bytes"}` of each file that the worker loads, relative to the root
                too, or None if its packages come through micropip.
            root: the root of the site, relative to the page.
            prepared: what belongs to Pyodide.
        """
        # An interpreter of the user's own does not know our wheels.
        ours = downloads is not None and "interpreter" not in self.worker
        found = [{**file, "url": root + file["url"]} for file in downloads or ()]
        interpreters = {
            side: {"interpreter": root + interpreter.address}
            for side, interpreter in self.interpreters(addresses, prepared).items()
        }
        worker = {
            **{key: value for key, value in self.worker.items() if key not in _FOR_SERVER},
            **interpreters["worker"],
            "packages": self.packages,
            **({"helpers": [root + name for name in self.helpers]} if self.helpers else {}),
            "downloads": found if ours else [],
            **({} if ours else {"micropip": True}),
        }
        config = {
            "interpreter": above(addresses.micropython + "micropython.mjs", root),
            **self.page,
            **interpreters.get("page", {}),
            "worker": worker,
        }
        for side, table in (("page", config), ("worker", worker)):
            if "files" in table:
                table["files"] = self._files(table["files"], self.bundle(side), root)
        return config

    def _files(self, files: dict[str, str], bundle: Bundle, root: str) -> dict[str, str]:
        """Puts a bundle in the place of the patterns; PyScript takes plain names only."""
        plain = {source: to for source, to in files.items() if not is_pattern(source)}
        packed = {root + bundle.address: "./*"} if bundle.files else {}
        alone = {
            root + quote(file.relative_to(self.web).as_posix()): place
            for place, file in bundle.too_long.items()
        }
        return {**packed, **alone, **plain}


def worker_script(worker: dict[str, Any]) -> dict[str, Any]:
    """Returns the configuration of a `<script type="py" worker>` that runs `worker.py`.

    The packages are the library's to install: PyScript would ask micropip.

    Args:
        worker: the `[worker]` table as the page gets it.
    """
    page = ("packages", "downloads", "helpers")
    own = {key: value for key, value in worker.items() if key not in page}
    return {
        **own,
        "files": {**worker.get("files", {}), "worker.py": "./worker.py"},
        "sync_main_only": True,
        "gymworker": {"script": "worker", "packages": worker["packages"]},
    }


def _check(page: dict[str, Any], text: str, file: Path) -> None:
    def wrong(key: str, expected: str) -> StartError:
        pattern = rf"^\s*\[?\s*{re.escape(key)}\b"
        match = re.search(pattern, text, re.MULTILINE)
        line = text.count("\n", 0, match.start() + len(match[0])) + 1 if match else 1
        return StartError(f"{file}, line {line}: {key} must be {expected}")

    worker = page.get("worker", {})
    if not isinstance(worker, dict):
        raise wrong("worker", "a table, [worker]")
    for table in (page, worker):
        if not isinstance(table.get("interpreter", ""), str):
            raise wrong("interpreter", "an address in quotes")
    for table, key in ((page, "files"), (worker, "files"), (worker, "later")):
        files = table.get(key, {})
        if not isinstance(files, dict) or not all(isinstance(to, str) for to in files.values()):
            raise wrong(key, 'a table of names, "game.py" = ""')
        for source, folder in files.items():
            if key == "later" or is_pattern(source):
                _check_pattern(source, folder, text, file)
    for key in LISTS:
        names = worker.get(key, [])
        example = "gymnasium==1.4.0" if key == "packages" else "chess"
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise wrong(key, f'a list of names in quotes, ["{example}"]')
        for name in names:
            try:
                read = Requirement(name)
            except InvalidRequirement:
                read = None
            if key == "packages" and read is None:
                raise wrong(key, f'a list of requirements ("name==1.0"), not {name!r}')
            if key != "packages" and (read is None or read.name != name):
                raise wrong(key, f"a list of names without a version, not {name!r}")
    asked = {canonicalize_name(Requirement(name).name) for name in worker.get("packages", [])}
    for name in worker.get("without", []):
        if canonicalize_name(name) in asked:
            raise wrong("without", f"names that packages does not ask for, not {name!r}")
    try:
        json.dumps(page)
    except TypeError as error:
        raise StartError(f"{file}: dates and times cannot be sent to the page: {error}") from None


def _check_pattern(pattern: str, folder: str, text: str, file: Path) -> None:
    try:
        problem = "" if matches(file.parent, pattern, folder) else f"no file in {file.parent}"
    except ValueError as error:
        problem = str(error)
    if problem:
        line = text.count("\n", 0, max(text.find(pattern), 0)) + 1
        raise StartError(f"{file}, line {line}: files: {pattern!r} stands for nothing: {problem}")


def _check_environments(environments: Any, text: str, file: Path) -> None:
    """Checks the tables `[[environments]]`; a page offers them by name and fetches their files."""
    expected = "expected tables [[environments]] with a name and a file"
    if not isinstance(environments, list):
        raise StartError(
            f"{file}, line {_line(text, 0, 'environments')}: {expected}, got {environments!r}"
        )
    names: set[str] = set()
    for number, entry in enumerate(environments):

        def wrong(key: str, complaint: str, number: int = number) -> StartError:
            place = f"{file}, line {_line(text, number, key)}"
            return StartError(f"{place}: environments: {complaint}")

        if not isinstance(entry, dict):
            raise wrong("", f"{expected}, got {entry!r}")
        for key in ("name", "file", "about", "ends"):
            optional = key in ("about", "ends")
            value = entry.get(key, "" if optional else None)
            if not isinstance(value, str) or not (optional or value.strip()):
                got = repr(value) if key in entry else "none"
                raise wrong(key, f"expected {key} to be text in quotes, got {got}")
        if entry.get("start", "key") not in STARTS:
            known = ", ".join(repr(start) for start in STARTS)
            raise wrong("start", f"expected start to be one of {known}, got {entry['start']!r}")
        name, path = entry["name"], entry["file"]
        if name in names:
            raise wrong("name", f"expected names that differ, got {name!r} twice")
        names.add(name)
        if any(
            part == "" or part[0] == "." or set(part) & set("\\:\0") for part in path.split("/")
        ):
            raise wrong(
                "file", f"expected a file in {file.parent}, such as 'envs/game.py', got {path!r}"
            )
        if not (file.parent / path).is_file():
            raise wrong("file", f"there is no file {path} in {file.parent}")


def _line(text: str, number: int, key: str) -> int:
    """Returns the line of a key in the `number`-th table `[[environments]]`, or of the table."""
    heads = list(re.finditer(r"^\s*\[\[\s*environments\s*\]\]", text, re.MULTILINE))
    if number >= len(heads):  # written in another way: environments = [{ ... }]
        heads = list(re.finditer(r"^\s*\[?\s*environments\b", text, re.MULTILINE))
        return text.count("\n", 0, heads[0].end()) + 1 if heads else 1
    rest = text[heads[number].end() :]
    table = re.split(r"^\s*\[", rest, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.search(rf"^\s*{re.escape(key)}\b", table, re.MULTILINE) if key else None
    return text.count("\n", 0, heads[number].end() + (found.end() if found else 0)) + 1
