"""Large parts of a state, which are saved once and not in each. Runs in the worker.

A table of transitions or a picture that does not change would be most of every snapshot. It is a
blob: snapshots hold it together, and each says only which one it was. Whether a part is still what
its blob says is looked up exactly, each time: of an array the bytes, of lists, dicts and tuples
that every one of them holds the same objects as it did.

What is restored in the same worker is the object itself while it is unchanged, and made from the
blob's data otherwise.
"""

import pickle
import sys
from itertools import chain
from operator import is_

from .reductions import make_array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

LARGE = 4096
"""Bytes from which on an array is a blob, and characters of a str, or bytes."""

MANY = 64
"""Values from which on lists, dicts and tuples of plain values are a blob."""

WIDE = 8
"""Items from which on a container may be the top of one."""

_ATOMS = frozenset((int, float, complex, bool, type(None), str, bytes))


class Array:
    """The blob of an array with memory of its own.

    Attributes:
        data: its elements as bytes, in the order in which they lie.
        about: what else is needed to make it, which pickle takes.
        live: the array, which may have changed since; None if it was read from a file.
        digest: of its value, empty until somebody has asked; see ``canonical``.
        sum: a checksum of the data, None until somebody has asked.
    """

    kind = "array"
    digest = b""
    sum: "int | None" = None

    def __init__(self, live: "Any", data: bytes, about: "Any") -> None:
        self.live, self.data, self.about = live, data, about

    def object(self) -> "Any":
        """Return the array as it was."""
        if self.live is None or _describe(self.live) != (self.data, self.about):
            self.live = make_array(self.data, *self.about)
        return self.live


class Text:
    """The blob of a str or of bytes; attributes as of ``Array``."""

    kind = "text"
    digest = b""
    sum: "int | None" = None

    def __init__(self, live: "Any", data: bytes, about: "Any") -> None:
        self.live, self.data, self.about = live, data, about

    def object(self) -> "Any":
        """Return the str or bytes."""
        if self.live is None:
            text = self.data.decode("utf-8", "surrogatepass") if self.about == "str" else None
            self.live = self.data if text is None else text
        return self.live


class Tree:
    """The blob of lists, dicts and tuples of plain values, within one another.

    Attributes:
        data: what pickle makes of it.
        about: None.
        live, digest, sum: as of ``Array``.
        containers: it, then the lists and dicts in it, in one order.
    """

    kind = "tree"
    digest = b""
    sum: "int | None" = None

    def __init__(self, live: "Any", data: bytes, about: "Any" = None) -> None:
        self.data, self.about = data, about
        self._take(live)

    def _take(self, live: "Any") -> None:
        self.live = live
        self.containers: list[Any] = []
        if live is not None:
            _gather(live, self.containers, {}, [0])
        self._dicts = [container for container in self.containers if type(container) is dict]
        self._lengths, self._items = list(map(len, self.containers)), list(self._contents())

    def same(self) -> bool:
        """Tell whether it is what it was."""
        lengths = list(map(len, self.containers))
        return lengths == self._lengths and all(map(is_, self._contents(), self._items))

    def _contents(self) -> "Iterator[Any]":
        """Yield what the containers hold, one after another."""
        values = chain.from_iterable(map(dict.values, self._dicts))
        return chain(chain.from_iterable(self.containers), values)

    def object(self) -> "Any":
        """Return it as it was."""
        if self.live is None or not self.same():
            self._take(pickle.loads(self.data))
        return self.live


KINDS: "dict[str, Any]" = {blob.kind: blob for blob in (Array, Text, Tree)}


class Store:
    """The blobs of an environment's present objects.

    ``begin`` comes before each look at the environment, ``end`` after each snapshot of it.
    """

    def __init__(self) -> None:
        self._blobs: dict[int, Any] = {}  # by the id of the live object, which they hold
        self._trees: list[Tree] = []
        self._inner: dict[int, tuple[Tree, int]] = {}  # by the id of each container in a tree
        self._seen: dict[int, Any] = {}  # containers that the snapshot before has met
        self._plain: dict[int, Any] = {}  # those that are no blob: they change, or are small
        self._ended = False
        self.begin()

    def begin(self) -> None:
        """Look anew whether parts are what they were."""
        self._met: dict[int, Any] = {}
        self._sighted: dict[int, Any] = {}
        self._wide: list[Any] = []  # what may be a blob from the next snapshot on

    def end(self) -> None:
        """Forget what is no part of the environment any more."""
        self._ended = True
        self._blobs = dict(self._met)
        trees = [blob for blob in self._blobs.values() if blob.kind == "tree"]
        if len(trees) < len(self._trees):
            self._inner.clear()
            for tree in trees:
                self._enter(tree)
        self._trees = trees
        self._plant()
        self._seen = self._sighted
        self._plain = {key: self._plain[key] for key in self._sighted if key in self._plain}

    def adopt(self, blob: "Any") -> None:
        """Know an object that was restored."""
        if self._blobs.get(id(blob.live)) is not blob:
            self._blobs[id(blob.live)] = blob
            if blob.kind == "tree":
                self._trees.append(blob)
                self._enter(blob)

    def array(self, value: "Any") -> "Array | None":
        """Return the blob of an array, None for one that is small or no plain memory."""
        key = id(value)
        blob = self._met.get(key)
        if blob is None:
            if not _is_large_array(value):
                return None
            data, about = _describe(value)
            blob = self._blobs.get(key)
            if blob is None or blob.live is not value or (blob.data, blob.about) != (data, about):
                blob = Array(value, data, about)
            self._met[key] = blob
        return blob

    def text(self, value: "str | bytes") -> Text:
        """Return the blob of a long str or of many bytes."""
        blob = self._met.get(id(value)) or self._blobs.get(id(value))
        if blob is None:
            plain = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
            blob = Text(value, plain, type(value).__name__)
        self._met[id(value)] = blob
        return blob

    def tree(self, value: "Any") -> "tuple[Tree, int] | None":
        """Return the blob that a container is, or is in, and its place there; None for none.

        The first two snapshots that meet a container save it like any other; but the first of all
        has much to meet that stays.
        """
        key = id(value)
        found = self.known(value)
        if found is not None or len(value) < WIDE:
            return found
        self._sighted[key] = value
        if (key in self._seen or not self._ended) and key not in self._plain:
            self._wide.append(value)
        return None

    def _plant(self) -> None:
        """Make blobs of the containers that are worth it, the largest first.

        What two of them share would be saved with each: the second one is none.
        """
        found = []
        for value in self._wide:
            containers: list[Any] = []
            count = [0]
            if _gather(value, containers, {}, count) and count[0] >= MANY:
                found.append((count[0], value, containers))
            else:
                self._plain[id(value)] = value
        for _, value, containers in sorted(found, key=lambda item: -item[0]):
            if any(id(container) in self._inner for container in containers):
                continue
            blob = Tree(value, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            self._blobs[id(value)] = blob
            self._trees.append(blob)
            self._enter(blob)

    def _enter(self, tree: Tree) -> None:
        self._inner.update({id(c): (tree, i) for i, c in enumerate(tree.containers)})

    def known(self, value: "Any") -> "tuple[Tree, int] | None":
        """Return what ``tree`` does, but make no blob."""
        found = self._inner.get(id(value))
        if found is None or found[0].containers[found[1]] is not value:
            return None
        blob = found[0]
        if id(blob.live) not in self._met:
            if not blob.same():
                for container in blob.containers:
                    self._inner.pop(id(container), None)
                self._plain[id(blob.live)] = self._sighted[id(blob.live)] = blob.live
                return None
            self._met[id(blob.live)] = blob
        return found


def _is_large_array(value: "Any") -> bool:
    return bool(
        value.nbytes >= LARGE
        and value.base is None
        and value.flags.forc
        and not value.dtype.hasobject
    )


def _describe(array: "Any") -> "tuple[bytes, Any]":
    order = "F" if array.flags.fnc else "C"
    return array.tobytes("A"), (array.dtype, array.shape, order, bool(array.flags.writeable))


def _gather(value: "Any", found: "list[Any]", done: "dict[int, bool]", count: "list[int]") -> bool:
    """Collect a container and the lists and dicts in it; tell whether all else is plain values.

    What holds itself is none: objects of a circle have their forms together (see ``digest``).
    """
    count[0] += 1
    kind = type(value)
    if kind in _ATOMS:
        return True
    if kind is not list and kind is not dict and kind is not tuple:
        numpy = sys.modules.get("numpy")
        return numpy is not None and isinstance(value, numpy.generic) and kind is not numpy.void
    if id(value) in done:
        return done[id(value)]  # not while it is open
    done[id(value)] = False
    if kind is not tuple or not found:  # a tuple in it cannot change
        found.append(value)
    for item in chain(value, value.values()) if kind is dict else value:
        if type(item) in _ATOMS:
            count[0] += 1
        elif not _gather(item, found, done, count):
            return False
    done[id(value)] = True
    return True
