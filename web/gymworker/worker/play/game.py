"""One game: when a step is made, and when the page is told. Runs in the worker.

A timer drives it, so that between two steps the worker answers requests and takes keys.

    state     what goes on                                     next
    running   a step each 1 / fps seconds                      paused, ended, failed
    waiting   a step when the player's keys ask for one        paused, ended, failed
    paused    nothing; `step` makes one; a rest between episodes running, waiting, ended, failed
    ended     it was stopped, or its episodes are over         for good
    failed    the environment or a policy raised               for good

While an `async` policy thinks, time and requests go on; what halts the game cancels it: ask again.
"""

import logging

from ...errors import ProtocolError
from ..tracebacks import describe
from . import episode as endings
from .clock import Metronome, Rhythm
from .episodes import Episodes
from .events import Events
from .telling import Telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable
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

SIGN_OF_LIFE = 1.0
"""Seconds between two reports while a policy thinks."""


class Game:
    """A game from its start to its end.

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

    EPISODES: "type[Episodes]" = Episodes

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
        self._going = WAITING if settings.wait_on_player and self._episodes.players else RUNNING
        self._begins_paused, self._rests = settings.paused, settings.rest
        self._metronome = Metronome(clock, self._rhythm, lambda: self._guarded(self._beat))
        self.thinking: asyncio.Future[Any] | None = None

    def start(self) -> None:
        """Reset the environment and let the game begin; what ``reset`` raises leaves no game."""
        try:
            self._episodes.begin()
        except BaseException:
            self._halt(FAILED)
            raise
        if not self._begins_paused:
            self._go()
        self._telling.later(0)  # after the reply

    def pause(self) -> None:
        """Hold the game."""
        if self.state in (RUNNING, WAITING):
            self._halt(PAUSED)
            self._report()

    def resume(self) -> None:
        """Go on after a pause; keys that were only tapped in it do nothing."""
        self._check_not_over("resume")
        if self.state == PAUSED:
            self._episodes.keyboard.forget()
            self._go()
            self._report()

    def step(self) -> None:
        """Make one step, or begin the next episode, and pause; see ``thinking``."""
        self._check_not_over("step")
        changed = self.state != PAUSED
        self._halt(PAUSED)
        self._guarded(self._advance)
        if self.state == PAUSED:
            self._report() if changed else self._telling.soon()

    def reset(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one, if there is one; ``seed`` counts on from it."""
        self._check_not_over("reset")
        self._halt(self.state)
        self._guarded(lambda: self._begin_next(seed))
        if self.state not in OVER:
            if self.state != PAUSED:
                self._go()
            self._report()

    def stop(self) -> None:
        """End the game; one that is over stays as it is."""
        if self.state not in OVER:
            self._guarded(lambda: self._end(endings.STOPPED))

    def close(self) -> None:
        """End the game, and let go of the environment."""
        self.stop()
        self._episodes.close()

    def set_fps(self, fps: float) -> None:
        """Change the pace, in steps a second."""
        self._metronome.change(fps)

    def follow_steps(self, wanted: bool) -> None:
        """Tell of each transition from now on, or of none."""
        self._telling.follow(wanted)

    def press(self, key: str, down: bool, time: "float | None" = None) -> None:
        """Note that a key went down or up, at ``time`` in ms since the epoch; now by default."""
        if self._episodes.keyboard.change(key, down, time or self._clock.wall()):
            self._arm_if_due()

    def hold(self, keys: "Iterable[str]", time: "float | None" = None) -> None:
        """Note that these keys are held and no others."""
        if self._episodes.keyboard.hold(keys, time or self._clock.wall()):
            self._arm_if_due()

    def fields(self) -> "PlayStateFields":
        """Return the state for the page."""
        error = describe(self.error) if self.error is not None else None
        return self._telling.state(self.state, self.state == RUNNING, self._episodes.episode, error)

    def _go(self) -> None:
        self._halt(self._going)
        self._rhythm.start(self._clock.now())
        self._arm_if_due()

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
        if self.state == RUNNING or (self.state == WAITING and self._asked()):
            self._metronome.wind()

    def _asked(self) -> bool:
        """Tell whether the player asks for a step, or for the next episode."""
        keyboard = self._episodes.keyboard
        return keyboard.asks_anew() if self._episodes.episode.over else keyboard.asks()

    def _beat(self) -> None:
        """Make the step that is due."""
        if self.state == WAITING and not self._asked():  # it was let go again
            return
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
        self.thinking = self._episodes.decide()
        if self.thinking is None:
            self._step()
        else:
            self.thinking.add_done_callback(self._decided)
            self._telling.later(SIGN_OF_LIFE)

    def _decided(self, thinking: "asyncio.Future[Any]") -> None:
        if thinking is self.thinking:  # else the game was halted meanwhile
            self.thinking = None
            self._guarded(self._act)

    def _act(self) -> None:
        """Go on with what the policies have decided, if it is still about what there is."""
        if self._episodes.interfered():
            self._advance()
        else:
            self._step()
        self._proceed()

    def _step(self) -> None:
        if self._episodes.step() and self._episodes.last:
            self._end(endings.STOPPED)
        elif self._rests and self._episodes.episode.over:
            self._halt(PAUSED)

    def _proceed(self) -> None:
        """Go on after a step, if it is made and the game is not over."""
        if self.thinking is not None or self.state in OVER:
            return
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

    def _check_not_over(self, command: str) -> None:
        if self.state in OVER:
            raise ProtocolError(f"cannot {command}: the game has {self.state}; play again first")
