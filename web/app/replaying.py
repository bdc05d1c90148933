"""Replaying a recording that the visitor has as a file. Runs on the page."""

from gymworker import GymWorkerError, RecordingError
from gymworker.codec.light import Array
from gymworker.errors import TransportError
from gymworker.recording import read_header

from .dom import element, show

HEAD = 65536
"""Bytes of a file that are looked at on the page: its first lines. The worker reads it all."""


class Replaying:
    """Replays recordings in the environment that they came from.

    Args:
        visit: whose game gives way; afterwards there is a new one.
    """

    def __init__(self, visit):
        self._visit = visit

    async def replay(self, file):
        """Replay a recording, and say how that went.

        Args:
            file: of the browser's.
        """
        visit = self._visit
        show_replayed("Replaying…")
        try:
            head = str(await file.slice(0, HEAD).text())
            visit.chooser.select(read_header(head).get("environment"))
            if visit.chooser.entry["name"] != visit.made or visit.game is None:
                await visit.make()
            if visit.game is None:
                show_replayed("The environment does not run; see the error.", "differs")
                return
            await visit.game.stop()
            visit.hud.state("replay")
            data = await file.arrayBuffer()
            recording = Array.from_buffer(data, "uint8", (data.byteLength,))
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
