"""The Python files of a page, those of a worker, and those that it wants later, as one file each.

It is a request, and not fifty.
"""

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

Bytecode = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Bundle:
    """Files that travel together; PyScript unpacks them.

    Attributes:
        side: whose they are, `page` or `worker`, or `later`.
        files: each file by the place where it is unpacked, relative.
        too_long: those whose place is too long for a bundle, which travel alone.
        bytecode: of sources, by their SHA-256: the tag of a Python (`cpython-313`) and the code.
    """

    side: str
    files: Mapping[str, Path]
    too_long: Mapping[str, Path] = field(default_factory=dict)
    bytecode: Bytecode = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        side: str,
        files: Mapping[str, Path],
        bytecode: Bytecode | None = None,
    ) -> "Bundle":
        """Returns the bundle of `files`, as far as a bundle can hold them."""
        fits = {place: len(place.encode()) <= LONGEST for place in files}
        return cls(
            side,
            {place: file for place, file in files.items() if fits[place]},
            {place: file for place, file in files.items() if not fits[place]},
            bytecode or {},
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
            contents = self._contents()
            folders = {folder.as_posix() for place in contents for folder in _parents(place)}
            for folder in sorted(folders):  # MicroPython makes one folder at a time
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            for place, content in sorted(contents.items()):
                entry = tarfile.TarInfo(place)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()

    def _contents(self) -> dict[str, bytes]:
        """Returns the files as they are now, and the bytecode of those that have not changed."""
        found = {}
        for place, file in self.files.items():
            found[place] = content = file.read_bytes()
            if code := self.bytecode.get(hashlib.sha256(content).hexdigest()):
                path = PurePosixPath(place)
                beside = str(path.parent / "__pycache__" / f"{path.stem}.{code[0]}.pyc")
                if path.suffix == ".py" and len(beside.encode()) <= LONGEST:
                    found[beside] = code[1]
        return found


def _parents(place: str) -> list[PurePosixPath]:
    return list(PurePosixPath(place).parents)[:-1]
