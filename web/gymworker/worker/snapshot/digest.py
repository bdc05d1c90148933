"""The hash of a state: equal for equal states, in every browser. Runs in the worker.

docs/snapshots.md says how it is made. Each object has a form, made of its own label and the forms
of what it holds; objects that hold themselves, by whatever way, get theirs together.
"""

import hashlib

from .atoms import FORMS, LENGTH, form_of, form_of_array, shortened
from .graph import ATTRIBUTE, DEEPEST, EMPTY, LOOSE, NAMED, is_nothing, is_picture, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .blobs import Store
    from .wrappers import Wrappers


_NONE = FORMS[type(None)](None)


class _Node:
    """An object whose form is not known yet, for it may hold itself.

    Attributes:
        key: the ``id`` of the object.
        place: in the order in which objects were met.
        low: the lowest place of those that it leads back to.
        label: its own part of the form.
        shape: as ``Parts`` has it.
        held: forms of what it holds, or nodes; of ``NAMED`` keys and values by turns.
    """

    __slots__ = ("held", "key", "label", "low", "place", "shape")

    def __init__(self, key: int, place: int, label: bytes, shape: str) -> None:
        self.key, self.label, self.shape = key, label, shape
        self.place = self.low = place
        self.held: list[Any] = []


class Digests:
    """The forms of the objects of one state, which does not change meanwhile.

    Args:
        store: of the blobs, whose forms are remembered.
        wrappers: of its environment.
    """

    def __init__(self, store: "Store", wrappers: "Wrappers") -> None:
        self._store, self._wrappers = store, wrappers
        self._done: dict[int, bytes] = {}
        self._open: dict[int, _Node] = {}
        self._stack: list[_Node] = []
        self._kept: list[Any] = []  # what was made on the way: ids stay theirs
        self._depth = 0

    def hash(self, value: "Any") -> str:
        """Return the hash of a value: 32 hexadecimal digits."""
        return hashlib.blake2b(self.form(value), digest_size=LENGTH).hexdigest()

    def form(self, value: "Any") -> bytes:
        """Return the form of a value: equal for equal ones.

        Raises:
            Exception: something in it cannot be taken apart.
        """
        found: Any = form_of(value) or self._done.get(id(value)) or self._look(value)
        assert isinstance(found, bytes)
        return found

    def _look(self, value: "Any") -> "bytes | _Node":
        """Return the form of an object, or its node if that hangs on others that are open.

        It is Tarjan's algorithm for strongly connected components; one frame for each level, since
        the depth of recursion is limited.
        """
        found = self._leaf(value)
        if found is not None:
            return found
        key = id(value)
        taken = parts(value, self._wrappers)
        items = taken.items
        node = _Node(key, len(self._kept), FORMS[str](taken.label), taken.shape)
        held = node.held
        self._open[key] = node
        self._stack.append(node)
        self._kept.append((value, items))
        if taken.shape == NAMED:
            pairs = items
            if taken.keys == ATTRIBUTE:
                pairs = [pair for pair in pairs if not is_nothing(pair[1])]
            items = [part for pair in pairs for part in pair]
        self._depth += 1
        if self._depth > DEEPEST:
            raise RecursionError("the state is nested too deeply")
        forms, done, open = FORMS, self._done, self._open
        for item in items:
            make = forms.get(type(item))
            if make is not None:
                held.append(make(item))
                continue
            form: Any = done.get(id(item)) or open.get(id(item)) or self._look(item)
            if type(form) is _Node and form.low < node.low:
                node.low = form.low
            held.append(form)
        self._depth -= 1
        if node.low < node.place:
            return node
        return self._close(node)

    def _close(self, node: _Node) -> bytes:
        """Return the form of an object that leads back to none before it."""
        place = self._stack.index(node) if self._stack[-1] is not node else -1
        members = self._stack[place:]
        del self._stack[place:]
        if len(members) == 1 and _Node not in map(type, node.held):
            forms = {node.key: _composed(node, {})}
        else:
            forms = _refined(members)
        for member in members:
            del self._open[member.key]
        self._done.update(forms)
        return forms[node.key]

    def _leaf(self, value: "Any") -> bytes | None:
        """Return the form of what holds no objects, or of a blob."""
        kind = type(value)
        if is_picture(value):
            return self.form(EMPTY[kind]) if kind in EMPTY else _NONE
        if kind is dict or kind is list or kind is tuple:
            known = self._store.known(value)
            if known is None or known[1]:
                return None
            blob: Any = known[0]
            if not blob.digest:
                blob.digest = Digests(_NOTHING, self._wrappers).form(value)
            return blob.digest  # type: ignore[no-any-return]
        if kind.__name__ != "ndarray":
            return form_of(value) if kind.__module__ == "numpy" else None
        if value.dtype.hasobject:
            return None
        blob = self._store.array(value)
        if blob is None:
            return form_of_array(value)
        if not blob.digest:
            blob.digest = form_of_array(value)
        return blob.digest  # type: ignore[no-any-return]


def _refined(members: "list[_Node]") -> "dict[int, bytes]":
    """Return the forms of objects that lead to one another.

    At first they look alike; each round tells those apart whose labels differ, or that hold what
    the last round told apart, until a round finds nothing new. Then the forms of the last two
    rounds say of each kind what it holds: together they are the whole knot.
    """
    forms = {member.key: b"" for member in members}
    while True:
        earlier, kinds = forms, len(set(forms.values()))
        forms = {member.key: _composed(member, earlier) for member in members}
        if len(set(forms.values())) == kinds:
            break
    knot = b"".join(sorted({earlier[key] + form for key, form in forms.items()}))
    return {key: shortened(form + b"@" + knot) for key, form in forms.items()}


def _composed(node: _Node, forms: "dict[int, bytes]") -> bytes:
    held = [form if type(form) is bytes else forms[form.key] for form in node.held]
    if node.shape == NAMED:
        held = sorted(key + value for key, value in zip(held[::2], held[1::2], strict=True))
    elif node.shape == LOOSE:
        held.sort()
    return shortened(b"%b%d:%b" % (node.label, len(held), b"".join(held)))


class _Nothing:
    def known(self, value: "Any") -> None:
        return None

    def array(self, value: "Any") -> None:
        return None


_NOTHING: "Any" = _Nothing()
