"""Replaying a recording that the visitor has as a file. Runs on the page."""

from gymworker import GymWorkerError
from gymworker.errors import TransportError

from .dom import element, show
from .opening import open_recording, reason
from .values import written


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
            asked = None if visit.game is None else visit.worker
            recording, name = await open_recording(file, visit.chooser.names, asked)
        except TransportError as error:
            show_replayed("The recording could not be read.", "differs")
            visit.failed(error)
            return
        except Exception as error:  # the game has not been touched
            show_replayed(reason(error), "differs")
            return
        try:
            visit.chooser.select(name)
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
