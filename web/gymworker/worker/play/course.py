"""The course of a game: its states, its timer, its steps. Runs in the worker.

A timer drives it, so that between two steps the worker answers requests and takes keys.

    state     what goes on                                     next
    running   a step each 1 / fps seconds                      paused, ended, failed
    waiting   a step when the player's keys ask, or in a turn  paused, ended, failed
              that is a policy's
    paused    nothing; `step` makes one; a rest between episodes running, waiting, ended, failed
    ended     it was stopped, or its episodes are over         for good
    failed    the environment or a policy raised               for good

While an `async` policy thinks, time and requests go on; what halts the game cancels it: ask again.
"""

import logging

from ..tracebacks import describe
from . import episode as endings
from .clock import Metronome, Rhythm
from .events import Events
from .revisited import Revisited
from .telling import Telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from typing import Any

    from ...shapes import PlayStateFields
    from ..environment import Environment
    from .clock import Clock
    from .settings import PlaySettings
    from .telling import Send

log = logging.getLogger(__name__)

RUNNING, WAITING, PAUSED = "running", "waiting", "paused"
ENDED, FAILED = "ended", "failed"
OVER = (ENDED, FAILED)

LEAST_MEMORY = 4_000_000
"""Bytes without which no worker goes on."""

SIGN_OF_LIFE = 1.0
"""Seconds between two reports while a policy thinks."""


class Course:
    """The part of ``Game`` that goes on by itself.

    Args:
        id: of the ``play`` request; each message carries it.
        settings: what was asked for.
        environment: what is played.
        send: posts a message to the page.
        clock: time and timers.
        options: of the ``Episodes``.

    Attributes:
        id: as given.
        state: see the module's table.
        error: what was raised, if the game has failed.
        thinking: done when ``async`` policies have decided, None if none is asked.
        events: what happens around the steps, for the record.
    """

    EPISODES: "type[Revisited]" = Revisited

    def __init__(
        self,
        id: "Any",
        settings: "PlaySettings",
        environment: "Environment",
        send: "Send",
        clock: "Clock",
        **options: "Any",
    ) -> None:
        self.id = id
        self.state = PAUSED
        self.error: BaseException | None = None
        self._clock = clock
        self._rhythm = Rhythm(settings.fps)
        self._telling = Telling(id, send, clock, self._rhythm, self._report)
        self._telling.follow(settings.steps)
        self.events = Events(clock, self._rhythm)
        args = settings, environment, clock, self._telling, self._broken, self._painted
        self._episodes = self.EPISODES(*args, self.events, **options)
        self._begins_paused, self._rests = settings.paused, settings.rest
        self._waits_on_player = settings.wait_on_player
        self._metronome = Metronome(clock, self._rhythm, lambda: self._guarded(self._beat))
        self.thinking: asyncio.Future[Any] | None = None

    def fields(self) -> "PlayStateFields":
        """Return the state for the page."""
        error = describe(self.error) if self.error is not None else None
        episode = self._episodes.episode
        fields = self._telling.state(self.state, self.state == RUNNING, episode, error)
        more = {**self._episodes.turn(), **self._episodes.reach()}
        return {**fields, **more}  # type: ignore[typeddict-item]

    def _go(self) -> None:
        self._halt(WAITING if self._waits else RUNNING)
        self._rhythm.start(self._clock.now())
        self._arm_if_due()

    @property
    def _waits(self) -> bool:
        return self._waits_on_player and bool(self._episodes.players)

    def _halt(self, state: str) -> None:
        """Make no step until it goes on."""
        if state != self.state:
            self.events.note(state)
        self.state = state
        self._metronome.stop()
        thinking, self.thinking = self.thinking, None
        if thinking is not None:
            thinking.cancel()
        if state in OVER:
            self._metronome.close()
            self._telling.close()

    def _arm_if_due(self) -> None:
        """Set the timer of the next step, if anything is to happen."""
        if self._metronome.wound or self.thinking is not None:
            return
        if self.state == RUNNING or (self.state == WAITING and self._episodes.asked()):
            if self.state == WAITING and self._episodes.has_turn():
                self._rhythm.hurry(self._clock.now())
            self._metronome.wind()

    def _beat(self) -> None:
        """Make the step that is due."""
        if self.state == WAITING and not self._episodes.asked():
            return  # it was let go again
        self._rhythm.beat(self._clock.now())
        self._advance()
        self._proceed()

    def _advance(self) -> None:
        """Make a step, once the policies have decided, or begin the next episode."""
        if self._episodes.episode.over:
            self._begin_next()
            if self.state == WAITING:  # the key that goes on does nothing else
                self._episodes.keyboard.spend()
            return
        if self._episodes.refuse():
            return
        self.thinking = self._episodes.decide()
        if self.thinking is None:
            self._step()
        else:
            self.thinking.add_done_callback(self._decided)
            self._telling.later(SIGN_OF_LIFE)

    def _decided(self, thinking: "asyncio.Future[Any]") -> None:
        if thinking is self.thinking:
            self.thinking = None
            self._guarded(self._act)
        elif not thinking.cancelled():  # the game was halted meanwhile
            thinking.exception()  # asyncio reports one that nobody looks at

    def _act(self) -> None:
        """Go on with what the policies have decided, if it is still about what there is."""
        if self._episodes.interfered():
            self._advance()
        else:
            self._step()
        self._proceed()

    def _step(self) -> None:
        self._settle(self._episodes.step())

    def _settle(self, ended: bool) -> None:
        """Do what follows from the end of an episode, if it is one."""
        if ended and self._episodes.last:
            self._end(endings.STOPPED)
        elif self._rests and self._episodes.episode.over:
            self._halt(PAUSED)

    def _proceed(self) -> None:
        """Go on after a step, if it is made and the game is not over."""
        if self.thinking is not None or self.state in OVER:
            return
        if self.state == RUNNING and self._waits:  # a player has joined
            self._halt(WAITING)
        self._arm_if_due()
        if self.state != RUNNING:
            self._telling.soon()
        elif not self._telling.wait():
            self._report()

    def _begin_next(self, seed: "int | None" = None) -> None:
        if self._episodes.last and not self._episodes.untouched:
            self._end(endings.RESET)
        else:
            self._episodes.begin_next(seed)

    def _end(self, ended: str) -> None:
        self._halt(ENDED)
        self._episodes.conclude(ended)
        self._report()

    def _guarded(self, action: "Callable[[], None]") -> None:
        try:
            action()
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._halt(FAILED)
        self.error = error
        if isinstance(error, MemoryError) and _is_exhausted():
            self._telling.fatal(describe(error))
            return
        try:
            self._episodes.conclude(endings.FAILED, describe(error))
        except Exception:
            log.warning("the episode that failed cannot be told", exc_info=True)
        self._report()

    def _broken(self, error: BaseException) -> None:
        if self.state in OVER:
            log.warning("the last frame cannot be rendered", exc_info=error)
        else:
            self._fail(error)

    def _painted(self) -> None:
        if self.state in (PAUSED, WAITING):
            self._telling.soon()

    def _tell(self) -> None:
        """Say where it is on a long way, lest the page takes it for one that hangs."""
        if not self._telling.wait():
            self._report()

    def _report(self) -> None:
        self._telling.cancel()
        try:
            self._telling.flush(self.state in OVER)
        except Exception as error:  # a transition cannot be sent; it is gone
            if self.state != FAILED:
                self._fail(error)
                return
        self._telling.report(self.fields())
        if self.thinking is not None:
            self._telling.later(SIGN_OF_LIFE)


def _is_exhausted() -> bool:
    """Tell whether there is no memory left, also where no step asks for much."""
    try:
        return not bytearray(LEAST_MEMORY)
    except MemoryError:
        return True
