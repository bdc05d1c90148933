"""`web/pyscript.toml`: read, checked, and written as the configuration that the page gets."""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from gymserver.errors import StartError
from gymserver.runtime import Addresses

FILE = "pyscript.toml"


@dataclass(frozen=True)
class Settings:
    """The page's part of `pyscript.toml` and the `[worker]` table."""

    web: Path
    page: dict[str, Any]
    worker: dict[str, Any] = field(default_factory=dict)

    @property
    def packages(self) -> list[str]:
        """The requirements of the worker, as written."""
        return list(self.worker.get("packages", ()))

    @classmethod
    def read(cls, web: Path) -> "Settings":
        """Reads `pyscript.toml` in the folder `web`.

        Raises:
            StartError: it is missing, unreadable, no TOML, or a value has the wrong type.
        """
        file = web / FILE
        try:
            text = file.read_text("utf-8")
            page = tomllib.loads(text)
        except OSError as error:
            raise StartError(f"cannot read {file}: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise StartError(f"{file} is not UTF-8 text: {error.reason}") from None
        except tomllib.TOMLDecodeError as error:
            raise StartError(f"{file} is not valid TOML: {error}") from None
        _check(page, text, file)
        worker = page.pop("worker", {})
        return cls(web, page, worker)

    def render(
        self, addresses: Addresses, downloads: Sequence[dict[str, Any]] | None
    ) -> dict[str, Any]:
        """Returns the page's configuration.

        Args:
            addresses: where the runtimes are found, relative to the page.
            downloads: `{"url", "bytes"}` of each file that the worker loads, or None if its
                packages come through micropip.
        """
        # An interpreter of the user's own does not know our wheels.
        ours = downloads is not None and "interpreter" not in self.worker
        worker = {
            "interpreter": addresses.pyodide + "pyodide.mjs",
            **self.worker,
            "packages": self.packages,
            "downloads": downloads if ours else [],
            **({} if ours else {"micropip": True}),
        }
        config = {
            "interpreter": addresses.micropython + "micropython.mjs",
            **self.page,
            "worker": worker,
        }
        for table in (config, worker):
            if "files" in table:
                table["files"] = self._expand(table["files"])
        return config

    def _expand(self, files: dict[str, str]) -> dict[str, str]:
        """Writes out the patterns in a table of files; PyScript takes plain names only."""
        expanded = {}
        for source, target in files.items():
            if any(sign in source for sign in "*?[") and "://" not in source:
                found = sorted(path.relative_to(self.web) for path in self.web.glob(source))
                expanded.update({path.as_posix(): target for path in found})
            else:
                expanded[source] = target
        return expanded


def worker_script(worker: dict[str, Any]) -> dict[str, Any]:
    """Returns the configuration of a `<script type="py" worker>` that runs `worker.py`.

    The packages are the library's to install: PyScript would ask micropip.

    Args:
        worker: the `[worker]` table as the page gets it.
    """
    own = {key: value for key, value in worker.items() if key not in ("packages", "downloads")}
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
    for files in (page.get("files", {}), worker.get("files", {})):
        if not isinstance(files, dict) or not all(isinstance(to, str) for to in files.values()):
            raise wrong("files", 'a table of names, "game.py" = ""')
    packages = worker.get("packages", [])
    if not isinstance(packages, list) or not all(isinstance(name, str) for name in packages):
        raise wrong("packages", 'a list of names in quotes, ["gymnasium==1.4.0"]')
    for name in packages:
        try:
            Requirement(name)
        except InvalidRequirement:
            raise wrong("packages", f'a list of requirements ("name==1.0"), not {name!r}') from None
    try:
        json.dumps(page)
    except TypeError as error:
        raise StartError(f"{file}: dates and times cannot be sent to the page: {error}") from None
