"""What is played: an environment, whoever decides for its agents, episodes. Runs in the worker.

The game says when; this does it.
"""

import asyncio
import inspect
import random

from ..keys.keyboard import Keyboard
from ..values import kept
from . import episode as endings
from .episode import Episode

TYPE_CHECKING = False
if TYPE_CHECKING:
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


class Episodes:
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
        players: the mappings of keys that there are.
        keyboard: the keys that the players hold.
    """

    episode: Episode

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
        self.players = [seat.mapping for seat in settings.seats.values() if seat.mapping]
        self.keyboard = Keyboard(self.players, settings.input_mode)
        self._settings = settings
        self._environment = environment
        self._clock = clock
        self._telling = telling
        self._on_broken = on_broken
        self._on_painted = on_painted
        self._events = events
        self._draw_seed = draw
        self._seats = settings.seats
        self._parallel = settings.parallel
        self._seed, self._seeded_from = settings.seed, 0
        self._closed = False
        self._revision = 0
        self._start = True
        self._took = 0.0  # seconds, by the last step
        self._obs: Any = None
        self._infos: Any = None
        self._live: list[Any] = []
        self._answers: dict[Any, Any] = {}

    @property
    def last(self) -> bool:
        """Whether no episode comes after this one."""
        return self.episode.index + 1 == self._settings.num_episodes

    @property
    def untouched(self) -> bool:
        """Whether nothing was played yet: a reset then begins the first episode again."""
        return self.episode.index == 0 and self.episode.steps == 0

    def begin(self, index: int = 0) -> None:
        """Reset the environment for an episode."""
        seed = self._draw_seed() if self._seed is None else self._seed + index - self._seeded_from
        self._reset(index, seed, self._settings.options)
        self._paint()

    def begin_next(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one, ``seed`` counting from there."""
        self.conclude(endings.RESET)
        index = 0 if self.untouched else self.episode.index + 1
        if seed is not None:
            self._seed, self._seeded_from = seed, index
        self.begin(index)

    def conclude(self, ended: str, error: "ErrorFields | None" = None) -> None:
        """End the episode, if it goes on, and tell of it, unless nothing happened in it."""
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
        if not self.episode.over:
            self._tell(endings.INTERFERED)
            self.episode.spoil()
        self._see(self._environment.obs, None)
        return True

    def close(self) -> None:
        """Let go of the environment: it is about to be closed."""
        self._closed = True

    def decide(self) -> "asyncio.Future[Any] | None":
        """Ask the policies for the next step; return what to wait for, None if that is nothing."""
        self.interfered()
        self._answers = {}
        waiting = []
        for agent in self._live:
            seat = self._seats.get(agent)
            if seat is None:
                raise LookupError(f"nobody decides for {agent!r}, which was no agent before")
            if seat.mapping is None:
                obs, info = self._obs, self._infos
                if self._parallel:
                    obs, info = obs.get(agent), (info or {}).get(agent)
                answer = seat.ask(obs, info, self._start)
                if inspect.isawaitable(answer):
                    answer = asyncio.ensure_future(answer)
                    waiting.append(answer)
                self._answers[agent] = answer
        return asyncio.gather(*waiting, return_exceptions=True) if waiting else None

    def step(self) -> bool:
        """Make the step that was decided; tell whether it ended the episode."""
        actions = self._actions()
        pressed = self.keyboard.take()
        before = self._obs
        (obs, reward, terminated, truncated, info), ended = self._make(actions)
        episode = self.episode
        if not ended and episode.steps == self._settings.max_steps:
            ended = True
            episode.truncate(self._live)
            truncated = {**truncated, **dict.fromkeys(self._live, True)} if self._parallel else True
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

    def _reset(self, index: int, seed: int, options: "Any") -> None:
        told = self._environment.reset(seed, kept(options))
        self._see(*told)
        self._start = True
        for number, seat in enumerate(self._seats.values()):
            seat.seed(seed + number)
        agents = list(self._seats) if self._parallel else None
        record, now = self._settings.record, self._clock.now()
        self.episode = Episode(
            index, seed, options, told, agents, record, now, self._players(), self._events
        )
        self._events.begin()
        self.keyboard.forget()

    def _make(self, actions: "Any") -> "tuple[tuple[Any, Any, Any, Any, Any], bool]":
        """Step the environment and note it; return what it told, and whether all is over."""
        began = self._clock.now()
        try:
            told = self._environment.step(actions)
        finally:
            self._revision = self._environment.revision
        now = self._clock.now()
        self._took = now - began
        self._start = False
        obs, reward, terminated, truncated, self._infos = told
        self._obs = obs
        self.episode.add(actions, reward, terminated, truncated, obs, now, self._clock.wall())
        return told, self._is_over(terminated, truncated)

    def _tell(self, ended: str, error: "ErrorFields | None" = None) -> None:
        episode = self.episode
        if not episode.told:
            code, now = self._environment.code_hash, self._clock.now()
            self._telling.episode(episode.summary(ended, error, code, now))

    def _see(self, obs: "Any", infos: "Any") -> None:
        self._obs, self._infos = obs, infos
        self._revision = self._environment.revision
        self._live = self._agents_of(obs)

    def _agents_of(self, obs: "Any") -> "list[Any]":
        if not self._parallel:
            return [None]
        return list(getattr(self._environment.required(), "agents", obs))

    def _actions(self) -> "Any":
        """Return what goes into the step: the policies' answers, and what the keys ask for now."""
        if not self._parallel:
            return self._action(None)
        return {agent: self._action(agent) for agent in self._live}

    def _action(self, agent: "Any") -> "Any":
        seat = self._seats[agent]
        if seat.mapping is not None:
            return self.keyboard.action(seat.mapping, seat.idle)
        answer = self._answers[agent]
        return kept(answer.result() if isinstance(answer, asyncio.Future) else answer)

    def _is_over(self, terminated: "Any", truncated: "Any") -> bool:
        """Tell whether the episode is over; agents that are done take no further part."""
        if not self._parallel:
            return bool(terminated or truncated)
        self._live = [
            agent
            for agent in self._agents_of(self._live)
            if not (terminated.get(agent) or truncated.get(agent))
        ]
        return not self._live

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
