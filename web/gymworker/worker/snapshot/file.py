"""States as bytes that can be kept in a file: a header, then the parts. Runs in the worker.

    gymworker state
    {"formatVersion": 1, "code": ..., "python": ..., "packages": ..., "parts": [[length, sum], ...]}
    the parts, one after another: the pickle, what the blobs are, the data of each blob

The header is JSON, read before anything else. ``sum`` is the Adler-32 of a part: damage is found
before anything is made of it.
"""

import json
import pickle
import platform
import sys
import zlib

from ...errors import StateError
from .blobs import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MAGIC = b"gymworker state\n"
VERSION = 1


class Snapshot:
    """A state, held in the worker. Large parts are those that other snapshots hold too.

    Attributes:
        data: the pickle of all else.
        blobs: the large parts; see ``blobs``.
        about: what it belongs to: ``code`` (the SHA-256 of the environment's), ``python`` and
            ``packages`` (versions).
        seconds: that it took.
    """

    def __init__(
        self, data: bytes, blobs: "list[Any]", about: "dict[str, Any]", seconds: float = 0.0
    ) -> None:
        self.data, self.blobs, self.about, self.seconds = data, blobs, about, seconds

    @property
    def size(self) -> int:
        """How many bytes it has, those of its large parts included."""
        return len(self.data) + sum(len(blob.data) for blob in self.blobs)


def versions(libraries: "Iterable[str]") -> "dict[str, str]":
    """Return the version of each library that has one."""
    found = {name: getattr(sys.modules.get(name), "__version__", None) for name in libraries}
    return {name: text for name, text in sorted(found.items()) if isinstance(text, str)}


def python_version() -> str:
    """Return the version of Python, as far as it counts for a state."""
    return ".".join(platform.python_version_tuple()[:2])


def write(snapshot: Snapshot) -> bytes:
    """Return a state as bytes that are complete by themselves."""
    return b"".join(pieces(snapshot))


def pieces(snapshot: Snapshot) -> "list[bytes]":
    """Return the same in pieces: first all that is no blob's, then the data of each blob."""
    blobs = snapshot.blobs
    about = pickle.dumps([(blob.kind, blob.about) for blob in blobs], pickle.HIGHEST_PROTOCOL)
    for blob in blobs:
        if blob.sum is None:
            blob.sum = zlib.adler32(blob.data)
    parts = [snapshot.data, about, *(blob.data for blob in blobs)]
    sums = [zlib.adler32(snapshot.data), zlib.adler32(about), *(blob.sum for blob in blobs)]
    table = [[len(part), sum] for part, sum in zip(parts, sums, strict=True)]
    header = {"formatVersion": VERSION, **snapshot.about, "parts": table}
    head = b"".join([MAGIC, json.dumps(header).encode(), b"\n", *parts[:2]])
    return [head, *parts[2:]]


def read(data: bytes, code: str) -> Snapshot:
    """Return the state in some bytes.

    Args:
        data: what ``write`` has made.
        code: the SHA-256 of the present environment's code.

    Raises:
        StateError: they are no state, they are damaged, or they belong to something else; it says
            what differs.
    """
    if not data.startswith(MAGIC):
        raise StateError(f"expected a state of gymworker, got bytes that begin with {data[:16]!r}")
    head, _, body = data[len(MAGIC) :].partition(b"\n")
    try:
        header = json.loads(head)
        version, table = header["formatVersion"], header["parts"]
        about = {name: header[name] for name in ("code", "python", "packages")}
    except (ValueError, TypeError, KeyError):
        raise StateError("the state is damaged: its header cannot be read") from None
    if version != VERSION:
        raise StateError(f"expected a state of version {VERSION}, got one of version {version}")
    _compare(about, code)
    parts = []
    place = 0
    for length, sum in table:
        part = body[place : place + length]
        place += length
        if len(part) < length:
            raise StateError(f"the state is cut off: {len(body)} of its bytes are there")
        if zlib.adler32(part) != sum:
            raise StateError("the state is damaged: its bytes are not those that were saved")
        parts.append(part)
    if place != len(body):
        raise StateError(f"the state is damaged: {len(body) - place} bytes follow its end")
    payload, kinds, *blobs = parts
    made = [
        KINDS[kind](None, part, about)
        for (kind, about), part in zip(pickle.loads(kinds), blobs, strict=True)
    ]
    return Snapshot(payload, made, about)


def _compare(about: "dict[str, Any]", code: str) -> None:
    """Raise ``StateError`` if a state belongs to another environment, Python or package."""
    differences = []
    if about["code"] != code:
        differences.append(
            f"it was saved with other code of the environment (SHA-256 {about['code'][:12]}…, "
            f"here {code[:12]}…)"
        )
    if about["python"] != python_version():
        differences.append(f"with Python {about['python']}, here {python_version()}")
    here = versions(about["packages"])
    for name, version in about["packages"].items():
        if here.get(name) != version:
            differences.append(f"with {name} {version}, here {here.get(name, 'there is none')}")
    if differences:
        raise StateError("the state does not fit: " + "; ".join(differences))
