"""The Python files of a page, and those of a worker, as one file each: a request and not fifty."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

FOLDER = "bundle"
"""Where bundles are served: their address changes with what is in them."""

LONGEST = 100
"""Bytes of a file's place; a tar file can hold more, but MicroPython's reader cannot."""


@dataclass(frozen=True)
class Bundle:
    """Files that travel together; PyScript unpacks them.

    Attributes:
        side: whose they are, `page` or `worker`.
        files: each file by the place where it is unpacked, relative.
        too_long: those whose place is too long for a bundle, which travel alone.
    """

    side: str
    files: Mapping[str, Path]
    too_long: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def of(cls, side: str, files: Mapping[str, Path]) -> "Bundle":
        """Returns the bundle of `files`, as far as a bundle can hold them."""
        fits = {place: len(place.encode()) <= LONGEST for place in files}
        return cls(
            side,
            {place: file for place, file in files.items() if fits[place]},
            {place: file for place, file in files.items() if not fits[place]},
        )

    @cached_property
    def address(self) -> str:
        """Where it is served, relative to the root of the site."""
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{FOLDER}/{self.side}-{digest[:16]}.tar.gz"

    @cached_property
    def content(self) -> bytes:
        """A compressed tar file; the same files give the same bytes."""
        buffer = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
        ):
            folders = {folder.as_posix() for place in self.files for folder in _parents(place)}
            for folder in sorted(folders):  # MicroPython makes one folder at a time
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            for place, file in sorted(self.files.items()):
                content = file.read_bytes()
                entry = tarfile.TarInfo(place)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def _parents(place: str) -> list[PurePosixPath]:
    return list(PurePosixPath(place).parents)[:-1]
