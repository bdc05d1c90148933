"""`--reload`: watches `web/` and tells open pages which file was saved, as server-sent events.

    changes = Changes(web)
    changes.start()
    for text in changes.stream():
        ...  # data: {"file": "envs/cartpole.py", "kind": "environment"}
    changes.close()  # from another thread; it ends the stream too

One thread watches, whatever the number of pages; each page's stream has a queue.
"""

import json
import logging
import os
import queue
import threading
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path, PurePosixPath

from gymserver.errors import StartError
from gymserver.settings import Settings

log = logging.getLogger("gymserver")

ADDRESS = ".gymworker/changes"
"""Where a page hears of changes, relative to the root; no file with a dot is ever served."""

STREAMS = 32
"""Streams that may be open at once; each of them holds a thread of the server."""

QUIET_MS = 30
"""A save is over when nothing happened for this long; editors write, rename and touch at once."""

LONGEST_SAVE_MS = 300
"""After this long a change is told, even if the folder never comes to rest."""

ROUND_MS = 100
"""How often the watcher looks whether the folder itself is still there."""

RETRY_MS = 500
"""When a page whose stream broke asks again."""

BEAT = 1.0
"""Seconds between two comment lines: the only way to notice that a page went away."""

# What editors leave beside a file while they save it; dot files are ignored anyway.
_TEMPORARY_ENDS = ("~", ".tmp", ".temp", ".bak", ".orig", ".pyc", ".pyo", "___jb_tmp___")
_TEMPORARY_NAMES = ("4913", "___jb_old___", "__pycache__")  # 4913: Vim tries whether it may write


class Changes:
    """Watches a folder and hands each change to the open streams.

    Args:
        web: the served folder, resolved.
    """

    def __init__(self, web: Path) -> None:
        self._web = web
        self._environments = {entry["file"] for entry in Settings.read(web).environments}
        self._streams: set[queue.SimpleQueue[str | None]] = set()
        self._missing: set[str] = set()
        self._ended = threading.Event()
        self._begun = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def start(self) -> None:
        """Watches from now on.

        Raises:
            StartError: the system cannot watch the folder.
        """
        self._thread.start()
        self._begun.wait()
        if self._failure is not None:
            raise StartError(
                f"cannot watch {self._web}: {self._failure}; start without --reload"
            ) from self._failure

    def close(self) -> None:
        """Ends all streams at once, and the watcher. May be called twice, from a signal handler."""
        self._ended.set()
        for stream in list(self._streams):
            stream.put(None)

    def stream(self) -> Iterator[str]:
        """Yields what one page hears, from the first `next()` until the end of one of the two."""
        own: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._streams.add(own)
        try:
            # Something must be sent at once, or the page gets no headers.
            text: str | None = f"retry: {RETRY_MS}\n\n"
            while text is not None and not self._ended.is_set():
                yield text
                try:
                    text = own.get(timeout=BEAT)
                except queue.Empty:
                    text = ":\n\n"
        finally:
            self._streams.discard(own)

    def kind(self, name: str) -> str | None:
        """Returns `environment` or `page`, None for a file that no page cares for.

        Args:
            name: the file's name, relative to the folder, with forward slashes.
        """
        parts = PurePosixPath(name).parts
        if not parts or any(part[0] == "." or part in _TEMPORARY_NAMES for part in parts):
            return None
        if parts[-1].endswith(_TEMPORARY_ENDS) or parts[-1][0] == parts[-1][-1] == "#":
            return None
        return "environment" if parts[0] == "envs" or name in self._environments else "page"

    def _run(self) -> None:
        try:
            self._watch()
            while not self._ended.is_set():
                self._wait_for_folder()
                with suppress(FileNotFoundError):  # it is gone again
                    self._watch({"index.html"})
        except Exception as error:  # whatever the system says: limits, rights
            self._failure = error
            if self._begun.is_set():
                log.error("cannot watch %s any more: %s; restart the server", self._web, error)
        finally:
            self._begun.set()

    def _watch(self, first: Set[str] = frozenset()) -> None:
        """Tells of changes until the folder is gone, was replaced by another, or all ends.

        Args:
            first: what to tell as soon as no later change can be missed.
        """
        from watchfiles import watch  # slow to import, and only --reload needs it

        folder = self._identity()
        rounds = watch(
            self._web,
            watch_filter=None,
            debounce=LONGEST_SAVE_MS,
            step=QUIET_MS,
            stop_event=self._ended,
            rust_timeout=ROUND_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        for batch in rounds:
            self._begun.set()
            if self._identity() != folder:
                break
            names = {name for change, path in batch for name in self._files(change.name, path)}
            self._tell(names | first)
            first = frozenset()

    def _wait_for_folder(self) -> None:
        """Waits until there is a folder again."""
        if self._identity() is None:
            log.error("the folder %s is gone; waiting until it is there again", self._web)
            while self._identity() is None:
                if self._ended.wait(ROUND_MS / 1000):
                    return
        log.warning("the folder %s was replaced; watching the new one", self._web)
        self._missing.clear()

    def _identity(self) -> tuple[int, int] | None:
        """Tells one folder from another of the same name."""
        try:
            found = self._web.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _files(self, change: str, path: str) -> Iterator[str]:
        """Yields the names of the files behind an event; a new folder may have come with files."""
        found = Path(path)
        if not found.is_dir():
            yield found.relative_to(self._web).as_posix()
        elif change == "added":
            for folder, _, names in os.walk(found):
                for name in names:
                    yield (Path(folder) / name).relative_to(self._web).as_posix()

    def _tell(self, names: set[str]) -> None:
        """Sends one event for each file.

        A missing file is told a round later, because it may be back at once: some editors rename
        a file, write it anew and delete the old one.
        """
        missing = {name for name in names if not (self._web / name).exists()}
        names = (names - missing) | self._missing
        self._missing = missing - names
        if "pyscript.toml" in names:
            self._read_environments()
        for name in sorted(names):
            kind = self.kind(name)
            if kind is not None:
                self._send(f"data: {json.dumps({'file': name, 'kind': kind})}\n\n")

    def _read_environments(self) -> None:
        try:
            settings = Settings.read(self._web)
        except StartError:
            return  # the page shows what is wrong with it
        self._environments = {entry["file"] for entry in settings.environments}

    def _send(self, text: str) -> None:
        for stream in list(self._streams):
            stream.put(text)
