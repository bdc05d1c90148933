"""What is played: an environment, whoever decides for its agents, episodes. Runs in the worker.

The game says when; the session does it.
"""

import logging
import random

from ..keys.keyboard import Keyboard
from ..values import kept
from .episode import Episode
from .latency import Latency

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..environment import Environment
    from .clock import Clock
    from .outbox import Outbox
    from .settings import PlaySettings, Seat

log = logging.getLogger(__name__)


def draw_seed() -> int:
    """Draw a seed without touching the generators that an environment may use."""
    return random.SystemRandom().getrandbits(31)


class Episodes:
    """An environment that is played, episode after episode.

    Args:
        settings: what was asked for.
        environment: what is played. Its ``painter`` is an object with ``invalidate(render,
            painted=...)``, or None where there is no canvas.
        clock: the game's.
        outbox: takes transitions and summaries.
        latency: follows the keys to the display.
        draw: draws a seed where none was given.

    Attributes:
        episode: the one that runs, or was the last.
        keyboard: the keys that the player holds.
        step_time: seconds that ``env.step()`` took, since someone set it to 0.
        timed: how many steps that were.
        tells_steps: whether the page wants each transition.
        on_broken: called with what ``env.render()`` raised.
        on_painted: called after a frame that shows what a key did.
    """

    episode: Episode

    def __init__(
        self,
        settings: "PlaySettings",
        environment: "Environment",
        clock: "Clock",
        outbox: "Outbox",
        latency: "Latency",
        draw: "Callable[[], int]" = draw_seed,
    ) -> None:
        self.players = [seat.mapping for seat in settings.seats.values() if seat.mapping]
        self.keyboard = Keyboard(self.players, settings.input_mode)
        self.step_time = 0.0
        self.timed = 0
        self.tells_steps = settings.steps
        self.on_broken: Callable[[BaseException], None] = lambda error: None
        self.on_painted: Callable[[], None] = lambda: None
        self._settings = settings
        self._environment = environment
        environment.required()
        self._code = environment.code_hash
        self._renders = environment.renders
        self._clock = clock
        self._outbox = outbox
        self._latency: Latency = latency
        self._draw_seed = draw
        self._seats = settings.seats
        self._parallel = environment.parallel
        self._seed, self._seeded_from = settings.seed, 0
        self._closed = False
        self._obs: Any = None
        self._live: list[Any] = []

    def begin(self, index: int) -> None:
        """Reset the environment for an episode."""
        seed = self._draw_seed() if self._seed is None else self._seed + index - self._seeded_from
        obs, _ = self._environment.reset(seed)
        self._see(obs)
        agents = list(self._seats) if self._parallel else None
        self.episode = Episode(index, seed, obs, agents, self._clock.now(), self._clock.wall())
        self.keyboard.forget()
        self._paint()

    def begin_next(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one, ``seed`` counting from there."""
        self.conclude()
        index = self.episode.index + 1
        if seed is not None:
            self._seed, self._seeded_from = seed, index
        self.begin(index)

    def conclude(self) -> None:
        """Tell of an episode that nobody will end."""
        if not self.episode.over and self.episode.steps:
            self._outbox.episode(self.episode.summary(self._clock.now(), self._code))
        self.episode.over = True

    def touch(self, obs: "Any") -> None:
        """Note that the page itself has reset or stepped the environment."""
        self._see(obs)
        self.episode.forget_recording()

    def close(self) -> None:
        """Let go of the environment: it is about to be closed."""
        self._closed = True

    def step(self) -> bool:
        """Make one step; tell whether it ended the episode."""
        actions = self._decide()
        pressed = self.keyboard.take()
        began = self._clock.now()
        obs, reward, terminated, truncated, info = self._environment.step(actions)
        now = self._clock.now()
        self.step_time += now - began
        self.timed += 1
        episode = self.episode
        episode.add(actions, reward, terminated, truncated, obs, now)
        ended = self._is_over(terminated, truncated)
        if not ended and episode.steps == self._settings.max_steps:
            episode.truncate()
            truncated = episode.truncated
            ended = True
        before, self._obs = self._obs, obs
        transition: dict[str, Any] | None = None
        if self.tells_steps:
            transition = {
                "episode": episode.index,
                "step": episode.steps,
                "obs": before,
                "nextObs": self._obs,
                "action": kept(actions),
                "reward": reward,
                "terminated": terminated,
                "truncated": truncated,
                "info": info,
                "latency": None,
            }
            self._outbox.add(transition)
        self._paint(pressed, transition)
        if ended:
            self.conclude()
        return ended

    def _see(self, obs: "Any") -> None:
        self._obs = obs
        self._live = self._agents_of(obs)

    def _agents_of(self, obs: "Any") -> "list[Any]":
        return (
            list(getattr(self._environment.required(), "agents", obs)) if self._parallel else [None]
        )

    def _decide(self) -> "Any":
        if not self._parallel:
            return self._action(self._seats[None], self._obs)
        return {
            agent: self._action(self._seats[agent], self._obs.get(agent)) for agent in self._live
        }

    def _action(self, seat: "Seat", obs: "Any") -> "Any":
        if seat.mapping is not None:
            return self.keyboard.action(seat.mapping, seat.idle)
        assert seat.policy is not None
        return seat.policy(obs)

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

    def _paint(self, pressed: "float | None" = None, transition: "Any" = None) -> None:
        painter = self._environment.painter
        if painter is None or not self._renders:
            return
        if pressed is not None:
            self._latency.used(pressed, transition)
        painter.invalidate(self._render, painted=self._painted)

    def _render(self) -> "Any":
        """Make a frame: the display wants one."""
        if self._closed:
            return None
        self._latency.drawn()
        try:
            return self._environment.render()
        except BaseException as error:
            self.on_broken(error)
            return None

    def _painted(self, time: float) -> None:
        if self._latency.painted(time):
            self.on_painted()
