"""An environment, the wrappers around it, and what they want of a state. Runs in the worker.

Two things are theirs to say. One with ``get_state()`` and ``set_state(state)`` of its own is not
looked into: the state holds what the first returns, and the present object gets it back. Methods of
that name that take something else mean something else, and so do those that are not implemented.
And the names in ``snapshot_skip``, of the class or the object, are attributes that are left out:
what is restored has there what the present object has.
"""

import functools
import inspect

from ...errors import StateError
from .places import names_in
from .reductions import reduced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Wrappers:
    """An environment as its wrappers, outermost first.

    Args:
        env: the outermost.
        given: the states of those that have one of their own, by their place in the chain; by
            default whatever they say.

    Attributes:
        chain: each wrapper, and the environment itself at last.
        own: by the ``id`` of those that have a state of their own: their place in the chain.
        skips: by the ``id`` of those that leave attributes out: the names.
        dynamic: whether something in it needs cloudpickle.
    """

    def __init__(self, env: "Any", given: "dict[str, Any] | None" = None) -> None:
        self._given = given
        self.chain = [env]
        while True:
            inner = getattr(self.chain[-1], "__dict__", {}).get("env")
            if not callable(getattr(inner, "step", None)) or any(inner is e for e in self.chain):
                break
            self.chain.append(inner)
        self.own: dict[int, str] = {}
        self.skips: dict[int, frozenset[str]] = {}
        self.dynamic = False
        for place, layer in enumerate(self.chain):
            kind = type(layer)
            has_state = _has_state(kind)  # type: ignore[arg-type]  # a class is hashable
            if has_state and (given is None or str(place) in given):
                self.own[id(layer)] = str(place)
            names = getattr(layer, "__dict__", {}).get("snapshot_skip")
            names = names_in(names or getattr(kind, "snapshot_skip", ()))
            if names:
                self.skips[id(layer)] = names

    def state_of(self, place: str) -> "Any":
        """Return the state of one that has one of its own."""
        given = self._given
        return self.chain[int(place)].get_state() if given is None else given[place]

    def states(self) -> "dict[str, Any]":
        """Return the state of each that has one of its own.

        Raises:
            StateError: one raised something; it names the path.
        """
        found: dict[str, Any] = {}
        for key, place in list(self.own.items()):
            try:
                found[place] = self.state_of(place)
            except NotImplementedError:
                del self.own[key]
            except Exception as error:
                path = "env" + ".env" * int(place)
                said = f"{type(error).__name__}: {error}"
                raise StateError(f"{path}.get_state() failed: {said}") from error
        return found

    def put_states(self, states: "dict[str, Any]") -> None:
        """Give each its state back."""
        for place, state in states.items():
            self.chain[int(place)].set_state(state)

    def reduce(self, layer: "Any") -> "Any":
        """Return what pickle's ``__reduce_ex__`` does, without the attributes to leave out."""
        found = reduced(layer)
        state = found[2] if len(found) > 2 else None
        if isinstance(state, dict):
            skipped = self.skips[id(layer)]
            left = {name: value for name, value in state.items() if name not in skipped}
            return (*found[:2], left, *found[3:])
        return found

    def keep_skipped(self, restored: "Wrappers") -> None:
        """Let those that were restored have what these have in the attributes left out."""
        for old, new in zip(self.chain, restored.chain, strict=False):
            if new is not old and type(new).__qualname__ == type(old).__qualname__:
                for name in self.skips.get(id(old), ()):
                    if name in vars(old):
                        vars(new)[name] = vars(old)[name]


@functools.lru_cache(64)
def _has_state(kind: type) -> bool:
    """Tell whether a class has ``get_state()`` and ``set_state(state)``."""
    for name, given in (("get_state", ()), ("set_state", (None,))):
        method = getattr(kind, name, None)
        if not callable(method):
            return False
        try:
            inspect.signature(method).bind(None, *given)
        except TypeError:  # it takes something else
            return False
        except ValueError:  # one of C, which does not say
            pass
    return True
