"""States of a worker's environment: saved, restored, hashed, compared. Runs in the worker.

    states = States(environment)
    before = states.save()
    environment.step(1)
    states.restore(before)

A state is the environment with all its wrappers and generators, what its code keeps elsewhere (see
``places``), the last observation, and whatever a game hands in.
"""

import contextlib
import functools
import time

from ...errors import StateError
from .. import code
from . import file, places
from .blobs import Store
from .difference import culprit, difference
from .digest import Digests
from .file import Snapshot
from .pickling import load, save
from .wrappers import Wrappers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from ..environment import Environment

    F = TypeVar("F", bound=Callable[..., Any])


def _at_home(method: "F") -> "F":
    """Let the names of modules mean those beside the environment while a method runs."""

    @functools.wraps(method)
    def wrapped(states: "States", *args: "Any") -> "Any":
        with code.beside(states._environment.names).in_place():
            return method(states, *args)

    return wrapped  # type: ignore[return-value]


class States:
    """Takes and gives back the states of an environment.

    Args:
        environment: the worker's.
    """

    def __init__(self, environment: "Environment") -> None:
        self._environment = environment
        self._store = Store()
        self._layers: Wrappers | None = None

    @_at_home
    def save(self, game: "Any" = None) -> Snapshot:
        """Take a snapshot.

        Args:
            game: what belongs to it besides; ``restore`` returns it.

        Raises:
            StateError: something in it cannot be saved; it names the path.
            ProtocolError: there is no environment.
        """
        began = time.perf_counter()
        layers, root = self._look(game)
        try:
            data, blobs, libraries = save(root, self._store, layers)
        except Exception:
            raise self._refusal(
                root, layers, lambda value: save(value, self._store, layers)
            ) from None
        self._store.end()
        about = {
            "code": self._environment.code_hash,
            "python": file.python_version(),
            "packages": file.versions(libraries),
        }
        return Snapshot(data, blobs, about, time.perf_counter() - began)

    @_at_home
    def restore(self, snapshot: Snapshot) -> "Any":
        """Put the environment, and what belongs to it, in the state of a snapshot.

        Returns:
            What was handed in with it.

        Raises:
            StateError: it cannot be restored; the state is what it was before.
            ProtocolError: there is no environment.
        """
        layers, present = self._look(None)
        root, restored = self._load(snapshot, layers)
        names = self._environment.names
        beside = code.beside(names)
        try:
            restored.put_states(root["own"])
            layers.keep_skipped(restored)
            places.write(names, beside, root)
        except Exception as error:
            with contextlib.suppress(Exception):  # it may be what has failed
                layers.put_states(present["own"])
            places.write(names, beside, present)
            raise StateError(f"the state cannot be restored: {_said(error)}") from error
        self._environment.put(root["env"], root["obs"])
        return root["game"]

    @_at_home
    def digest(self, game: "Any" = None) -> str:
        """Return the hash of the present state; see docs/snapshots.md.

        Raises:
            StateError: something in it cannot be saved; it names the path.
            ProtocolError: there is no environment.
        """
        layers, root = self._look(game)
        try:
            return Digests(self._store, layers).hash(_hashed(root))
        except Exception:
            raise self._refusal(
                _hashed(root), layers, lambda value: Digests(self._store, layers).form(value)
            ) from None

    @_at_home
    def difference(self, first: Snapshot, second: Snapshot) -> str | None:
        """Return where two snapshots differ first, None if they are equal.

        Returns:
            The path and both values: ``env.unwrapped.state[2]: 0.1 then 0.2``.

        Raises:
            StateError: one of them cannot be read.
        """
        present, _ = self._look(None)
        one, layers = self._load(first, present)
        other, others = self._load(second, present)
        forms = Digests(self._store, layers), Digests(self._store, others)
        return difference(one, other, forms, (layers, others))

    def write(self, snapshot: Snapshot) -> bytes:
        """Return a snapshot as bytes that any worker with the same environment can restore."""
        return file.write(snapshot)

    def pieces(self, snapshot: Snapshot) -> "list[bytes]":
        """Return the same bytes in pieces: the first, then those of each of its ``blobs``."""
        return file.pieces(snapshot)

    def read(self, data: bytes) -> Snapshot:
        """Return the snapshot in some bytes.

        Raises:
            StateError: they are no state, are damaged, or belong to another environment.
        """
        return file.read(data, self._environment.code_hash)

    def _look(self, game: "Any") -> "tuple[Wrappers, dict[str, Any]]":
        """Return the present state, made of the objects themselves."""
        env = self._environment.required()
        layers = Wrappers(env)
        if self._layers is not None:
            layers.dynamic = self._layers.dynamic
        self._layers = layers
        self._store.begin()
        names = self._environment.names
        root = {"env": env, **places.read(names, code.beside(names))}
        return layers, {**root, "obs": self._environment.obs, "game": game, "own": layers.states()}

    def _load(self, snapshot: Snapshot, present: Wrappers) -> "tuple[dict[str, Any], Wrappers]":
        """Return a snapshot's state as objects that are not in place yet."""
        try:
            root = load(snapshot.data, snapshot.blobs, self._store, present.chain)
            return root, Wrappers(root["env"], root["own"])
        except Exception as error:
            raise StateError(f"the state cannot be read: {_said(error)}") from error

    def _refusal(
        self, root: "dict[str, Any]", layers: Wrappers, attempt: "Callable[[Any], object]"
    ) -> StateError:
        def problem(value: "Any") -> str | None:
            try:
                attempt(value)
            except RecursionError:
                return "is nested too deeply"
            except Exception as error:
                return _said(error)
            return None

        path, why = culprit(root, layers, problem)
        hint = "; a name in `snapshot_skip` of the environment or its module is left out"
        return StateError(f"{path or 'the state'} cannot be saved: {why}{hint}")


def _hashed(root: "dict[str, Any]") -> "dict[str, Any]":
    return {name: value for name, value in root.items() if name != "own"}


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
