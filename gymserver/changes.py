"""`--reload`: watches `web/` and tells open pages which file was saved, as server-sent events.

    changes = Changes(web)
    changes.start()
    changes.events(changes.last)  # data: {"file": "envs/cartpole.py", "kind": "environment"}
    changes.close()  # from another thread

Each answer ends at once, and the browser asks again, with the last event that it heard: an open
stream would hold one of the six connections that a browser has for all pages of a host.
"""

import json
import logging
import os
import secrets
import threading
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path, PurePosixPath

from gymserver.errors import StartError
from gymserver.settings import Settings

log = logging.getLogger("gymserver")

ADDRESS = ".gymworker/changes"
"""Where a page hears of changes, relative to the root; no file with a dot is ever served."""

MANY = 100
"""More saves than this at once are one: a branch was checked out, and the page is loaded anew."""

QUIET_MS = 150
"""A save is over when nothing happened for this long."""

LONGEST_SAVE_MS = 3000
"""After this long a change is told, even if the folder never comes to rest."""

ROUND_MS = 100
"""How often the watcher looks whether the folder itself is still there."""

RETRY_MS = 300
"""When a page asks again."""

# What editors leave beside a file while they save it; dot files are ignored anyway.
_TEMPORARY_ENDS = ("~", ".tmp", ".temp", ".bak", ".orig", ".pyc", ".pyo", "___jb_tmp___")
_TEMPORARY_NAMES = ("4913", "___jb_old___", "__pycache__")  # 4913: Vim tries whether it may write

_EVERYTHING = {"file": ".", "kind": "page"}


class Changes:
    """Watches a folder and remembers what was saved last.

    Args:
        web: the served folder, resolved.
    """

    def __init__(self, web: Path) -> None:
        self._web = web
        self._environments, self._helpers = _parts(Settings.read(web))
        self._id = secrets.token_hex(4)  # numbers of an earlier server mean nothing
        self._number = 0
        self._saved: dict[str, tuple[int, str]] = {}  # number and kind of each file's last save
        self._lock = threading.Lock()
        self._missing: set[str] = set()
        self._ended = threading.Event()
        self._begun = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    @property
    def last(self) -> str:
        """The last event: a page that is made now needs to hear of later ones."""
        return f"{self._id}-{self._number}"

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
        """Ends the watcher. May be called twice."""
        self._ended.set()

    def events(self, after: str) -> str:
        """Returns what was saved after an event, as the text of an event stream.

        Args:
            after: the last event that the page heard, `last` of the time when it was made.
        """
        own, _, number = after.partition("-")
        with self._lock:
            if own == self._id and number.isdecimal():
                found = [
                    (saved, {"file": file, "kind": kind})
                    for file, (saved, kind) in self._saved.items()
                    if saved > int(number)
                ]
            else:  # a page of an earlier server
                found = [(self._number, _EVERYTHING)]
            if len(found) > MANY:
                found = [(self._number, _EVERYTHING)]
        found.sort(key=lambda event: event[0])
        texts = (f"id: {self._id}-{saved}\ndata: {json.dumps(event)}\n\n" for saved, event in found)
        return "".join([f"retry: {RETRY_MS}\n\n", *texts])

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
        own = parts[0] == "envs" or name in self._environments
        return "environment" if own or name in self._helpers else "page"

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
        """Remembers each file.

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
                with self._lock:
                    self._number += 1
                    self._saved[name] = (self._number, kind)

    def _read_environments(self) -> None:
        with suppress(StartError):  # the page shows what is wrong with it
            self._environments, self._helpers = _parts(Settings.read(self._web))


def _parts(settings: Settings) -> tuple[set[str], set[str]]:
    """Returns the files of environments, and those that they may import."""
    return {entry["file"] for entry in settings.environments}, set(settings.helpers)
