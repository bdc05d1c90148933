"""One visit: what the visitor does, and what the game tells. Runs on the page."""

from gymworker import GymWorkerError, RemoteError

from .controls import Controls
from .dom import element, listen, on_error, show, spawn, view
from .hud import Hud
from .making import Making
from .panels import hide_error, show_booting, show_error, show_state
from .records import Records
from .replaying import Replaying

BUTTONS = ("start", "toggle", "single", "reset")
PLAYING = ("running", "waiting")


class Visit:
    """Joins the worker and what is on the page.

    Args:
        worker: a ``PyodideWorker``; it need not be ready.
        chooser: of the environment.

    Attributes:
        game: the one that is played, None while there is none.
        made: the name of the environment that the page shows.
    """

    def __init__(self, worker, chooser):
        self.worker = worker
        self.chooser = chooser
        self.game = None
        self.made = None
        self.hud = Hud()
        self._controls = Controls(
            commands={"start": self.toggle, "pause": self.toggle, "reset": self.reset}
        )
        self._making = Making(worker)
        self._records = Records(worker, Replaying(self).replay)
        self._started = False  # whether the visitor has begun to play
        self._resume = False  # whether the game goes on when its environment is made again
        self._trouble = None
        for id, handler in (
            ("start", self.toggle),
            ("toggle", self.toggle),
            ("single", self.single),
            ("reset", self.reset),
            ("restart", self.restart),
        ):
            listen(element(id), "click", handler)
        listen(element("speed"), "change", self.set_speed)
        listen(element("seed"), "change", self.set_seed)
        listen(element("last"), "toggle", self.follow_steps)
        listen(view, "online", self.go_on)
        chooser.on_choice = self.make
        on_error.append(self.failed)

    # What the visitor does.

    async def toggle(self, event=None):
        """Start, pause or go on."""
        game = self.game
        if game is None:
            return
        if game.state.state in PLAYING:
            await game.pause()
            return
        if game.over:
            game = await self.make()
        if game is not None:
            await self._start(game)

    async def single(self, event=None):
        """Make one step, and pause."""
        if self._open():
            self._started = True
            await self.game.step()

    async def reset(self, event=None):
        """Begin the next episode, with the seed that stands there."""
        if self._open():
            await self.game.reset(self.seed)
        else:
            await self.make()

    async def set_speed(self, event=None):
        """Play at the pace that is chosen."""
        if self._open():
            await self.game.set_fps(self._fps * float(element("speed").value))

    async def set_seed(self, event=None):
        """Take a new seed at once while the first episode has not begun."""
        if self._open() and not self._started:
            await self.game.reset(self.seed)

    async def follow_steps(self, event=None):
        """Get each transition while someone looks at them."""
        if self._open():
            await self.game.follow_steps(self._transition)

    async def restart(self, event=None):
        """Get over an error: make the environment again, in a new worker if need be."""
        hide_error()
        show_booting()
        self.hud.state("none")
        await self.make()

    async def go_on(self, event=None):
        """The network is back: get over what failed without it."""
        if self._trouble is not None and not isinstance(self._trouble, RemoteError):
            await self.restart()

    async def reload(self, file):
        """Make the environment again: its file was saved. The rest of the page stays as it is."""
        if file == self.chooser.entry["file"]:
            resume = self._resume or (self._open() and self.game.state.state in PLAYING)
            await self.make(resume)

    @property
    def seed(self):
        """The seed that the visitor wants, None for any."""
        text = element("seed").value.strip()
        return int(text) if text.isdigit() else None

    # The environment and its game.

    async def make(self, resume=False):
        """Make the chosen environment and a game in it, which waits for its start.

        Args:
            resume: whether the game goes on at once.

        Returns:
            The game, or None if that failed or something else is wanted by now.
        """
        entry, earlier = self.chooser.entry, self.game
        self._resume = resume
        self._trouble = self.game = None
        self._controls.use(None)
        try:
            game = await self._making.make(entry, earlier, self._play)
            if game is None:
                return None
            self.game, self._fps, self._started = game, game.state.fps, False
            self._show(entry)
            spawn(self._follow(game))
            if element("speed").value != "1":
                await self.set_speed()
            if self._resume:
                self._resume = False
                await self._start(game)
        except GymWorkerError as error:
            self.failed(error)
        return self.game

    def failed(self, error):
        """Show an error, with a way out of it; the first one is the cause of those that follow."""
        if self._trouble is not None:
            return
        self._trouble = error
        self.game = None
        self._controls.use(None)
        self.hud.state("failed")
        for id in BUTTONS:
            element(id).disabled = True
        show_error(error, self.worker.state == "stalled")

    def _open(self):
        """Whether there is a game that can be commanded."""
        return self.game is not None and not self.game.over

    @property
    def _transition(self):
        return self.hud.transition if element("last").open else None

    async def _play(self):
        return await self.worker.play(
            on_step=self._transition,
            on_episode=self._ended,
            on_state=self._changed,
            seed=self.seed,
            paused=True,
        )

    async def _start(self, game):
        self._started = True
        element("stage").focus()
        await game.resume()

    def _show(self, entry):
        """Show the game that is there now."""
        self.hud.end_toast()
        if entry["name"] != self.made:
            self.made = entry["name"]
            self.hud.clear()
        self._controls.use(self.game, entry["name"])
        self._records.of(entry["name"], self.game.code)
        hide_error()
        show("title", entry["name"])
        show("about", entry.get("about", ""))
        element("stage").setAttribute("aria-label", "Game: " + entry["name"])
        for id in BUTTONS:
            element(id).disabled = False
        show_state("done", entry["name"] + " is ready")
        self._changed(self.game.state)

    def _changed(self, play):
        """Take a ``PlayState``, at most ten times a second."""
        if self.game is None:
            return
        state = play.state
        if state == "paused" and not self._started:
            state = "ready"
        if state != "failed":
            self.hud.state(state)
            self.hud.update(play)

    def _ended(self, episode):
        """Take an ``Episode``."""
        self.hud.episode(episode)
        self._records.add(episode)

    async def _follow(self, game):
        """Wait for the end of a game: the environment may raise or hang, the worker may die."""
        try:
            await game.finished()
        except GymWorkerError as error:
            if game is self.game:
                self._resume = False
                self.failed(error)
