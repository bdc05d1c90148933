"""Episodes whose steps can be had again: kept, gone back to, corrected, tested. In the worker."""

from ...errors import ProtocolError
from .episodes import Episodes
from .keyframes import Keyframes
from .sync_test import SyncTest
from .travel import Travel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .replay import Rests
    from .travel import Corrections


class Revisited(Episodes):
    """Episodes of a game; see ``Episodes`` for the arguments.

    Attributes:
        travel: what is kept of the present one, None where nothing is to be.
    """

    def __init__(self, *args: "Any", **options: "Any") -> None:
        super().__init__(*args, **options)
        self.travel: Travel | None = None
        self._sync_test: SyncTest | None = None
        keep, count = self._settings.keep, self._settings.sync_test
        if keep is None and count is None:
            return
        from ..snapshot.states import States  # no boot waits for it

        states = States(self._environment)
        if keep is not None:
            self.travel = Travel(self, states, self._clock, Keyframes(**keep))
        if count is not None:
            self._sync_test = SyncTest(self, states, count)

    @property
    def took(self) -> float:
        """Seconds that the last step took, from the first question to a policy."""
        return self._made - self._asked

    def reach(self) -> "dict[str, Any]":
        """Return which steps can be had again, for the page."""
        travel = self.travel
        if travel is None:
            return {"kept": None}
        return {"kept": travel.first, **({"ahead": travel.ahead} if travel.ahead else {})}

    def moment(self) -> "dict[str, Any]":
        """Return what a state of the present step has besides the environment."""
        return {**self.capture_seats(), "score": self.episode.score()}

    def return_to(self, moment: "dict[str, Any]") -> None:
        """Stand where ``moment`` was taken, as the environment does already."""
        self.restore_seats(moment)
        self.episode.go_back(moment["score"])
        self._revision = self._environment.revision

    async def decided(self) -> None:
        """Ask the policies for the next step, and wait for them."""
        waiting = self.decide()
        if waiting is not None:
            await waiting

    def repeat(self, actions: "Any") -> "tuple[Any, Any, Any, Any, Any]":
        """Make the next step again, which the record has; return what the environment told."""
        return super()._make(actions, again=True)[0]

    def revise(self, given: "dict[Any, Any]", time: "float | None") -> "tuple[Any, bool]":
        """Make the next step as if it were the first time; see ``Travel.correct``.

        Args:
            given: what is done, by agent; policies have decided for the others.
            time: of the step in the record, in ms, None for now.

        Returns:
            The actions, and whether the episode is over.
        """
        actions = self.again(given)
        at = None if time is None else self.episode.moment(time)
        return actions, super()._make(actions, at)[1]

    def again(self, given: "dict[Any, Any]") -> "Any":
        """Return the actions of the next step; see ``revise``."""
        return self._actions(given)

    def given(self, actions: "Any", only_keys: bool = True) -> "dict[Any, Any]":
        """Return the actions of a step by agent, without what policies have decided.

        Args:
            actions: of the step.
            only_keys: False for what policies have decided too.
        """
        found = dict(actions) if self._parallel else {None: actions}
        if not only_keys:
            return found
        there = {agent: self._seats.get(agent) for agent in found}
        return {
            agent: action
            for agent, action in found.items()
            if (seat := there[agent]) is not None and seat.mapping is not None
        }

    def corrections(self, wanted: "list[Any]") -> "Corrections":
        """Return corrections as a page has sent them: by step and agent, each action checked.

        Raises:
            ProtocolError: they are none, of no step that there is, or of nobody who acted there.
        """
        found: Corrections = {}
        for item in wanted:
            step = item.get("step") if isinstance(item, dict) else None
            if not isinstance(step, int) or isinstance(step, bool) or "actions" not in item:
                raise ProtocolError(
                    "expected corrections to be a list of {step, actions}, the first step being 1, "
                    f"got {item!r:.80}"
                )
            done = self.given(self.required_travel("correct").check_corrected(step), False)
            for agent, action in self._by_agent(
                item["actions"], f"of step {step}", list(done)
            ).items():
                checked = self._checked(agent, action, f"the correction of step {step}")
                found.setdefault(step, {})[agent] = checked
        if not found:
            raise ProtocolError("expected corrections to be a list of {step, actions}, got none")
        return found

    def required_travel(self, command: str) -> Travel:
        """Return what is kept.

        Raises:
            ProtocolError: nothing is.
        """
        if self.travel is None:
            raise ProtocolError(f"cannot {command}: nothing is kept of this game; play(keep=True)")
        return self.travel

    def go_on(self) -> None:
        """Let the record end here, if the game went back and is about to go on."""
        ahead = self.episode.length - self.episode.steps
        if ahead:
            self._events.note("rewound", self.episode.steps, self.episode.length)
            self.episode.cut()
        if self.travel is not None:
            self.travel.cut()

    async def rewind(self, step: int, rests: "Rests", tell: "Callable[[], None]") -> None:
        """Go to a step that was found to be there; see ``Travel.go_to``."""
        await self.required_travel("rewind").go_to(step, rests, tell)
        self.keyboard.forget()  # what was tapped in it was meant for what is over
        self._arrive()

    async def correct(
        self, corrections: "Corrections", rests: "Rests", tell: "Callable[[], None]"
    ) -> "dict[str, Any]":
        """Correct what was done; see ``Travel.correct``."""
        self._events.note("corrected", *sorted(corrections))
        found = await self.required_travel("correct").correct(corrections, rests, tell)
        self._arrive()
        if found["ended"]:
            self.conclude(self.episode.ended())
        return found

    def interfered(self) -> bool:
        """Tell whether somebody else changed the environment; see ``Episodes.interfered``."""
        found = super().interfered()
        if found:
            self._begin_keeping()
        return found

    def restore(self, captured: "dict[str, Any]", now: float) -> None:
        """Go on with what ``capture`` has returned; see ``Episodes.restore``."""
        super().restore(captured, now)
        self._begin_keeping()

    def _reset(self, *args: "Any") -> None:
        super()._reset(*args)
        self._begin_keeping()

    def _arrive(self) -> None:
        """Be at a step where the game was not led by its last one."""
        if self._sync_test is not None:
            self._sync_test.begin()
        self._paint()

    def _begin_keeping(self) -> None:
        if self.travel is not None:
            self.travel.begin()
        if self._sync_test is not None:
            self._sync_test.begin()

    def _make(self, actions: "Any", *args: "Any", **options: "Any") -> "Any":
        self.go_on()
        told, over = super()._make(actions, *args, **options)
        if self.travel is not None:
            self.travel.note(actions)
        if self._sync_test is not None:
            took = self._took
            self._sync_test.check(actions, told)
            self._took = took
        return told, over
