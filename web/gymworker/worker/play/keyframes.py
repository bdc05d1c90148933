"""Which states of an episode are kept, so that any step can be had again soon. In the worker.

A state is kept when the steps since the last one took as long as a state takes, and no more often
than its share of the time allows. So states cost at most as much as the steps do, and to go back
takes little more than twice a state: one is restored, and the steps after it are made again. When
there are too many bytes, old ones go, so that the gaps between the rest are even; those of the last
steps stay at hand.
"""

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..snapshot.file import Snapshot

SHARE = 0.1
"""Of the time of a game, for states."""

BYTES = 64_000_000
"""Of memory, for states."""

RECENT = 32
"""Steps whose states go last when memory is short: a correction comes soon, if it does."""


class Keyframes:
    """The states that are kept of an episode.

    Args:
        share: of the time that taking them may have, from 0 to 1.
        bytes: of memory that they may have.

    Attributes:
        bytes: that they have; what several states hold together counts once.
    """

    def __init__(self, share: float = SHARE, bytes: float = BYTES) -> None:
        self._share, self._most = share, bytes
        self._cost = 0.0  # seconds, of the last one
        self.clear()

    def clear(self) -> None:
        """Forget all: another episode begins."""
        self._steps: list[int] = []
        self._snapshots: list[Snapshot] = []
        self._uses: dict[int, int] = {}  # in how many states a large part is, by its id
        self.bytes = 0
        self._spent = 0.0  # seconds, by the steps since the last one
        self._taken = float("-inf")  # when the last one was

    def spend(self, seconds: float) -> None:
        """Note that a step was made that would have to be made again."""
        self._spent += seconds

    def worth(self) -> bool:
        """Tell whether a state would save at least as much time as it takes."""
        return self._spent >= self._cost

    def due(self, now: float) -> bool:
        """Tell whether a state is to be taken after this step.

        Args:
            now: seconds of the game's clock.
        """
        return self.worth() and (now - self._taken) * self._share >= self._cost

    def add(self, step: int, snapshot: "Snapshot", seconds: float, now: float) -> None:
        """Take a state.

        Args:
            step: after which it was.
            snapshot: the state.
            seconds: that it took.
            now: seconds of the game's clock.
        """
        place = bisect_right(self._steps, step)
        if place and self._steps[place - 1] == step:
            place -= 1
            self._drop(place)
        self._steps.insert(place, step)
        self._snapshots.insert(place, snapshot)
        self.bytes += sum(self._weigh(part, 1) for part in _parts(snapshot))
        self._cost, self._taken, self._spent = seconds, now, 0.0
        self._thin()

    def before(self, step: int) -> "tuple[int, Snapshot]":
        """Return the last state that was before or at a step; steps are counted from there."""
        self._spent = 0.0
        place = bisect_right(self._steps, step) - 1
        return self._steps[place], self._snapshots[place]

    def cut(self, step: int) -> None:
        """Forget those after a step."""
        while self._steps and self._steps[-1] > step:
            self._drop(len(self._steps) - 1)

    def _thin(self) -> None:
        """Let states go until the others fit; the first and the last of all stay."""
        steps = self._steps
        while self.bytes > self._most and len(steps) > 2:
            inner = range(1, len(steps) - 1)
            old = [place for place in inner if steps[place] < steps[-1] - RECENT]
            self._drop(min(old or inner, key=lambda place: steps[place + 1] - steps[place - 1]))

    def _drop(self, place: int) -> None:
        del self._steps[place]
        self.bytes -= sum(self._weigh(part, -1) for part in _parts(self._snapshots.pop(place)))

    def _weigh(self, part: "tuple[int, int]", uses: int) -> int:
        """Return the bytes of a part that came or went with a state; none if another one has it."""
        key, size = part
        before = self._uses.get(key, 0)
        self._uses[key] = before + uses
        if not self._uses[key]:
            del self._uses[key]
        return size if not before or key not in self._uses else 0


def _parts(snapshot: "Snapshot") -> "list[tuple[int, int]]":
    """Return the id and the size of each part; a large one may hold a living object as well."""
    parts: list[Any] = [snapshot.data, *(blob.data for blob in snapshot.blobs)]
    return [(id(part), len(part) * (2 if number else 1)) for number, part in enumerate(parts)]
