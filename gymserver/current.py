"""The settings of the served folder as they are now, read anew only after something changed."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from gymserver.settings import Settings

SETTLED = 2.0
"""Seconds: the grain of FAT's clock. A second save within a clock's grain may leave no trace."""

Signature = dict[Path, tuple[int, ...] | None]


class Current:
    """Keeps what was made of a folder until a file that it was made of changes.

    A page asks for more than a hundred files. To look at their times takes a hundredth of what it
    takes to find, read and pack them.

    Args:
        read: reads the settings.
    """

    def __init__(self, read: Callable[[], Settings]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: Settings | None = None
        self._signature: Signature = {}

    def settings(self) -> Settings:
        """Returns the settings, with their bundles.

        Raises:
            StartError: as `Settings.read` does; a mistake is never kept.
        """
        with self._lock:
            if self._kept and _signature(self._signature) == self._signature:
                return self._kept
            self._kept = None
            begin = time.time()
            settings = self._read()
            self._signature = _signature(settings.sources)
            if _settled(self._signature, begin):
                self._kept = settings
            return settings


def _signature(paths: Iterable[Path]) -> Signature:
    """Returns what tells a file, or the list of files in a folder, from what it was before."""
    found: Signature = {}
    for path in paths:
        try:
            about = os.stat(path)  # noqa: PTH116 - twice as fast as the method
        except OSError:
            found[path] = None
        else:
            found[path] = (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)
    return found


def _settled(signature: Signature, now: float) -> bool:
    times = [time for about in signature.values() if about for time in about[:2]]
    return all(abs(now - time / 1e9) > SETTLED for time in times)
