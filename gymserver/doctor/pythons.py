"""The two Pythons that try an environment: this one, and the site's Pyodide under Node.js.

Both run `trial`, in a process of their own, which may hang or die with what it tries.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gymserver import stdlib
from gymserver.errors import StartError
from gymserver.packages import stored_wheels
from gymserver.patterns import is_pattern
from gymserver.programs import end
from gymserver.runtime import find_node, read_lock
from gymserver.settings import Settings
from gymserver.site import Site

BOOT = 120.0
"""Seconds until a Python is there."""

PATIENCE = 60.0
"""Seconds for what says no time of its own."""

_HERE = Path(__file__).parent
_NODE = _HERE / "node.mjs"
_CPYTHON = """
import sys
sys.path[0] = sys.argv[1]
from gymserver.doctor.trial.serve import main
main()
"""


class Gone(Exception):
    """A Python hung or died, and with it what it was asked; the message says how."""


class Python:
    """A Python in a process of its own, begun when it is first asked, and again after it has gone.

    Args:
        name: of it, for people.
        command: that starts it.
        folder: to run it in.
        environ: environment variables besides this process's own.
        limit: makes the seconds that a check may take of those that it asks for.

    Attributes:
        version: of Python, "" until it was there.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environ: Mapping[str, str] | None = None,
        limit: Callable[[float], float] = lambda seconds: seconds,
    ) -> None:
        self.name = name
        self.version = ""
        self._command = command
        self._folder = folder
        self._environ = {**os.environ, "PYTHONHASHSEED": "0", **(environ or {})}
        self._limit = limit
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def ask(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Sends a request, and yields the answers to it until it is done; see `trial.serve`.

        Raises:
            Gone: it hung, or died.
        """
        self._begin()
        assert self._process and self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise Gone(self._death()) from None
        patience = PATIENCE
        while True:
            answer = self._next(self._limit(patience))
            if "done" in answer:
                yield answer
                return
            patience = answer.get("seconds", PATIENCE)
            yield answer

    def result(self, **request: Any) -> Any:
        """Returns what a request that has but one answer gives.

        Raises:
            Gone: it hung, or died.
        """
        (answer,) = self.ask(**request)
        return answer["done"]

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            end(self._process)
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self) -> None:
        if self._process is not None:
            return
        lines: queue.Queue[str] = queue.Queue()
        self._lines = lines
        with self._errors.open("wb") as errors:
            self._process = process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # what it starts itself ends with it
            )

        def read() -> None:
            assert process.stdout
            try:
                for line in process.stdout:
                    lines.put(line)
            except (OSError, ValueError):  # it was ended
                pass
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        self.version = self._next(BOOT)["ready"]["python"]

    @property
    def _errors(self) -> Path:
        return self._folder / f"{self.name}.log"

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise Gone(f"it did not end within {seconds:g} s: an endless loop?") from None
        if not line:
            raise Gone(self._death())
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:
            self.close()
            raise Gone(f"it wrote into what is the doctor's own: {line.strip():.80}") from None
        return answer

    def _death(self) -> str:
        assert self._process
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            status = None
        self.close()
        said = [line for line in self._errors.read_text("utf-8", "replace").splitlines() if line]
        why = f": {said[-1].strip()[:200]}" if said and status else ""
        return f"it ended Python itself, with status {status}{why}"


def cpython(folder: Path, site: Path, **options: Any) -> Python:
    """Returns this Python, with what is installed for it.

    Args:
        folder: to work in.
        site: a folder that `lay_out` has filled.
        options: as of `Python`.
    """
    silent = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "MPLBACKEND": "agg"}
    environ = {**silent, "PYTHONDONTWRITEBYTECODE": "1", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    return Python(
        "CPython", [sys.executable, "-c", _CPYTHON, str(site)], folder, environ, **options
    )


def pyodide(prepared: Site, folder: Path, site: Path, **options: Any) -> Python:
    """Returns the Pyodide that the site serves, with its packages.

    Args:
        prepared: the site.
        folder: to work in.
        site: a folder that `lay_out` has filled.
        options: as of `Python`.

    Raises:
        StartError: there is none that could run here; it says why.
    """
    node = find_node()
    if node is None or prepared.runtime is None or prepared.packages is None:
        raise StartError("Pyodide needs Node.js, which is not here, to run without a browser")
    lock = read_lock(prepared.packages)
    for name, (_, file) in stored_wheels(prepared.packages).items():
        lock["packages"][name]["file_name"] = str(file.resolve())
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    module = prepared.runtime.resolve() / prepared.addresses.pyodide / "pyodide.mjs"
    library = prepared.stdlib and prepared.stdlib.resolve() / stdlib.address(prepared.stdlib)
    plan = {
        "pyodide": module.as_uri(),
        "lock": str(folder / "pyodide-lock.json"),
        "stdlib": str(library or module.parent / stdlib.NAME),
        "packages": sorted(lock["packages"]),
        "site": str(site),
    }
    (folder / "plan.json").write_text(json.dumps(plan), "utf-8")
    return Python("Pyodide", [node, str(_NODE), str(folder / "plan.json")], folder, **options)


def lay_out(settings: Settings, folder: Path) -> set[str]:
    """Lays the files of the site's worker out as it has them, and the doctor's own beside them.

    Args:
        settings: of the site.
        folder: to fill; it goes on the path of each Python.

    Returns:
        The names of the modules that are there.
    """
    places: dict[str, Path] = {}
    for side in ("worker", "later"):
        bundle = settings.bundle(side)
        places |= {**bundle.files, **bundle.too_long}
    for source, place in settings.worker.get("files", {}).items():
        if not is_pattern(source) and "://" not in source:
            name = place if place and not place.endswith("/") else place + Path(source).name
            places[name] = settings.web / source
    own = [_HERE.parent / "__init__.py", _HERE / "__init__.py", _HERE / "checks.py"]
    for file in [*own, *(_HERE / "trial").glob("*.py")]:
        places[file.relative_to(_HERE.parent.parent).as_posix()] = file
    for place, file in places.items():
        target = folder / place
        if target.resolve().is_relative_to(folder.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return {path.stem for path in folder.iterdir()}
