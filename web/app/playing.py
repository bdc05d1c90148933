"""The game that is played: its start, its rests, what the visitor commands. Runs on the page."""

from .controls import Controls
from .curves import Curves
from .display import menu
from .dom import element, listen, spawn
from .gate import ARMED, CLOSED, COUNTING, OPEN, READY, RESTING, Gate, Steered
from .live import say
from .moves import Moves
from .scrubber import Scrubber
from .seats import Seats
from .seedfield import SeedField
from .speech import move
from .stockkeys import settings_for
from .turns import refusal, turn

GOING = ("running", "waiting")
TO_THE_END = ("terminated", "truncated")


class Playing:
    """One game after the other.

    Args:
        worker: a ``PyodideWorker``.
        hud: shows what goes on.
        on_episode: called with each ``Episode``.
        make: makes the environment and its game again; a coroutine that returns the game or None.
        kept: a ``KeptGame``.

    Attributes:
        game: the one that is there, None while there is none.
    """

    def __init__(self, worker, hud, on_episode, make, kept):
        self.game = None
        self._worker = worker
        self._hud = hud
        self._on_episode = on_episode
        self._make = make
        self._kept = kept
        self._gate = Gate(self._show_state, hud.count, self._go, spawn)
        self._scrubber = Scrubber(make)
        commands = {"start": self.start, "pause": self.toggle, "reset": self.reset}
        commands.update(self._scrubber.commands)
        self._controls = Controls(commands)
        self._seed = SeedField()
        self._curves = Curves()
        self._seats = Seats(lambda: make(self.going))
        self._moves = Moves(lambda: worker.request("moves"))
        self._watch = None  # takes each state of a recording that is watched
        self._name = None
        self._over = None  # the number of the episode that came to its end
        self._turns = False  # whether the game waits for each move
        self._waits = False  # whether it was asked to
        for id, handler in (
            ("start", self.start),
            ("next", self.start),
            ("toggle", self.toggle),
            ("single", self.single),
            ("reset", self.reset),
            ("menu", self.open_menu),
        ):
            listen(element(id), "click", handler)
        listen(element("stage"), "click", lambda event: self._gate.press())
        listen(element("speed"), "change", self.set_speed)
        listen(element("seed"), "change", self.set_seed)
        for id in ("last", "developers", "curves"):
            listen(element(id), "toggle", self.follow_steps)

    # What the visitor does.

    async def start(self, event=None):
        """Begin: the game that is ready, the next episode, or another game."""
        game, state = self.game, self._gate.state
        if game is None:
            return
        if game.over:
            if await self._make() is not None:
                self._arm()
        elif state in (ARMED, COUNTING):
            self._gate.begin()
        elif state == RESTING:
            await game.reset()
            self._arm()
        elif state == READY:
            self._arm()
        elif self.watching or game.state.state not in GOING:
            await self.toggle()

    async def toggle(self, event=None):
        """Pause, or go on."""
        game, state = self.game, self._gate.state
        if game is None:
            return
        if state in (ARMED, COUNTING):
            self._gate.put(READY)
        elif state != OPEN or game.over:
            await self.start()
        elif self.going:
            await game.pause()
        else:
            await self.go_on()

    async def go_on(self):
        """Go on after a pause."""
        await self._scrubber.arrived()
        if self.open:
            self._enter()
            await self.game.resume()

    async def pause(self):
        """Hold the game, if it runs; tell whether it did."""
        going = self.going
        if going:
            await self.game.pause()
        return going

    async def single(self, event=None):
        """Make one step, and pause."""
        await self._scrubber.arrived()
        if self.open:
            self._gate.put(OPEN)
            await self.game.step()

    async def reset(self, event=None):
        """Begin the next episode, with the seed that stands there."""
        if self._seed.refused:
            return
        if not self.open:
            await self._make()
        elif self.watching:
            await self.game.seek(0)
        elif self._gate.state == READY:
            await self.game.reset(self._seed.seed)
        else:
            await self.game.pause()
            await self.game.reset(self._seed.seed)
            self._arm()

    async def open_menu(self, event=None):
        """Pause, and show the whole page, where the game has the display for itself."""
        await self.pause()
        menu(True)
        element("toggle").focus()

    async def set_speed(self, event=None):
        """Play at the pace that is chosen."""
        if self.open:
            await self.game.set_fps(self._fps * float(element("speed").value))

    async def set_seed(self, event=None):
        """Take a new seed at once while the first episode has not begun."""
        if self.open and self._gate.state in (READY, ARMED) and not self._seed.refused:
            await self.game.reset(self._seed.seed)

    async def follow_steps(self, event=None):
        """Get each transition while someone looks at them."""
        if self.open:
            await self.game.follow_steps(self._transition)

    # The game.

    async def begin(self, entry):
        """Make a game in the environment that the worker has now; it waits for its start.

        The first one on this page is the one that the page before it left, if it left one.
        """
        self._turns, self._watch = False, None
        name = entry["name"]
        return await self._kept.begin(name, self._seats, lambda **more: self._play(entry, **more))

    async def _play(self, entry, **more):
        kinds = self._seats.wanted(entry["name"])
        if "make" in entry:
            more.update(await settings_for(self._worker))
        if kinds is not None:
            others = more.get("seats")
            more["seats"] = dict(others) if isinstance(others, dict) else {}
            more["seats"].update(kinds)
        self._waits = more.get("wait_on_player", False)
        return await self._worker.play(
            on_step=self._transition,
            on_episode=self._ended,
            on_state=self._changed,
            on_checkpoint=self._kept.keep,
            seed=self._seed.seed,
            paused=True,
            rest=kinds is None or "human" in kinds.values(),
            keep=True,
            **more,
        )

    async def watch(self, recording, tell):
        """Show a recording in the environment that the worker has now.

        Args:
            recording: as ``play`` takes it.
            tell: called with each ``PlayState``, and the ``Game``.
        """
        self._turns, self._watch = False, tell
        return await self._worker.play(
            recording=recording, on_step=self._transition, on_state=self._changed, paused=True
        )

    async def use(self, game, entry):
        """Play this game, of this environment, from now on."""
        self.game, self._name = game, entry["name"]
        self._fps, self._over = game.fps, None
        self._controls.use(Steered(game, self._gate), entry["name"])
        self._scrubber.use(game)
        self._seats.show(entry["name"], game.seats)
        if self.watching or game.restored_at is not None:
            self._gate.put(OPEN)
        else:
            plays = game.controls or game.pointer
            self._gate.use(entry.get("start") if plays and not self._waits else "at once")
        self._changed(game.state)
        if element("speed").value != "1":
            await self.set_speed()

    def go(self):
        """Let the game run without its gate: it ran before, too."""
        self._enter()
        self._gate.begin()

    def leave(self, lost=False):
        """Let go of the game: there is none until the next.

        Args:
            lost: whether it may still go on: another page may find it.
        """
        self.game = None
        if not lost:
            self._kept.forget()
        self._controls.use(None)
        self._scrubber.use(None)
        self._moves.show(None, None)
        self._gate.put(CLOSED)

    def clear(self):
        """Begin anew, for another environment."""
        self._curves.clear()

    @property
    def open(self):
        """Whether there is a game that can be commanded."""
        return self.game is not None and not self.game.over

    @property
    def watching(self):
        """Whether the game is a recording, which nobody plays."""
        return self.game is not None and bool(self.game.episodes)

    @property
    def going(self):
        """Whether the game runs, or waits for a move."""
        return self.open and self.game.state.state in GOING

    @property
    def underway(self):
        """Whether somebody is in the middle of an episode."""
        begun = self.open and self._gate.state == OPEN and self.game.state.step > 0
        return begun and not self.watching

    @property
    def _transition(self):
        looked_at = element("last").open and element("developers").open
        return self._stepped if looked_at or self._turns or self._curves.open else None

    def _arm(self):
        self._enter()
        self._gate.arm()

    def _enter(self):
        """Give the game the display and the keys."""
        menu(False)
        element("stage").focus()

    async def _go(self):
        if self.open:
            await self.game.resume()

    def _changed(self, play):
        """Take a ``PlayState``, at most ten times a second."""
        if self.game is None:
            return
        if play.state == "paused" and self._gate.state == OPEN and play.episode == self._over:
            self._gate.put(RESTING)
        if play.state == "waiting" and not self._turns:
            self._turns = True
            spawn(self.follow_steps())
        if play.state == "ended":
            self._kept.forget()
        self._show_state()
        if play.state == "waiting" and self._gate.state == OPEN:
            self._hud.move(turn(play, self.game.seats), refusal(play))
        self._moves.show(self.game, play if self._gate.state == OPEN else None)
        if play.state != "failed":
            self._hud.update(play)
        self._scrubber.update(play, self._gate.state == OPEN)
        if self.watching:
            self._watch(self.game, play)
        elif play.state == "paused":
            self._curves.stand(play.episode, play.step)

    def _show_state(self):
        if self.game is None or self._gate.state == CLOSED:
            return
        state = self.game.state.state
        if state not in ("ended", "failed") and self._gate.state != OPEN:
            state = self._gate.state
        if state == "running" and self.watching:
            state = "replay"
        if state != "failed":
            self._hud.state(state)

    def _stepped(self, transition):
        """Take a ``Transition``."""
        self._hud.transition(transition)
        self._curves.add(transition)
        if self._turns and self.game is not None:
            say(move(transition, self.game.controls), "move")

    def _ended(self, episode):
        """Take an ``Episode``."""
        whole = episode.ended in TO_THE_END
        if whole:
            self._over = episode.episode
        self._kept.told(episode)
        self._hud.episode(self._name, episode, whole)
        self._on_episode(episode)
