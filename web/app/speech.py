"""What is said to people who listen: few sentences, one at a time. Runs on the page.

Nothing here touches the document.
"""

import asyncio

from .keys.names import spoken
from .values import amount

GAP = 1.0
"""Seconds between two sentences; of one kind that come faster the last is said."""


class Speech:
    """The one polite live region of the page.

    Args:
        write: puts a text into the region.
        spawn: runs a coroutine as a task.
    """

    def __init__(self, write, spawn):
        self._write = write
        self._spawn = spawn
        self._waiting = []  # pairs of a kind and a sentence
        self._busy = False
        self._last = ""

    def say(self, text, kind="state"):
        """Say a sentence, unless it was the last one that was said.

        Args:
            text: the sentence.
            kind: of those that wait, only the newest of a kind is said.
        """
        self._waiting = [item for item in self._waiting if item[0] != kind] + [(kind, text)]
        if not self._busy:
            self._busy = True
            self._spawn(self._talk())

    async def _talk(self):
        while self._waiting:
            said = " ".join([text for _, text in self._waiting])
            self._waiting = []
            if said != self._last:
                self._last = said
                self._write(said)
            await asyncio.sleep(GAP)
        self._busy = False
        self._last = ""


def move(transition, controls):
    """Return one sentence for a move: what was done, and what it brought.

    Args:
        transition: a ``Transition``.
        controls: of the game, whose labels or keys say what an action is called.
    """
    said = "Step " + str(transition.step)
    same = [control for control in controls if _does(control, transition.action)]
    if same:
        label = getattr(same[0], "label", None)
        said += ": " + (label or " and ".join([spoken(key) for key in same[0].keys]))
    return said + ". Reward " + amount(transition.reward) + "."


def _does(control, action):
    """Return whether a control is what was done, by its agent where actions go by agent."""
    if control.agent is not None and isinstance(action, dict):
        return control.agent in action and repr(action[control.agent]) == repr(control.action)
    return repr(control.action) == repr(action)
