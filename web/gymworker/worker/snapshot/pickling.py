"""Object graphs as bytes and back: pickle, where it must be cloudpickle. Runs in the worker.

One pickle holds a whole state, so that whatever its parts share stays shared. Besides what pickle
knows there are ``reductions``, ``blobs`` for the large parts, and what the view of an environment
says of its wrappers: see ``Wrappers``.
"""

import io
import pickle
import sys

from .blobs import LARGE
from .graph import check_depth
from .reductions import reduction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .blobs import Store
    from .wrappers import Wrappers

_SMALL = frozenset((int, float, bool, type(None)))
DEEP = 400
"""Objects from which on they might be nested too deeply."""


class _Saving:
    """What both picklers do; see ``save``."""

    def begin(self, value: "Any", store: "Store", wrappers: "Wrappers") -> None:
        """Be ready to dump a value."""
        self._value, self._count = value, 0
        self.blobs: list[Any] = []
        self.libraries: set[str] = set()
        self._numbers: dict[int, int] = {}
        self._store, self._wrappers = store, wrappers

    def persistent_id(self, value: "Any") -> "Any":
        """Return what stands for a blob, or for an environment that has a state of its own."""
        kind = type(value)
        if kind in _SMALL:
            return None
        if kind is str or kind is bytes:
            return self._number(self._store.text(value)) if len(value) >= LARGE else None
        if kind is dict or kind is list or kind is tuple:
            self._count += 1
            if self._count == DEEP:
                self._check_depth()
            found = self._store.tree(value)
            if found is None:
                return None
            return (self._number(found[0]), found[1]) if found[1] else self._number(found[0])
        if kind.__name__ == "ndarray":
            blob = self._store.array(value)
            return None if blob is None else self._number(blob)
        return self._wrappers.own.get(id(value))

    def reduction(self, value: "Any") -> "Any":
        """Return what ``reducer_override`` does."""
        self._count += 1
        if self._count == DEEP:
            self._check_depth()
        if isinstance(value, type):
            self.libraries.add(value.__module__.partition(".")[0])
            return NotImplemented
        if id(value) in self._wrappers.skips:
            return self._wrappers.reduce(value)
        return reduction(value)

    def _check_depth(self) -> None:
        check_depth(self._value, self._wrappers)

    def _number(self, blob: "Any") -> int:
        number = self._numbers.setdefault(id(blob), len(self.blobs))
        if number == len(self.blobs):
            self.blobs.append(blob)
        return number


class _Saver(_Saving, pickle.Pickler):
    def reducer_override(self, value: "Any") -> "Any":
        return self.reduction(value)


class _Loader(pickle.Unpickler):
    def __init__(self, data: bytes, blobs: "list[Any]", store: "Store", own: "list[Any]") -> None:
        super().__init__(io.BytesIO(data))
        self._blobs, self._store, self._own = blobs, store, own
        self._made: dict[int, Any] = {}

    def persistent_load(self, pid: "Any") -> "Any":
        if isinstance(pid, str):
            return self._own[int(pid)]
        number, place = pid if isinstance(pid, tuple) else (pid, 0)
        blob = self._blobs[number]
        if number not in self._made:
            self._made[number] = blob.object()
            self._store.adopt(blob)
        return blob.containers[place] if place else self._made[number]


def save(value: "Any", store: "Store", wrappers: "Wrappers") -> "tuple[bytes, list[Any], set[str]]":
    """Return an object graph as bytes, the blobs that it refers to, and the libraries of its types.

    Raises:
        Exception: whatever pickle raises where something cannot be saved.
    """
    file = io.BytesIO()
    saver: Any
    if wrappers.dynamic:
        saver = _dynamic_saver()(file, pickle.HIGHEST_PROTOCOL)
    else:
        saver = _Saver(file, pickle.HIGHEST_PROTOCOL)
    saver.begin(value, store, wrappers)
    try:
        saver.dump(value)
    except RecursionError:
        raise
    except Exception:
        if wrappers.dynamic or not _has_cloudpickle():
            raise
        wrappers.dynamic = True  # a class that was made by a function, for example
        try:
            return save(value, store, wrappers)
        except Exception:
            wrappers.dynamic = False
            raise
    return file.getvalue(), saver.blobs, saver.libraries


def load(data: bytes, blobs: "list[Any]", store: "Store", own: "list[Any]") -> "Any":
    """Return the object graph that ``save`` made bytes of.

    Args:
        data: the bytes.
        blobs: that they refer to.
        store: learns of the objects.
        own: the present environments, outermost first.
    """
    return _Loader(data, blobs, store, own).load()


_found: "list[Any]" = []


def _dynamic_saver() -> "Any":
    """Return a pickler that takes classes too that no module has."""
    if not _found:
        import cloudpickle

        class Saver(_Saving, cloudpickle.Pickler):  # type: ignore[misc]
            def reducer_override(self, value: "Any") -> "Any":
                found = self.reduction(value)
                if found is not NotImplemented:
                    return found
                return super().reducer_override(value)

        _found.append(Saver)
    return _found[0]


def _has_cloudpickle() -> bool:
    if "cloudpickle" in sys.modules:
        return True
    try:
        import cloudpickle  # noqa: F401
    except ImportError:
        return False
    return True
