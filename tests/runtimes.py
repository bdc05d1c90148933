"""The browser's Pythons under Node, for tests: MicroPython and Pyodide.

with Runtime.of_site("micropython", site) as python:
    python.install(web / "gymworker")
    python.exec("def echo(text, buffers, out): return text")
    text, buffers = python.call("echo", "text", [b"bytes"])
"""

import base64
import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gymserver.site import Site

HOST = Path(__file__).with_name("runtime_host.mjs")


class RuntimeFailure(Exception):
    """The Python under Node raised, died or did not answer in time."""


class Runtime:
    """One Node process with one Python in it.

    Args:
        kind: `micropython` or `pyodide`.
        folder: The folder with `micropython.mjs` or `pyodide.mjs`.
        lock: For Pyodide, the lock file, if it is not in that folder.
        wheels: For Pyodide, wheels to load.
        deadline: Seconds that any one answer may take, the start included.
        stdlib: For Pyodide, a standard library that is not in that folder.
    """

    def __init__(
        self,
        kind: str,
        folder: Path,
        lock: Path | None = None,
        wheels: Sequence[Path] = (),
        deadline: float = 60,
        stdlib: Path | None = None,
    ) -> None:
        self._deadline = deadline
        self._next_id = 0
        self._process = subprocess.Popen(
            ["node", str(HOST), kind, *map(str, (folder, lock or "", stdlib or "", *wheels))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._answer(0)
        except RuntimeFailure:
            self.close()
            raise

    @classmethod
    def of_site(cls, kind: str, site: Site, wheels: Sequence[str] = ()) -> Self:
        """Starts the Python of a site that runs without the CDN.

        Args:
            kind: `micropython` or `pyodide`.
            site: The site.
            wheels: For Pyodide, the names of packages of the site to load, without what they need.
        """
        assert site.runtime and site.packages
        folder = site.runtime / getattr(site.addresses, kind)
        files = [next(site.packages.glob(f"wheels/*/{name}-*.whl")) for name in wheels]
        stdlib = site.stdlib / str(site.prepared.stdlib) if site.stdlib else None
        return cls(kind, folder, site.runtime / "pyodide-lock.json", files, stdlib=stdlib)

    def install(self, package: Path) -> None:
        """Copies the Python files of a package into the runtime's file system."""
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package.parent).as_posix()
            self.write(name, path.read_text("utf-8"))

    def write(self, name: str, text: str) -> None:
        """Writes a file in the runtime's file system, with the folders above it."""
        self._request(op="write", path=name, text=text)

    def exec(self, code: str) -> None:
        """Runs Python code at the top level."""
        self._request(op="exec", code=code)

    def call(
        self, name: str, text: str, buffers: Sequence[bytes] = ()
    ) -> tuple[str, list[bytearray]]:
        """Calls a global function and returns the text and the buffers of its reply.

        Args:
            name: The function. It takes the text, a JavaScript array of ArrayBuffers, and another
                array for the buffers of its reply; it returns the text of its reply.
            text: Its first argument.
            buffers: What its second argument holds.
        """
        data = [base64.b64encode(buffer).decode() for buffer in buffers]
        reply = self._request(op="call", name=name, text=text, buffers=data)
        return reply["text"], [bytearray(base64.b64decode(item)) for item in reply["buffers"]]

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _request(self, **fields: Any) -> dict[str, Any]:
        self._next_id += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"id": self._next_id, **fields}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RuntimeFailure("the runtime has ended") from None
        return self._answer(self._next_id)

    def _answer(self, number: int) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._deadline)
        except queue.Empty:
            raise RuntimeFailure(f"no answer within {self._deadline} s") from None
        if not line:
            raise RuntimeFailure(f"node ended with status {self._process.wait(5)}")
        reply: dict[str, Any] = json.loads(line)
        if reply["id"] != number:
            raise RuntimeFailure(f"an answer to {number} was expected, not {reply}")
        if "error" in reply:
            raise RuntimeFailure(reply["error"])
        return reply
