"""One game: when a step is made, and what the page is told. Runs in the worker.

Timers drive it, so that between two steps the worker answers requests and takes keys. Nothing here
touches JavaScript or the clock itself.

    state     what goes on                                     next
    running   a step each 1 / fps seconds                      paused, ended, failed
    waiting   a step when the player's keys ask for one        paused, ended, failed
    paused    nothing; `step` makes one                        running, waiting, ended, failed
    ended     it was stopped, or its episodes are over         for good
    failed    the environment raised                           for good
"""

import logging

from ...errors import ProtocolError
from ..tracebacks import describe
from .clock import Rhythm
from .episodes import Episodes
from .latency import Latency
from .outbox import Outbox
from .reports import Reports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ...protocol import PlayStateFields
    from ..environment import Environment
    from .clock import Clock
    from .outbox import Send
    from .settings import PlaySettings

log = logging.getLogger(__name__)

RUNNING = "running"
WAITING = "waiting"
PAUSED = "paused"
ENDED = "ended"
FAILED = "failed"
OVER = (ENDED, FAILED)


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
        self._clock = clock
        self._rhythm = Rhythm(settings.fps)
        self._latency = Latency()
        self._outbox = Outbox(id, send, self._latency)
        self._session = Episodes(
            settings, environment, clock, self._outbox, self._latency, **options
        )
        self._session.on_broken = self._broken
        self._session.on_painted = self._painted
        self._going = WAITING if settings.wait_on_player and self._session.players else RUNNING
        self._left = settings.num_episodes
        self._error: Any = None
        self._timer: Any = None
        self._reports = Reports(clock, self._rhythm, self._latency, self._session, self._outbox)

    def start(self) -> None:
        """Reset the environment and let the game begin.

        Raises:
            BaseException: whatever the environment raised.
        """
        self._session.begin(0)
        self._go()
        self._reports.later(0, self._report)  # after the reply

    def pause(self) -> None:
        """Hold the game."""
        if self.state in (RUNNING, WAITING):
            self._halt(PAUSED)
            self._report()

    def resume(self) -> None:
        """Go on after a pause."""
        self._check_not_over("resume")
        if self.state == PAUSED:
            self._go()
            self._report()

    def step(self) -> None:
        """Make one step, or begin the next episode, and pause."""
        self._check_not_over("step")
        changed = self.state != PAUSED
        self._halt(PAUSED)
        self._guarded(self._advance)
        if self.state == PAUSED:
            self._report() if changed else self._report_soon()

    def reset(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one; ``seed`` is of that one, and counts on."""
        self._check_not_over("reset")
        self._guarded(lambda: self._session.begin_next(seed))
        if self.state not in OVER:
            if self.state != PAUSED:
                self._go()
            self._report()

    def stop(self) -> None:
        """End the game; one that is over stays as it is."""
        if self.state not in OVER:
            self._halt(ENDED)
            self._guarded(self._session.conclude)
            if self.state == ENDED:
                self._report()

    def close(self) -> None:
        """End the game, and let go of the environment."""
        self.stop()
        self._session.close()

    def set_fps(self, fps: float) -> None:
        """Change the pace."""
        self._rhythm.fps = fps
        if self.state in (RUNNING, WAITING):
            self._go()

    def tell_steps(self, wanted: bool) -> None:
        """Tell of each transition from now on, or of none."""
        self._session.tells_steps = wanted

    def press(self, key: str, down: bool, time: float) -> None:
        """Note that a key went down or up, at ``time`` in ms since the epoch."""
        if self._session.keyboard.change(key, down, time):
            self._wake()

    def hold(self, keys: "Iterable[str]", time: float) -> None:
        """Note that these keys are held and no others."""
        if self._session.keyboard.hold(keys, time):
            self._wake()

    def wall(self) -> float:
        """Milliseconds since the epoch."""
        return self._clock.wall()

    def touch(self, obs: "Any") -> None:
        """Note that the page itself has reset or stepped the environment, during a pause."""
        self._session.touch(obs)

    def describe(self) -> "PlayStateFields":
        """Return the state for the page."""
        return self._reports.state(self.state, self.state == RUNNING, self._error)

    def _go(self) -> None:
        self._halt(self._going)
        self._rhythm.start(self._clock.now())
        self._arm_if_due()

    def _halt(self, state: str) -> None:
        self.state = state
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        if self.state == WAITING and self._timer is None:
            self._arm_if_due()

    def _arm_if_due(self) -> None:
        """Set the timer of the next step, if anything is to happen."""
        session = self._session
        if self.state == RUNNING or session.episode.over or session.keyboard.asks():
            self._arm()

    def _arm(self) -> None:
        self._timer = self._clock.call_later(self._rhythm.wait(self._clock.now()), self._tick)

    def _tick(self) -> None:
        now = self._clock.now()
        if self._rhythm.wait(now):  # the timer came early
            self._arm()
            return
        self._timer = None
        try:
            self._beat(now)
        except BaseException as error:
            self._fail(error)

    def _beat(self, now: float) -> None:
        if self.state == RUNNING:
            self._rhythm.beat(now)
            self._advance()
            if self.state == RUNNING:
                self._arm()
                if not self._reports.wait():
                    self._report()
            return
        session = self._session
        if session.episode.over or session.keyboard.asks():  # else it was let go again
            self._rhythm.beat(now)
            self._advance()
            if self.state == WAITING:
                self._arm_if_due()
                self._report_soon()

    def _advance(self) -> None:
        if self._session.episode.over:
            self._session.begin_next()
        elif self._session.step() and self._left is not None:
            self._left -= 1
            if not self._left:
                self._halt(ENDED)
                self._report()

    def _guarded(self, action: "Callable[[], None]") -> None:
        """Run what may raise: the game fails with it and says so."""
        try:
            action()
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._halt(FAILED)
        self._error = describe(error)
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
        self._reports.cancel()
        try:
            self._outbox.flush(self.state in OVER)
        except Exception as error:  # a transition cannot be sent; it is gone
            if self._error is None:
                self._fail(error)
                return
        self._reports.send(self.describe())

    def _report_soon(self) -> None:
        """Report now, or when it is time again: no step will do it."""
        delay = self._reports.wait()
        if delay:
            self._reports.later(delay, self._report)
        else:
            self._report()

    def _check_not_over(self, command: str) -> None:
        if self.state in OVER:
            raise ProtocolError(f"cannot {command}: the game has {self.state}; play again first")
