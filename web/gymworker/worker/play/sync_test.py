"""Whether steps come out the same a second time, tried while a game is played. In the worker.

After each step the game goes back some steps and makes them again. Whatever decides besides the
state shows itself so: the time, a generator of the system, addresses in memory, another module.
"""

import sys
from collections import deque
from itertools import cycle

from ...errors import NondeterminismError, ProtocolError
from ...recording import checksum
from ..rewards import by_agent, plain
from .agreement import same
from .episode import to_flags

SOIL = range(1, 256)
"""Bytes that stand in freed memory, one for each step that is made again."""

SIZES = range(4, 1024, 4)
"""Bytes of arrays whose memory NumPy keeps and hands out again, as it was."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple

    from ..snapshot.file import Snapshot
    from ..snapshot.states import States
    from .revisited import Revisited

    class Past(NamedTuple):
        """A step as it was the first time: the state after it, what was done, what came."""

        snapshot: Snapshot
        hash: str
        actions: Any
        told: Any


class SyncTest:
    """Tries the steps of an episode again.

    Args:
        episodes: of the game.
        states: of its environment.
        count: how many steps it goes back.
    """

    def __init__(self, episodes: "Revisited", states: "States", count: int) -> None:
        self._episodes, self._states = episodes, states
        self._past: deque[Past] = deque(maxlen=count + 1)
        self._soil = cycle(SOIL)

    def begin(self) -> None:
        """Begin with the present step of an episode."""
        self._past.clear()
        self._take(None, None)

    def check(self, actions: "Any", told: "Any") -> None:
        """Go back, and make the steps again up to the one that was made now.

        Args:
            actions: of this step.
            told: what the environment returned.

        Raises:
            NondeterminismError: something came out differently; it names the first place.
            StateError: the environment cannot be saved.
            ProtocolError: a policy is ``async``.
        """
        self._take(actions, told)
        first, *steps = self._past
        episodes = self._episodes
        episodes.return_to(self._states.restore(first[0]))
        for snapshot, hash, done, gave in steps:
            _soil(next(self._soil))
            waiting = episodes.decide()
            if waiting is not None:
                waiting.cancel()
                raise ProtocolError("a sync test cannot ask an async policy: make it a plain one")
            again = episodes.again(episodes.given(done))
            self._compare("the action", done, again, _alike(done, again))
            for name, one, other in _outcomes(gave, episodes.repeat(again)):
                self._compare(name, one, other, same(one, other))
            if self._states.digest() != hash:
                place = self._states.difference(snapshot, self._states.save(episodes.moment()))
                raise self._error(place or "the state differs")

    def _take(self, actions: "Any", told: "Any") -> None:
        snapshot = self._states.save(self._episodes.moment())
        self._past.append((snapshot, self._states.digest(), actions, told))  # type: ignore[arg-type]

    def _compare(self, name: str, one: "Any", other: "Any", equal: bool) -> None:
        if not equal:
            raise self._error(f"{name}: {one!r:.80} then {other!r:.80}")

    def _error(self, place: str) -> NondeterminismError:
        step = self._episodes.episode.steps
        return NondeterminismError(f"step {step} came out differently when made again: {place}")


def _soil(byte: int) -> None:
    """Let an array that is never filled show it, and not by chance what it had the first time."""
    if numpy := sys.modules.get("numpy"):
        for size in SIZES:
            numpy.full(size, byte, "uint8")


def _outcomes(one: "Any", other: "Any") -> "list[tuple[str, Any, Any]]":
    """Return the name of each outcome of a step, and what it was the first and the second time."""
    found = []
    for number, name in ((1, "reward"), (2, "terminated"), (3, "truncated")):
        form = to_flags if number > 1 else _reward
        found.append((name, form(one[number]), form(other[number])))
    return found


def _reward(value: "Any") -> "Any":
    return by_agent(value) if isinstance(value, dict) else plain(value)


def _alike(one: "Any", other: "Any") -> bool:
    try:
        return checksum(one) == checksum(other)
    except TypeError:  # of a kind that only its address tells apart
        return True
