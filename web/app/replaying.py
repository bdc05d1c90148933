"""Watching or checking a recording that the visitor has as a file. Runs on the page."""

from gymworker import GymWorkerError
from gymworker.errors import TransportError

from .dom import element, listen, show, spawn
from .opening import open_recording, reason
from .values import written


class Replaying:
    """Watches recordings, or only checks them, in the environment that they came from.

    Args:
        visit: whose game gives way; a new one follows a check.
    """

    def __init__(self, visit):
        self._visit = visit
        self._file = None
        self._told = False
        listen(element("watch"), "click", self.watch)
        listen(element("check-only"), "click", self.check)

    async def take(self, file):
        """Take a file of the browser's, and show what is in it."""
        self._file = file
        await self.watch()

    async def watch(self, event=None):
        """Show the recording at its pace; its verdict comes as soon as it is known."""
        visit = self._visit
        show_replayed("Reading the recording…")
        try:
            recording = await self._open()
            if recording is None:
                return
            self._told = False
            show_replayed("Watching…")
            game = await visit.watch(recording, self._follow)
            if game is not None:
                spawn(self._wait(game))
        except TransportError as error:
            show_replayed("The recording cannot be shown.", "differs")
            visit.failed(error)
        except GymWorkerError as error:
            show_replayed(reason(error), "differs")

    async def check(self, event=None):
        """Run the recording as fast as it goes, and say whether it came out the same."""
        visit = self._visit
        show_replayed("Replaying…")
        try:
            recording = await self._open()
            if recording is None:
                return
            if visit.chooser.entry["name"] != visit.made or visit.game is None:
                await visit.make()
            if visit.game is None:
                show_replayed("The environment does not run; see the error.", "differs")
                return
            await visit.game.stop()
            visit.hud.state("replay")
            said, outcome = verdict(await visit.worker.replay(recording))
        except TransportError as error:
            show_replayed("The replay did not end.", "differs")
            visit.failed(error)
            return
        except GymWorkerError as error:
            said, outcome = reason(error), "differs"
        show_replayed(said, outcome)
        await visit.make()
        if visit.game is not None:
            show("about", said)

    async def _open(self):
        """Choose the environment of the file, and return its bytes, once all of it could be read.

        Returns:
            None if it could not: the page says why, and nothing has been touched.
        """
        visit = self._visit
        try:
            asked = None if visit.game is None else visit.worker
            recording, name = await open_recording(self._file, visit.chooser.names, asked)
        except TransportError as error:
            show_replayed("The recording could not be read.", "differs")
            visit.failed(error)
            return None
        except Exception as error:
            show_replayed(reason(error), "differs")
            return None
        visit.chooser.select(name)
        element("again").hidden = False
        return recording

    async def _wait(self, game):
        """Say so if the environment fails or hangs while it is watched."""
        try:
            await game.finished()
        except TransportError:
            show_replayed("The replay did not end.", "differs")
        except GymWorkerError as error:
            show_replayed(reason(error), "differs")

    def _follow(self, game, play):
        """Say how a recording that is watched came out, once that is known."""
        result = play.replay
        known = result.difference is not None or result.episodes == len(game.episodes)
        if known and not self._told:
            self._told = True
            said, outcome = verdict(result)
            show_replayed(said, outcome)


def show_replayed(text, outcome=""):
    """Say how a replay went.

    Args:
        text: one line.
        outcome: ``same``, ``differs`` or "" for neither.
    """
    panel = element("replayed")
    panel.textContent = text
    panel.className = outcome


def verdict(result):
    """Return how a replay went, as one line and an outcome.

    Args:
        result: a ``ReplayResult``.
    """
    difference = result.difference
    if difference is None:
        episodes, steps = count(result.episodes, "episode"), count(result.steps, "step")
        said = "Replayed " + episodes + ", " + steps
        said += ": every reward, flag and observation agrees."
    else:
        said = (
            "First difference in episode " + str(difference.episode + 1) + ", step "
            + str(difference.step) + ": " + _what(difference)
        )  # fmt: skip
    if not result.same_code:
        said += " Another version of the environment's code recorded it."
    if result.hint:
        said += " " + result.hint
    return said, "same" if difference is None else "differs"


def _what(difference):
    """Return how a value differs; of an observation the file has the checksum alone."""
    if difference.obs is not None:
        return "obs is " + difference.obs + ", the file's was another one."
    got, expected = written(difference.got), written(difference.expected)
    return difference.field + " is " + got + ", the file has " + expected + "."


def count(number, what):
    """Return ``1 step``, ``2 steps`` and the like."""
    return str(number) + " " + what + ("" if number == 1 else "s")
