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


@dataclass(frozen=True)
class Bytecode:
    """What the served Pythons would make of the files in bundles, made before.

    Attributes:
        worker: by the digest of a source: the tag of a Python (`cpython-313`), and the code, which
            travels beside the source.
        page: MicroPython's, by the digest of a source and its place; it travels instead.
        pyscript: for PyScript's own modules in the worker, by the place where it is unpacked.
    """

    worker: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    page: Mapping[str, bytes] = field(default_factory=dict)
    pyscript: Mapping[str, bytes] = field(default_factory=dict)


NO_BYTECODE = Bytecode()


def digest(source: bytes, place: str = "") -> str:
    """Returns the name of a source; MicroPython's code knows the place of its file."""
    return hashlib.sha256(f"{place}\0".encode() + source if place else source).hexdigest()


@dataclass(frozen=True)
class Bundle:
    """Files that travel together; PyScript unpacks them.

    Attributes:
        side: whose they are, `page` or `worker`, or `later`.
        files: each file by the place where it is unpacked, relative.
        too_long: those whose place is too long for a bundle, which travel alone.
        bytecode: what was made of these files, and perhaps of others.
    """

    side: str
    files: Mapping[str, Path]
    too_long: Mapping[str, Path] = field(default_factory=dict)
    bytecode: Bytecode = NO_BYTECODE

    @classmethod
    def of(
        cls,
        side: str,
        files: Mapping[str, Path],
        bytecode: Bytecode = NO_BYTECODE,
    ) -> "Bundle":
        """Returns the bundle of `files`, as far as a bundle can hold them."""
        fits = {place: _fits(place) for place in files}
        return cls(
            side,
            {place: file for place, file in files.items() if fits[place]},
            {place: file for place, file in files.items() if not fits[place]},
            bytecode,
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
            for place in sorted(contents, key=_with_its_source):
                content = contents[place]
                entry = tarfile.TarInfo(place)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()

    def _contents(self) -> dict[str, bytes]:
        """Returns the files as they are now, and the bytecode of those that have not changed."""
        found = dict(self.bytecode.pyscript) if self.side == "worker" else {}
        for place, file in self.files.items():
            content = file.read_bytes()
            if self.side == "page":
                found |= self._instead(place, content)
            else:
                found |= {place: content, **self._beside(place, content)}
        return found

    def _instead(self, place: str, content: bytes) -> dict[str, bytes]:
        code = self.bytecode.page.get(digest(content, place))
        target = str(PurePosixPath(place).with_suffix(".mpy"))
        if code and _fits(target) and target not in self.files:
            return {target: code}
        return {place: content}

    def _beside(self, place: str, content: bytes) -> dict[str, bytes]:
        path = PurePosixPath(place)
        if path.suffix != ".py" or not (code := self.bytecode.worker.get(digest(content))):
            return {}
        target = str(path.parent / "__pycache__" / f"{path.stem}.{code[0]}.pyc")
        return {target: code[1]} if _fits(target) else {}


def _fits(place: str) -> bool:
    return len(place.encode()) <= LONGEST


def _with_its_source(place: str) -> tuple[str, str, str, str]:
    """Sorts bytecode after its source, whose words are in it: gzip looks back 32 kB."""
    folder, _, name = place.rpartition("/")
    return f"/{folder}".removesuffix("/__pycache__"), name.partition(".")[0], folder, name


def _parents(place: str) -> list[PurePosixPath]:
    return list(PurePosixPath(place).parents)[:-1]
