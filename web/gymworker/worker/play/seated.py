"""Who has a seat in a game, and whose turn it is. Runs in the worker."""

import asyncio
import inspect

from ...errors import ProtocolError
from ..turns import allowed, is_allowed, mask_of
from ..values import kept
from .actions import conformed
from .pointing import keyboard_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..environment import Environment
    from .episode import Episode
    from .events import Events
    from .seats import Seat
    from .settings import PlaySettings


class Seated:
    """The part of ``Episodes`` that is about seats and turns.

    Args:
        settings: what was asked for.
        environment: what is played.
        events: takes what an analysis wants to know besides.

    Attributes:
        players: the mappings of keys that there are.
        keyboard: the keys that the players hold.
    """

    episode: "Episode"

    def __init__(
        self, settings: "PlaySettings", environment: "Environment", events: "Events"
    ) -> None:
        self.players = [seat.mapping for seat in settings.seats.values() if seat.mapping]
        self.keyboard = keyboard_of(settings, lambda: environment.picture_size)
        self._settings = settings
        self._environment = environment
        self._events = events
        self._seats = settings.seats
        self._parallel = settings.parallel
        self._obs: Any = None
        self._infos: Any = None
        self._live: list[Any] = []  # who acts in the next step
        self._begun: set[Any] = set()  # who has acted in this episode
        self._refused: Any = None
        self._answers: dict[Any, Any] = {}  # of the policies, for the next step
        self._chosen: dict[Any, Any] = {}  # what people do in it, whatever their keys say

    def asked(self) -> bool:
        """Tell whether the player asks for a step, or for the next episode, or nobody has to."""
        if self.episode.over:
            return self.keyboard.asks_anew()
        if self._chosen:
            return True
        seat = self._turn()
        if seat is None:
            return self.keyboard.asks()
        return seat.mapping is None or self.keyboard.asks(seat.mapping)

    def has_turn(self) -> bool:
        """Tell whether it is a player's turn, for whose key there is nothing to wait for."""
        seat = None if self.episode.over else self._turn()
        return seat is not None and seat.mapping is not None

    def refuse(self) -> bool:
        """Tell whether keys ask for what the action mask does not allow; then they do nothing."""
        seat, self._refused = self._turn(), None
        if seat is None or seat.mapping is None or self._chosen:
            return False
        if not self.keyboard.asks(seat.mapping):
            return False
        action = self.keyboard.action(seat.mapping, seat.idle)
        if is_allowed(action, mask_of(*self._told(seat.agent)), seat.space):
            return False
        controls = [c for c in self._settings.controls() if c["agent"] == seat.agent]
        pointed = {"keys": [], "action": action, "agent": seat.agent}
        self._refused = next((c for c in controls if c["action"] is action), pointed)
        self._events.note("refused", *self._refused["keys"])
        self.keyboard.spend()
        return True

    def choose(self, actions: "Any") -> None:
        """Have people act so in the next step, whatever their keys say.

        Args:
            actions: by agent, or the action of the one who acts.

        Raises:
            ProtocolError: no such person acts now, the action is not of the space, or the action
                mask forbids it.
        """
        if self.episode.over:
            raise ProtocolError("cannot act: the episode is over, reset begins the next one")
        seats = {agent: self._seat(agent) for agent in self._live}
        people = [agent for agent, seat in seats.items() if seat.mapping is not None]
        if not people:
            raise ProtocolError(f"no person acts now, but {', '.join(map(str, seats)) or 'nobody'}")
        named = self._by_agent(actions, "of the next step", people)
        for agent, action in named.items():
            named[agent] = self._checked(agent, action, "act")
            turns = self._environment.turns is not None
            if turns and not is_allowed(action, mask_of(*self._told(agent)), seats[agent].space):
                raise ProtocolError(
                    f"expected an action that the action mask of {agent!r} allows, got {action!r}"
                )
        self._chosen = named

    def turn(self) -> "dict[str, Any]":
        """Return whose turn it is, for the page, and what was refused; nothing without turns."""
        turns = self._environment.turns
        if turns is None:
            return {}
        refused = {} if self._refused is None else {"refused": self._refused}
        return {"agent": turns.agent, **refused}

    def capture_seats(self) -> "dict[str, Any]":
        """Return what the next step hangs on besides the environment: the objects themselves."""
        return {
            "obs": self._obs,
            "infos": self._infos,
            "live": self._live,
            "begun": self._begun,
            "seats": {agent: seat.capture() for agent, seat in self._seats.items()},
        }

    def restore_seats(self, captured: "dict[str, Any]") -> None:
        """Have what ``capture_seats`` has returned; who came later leaves."""
        self._obs, self._infos = captured["obs"], captured["infos"]
        self._live, self._begun = list(captured["live"]), set(captured["begun"])
        self._refused, self._chosen = None, {}
        there = captured["seats"]
        for agent in [agent for agent in self._seats if agent not in there]:
            self._leave(agent)
        for agent, held in there.items():
            (self._seats.get(agent) or self._join(agent)).restore(held)

    def _seat_all(self, seed: int) -> None:
        """Have a seat for each agent that is there after a reset, and seed what chance decides."""
        for agent in self._environment.agents():
            if agent not in self._seats:
                self._join(agent)
        for number, seat in enumerate(self._seats.values()):
            seat.seed(seed + number)

    def _seat(self, agent: "Any") -> "Seat":
        """Return who decides for an agent, which may have joined in this episode."""
        seat = self._seats.get(agent)
        if seat is None:
            seat = self._join(agent)
            seat.seed(self.episode.seed + len(self._seats) - 1)
            self.episode.joined(agent, seat.kind)
        return seat

    def _join(self, agent: "Any") -> "Seat":
        seat = self._settings.join(agent, self._environment.required())
        if seat.mapping is not None:
            self.players.append(seat.mapping)
            self.keyboard.join(seat.mapping)
        return seat

    def _leave(self, agent: "Any") -> None:
        seat = self._seats.pop(agent)
        if seat.mapping is not None:
            self.players.remove(seat.mapping)
            self.keyboard.leave(seat.mapping)

    def _ask(self) -> "asyncio.Future[Any] | None":
        """Ask the policies for the next step; return what to wait for, None if that is nothing."""
        self._answers = {}
        waiting = []
        for agent in self._live:
            seat = self._seat(agent)
            if seat.mapping is None:
                answer = seat.ask(*self._told(agent), agent not in self._begun)
                if inspect.isawaitable(answer):
                    answer = asyncio.ensure_future(answer)
                    waiting.append(answer)
                self._answers[agent] = answer
        return asyncio.gather(*waiting, return_exceptions=True) if waiting else None

    def _actions(self, given: "dict[Any, Any] | None" = None) -> "Any":
        """Return what goes into the step: the policies' answers, and what the keys ask for now.

        Args:
            given: actions by agent that count instead, and stand for the keys of all agents.
        """
        if not self._parallel:
            return self._action(None, given)
        return {agent: self._action(agent, given) for agent in self._live}

    def _action(self, agent: "Any", given: "dict[Any, Any] | None") -> "Any":
        seat = self._seats[agent]
        if given is None and agent in self._chosen:
            return self._chosen[agent]
        if given is not None and (agent in given or seat.mapping is not None):
            return self._allowed(given.get(agent, seat.idle), seat)
        if seat.mapping is not None:
            mapping, keyboard = seat.mapping, self.keyboard
            action = self._allowed(keyboard.action(mapping, seat.idle), seat)
            return seat.check(action, lambda: keyboard.source(mapping))
        answer = self._answers[agent]
        action = kept(answer.result() if isinstance(answer, asyncio.Future) else answer)
        return seat.check(action, lambda: f"the {seat.kind} player")

    def _allowed(self, action: "Any", seat: "Seat") -> "Any":
        """Return what is done where keys ask for an action, of which a mask may forbid some."""
        if self._environment.turns is None:
            return action
        return allowed(action, mask_of(*self._told(seat.agent)), seat.space)

    def _by_agent(self, actions: "Any", which: str, agents: "list[Any]") -> "dict[Any, Any]":
        """Return actions by agent; where agents take turns, one alone is of whose turn it is.

        Args:
            actions: as they were given.
            which: they are, as a part of a sentence.
            agents: that may have one.
        """
        named: dict[Any, Any] = {}
        if not self._parallel:
            named = {None: actions}
        elif isinstance(actions, dict):
            texts = {str(agent): agent for agent in agents}
            named = {texts.get(str(name), name): action for name, action in actions.items()}
        if self._environment.turns is not None and set(named) != set(agents):
            named = {agents[0]: actions}
        if not named or not set(named).issubset(agents):
            raise ProtocolError(
                f"expected the actions {which} by agent, of {agents}, got {actions!r:.80}"
            )
        return named

    def _checked(self, agent: "Any", action: "Any", source: str) -> "Any":
        """Return an action that is of its agent's space."""
        seat = self._seats.get(agent)
        if seat is None:  # it comes later, now
            return kept(action)
        try:
            action = seat.check(kept(action), lambda: source)
        except ValueError as error:
            raise ProtocolError(str(error)) from None
        return conformed(seat.space, action)

    def _turn(self) -> "Seat | None":
        """Return who decides for the agent whose turn it is, None where there are no turns."""
        if self._environment.turns is None or not self._live:
            return None
        return self._seat(self._live[0])

    def _told(self, agent: "Any") -> "tuple[Any, Any]":
        """Return the observation and the info of an agent."""
        if not self._parallel:
            return self._obs, self._infos
        return self._obs.get(agent), (self._infos or {}).get(agent)
