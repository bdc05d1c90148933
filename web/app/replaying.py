"""Watching or checking a recording that the visitor has as a file. Runs on the page."""

from gymworker import GymWorkerError, RecordingError
from gymworker.codec.light import Array
from gymworker.errors import TransportError
from gymworker.protocol import PLAY
from gymworker.recording import read_header

from .dom import element, listen, show

HEAD = 65536
"""Bytes of a file that are looked at on the page: its first lines. The worker reads it all."""


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
            self._told = False
            show_replayed("Watching…")
            await visit.watch(recording, self._follow)
        except TransportError as error:
            show_replayed("The recording cannot be shown.", "differs")
            visit.failed(error)
        except GymWorkerError as error:  # the game has not been touched
            show_replayed(str(error).split("\n")[0], "differs")

    async def check(self, event=None):
        """Run the recording as fast as it goes, and say whether it came out the same."""
        visit = self._visit
        show_replayed("Replaying…")
        try:
            recording = await self._open()
            if visit.chooser.entry["name"] != visit.made or visit.game is None:
                await visit.make()
            if visit.game is None:
                show_replayed("The environment does not run; see the error.", "differs")
                return
            await visit.game.stop()
            visit.hud.state("replay")
            said, outcome = verdict(await visit.worker.replay(recording))
        except RecordingError as error:  # it is no recording: the game has not been touched
            show_replayed(str(error), "differs")
            return
        except TransportError as error:
            show_replayed("The replay did not end.", "differs")
            visit.failed(error)
            return
        except GymWorkerError as error:
            said, outcome = str(error).split("\n")[0], "differs"
        show_replayed(said, outcome)
        await visit.make()
        if visit.game is not None:
            show("about", said)

    async def _open(self):
        """Choose the environment of the file, and return its bytes, once all of it can be read.

        Raises:
            GymWorkerError: it is no recording, or broken; nothing has been touched.
        """
        head = str(await self._file.slice(0, HEAD).text())
        name = read_header(head).get("environment")
        if self._visit.game is not None:
            payload = {"recording": await self._bytes(), "check": True}
            await self._visit.worker.request(PLAY, payload)
        self._visit.chooser.select(name)
        element("again").hidden = False
        return await self._bytes()

    async def _bytes(self):
        data = await self._file.arrayBuffer()
        return Array.from_buffer(data, "uint8", (data.byteLength,))

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
            + str(difference.step) + ": " + difference.field + " is " + str(difference.got)
            + ", the file has " + str(difference.expected) + "."
        )  # fmt: skip
    if not result.same_code:
        said += " Another version of the environment's code recorded it."
    if result.hint:
        said += " " + result.hint
    return said, "same" if difference is None else "differs"


def count(number, what):
    """Return ``1 step``, ``2 steps`` and the like."""
    return str(number) + " " + what + ("" if number == 1 else "s")
