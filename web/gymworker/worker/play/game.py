"""One game: what can be commanded, and the keys that it takes. Runs in the worker."""

from ...errors import ProtocolError
from . import episode as endings
from .course import ENDED, FAILED, OVER, PAUSED, RUNNING, WAITING, Course

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .episode import Episode
    from .replay import Rests


class Game(Course):
    """A game from its start to its end; see ``Course`` for the arguments and its states."""

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

    def act(self, actions: "Any") -> None:
        """Have people act so in the next step; a game that waits for them makes it.

        Args:
            actions: see ``Seated.choose``.
        """
        self._check_not_over("act")
        self._episodes.interfered()
        self._episodes.choose(actions)
        self._arm_if_due()

    def reset(self, seed: "int | None" = None) -> None:
        """End the episode and begin the next one, if there is one; ``seed`` counts on from it."""
        self._check_not_over("reset")
        self._halt(self.state)
        self._guarded(lambda: self._begin_next(seed))
        if self.state not in OVER:
            if self.state != PAUSED:
                self._go()
            self._report()

    async def rewind(self, step: int, rests: "Rests") -> None:
        """Stand at a step of the episode, paused; going on from there cuts the recording there.

        Args:
            step: 0 is the reset.
            rests: when others have their turn.

        Raises:
            ProtocolError: there is no such step, nothing is kept, or the game is over.
        """
        self._check_not_over("rewind")
        self._episodes.interfered()
        self._episodes.required_travel("rewind").check(step)
        self._halt(PAUSED)
        try:
            await self._episodes.rewind(step, rests, self._tell)
        except BaseException as error:
            self._fail(error)
            return
        self._report()

    async def correct(self, wanted: "list[Any]", rests: "Rests") -> "dict[str, Any]":
        """Correct what was done at some steps, and be at the present one again; see ``Travel``.

        Args:
            wanted: ``{step, actions}`` of each correction.
            rests: when others have their turn.

        Returns:
            ``confirmed`` and ``hash``; nothing if the game has failed meanwhile.

        Raises:
            ProtocolError: there is no such step or action, nothing is kept, or the game is over.
        """
        self._check_not_over("correct")
        self._episodes.interfered()
        corrections = self._episodes.corrections(wanted)
        self._halt(self.state)
        try:
            found = await self._episodes.correct(corrections, rests, self._tell)
        except BaseException as error:
            self._fail(error)
            return {}
        self._settle(found.pop("ended"))
        if self.state not in OVER:
            self._arm_if_due()
            self._report()
        return found

    def stop(self) -> None:
        """End the game; one that is over stays as it is."""
        if self.state not in OVER:
            self._guarded(lambda: self._end(endings.STOPPED))

    def close(self) -> None:
        """End the game, and let go of the environment."""
        self.stop()
        self._episodes.close()

    def capture(self) -> "dict[str, Any]":
        """Return all of it that is not in the environment, for ``restore``.

        These are the objects themselves, which the next step changes: hand them to
        ``States.save`` at once, with which they share observations and policies.
        """
        now = self._clock.now()
        return {
            "wall": self._clock.wall(),
            "state": self.state,
            "fps": self._rhythm.fps,
            "events": self.events.capture(now),
            **self._episodes.capture(now),
        }

    def restore(self, captured: "dict[str, Any]") -> None:
        """Go on, paused, with what ``capture`` has returned, once the environment is as it was.

        This may be another game of the same settings, in another worker, which need not have been
        started; its times count on as if it had been there all the time.

        Args:
            captured: what ``States.restore`` returns.
        """
        self._check_not_over("restore")
        self._halt(PAUSED)
        then = self._clock.now() - max(0.0, self._clock.wall() - captured["wall"]) / 1000
        self._metronome.change(captured["fps"])
        self.events.restore(captured["events"], then)
        if captured["state"] != PAUSED:
            self.events.note(PAUSED)
        self._episodes.restore(captured, then)
        self._report()

    @property
    def episode(self) -> "Episode":
        """The one that runs, or was the last."""
        return self._episodes.episode

    def flush(self) -> None:
        """Tell of all steps so far, also where their latency is not known yet."""
        self._guarded(lambda: self._telling.flush(True))

    def skip(self, episode: int, seed: "int | None" = None) -> None:
        """Begin another episode, or end where there is none; of the present one nothing is told.

        Args:
            episode: its number.
            seed: of its reset; by default what would be its turn.
        """

        def skip() -> None:
            if not self._episodes.skip(episode, seed):
                self._halt(ENDED)

        self._guarded(skip)
        self._report()

    def set_fps(self, fps: float) -> None:
        """Change the pace, in steps a second."""
        self._metronome.change(fps)

    def follow_steps(self, wanted: bool) -> None:
        """Tell of each transition from now on, or of none."""
        self._telling.follow(wanted)

    def press(self, key: str, down: bool, time: "float | None" = None, far: "Any" = None) -> None:
        """Note that a key went down (how ``far``) or up, at ``time`` in ms since the epoch."""
        if self._episodes.keyboard.change(key, down, time or self._clock.wall(), far):
            self._arm_if_due()

    def point(self, place: "Any", down: bool, time: "float | None" = None) -> None:
        """Note where the pointer is on the picture, ``(x, y)`` from 0 to 1, None if it is not."""
        if self._episodes.keyboard.point(place, down, time or self._clock.wall()):
            self._guarded(self._arm_if_due)

    def hold(self, keys: "Iterable[str]", time: "float | None" = None) -> None:
        """Note that these keys are held and no others."""
        if self._episodes.keyboard.hold(keys, time or self._clock.wall()):
            self._arm_if_due()

    def check_episode(self, index: "int | None") -> None:
        """See to it that an episode is the present one, if it is named at all.

        Raises:
            ProtocolError: it is another one.
        """
        present = self._episodes.episode.index
        if index not in (None, present):
            raise ProtocolError(f"expected the present episode, {present}, got {index}")

    def _check_not_over(self, command: str) -> None:
        if self.state in OVER:
            raise ProtocolError(f"cannot {command}: the game has {self.state}; play again first")
