"""One game: when a step is made, and when the page is told. Runs in the worker.

A timer drives it, so that between two steps the worker answers requests and takes keys. Nothing
here touches JavaScript or the clock itself.

    state     what goes on                                     next
    running   a step each 1 / fps seconds                      paused, ended, failed
    waiting   a step when the player's keys ask for one        paused, ended, failed
    paused    nothing; `step` makes one                        running, waiting, ended, failed
    ended     it was stopped, or its episodes are over         for good
    failed    the environment or a policy raised               for good

While an `async` policy thinks, time and requests go on; whatever halts the game cancels it, and it
is asked again.
"""

import logging

from ...errors import ProtocolError
from ..tracebacks import describe
from . import episode as endings
from .clock import Rhythm
from .episodes import Episodes
from .telling import Telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable
    from typing import Any

    from ...protocol import PlayStateFields
    from ..environment import Environment
    from .clock import Clock
    from .settings import PlaySettings
    from .telling import Send

log = logging.getLogger(__name__)

RUNNING = "running"
WAITING = "waiting"
PAUSED = "paused"
ENDED = "ended"
FAILED = "failed"
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
        options: ``draw`` of the ``Episodes``.

    Attributes:
        id: as given.
        state: see the module's table.
        error: what was raised, if the game has failed.
        thinking: done when ``async`` policies have decided, None if none is asked.
    """

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
        self._episodes = Episodes(
            settings, environment, clock, self._telling, self._broken, self._painted, **options
        )
        waits = settings.wait_on_player and any(seat.mapping for seat in settings.seats.values())
        self._going = WAITING if waits else RUNNING
        self._begins_paused = settings.paused
        self._timer = clock.timer(self._tick)
        self._set = False
        self.thinking: asyncio.Future[Any] | None = None

    def start(self) -> None:
        """Reset the environment and let the game begin.

        Raises:
            BaseException: whatever the environment raised; the game is none then.
        """
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
            self._report() if changed else self._report_soon()

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
        """Change the pace."""
        self._rhythm.change(fps)
        if self._set:
            self._arm()

    def follow_steps(self, wanted: bool) -> None:
        """Tell of each transition from now on, or of none."""
        self._telling.follow(wanted)

    def press(self, key: str, down: bool, time: float) -> None:
        """Note that a key went down or up, at ``time`` in ms since the epoch."""
        if self._episodes.keyboard.change(key, down, time):
            self._arm_if_due()

    def hold(self, keys: "Iterable[str]", time: float) -> None:
        """Note that these keys are held and no others."""
        if self._episodes.keyboard.hold(keys, time):
            self._arm_if_due()

    def wall(self) -> float:
        """Milliseconds since the epoch."""
        return self._clock.wall()

    def fields(self) -> "PlayStateFields":
        """Return the state for the page."""
        error = describe(self.error) if self.error is not None else None
        running = self.state == RUNNING
        return self._telling.state(self.state, running, self._episodes.episode, error)

    def _go(self) -> None:
        self._halt(self._going)
        self._rhythm.start(self._clock.now())
        self._arm_if_due()

    def _halt(self, state: str) -> None:
        """Make no step until it goes on."""
        self.state = state
        self._set = False
        self._timer.cancel()
        thinking, self.thinking = self.thinking, None
        if thinking is not None:
            thinking.cancel()
        if state in OVER:
            self._timer.close()
            self._telling.close()

    def _arm_if_due(self) -> None:
        """Set the timer of the next step, if anything is to happen."""
        if self._set or self.thinking is not None:
            return
        if self.state == RUNNING or (self.state == WAITING and self._asked()):
            self._arm()

    def _asked(self) -> bool:
        """Tell whether the player asks for a step, or for the next episode."""
        keyboard = self._episodes.keyboard
        return keyboard.asks_anew() if self._episodes.episode.over else keyboard.asks()

    def _arm(self) -> None:
        self._set = True
        self._timer.set(self._rhythm.wait(self._clock.now()))

    def _tick(self) -> None:
        now = self._clock.now()
        if self._rhythm.wait(now):  # the timer came early
            self._arm()
            return
        self._set = False
        if self.state == WAITING and not self._asked():  # it was let go again
            return
        try:
            self._rhythm.beat(now)
            self._advance()
            if self.thinking is None:
                self._proceed()
        except BaseException as error:
            self._fail(error)

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
        """Go on with what the policies have decided, unless the game was halted meanwhile."""
        if thinking is not self.thinking:
            return
        self.thinking = None
        try:
            if self._episodes.interfered():  # they have thought about something else
                self._advance()
            else:
                self._step()
            if self.thinking is None:
                self._proceed()
        except BaseException as error:
            self._fail(error)

    def _step(self) -> None:
        if self._episodes.step() and self._episodes.last:
            self._end(endings.STOPPED)

    def _proceed(self) -> None:
        """Go on after a step."""
        if self.state in OVER:
            return
        self._arm_if_due()
        if self.state != RUNNING:
            self._report_soon()
        elif not self._telling.wait():
            self._report()

    def _begin_next(self, seed: "int | None" = None) -> None:
        if self._episodes.last:
            self._end(endings.RESET)
        else:
            self._episodes.begin_next(seed)

    def _end(self, ended: str) -> None:
        self._halt(ENDED)
        self._episodes.conclude(ended)
        self._report()

    def _guarded(self, action: "Callable[[], None]") -> None:
        """Run what may raise: the game fails with it and says so."""
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
            self._report_soon()

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

    def _report_soon(self) -> None:
        """Report now, or when it is time again: no step will do it."""
        delay = self._telling.wait()
        if delay:
            self._telling.later(delay)
        else:
            self._report()

    def _check_not_over(self, command: str) -> None:
        if self.state in OVER:
            raise ProtocolError(f"cannot {command}: the game has {self.state}; play again first")
