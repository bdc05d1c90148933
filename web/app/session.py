"""One visit: the environment that is chosen, and the game in it. Runs on the page."""

import asyncio
import json

from gymworker import GymWorkerError, RemoteError, watch_changes
from pyscript import config, fetch

from .controls import Controls
from .dom import element, listen, on_error, show, spawn
from .hud import Hud
from .panels import hide_error, show_error, show_state
from .records import Records, describe, show_replayed

SILENCE = 12
"""Ticks without a word from a running game after which its worker hangs."""

TICK = 0.5
"""Seconds between two looks at a running game."""


class Session:
    """Joins the worker and what is on the page.

    Args:
        worker: it is ready.
        chooser: of the environment.
    """

    def __init__(self, worker, chooser):
        self.worker = worker
        self.game = None
        self._chooser = chooser
        self._hud = Hud()
        self._controls = Controls()
        self._records = Records(worker.version.fields, self.replay)
        self._wanted = 0  # counts what was asked for, so that only the latest is made
        self._making = None
        self._made = None  # the name of the environment that the page shows
        self._started = False
        self._resume = False
        self._silent = 0
        on_error.append(self._failed)

    async def open(self):
        """Make the chosen environment, and follow the visitor from then on."""
        await self.worker.attach_canvas(element("canvas"))
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
        self._chooser.on_choice = self.choose
        if "reload" in config:
            self._changes = watch_changes(config["reload"], self.reload)
        await self.make()
        spawn(self._watch())

    # What the visitor does.

    async def toggle(self, event=None):
        """Start, pause or go on."""
        game = self.game
        if game is None:
            return
        if game.state.state in ("running", "waiting"):
            await game.pause()
            return
        if game.over:
            game = await self.make()
        if game is not None:
            self._started = True
            element("stage").focus()
            await game.resume()

    async def single(self, event=None):
        """Make one step, and pause."""
        if self.game is not None and not self.game.over:
            self._started = True
            await self.game.step()

    async def reset(self, event=None):
        """Begin the next episode, with the seed that stands there."""
        if self.game is None or self.game.over:
            await self.make()
        else:
            await self.game.reset(self.seed)

    async def set_speed(self, event=None):
        """Play at the pace that is chosen."""
        if self.game is not None and not self.game.over:
            await self.game.set_fps(self._fps * float(element("speed").value))

    async def follow_steps(self, event=None):
        """Get each transition while someone looks at them."""
        if self.game is not None and not self.game.over:
            wanted = self._hud.transition if element("last").open else None
            await self.game.follow_steps(wanted)

    async def set_seed(self, event=None):
        """Take a new seed at once while the first episode has not begun."""
        if self.game is not None and not self._started:
            await self.game.reset(self.seed)

    async def choose(self):
        """Make the environment that was chosen just now."""
        self._resume = False
        await self.make()

    async def reload(self, file):
        """Make the environment again: its file was saved. The rest of the page stays as it is."""
        if file == self._chooser.entry["file"]:
            if self.game is not None and self.game.state.state in ("running", "waiting"):
                self._resume = True
            await self.make()

    async def restart(self, event=None):
        """Get over an error: make the environment again, in a new worker if need be."""
        show("game-state", "Restarting")
        element("restart").disabled = True
        try:
            if self.worker.state in ("failed", "stalled") or self._silent > SILENCE:
                try:
                    await self.worker.restart()
                except RemoteError:
                    pass  # the environment's code is read again below
            await self.make()
        finally:
            element("restart").disabled = False

    async def replay(self, text):
        """Replay a recording in the environment that it came from, and say how that went."""
        show_replayed("Replaying…")
        try:
            self._chooser.select(_environment_of(text))
            if self._chooser.entry["name"] != self._made or self.game is None:
                await self.make()
            if self.game is None:
                show_replayed("The environment does not run; see the error.", "differs")
                return
            await self.game.stop()
            self._hud.state("replay")
            said, outcome = describe(await self.worker.replay(text))
        except GymWorkerError as error:
            said, outcome = str(error).split("\n")[0], "differs"
        show_replayed(said, outcome)
        self._resume = False
        await self.make()
        if self.game is not None:
            show("about", said)

    # The environment and its game.

    @property
    def seed(self):
        """The seed that the visitor wants, None for any."""
        text = element("seed").value.strip()
        return int(text) if text.isdigit() else None

    async def make(self):
        """Make the chosen environment and a game in it, which waits for its start.

        Returns:
            The game, or None if that failed or something else is wanted by now.
        """
        self._wanted += 1
        wanted = self._wanted
        earlier, self._making = self._making, asyncio.Event()
        mine = self._making
        if earlier is not None:
            await earlier.wait()
        try:
            if wanted == self._wanted:
                return await self._make()
        except GymWorkerError as error:
            self._failed(error)
        finally:
            mine.set()
        return None

    async def _make(self):
        entry = self._chooser.entry
        self.game = None
        self._controls.use(None)
        code = await _read(entry["file"])
        await self.worker.init_env(code, file_name=entry["file"])
        self._started = False
        game = await self.worker.play(
            on_step=self._hud.transition if element("last").open else None,
            on_episode=self._ended,
            on_state=self._changed,
            seed=self.seed,
        )
        await game.pause()
        if game.state.step:
            await game.reset(self.seed)
        self.game = game
        self._fps = game.state.fps
        self._silent = 0
        await self.set_speed()
        self._show(entry)
        spawn(self._follow(game))
        if self._resume:
            self._resume = False
            self._started = True
            await game.resume()
        return game

    def _show(self, entry):
        """Show the game that is there now."""
        self._hud.end_toast()
        if entry["name"] != self._made:
            self._made = entry["name"]
            self._hud.clear()
        self._controls.use(self.game)
        self._records.of(entry["name"], self.game.code)
        hide_error()
        show("title", entry["name"])
        show("about", entry.get("about", ""))
        element("stage").setAttribute("aria-label", "Game: " + entry["name"])
        for id in ("start", "toggle", "single", "reset"):
            element(id).disabled = False
        show_state("done", entry["name"] + " is ready")
        self._changed(self.game.state)

    def _changed(self, play):
        """Take a ``PlayState``, at most ten times a second."""
        self._silent = 0
        if self.game is None:
            return
        state = play.state
        if state == "paused" and not self._started:
            state = "ready"
        if state != "failed":
            self._hud.state(state)
            self._hud.update(play)

    def _ended(self, summary):
        """Take the summary of an episode."""
        self._hud.episode(summary)
        self._records.add(summary)

    async def _follow(self, game):
        """Wait for the end of a game: the environment may raise, the worker may die."""
        try:
            await game.finished()
        except GymWorkerError as error:
            if game is self.game:
                self._resume = False
                self._failed(error)

    def _failed(self, error):
        """Show an error, with a way out of it."""
        self.game = None
        self._controls.use(None)
        self._hud.state("failed")
        for id in ("start", "toggle", "single", "reset"):
            element(id).disabled = True
        show_error(error)

    async def _watch(self):
        """Notice a game that says nothing any more."""
        while True:
            await asyncio.sleep(TICK)
            game = self.game
            if game is not None and game.state.state == "running":
                self._silent += 1
                if self._silent > SILENCE:
                    seconds = str(round(SILENCE * TICK))
                    self._failed(
                        GymWorkerError("the environment has said nothing for " + seconds + " s")
                    )


async def _read(file):
    """Return a file of the site, as it is now."""
    response = await fetch(file, cache="no-cache")
    if not response.ok:
        raise GymWorkerError(
            "cannot fetch " + file + ": the server answered " + str(response.status)
        )
    return await response.text()


def _environment_of(text):
    """Return the name of the environment in a recording's first line, or None."""
    try:
        return json.loads(text.split("\n")[0]).get("environment")
    except (ValueError, AttributeError):
        return None
