"""Going back in an episode: to any of its steps, or to correct what was done there. In the worker.

A state of some earlier step is restored, and the steps after it are made again, with the actions
that were recorded. Nothing is shown meanwhile. Policies are asked again, for what they remember is
in the state; what they decide counts only after a correction, since they may see something else.
"""

import logging

from ...errors import ProtocolError, StateError
from .keyframes import RECENT, Keyframes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..snapshot.states import States
    from .clock import Clock
    from .replay import Rests
    from .revisited import Revisited

    Corrections = dict[int, dict[Any, Any]]

log = logging.getLogger(__name__)


class Travel:
    """What is kept of the present episode, and the ways back in it.

    Args:
        episodes: of the game.
        states: of its environment.
        clock: the game's.
        keyframes: takes the states.

    Attributes:
        first: the first step that can be had again; None while nothing is kept.
    """

    def __init__(
        self, episodes: "Revisited", states: "States", clock: "Clock", keyframes: Keyframes
    ) -> None:
        self.first: int | None = None
        self._episodes = episodes
        self._states = states
        self._clock = clock
        self._keyframes = keyframes
        self._problem: StateError | None = None
        self._actions: list[Any] = []  # of the steps after the first
        self._known: dict[Any, int] = {}  # the newest step that was corrected, by agent
        self._corrected: Corrections = {}

    @property
    def ahead(self) -> int:
        """How many steps there are after the present one, which can still be had."""
        if self.first is None:
            return 0
        return self.first + len(self._actions) - self._episodes.episode.steps

    def begin(self) -> None:
        """Keep an episode from its present step on."""
        self._keyframes.clear()
        self._actions, self._known, self._corrected = [], {}, {}
        self.first = None if self._problem else self._episodes.episode.steps
        self._save()

    def note(self, actions: "Any") -> None:
        """Note a step that was made, and what was done in it."""
        if self.first is not None:
            self._actions.append(actions)
            self._keyframes.spend(self._episodes.took)
            if self._keyframes.due(self._clock.now()) and not self._guessed():
                self._save()

    def cut(self) -> None:
        """Forget what came after the present step: something else is about to."""
        if self.ahead:
            self._drop_after(self._episodes.episode.steps)
            self._forget_corrections()

    def check(self, step: int) -> None:
        """See to it that a step can be had again.

        Raises:
            ProtocolError: it cannot; it says which ones can.
        """
        first = self._required()
        last = first + len(self._actions)
        if not first <= step <= last:
            raise ProtocolError(
                f"expected a step from {first} to {last} of this episode, got {step}"
            )

    def check_corrected(self, step: int) -> "Any":
        """See to it that something was done at a step, up to the present one; return that.

        Raises:
            ProtocolError: it was not, or it is kept no longer; it says where it was.
        """
        first, last = self._required(), self._episodes.episode.steps
        if not first < step <= last:
            there = f"from {first + 1} to {last}" if first < last else "that was made, when one is"
            raise ProtocolError(f"expected a step {there}, to correct it, got {step}")
        return self._actions[step - first - 1]

    async def go_to(self, step: int, rests: "Rests", tell: "Callable[[], None]") -> None:
        """Go to a step, which ``check`` has found.

        Args:
            step: 0 is the reset.
            rests: when others have their turn.
            tell: called after each of these.
        """
        episodes, first = self._episodes, self.first or 0
        begin, snapshot = self._keyframes.before(step)
        episodes.return_to(self._states.restore(snapshot))
        for number in range(begin, step):
            await episodes.decided()
            episodes.repeat(self._actions[number - first])
            self._keyframes.spend(episodes.took)
            if rests.due():
                await rests.rest(f"step {number + 1}", number + 1)
                tell()

    async def correct(
        self, corrections: "Corrections", rests: "Rests", tell: "Callable[[], None]"
    ) -> "dict[str, Any]":
        """Do something else at some steps, and go on from there to the present.

        Args:
            corrections: what was done, by the number of the step, the first being 1, and by agent.
            rests: when others have their turn.
            tell: called after each of these.

        Returns:
            ``confirmed``, ``hash`` and ``ended``: the newest step that was corrected (of the agents
            that were, in this episode, the one for whom it is the oldest), the hash of the state
            after it, and whether the episode is over.
        """
        episodes, episode = self._episodes, self._episodes.episode
        episodes.go_on()
        first, present = min(corrections), episode.steps
        for step, agents in corrections.items():
            self._corrected.setdefault(step, {}).update(agents)
        confirmed = self._confirmed(corrections, present)
        found: dict[str, Any] = {}
        await self.go_to(min(first - 1, confirmed), rests, tell)
        self._confirm(confirmed, found)
        recorded = self._actions[episode.steps - (self.first or 0) : present - (self.first or 0)]
        times: list[float] = []
        ended = False
        for step, done in enumerate(recorded, episode.steps + 1):
            await episodes.decided()
            if step < first:
                episodes.repeat(done)
            else:
                if step == first:
                    times = episode.cut()
                    self._drop_after(step - 1)
                # What a policy does later is asked anew, unless it was corrected.
                given = episodes.given(done, step > first) | self._corrected.get(step, {})
                actions, ended = episodes.revise(given, times[step - first] if times else None)
                self._actions.append(actions)
            self._keyframes.spend(episodes.took)
            self._confirm(confirmed, found)
            if ended:
                self._forget_corrections()
                break
            if rests.due():
                await rests.rest(f"step {step}", step)
                tell()
        if not found:  # it ended earlier
            self._confirm(episode.steps, found)
        return {**found, "ended": ended}

    def _guessed(self) -> bool:
        """Tell whether the last steps are likely to be corrected: their states are not for long."""
        known = min(self._known.values(), default=-RECENT)
        return self._episodes.episode.steps - known < RECENT

    def _required(self) -> int:
        """Return the first step that can be had again."""
        if self.first is None:
            raise ProtocolError(f"nothing is kept of this game: {self._problem}")
        return self.first

    def _confirmed(self, corrections: "Corrections", present: int) -> int:
        """Note whose actions are known up to where; return up to where everybody's are."""
        known = {agent: min(step, present) for agent, step in self._known.items()}
        for step, agents in corrections.items():
            known.update({agent: max(step, known.get(agent, 0)) for agent in agents})
        self._known = {
            agent: self._until_it_acts(agent, step, present) for agent, step in known.items()
        }
        return min(self._known.values())

    def _until_it_acts(self, agent: "Any", step: int, present: int) -> int:
        """Return the last step after one before an agent acts again; it may have left."""
        first = self.first or 0
        for number in range(step, present):
            if agent in self._episodes.given(self._actions[number - first], False):
                return number
        return present

    def _forget_corrections(self) -> None:
        """Forget what was corrected after the present step."""
        step = self._episodes.episode.steps
        self._known = {agent: min(known, step) for agent, known in self._known.items()}
        self._corrected = {at: done for at, done in self._corrected.items() if at <= step}

    def _drop_after(self, step: int) -> None:
        del self._actions[step - (self.first or 0) :]
        self._keyframes.cut(step)

    def _confirm(self, confirmed: int, found: "dict[str, Any]") -> None:
        """Take the hash if this is the step, and the state: the next correction begins here."""
        step = self._episodes.episode.steps
        if step == confirmed:
            found.update(confirmed=step, hash=self._states.digest())
            if self._keyframes.worth():
                self._save()

    def _save(self) -> None:
        """Take the present state; where it cannot be, no more are."""
        if self._problem is not None:
            return
        began = self._clock.now()
        try:
            snapshot = self._states.save(self._episodes.moment())
        except StateError as error:
            self._problem = error
            log.warning("no more is kept of this game, to go back to: %s", error)
            if not self._actions:
                self.first = None
            return
        now = self._clock.now()
        self._keyframes.add(self._episodes.episode.steps, snapshot, now - began, now)
