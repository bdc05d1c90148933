"""Which key of the visitor's is which key of the game, or a command of the page. Runs on the page.

A target is a key as the game has it, or a command: ``!start``, ``!pause``, ``!reset``, ``!back``,
``!forth``.
"""

import json

COMMANDS = (
    ("!start", "Start", ("Enter", " ")),
    ("!pause", "Pause", ("p", "Escape")),
    ("!reset", "New episode", ("r",)),
    ("!back", "One step back", (",",)),
    ("!forth", "One step forth", (".",)),
)
"""Targets that are commands, what they are called, and their keys where the game leaves them."""

PACES = ("!back", "!forth")
"""Commands of a game that is paused, whose keys may be held."""

RESERVED = {"Tab": "moves the focus", "Meta": "is the system's", "": "has no name here"}
"""Keys that nothing can be bound to, and why."""


class Bindings:
    """The visitor's keys, in one environment.

    Attributes:
        wanted: the keys of the visitor's that mean something.
    """

    def __init__(self):
        self.use([])

    def use(self, keys, text=""):
        """Begin anew.

        Args:
            keys: those of the game, in order.
            text: what ``text()`` gave; it counts if it fits the game, whose keys may be others now.
        """
        self._keys = list(keys)
        targets = self._keys + [target for target, _, _ in COMMANDS]
        self._own = {target: key for target, key in _read(text).items() if target in targets}
        for target, key in self._own.items():
            if self._owner(key, target) is not None:
                self._own = {}
                break
        self._sort()

    def target(self, key):
        """Return what a key of the visitor's is for, None for nothing."""
        return self.wanted.get(key)

    def game_key(self, key):
        """Return the game's key for one of the visitor's, or None."""
        target = self.wanted.get(key)
        return target if target in self._keys else None

    def bound(self, key):
        """Return the visitor's key for one of the game's."""
        return self._own.get(key, key)

    def keys_of(self, command):
        """Return the visitor's keys for a command; there may be none left."""
        for target, _, keys in COMMANDS:
            if target == command:
                own = self._own.get(target)
                keys = keys if own is None else (own,)
                return [key for key in keys if self.wanted.get(key) == target]
        return []

    def bind(self, target, key):
        """Let a key stand for a target, in place of the one that did.

        Returns:
            None; or, if that cannot be, the target that has the key.
        """
        taken = self._owner(key, target)
        if taken is None:
            self._own[target] = key
            self._sort()
        return taken

    def reset(self):
        """Give each target the key that it comes with."""
        self._own = {}
        self._sort()

    def text(self):
        """Return what ``use`` takes, "" where nothing was changed."""
        own = {target: key for target, key in self._own.items() if key != target}
        return json.dumps(own) if own else ""

    def _owner(self, key, but):
        """Return the target other than ``but`` that has a key, or None."""
        for target in self._keys:
            if target != but and self._own.get(target, target) == key:
                return target
        for target, _, keys in COMMANDS:
            own = self._own.get(target)
            if target != but and key in (keys if own is None else (own,)) and key != but:
                return target
        return None

    def _sort(self):
        self.wanted = {}
        for target in self._keys:
            self.wanted[self._own.get(target, target)] = target
        for target, _, keys in COMMANDS:
            own = self._own.get(target)
            for key in keys if own is None else (own,):
                if key not in self.wanted:
                    self.wanted[key] = target


def _read(text):
    """Return what was kept, {} if that is nothing of ours."""
    try:
        own = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(own, dict):
        return {}
    return {
        target: key for target, key in own.items() if isinstance(key, str) and key not in RESERVED
    }
