"""One visit: which environment is there, how it came there, what went wrong. Runs on the page."""

import asyncio

from gymworker import GymWorkerError, RemoteError
from gymworker.errors import TransportError

from .address import Address
from .ask import Ask
from .attention import Attention
from .display import Display, menu
from .dom import element, listen, on_error, spawn, view
from .hud import Hud
from .making import Making
from .panels import hide_error, show_booting, show_error, show_state, tell_restored
from .playing import Playing
from .records import Records
from .replaying import Replaying

BUTTONS = ("start", "toggle", "single", "reset")

CREDIT, LATEST_CREDIT = 0.1, 5.0
"""Seconds between two looks at who drew: the first two, and those that come late."""


class Visit:
    """Joins the worker and what is on the page.

    Args:
        worker: a ``PyodideWorker``; it need not be ready.
        chooser: of the environment.
        kept: a ``KeptGame``.

    Attributes:
        made: the name of the environment that the page shows.
    """

    def __init__(self, worker, chooser, kept):
        self.worker = worker
        self.chooser = chooser
        self.made = None
        self.hud = Hud()
        self._records = Records(worker, Replaying(self).take)
        self._playing = Playing(worker, self.hud, self._records.add, self.make, kept)
        self._attention = Attention(lambda: self.game)
        self._making = Making(worker, self.hud.loading)
        self._address = Address(chooser.names)
        self._ask = Ask()
        self._display = Display(self.set_ratio)
        self._resume = False  # whether the game goes on when its environment is made again
        self._trouble = None
        self._lost = None  # the game that a new worker could go on with
        listen(element("go-on"), "click", self.go_on_playing)
        listen(element("restart"), "click", self.restart)
        listen(element("cancel"), "click", self.cancel)
        listen(element("another"), "click", self.choose_another)
        for id in ("speed", "seed"):
            listen(element(id), "change", self._set)
        chooser.select(self._address.wanted.env)
        chooser.on_choice = self.choose
        self._address.on_change = self.follow_address
        listen(view, "online", self.go_on)
        on_error.append(self.failed)

    @property
    def game(self):
        """The game that is played, None while there is none."""
        return self._playing.game

    # What the visitor does.

    async def choose(self, before, asked_by_address=False):
        """Make the environment that was chosen; nobody's game ends unasked.

        Args:
            before: the entry of the one before.
            asked_by_address: whether the visitor went there by the address.
        """
        entry = self.chooser.entry
        if self._playing.underway and not await self._may_leave(before["name"]):
            self.chooser.select(before["name"])
            if asked_by_address:
                self._address.choose(before["name"])
            return
        put = self._address.update if asked_by_address else self._address.choose
        put(entry["name"])
        await self.make()

    async def follow_address(self, wanted):
        """Do what the address asks for now."""
        before = self.chooser.entry
        if wanted.env is not None and wanted.env != before["name"]:
            self.chooser.select(wanted.env)
            await self.choose(before, True)
        else:
            await self._playing.set_seed()
            await self._playing.set_speed()

    def choose_another(self, event=None):
        """Bring the visitor to the list of environments."""
        menu(True)
        self.chooser.focus()

    async def cancel(self, event=None):
        """Give up what is being loaded, and go back to what was there before, if it was."""
        name, before = self.chooser.entry["name"], self.made
        self._making.forget()
        self._making.fresh = True
        if before in (None, name):
            self.failed(GymWorkerError("Loading " + name + " was cancelled"))
            return
        self.chooser.select(before)
        self._address.choose(before)
        await self.make()

    async def restart(self, event=None):
        """Get over an error: make the environment again, in a new worker."""
        self._making.fresh = self.worker.version is not None
        await self._make_again()

    async def go_on_playing(self, event=None):
        """Get over a hang or a crash: the game goes on in a new worker, where it last stood."""
        game, entry, self._trouble = self._lost, self.chooser.entry, None
        self._wait()
        try:
            if not await self._making.revive():
                return
            if game.over:
                await game.finished()  # it says why
            await self._use(game, entry)
            tell_restored(game)
        except GymWorkerError as error:
            self.failed(error)

    async def go_on(self, event=None):
        """The network is back: get over what failed without it."""
        if self._trouble is not None and not isinstance(self._trouble, RemoteError):
            await self._make_again()

    async def set_ratio(self, ratio):
        """Paint for a display as dense as this."""
        if self.worker.canvas is not None:
            await self.worker.set_pixel_ratio(ratio)

    async def reload(self, file):
        """Make the environment again if this file, which was saved, is a part of it.

        The rest of the page stays as it is.
        """
        own = self.chooser.entry.get("file")
        if own is not None and (file == own or self.worker.uses_file(file)):
            await self.make(self._resume or self._playing.going)

    # The environment and its game.

    async def make(self, resume=False, play=None):
        """Make the chosen environment and a game in it, which waits for its start.

        Args:
            resume: whether the game goes on at once.
            play: makes the game, from the entry of its environment; by default one to be played.

        Returns:
            The game, or None if that failed or something else is wanted by now.
        """
        entry, earlier = self.chooser.entry, self.game
        self._resume = resume
        self._trouble = self._lost = None
        self._playing.leave()
        self.chooser.loading(entry)
        if self.worker.version is not None:
            self.hud.loading(entry)
        try:
            begin = play or self._playing.begin
            game = await self._making.make(entry, earlier, lambda: begin(entry))
            if game is None:
                return None
            await self._use(game, entry)
            if game.restored_at is not None:
                tell_restored(game)
            if self._resume:
                self._resume = False
                self._playing.go()
        except GymWorkerError as error:
            self.failed(error)
        return self.game

    async def watch(self, recording, tell):
        """Make the chosen environment, and show a recording in it; see ``Playing.watch``."""
        return await self.make(True, lambda entry: self._playing.watch(recording, tell))

    def failed(self, error):
        """Show an error, with a way out of it; the first one is the cause of those that follow."""
        if self._trouble is not None:
            return
        self._trouble, game = error, self.game or self._lost
        outlasts = game is not None and game.checkpoint is not None
        self._lost = game if outlasts and isinstance(error, TransportError) else None
        self._playing.leave(self._lost is not None)
        self.chooser.loading(None)
        self.hud.state("failed")
        for id in BUTTONS:
            element(id).disabled = True
        entry = self.chooser.entry
        by_id = "make" in entry and entry["name"] != self.made
        show_error(error, self.worker.state == "stalled", entry["name"], by_id, self._lost)

    async def _make_again(self):
        self._wait()
        await self.make()

    def _wait(self):
        hide_error()
        show_booting()
        self.hud.state("none")

    async def _use(self, game, entry):
        """Have this game played, or watched, from now on."""
        self._show(entry, game)
        await self._playing.use(game, entry)
        self._attention.begin()
        spawn(self._follow(game))
        spawn(self._credit(game))

    async def _credit(self, game):
        """Say who drew, once the environment has drawn: the display may want a picture late."""
        line, pause = element("stand-in"), CREDIT
        line.hidden = True
        try:
            while not await self.worker.request("drawn"):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LATEST_CREDIT)
                if game is not self.game or game.over:
                    return
            line.hidden = game is not self.game
        except GymWorkerError:  # the worker is gone; ``_follow`` says so
            pass

    async def _may_leave(self, name):
        """Ask whether an episode may end here; meanwhile it is paused."""
        going = await self._playing.pause()
        question = "Leave " + name + "? Your episode ends here; it is recorded."
        leave = await self._ask(question, "Leave it", "Stay")
        if going and not leave:
            await self._playing.go_on()
        return leave

    def _show(self, entry, game):
        """Show the environment that is there now."""
        if entry["name"] != self.made:
            self.made = entry["name"]
            self.hud.clear()
            self._playing.clear()
        self.chooser.loading(None)
        self._records.of(entry["name"], game.code)
        hide_error()
        self.hud.environment(entry)
        for id in BUTTONS:
            element(id).disabled = False
        show_state("done", entry["name"] + " is ready")

    def _set(self, event):
        """Keep the address up to date with what the visitor sets."""
        self._address.update(self.chooser.entry["name"])

    async def _follow(self, game):
        """Wait for the end of a game: the environment may raise or hang, the worker may die."""
        try:
            await game.finished()
        except GymWorkerError as error:
            if game is self.game:
                self._resume = False
                self.failed(error)
