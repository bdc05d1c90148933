"""Keys that move the action of a continuous space. Runs in the worker.

    {"ArrowLeft": [-1.0, 0.0], "ArrowRight": [1.0, 0.0], "ArrowUp": [0.0, 1.0]}

Each key that is held moves the action from that of no key towards its own, and all these moves add
up, within the bounds: left and up together are ``[-1.0, 1.0]``, left and right nothing. A key of
which half is pressed, as a stick may be, moves it half way. An entry of several keys stands in the
place of theirs.
"""

from .mapping import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .mapping import Combination


class AxisMapping(Mapping):
    """The actions of one player in a ``Box``.

    Args:
        entries: combinations of keys to actions, each of the shape of the space.
        space: the ``Box``.

    Attributes:
        origin: the action of no key, from which the keys move.
    """

    analog = True

    def __init__(self, entries: "Any", space: "Any") -> None:
        super().__init__(entries)
        self._space = space
        self._moves = {keys: _move(action, space.shape) for keys, action in self.entries()}
        self.origin: Any = 0.0

    def action(self, keys: "Combination") -> "Any":
        """Return the action of a combination, within the bounds."""
        move = self._moves[keys]
        return super().action(keys) if move is None else self._within(move)

    def action_of(self, held: "dict[str, float]", idle: "Any") -> "Any":
        """Return the action of the keys that are held; see ``Mapping.action_of``."""
        import numpy

        rest = dict(held)
        moved, share = numpy.zeros(self._space.shape), 1.0
        while True:
            keys = self.find(rest)
            if keys is None:
                break
            move = self._moves[keys]
            if move is None:  # whoever takes it for an action says what is wrong
                return super().action(keys)
            amount = min(rest.pop(key) for key in keys)
            moved = moved + amount * move
            share -= amount
        if len(rest) == len(held):
            return idle
        return self._within(moved + share * numpy.asarray(self.origin, float))

    def used(self, held: "dict[str, float]") -> "Iterable[str]":
        """Return which of the keys that are held make the action."""
        return [key for key in held if key in self.known]

    def _within(self, action: "Any") -> "Any":
        """Return an action of the space, the nearest to this one."""
        import numpy

        space = self._space
        action = numpy.asarray(numpy.clip(action, space.low, space.high))
        if space.dtype.kind in "iu":
            action = numpy.rint(action)
        return action.astype(space.dtype)


def _move(action: "Any", shape: "tuple[int, ...]") -> "Any":
    """Return an action as an array of floats, None if it is none of that shape."""
    import numpy

    try:
        move = numpy.asarray(action)
    except ValueError:  # of uneven rows
        return None
    there = move.dtype.kind in "biuf" and move.shape == shape and not numpy.isnan(move).any()
    return move.astype(float) if there else None
