"""A recording that is watched: a game whose actions come from the records. Runs in the worker.

It has the clock, the display and the commands of any game, and one more: it can go to a step. At
the end of the last episode it pauses; going on from there begins with the first one again.
"""

from itertools import pairwise
from statistics import median

from ...errors import ProtocolError
from .agreement import Agreement
from .course import PAUSED
from .game import Game
from .revisited import Revisited
from .settings import FASTEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...shapes import ErrorFields, PlayStateFields
    from .replay import Rests

    Record = dict[str, Any]

SLOWEST = 0.5
"""Steps a second, of a player who thought for long about each."""


def titles(records: "list[Record]") -> "list[dict[str, Any]]":
    """Return what a page needs to offer the episodes."""
    return [
        {"seed": record["seed"], "steps": len(record["actions"]), "ended": record.get("ended")}
        for record in records
    ]


def pace(records: "list[Record]") -> float:
    """Return the steps a second at which most were made, pauses apart; 0 if nothing says so."""
    gaps: list[float] = []
    for record in records:
        times = record.get("times")
        if isinstance(times, list) and all(isinstance(time, int | float) for time in times):
            gaps += [after - before for before, after in pairwise(times)]
    if not gaps:
        return 0.0
    usual = median(gaps)
    return min(max(1000 / usual, SLOWEST), FASTEST) if usual > 0 else FASTEST


class Watched(Revisited):
    """Recorded episodes, which come as they were recorded.

    Args:
        args: as for ``Episodes``.
        records: of the episodes; at least one.

    Attributes:
        agreement: how they compare with their records.
    """

    def __init__(self, *args: "Any", records: "list[Record]") -> None:
        super().__init__(*args)
        self._records = records
        self.agreement = Agreement(records, self._environment)

    @property
    def last(self) -> bool:
        """Whether no episode comes after this one."""
        return self.episode.index + 1 == len(self._records)

    def begin(self, index: int = 0) -> None:
        """Reset the environment for an episode."""
        self._rewind(index)
        self._paint()

    def begin_next(self, seed: "int | None" = None) -> None:
        """Begin the next episode, the first one after the last."""
        self.begin(0 if self.last else self.episode.index + 1)

    def conclude(self, ended: str, error: "ErrorFields | None" = None) -> None:
        """End the episode; one that is left before its end is not told of."""
        if error is None and self.episode.steps < len(self._record["actions"]):
            self.episode.over = True
        else:
            super().conclude(ended if error else self._record.get("ended") or ended, error)

    def reach(self) -> "dict[str, Any]":
        """Return which steps there are to go to, for the page: all."""
        ahead = len(self._record["actions"]) - self.episode.steps
        return {"kept": 0, **({"ahead": ahead} if ahead else {})}

    def decide(self) -> None:
        """Ask nobody: the record says what is done."""
        self.interfered()

    def check_place(self, index: int, step: int) -> None:
        """See to it that there is such a step.

        Raises:
            ProtocolError: there is none.
        """
        if not 0 <= index < len(self._records):
            last = len(self._records) - 1
            raise ProtocolError(f"expected an episode from 0 to {last}, got {index}")
        steps = len(self._records[index]["actions"])
        if not 0 <= step <= steps:
            raise ProtocolError(f"expected a step from 0 to {steps}, got {step}")

    async def seek(self, index: int, step: int, rests: "Rests", tell: "Callable[[], None]") -> None:
        """Go to a step of an episode, from its start unless the step is ahead.

        Args:
            index: of the episode.
            step: 0 is the reset.
            rests: when others have their turn.
            tell: called after each of these.
        """
        ahead = index == self.episode.index and step >= self.episode.steps
        if not ahead or self.interfered():
            self._rewind(index)
        while self.episode.steps < step and not self.episode.over:
            _, self.episode.over = self._make(self._actions())
            if rests.due():
                await rests.rest(f"step {self.episode.steps}", self.episode.steps)
                tell()
        self._paint()

    @property
    def _record(self) -> "Record":
        return self._records[self.episode.index]

    def _rewind(self, index: int) -> None:
        """Begin an episode, and show nothing."""
        record = self._records[index]
        self._reset(index, record["seed"], record.get("options"))
        self.episode.over = not record["actions"]
        self.agreement.begin(index)
        self.agreement.reset(self._obs)

    def _actions(self, given: "dict[Any, Any] | None" = None) -> "Any":
        return self._record["actions"][self.episode.steps]

    def _make(self, actions: "Any", *args: "Any", **options: "Any") -> "Any":
        told, over = super()._make(actions, *args, **options)
        same = self.agreement.step(*told[:4])
        done = self.episode.steps == len(self._record["actions"])
        return told, done or (over and not same)


class WatchedGame(Game):
    """A game that is watched; see ``Game`` for the arguments.

    Args:
        options: ``records`` of the episodes.
    """

    EPISODES = Watched
    _episodes: Watched

    def fields(self) -> "PlayStateFields":
        """Return the state for the page."""
        return {**super().fields(), "replay": self._episodes.agreement.fields()}

    async def seek(self, index: "int | None", step: int, rests: "Rests") -> None:
        """Go to a step, and then on if the game went on.

        Args:
            index: of the episode, None for the one that is watched.
            step: 0 is the reset.
            rests: when others have their turn.

        Raises:
            ProtocolError: there is no such step, or the game is over.
        """
        self._check_not_over("seek")
        if index is None:
            index = self._episodes.episode.index
        self._episodes.check_place(index, step)
        before = self.state
        self._halt(PAUSED)
        try:
            await self._episodes.seek(index, step, rests, self._tell)
        except BaseException as error:
            self._fail(error)
            return
        if before != PAUSED:
            self._go()
        self._report()

    async def rewind(self, step: int, rests: "Rests") -> None:
        """Go to a step of the episode, and stay there; see ``seek``."""
        self._check_not_over("rewind")
        self._episodes.check_place(self._episodes.episode.index, step)
        self._halt(PAUSED)
        await self.seek(None, step, rests)

    def _settle(self, ended: bool) -> None:
        if ended and self._episodes.last:
            self._halt(PAUSED)

    def _begin_next(self, seed: "int | None" = None) -> None:
        self._episodes.begin_next()
