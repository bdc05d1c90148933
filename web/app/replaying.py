"""Replaying a recording that the visitor has as a file. Runs on the page."""

import json

from gymworker import GymWorkerError
from gymworker.errors import TransportError

from .dom import element, show


class Replaying:
    """Replays recordings in the environment that they came from.

    Args:
        visit: whose game gives way; afterwards there is a new one.
    """

    def __init__(self, visit):
        self._visit = visit

    async def replay(self, text):
        """Replay a recording, and say how that went.

        Args:
            text: of the file.
        """
        visit = self._visit
        show_replayed("Replaying…")
        try:
            visit.chooser.select(_environment_of(text))
            if visit.chooser.entry["name"] != visit.made or visit.game is None:
                await visit.make()
            if visit.game is None:
                show_replayed("The environment does not run; see the error.", "differs")
                return
            await visit.game.stop()
            visit.hud.state("replay")
            said, outcome = describe(await visit.worker.replay(text))
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


def describe(result):
    """Return how a replay went, as one line and an outcome.

    Args:
        result: a ``ReplayResult``.
    """
    difference = result.difference
    if difference is None:
        episodes, steps = count(result.episodes, "episode"), count(result.steps, "step")
        said = (
            "Replayed " + episodes + ", " + steps + ": every reward, flag and observation agrees."
        )
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


def _environment_of(text):
    """Return the name of the environment in a recording's first line, or None."""
    try:
        return json.loads(text.split("\n")[0]).get("environment")
    except (ValueError, AttributeError):
        return None
