"""What is played: an environment, whoever decides for its agents, episodes. Runs in the worker.

The game says when; this does it.
"""

import random

from ..values import kept
from . import episode as endings
from .episode import Episode
from .seated import Seated

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from typing import Any

    from ...shapes import ErrorFields
    from ..environment import Environment
    from .clock import Clock
    from .events import Events
    from .settings import PlaySettings
    from .telling import Telling


def draw_seed() -> int:
    """Draw a seed without touching the generators that an environment may use."""
    return random.SystemRandom().getrandbits(31)


class Episodes(Seated):
    """An environment that is played, episode after episode.

    Args:
        settings: what was asked for.
        environment: what is played.
        clock: the game's.
        telling: takes transitions and summaries, and follows keys to the display.
        on_broken: called with what ``env.render()`` raised, or why its frame cannot be painted.
        on_painted: called after a frame that shows what a key did.
        events: takes what an analysis wants to know besides.
        draw: draws a seed where none was given.

    Attributes:
        episode: the one that runs, or was the last.
    """

    def __init__(
        self,
        settings: "PlaySettings",
        environment: "Environment",
        clock: "Clock",
        telling: "Telling",
        on_broken: "Callable[[BaseException], None]",
        on_painted: "Callable[[], None]",
        events: "Events",
        draw: "Callable[[], int]" = draw_seed,
    ) -> None:
        super().__init__(settings, environment, events)
        self._clock = clock
        self._telling = telling
        self._on_broken = on_broken
        self._on_painted = on_painted
        self._draw_seed = draw
        self._seed, self._seeded_from = settings.seed, 0
        self._closed = False
        self._revision = 0
        self._asked = 0.0  # when the policies were, for the present step
        self._made = 0.0  # when that step was
        self._took = 0.0  # seconds, by the environment in it

    @property
    def last(self) -> bool:
        """Whether no episode comes after this one."""
        return self.episode.index + 1 == self._settings.num_episodes

    @property
    def untouched(self) -> bool:
        """Whether nothing was played yet: a reset then begins the first episode again."""
        return self.episode.index == 0 and self.episode.length == 0

    def begin(self, index: int = 0) -> None:
        """Reset the environment for an episode."""
        self._reset(index, self._seed_of(index), self._settings.options)
        self._paint()

    def begin_next(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one, ``seed`` counting from there."""
        self.conclude(endings.RESET)
        index = 0 if self.untouched else self.episode.index + 1
        if seed is not None:
            self._seed, self._seeded_from = seed, index
        self.begin(index)

    def skip(self, index: int, seed: "int | None" = None) -> bool:
        """Begin another episode, if there is one, and tell nothing of the present one.

        Args:
            index: of the episode.
            seed: for the reset; those after it count on from there, unless each is drawn.
        """
        self.episode.over = True
        if self._settings.num_episodes is not None and index >= self._settings.num_episodes:
            return False
        if seed is not None and self._seed is not None:
            self._seed, self._seeded_from = seed, index
        self._events.take(None)
        self._reset(index, self._seed_of(index) if seed is None else seed, self._settings.options)
        self._paint()
        return True

    def conclude(self, ended: str, error: "ErrorFields | None" = None) -> None:
        """End the episode, if it goes on, and tell of it, unless nothing happened in it."""
        self.episode.advance()
        if not self.episode.over:
            self.interfered()
            self.episode.over = True
            self._tell(ended, error)

    def interfered(self) -> bool:
        """Tell whether somebody else reset, stepped or changed the environment since.

        The record ends there; the game goes on with what it finds.
        """
        if self._environment.revision == self._revision:
            return False
        self.episode.advance()
        if not self.episode.over:
            self._tell(endings.INTERFERED)
            self.episode.spoil()
        self._see(*self._environment.look())
        return True

    def capture(self, now: float) -> "dict[str, Any]":
        """Return all that is in no environment, times counted from ``now``, for ``restore``."""
        self.interfered()
        return {
            "seed": (self._seed, self._seeded_from),
            "episode": self.episode.capture(now),
            "keyboard": self.keyboard.capture(),
            **self.capture_seats(),
        }

    def restore(self, captured: "dict[str, Any]", now: float) -> None:
        """Go on with what ``capture`` has returned, ``now`` being the moment of that."""
        self._seed, self._seeded_from = captured["seed"]
        self.episode = Episode.restored(captured["episode"], now, self._events)
        self.restore_seats(captured)
        self.keyboard.restore(captured["keyboard"])
        self._revision = self._environment.revision
        self._paint()

    def close(self) -> None:
        """Let go of the environment: it is about to be closed."""
        self._closed = True

    def decide(self) -> "asyncio.Future[Any] | None":
        """Ask the policies for the next step; return what to wait for, None if that is nothing."""
        self.interfered()
        self._asked = self._clock.now()
        return self._ask()

    def step(self) -> bool:
        """Make the step that was decided; tell whether it ended the episode."""
        actions = self._actions()
        self._chosen = {}
        seat, pressed = self._turn(), self.keyboard.take()
        if seat is not None and self._settings.wait_on_player:
            self.keyboard.spend()  # the next one's turn begins with keys that are pressed in it
            pressed = None if seat.mapping is None else pressed
        before = self._obs
        (obs, reward, terminated, truncated, info), ended = self._make(actions)
        episode = self.episode
        shown = self._paint()
        transition = None
        if self._telling.steps:
            transition = {
                "episode": episode.index,
                "step": episode.steps,
                "obs": before,
                "nextObs": obs,
                "action": actions,
                "reward": reward,
                "terminated": terminated,
                "truncated": truncated,
                "info": info,
                "latency": None,
            }
        self._telling.step(self._took, pressed if shown else None, transition)
        if ended:
            self.conclude(episode.ended())
        return ended

    def _seed_of(self, index: int) -> int:
        return self._draw_seed() if self._seed is None else self._seed + index - self._seeded_from

    def _reset(self, index: int, seed: int, options: "Any") -> None:
        told = self._environment.reset(seed, kept(options))
        self._see(*told)
        self._begun.clear()
        self._refused, self._chosen = None, {}
        self._seat_all(seed)
        agents = list(self._seats) if self._parallel else None
        record, now = self._settings.record, self._clock.now()
        self.episode = Episode(
            index, seed, options, told, agents, record, now, self._players(), self._events
        )
        self._events.begin()
        self.keyboard.forget()

    def _make(
        self, actions: "Any", at: "tuple[float, float] | None" = None, again: bool = False
    ) -> "tuple[tuple[Any, Any, Any, Any, Any], bool]":
        """Step the environment and note it; return what it told, and whether all is over.

        Args:
            actions: of the step.
            at: when it was made, on both clocks, if that is not now.
            again: whether it was made before, and is in the record.
        """
        began = self._clock.now()
        try:
            told = self._environment.step(actions)
        finally:
            self._revision = self._environment.revision
        now = self._clock.now()
        self._took = now - began
        self._begun.update(self._live)
        obs, reward, terminated, truncated, self._infos = told
        self._obs = obs
        episode = self.episode
        if again:
            episode.repeat(reward, terminated, truncated)
        else:
            at = at or (now, self._clock.wall())
            episode.add(actions, reward, terminated, truncated, obs, *at)
        over = self._is_over(terminated, truncated)
        if not over and episode.steps == self._settings.max_steps:
            over = True
            there = self._undone(self._environment.agents(), terminated, truncated)
            episode.truncate(there)
            truncated = {**truncated, **dict.fromkeys(there, True)} if self._parallel else True
            told = (obs, reward, terminated, truncated, self._infos)
        elif not over and self._parallel:
            for agent in self._live:
                self._seat(agent)
        self._made = self._clock.now()
        return told, over

    def _tell(self, ended: str, error: "ErrorFields | None" = None) -> None:
        episode = self.episode
        if not episode.told:
            code, now = self._environment.code_hash, self._clock.now()
            self._telling.episode(episode.summary(ended, error, code, now))

    def _see(self, obs: "Any", infos: "Any") -> None:
        self._obs, self._infos = obs, infos
        self._revision = self._environment.revision
        self._live = self._environment.acting()

    def _is_over(self, terminated: "Any", truncated: "Any") -> bool:
        """Tell whether the episode is over; agents that are done take no further part."""
        if not self._parallel:
            return bool(terminated or truncated)
        self._live = self._undone(self._environment.acting(), terminated, truncated)
        return not self._live

    def _undone(self, agents: "list[Any]", terminated: "Any", truncated: "Any") -> "list[Any]":
        """Return those of the agents who are not done."""
        if not self._parallel:
            return agents
        return [agent for agent in agents if not (terminated.get(agent) or truncated.get(agent))]

    def _paint(self) -> bool:
        """Ask for a frame; tell whether there will be one."""
        painter = self._environment.painter
        if painter is None or not self._environment.renders:
            return False
        painter.invalidate(self._render, painted=self._painted, failed=self._on_broken)
        return True

    def _render(self) -> "Any":
        """Make a frame: the display wants one."""
        if self._closed:
            return None
        self._telling.drawn()
        return self._environment.frame()

    def _players(self) -> "Any":
        """Return who decides, by agent where agents have names."""
        found = {agent: seat.kind for agent, seat in self._seats.items()}
        return found if self._parallel else found[None]

    def _noted(self, latency: float) -> None:
        if not self.episode.over:  # else the episode is told already
            self._events.note("latency", round(latency, 1))

    def _painted(self, time: float) -> None:
        if self._telling.painted(time, self._noted):
            self._on_painted()
