"""Fingers on the buttons: each holds what is under it, wherever it went down. Runs on the page.

Nothing here touches the document: it takes ``PointerEvent``s of the pad and, once a finger is on
it, those of the whole page.
"""


class Fingers:
    """The fingers' part of what is held; a mouse is a finger while its first button is down.

    Args:
        holds: who holds which key of the game.
        find: called with x and y in the window; returns the keys of the button there, [] for none.
    """

    def __init__(self, holds, find):
        self._holds = holds
        self._find = find
        self._there = []  # the ids of those that are down

    def down(self, event, keys):
        """Take a ``pointerdown``; return whether it is one that plays.

        Args:
            event: the event.
            keys: of the button that it is on, [] for none.
        """
        if event.button > 0:
            return False
        if event.pointerId not in self._there:
            self._there.append(event.pointerId)
        self._holds.hold_only(_name(event), keys, event.timeStamp)
        return True

    def move(self, event):
        """Take a ``pointermove``: a thumb that slides to another button holds that one."""
        if event.pointerId not in self._there:
            return
        if event.pointerType == "mouse" and event.buttons == 0:
            self.up(event)  # it was let go outside the window
        else:
            keys = self._find(event.clientX, event.clientY)
            self._holds.hold_only(_name(event), keys, event.timeStamp)

    def up(self, event):
        """Take a ``pointerup`` or a ``pointercancel``."""
        if event.pointerId in self._there:
            self._there.remove(event.pointerId)
            self._holds.hold_only(_name(event), [], event.timeStamp)

    def let_go(self):
        """Forget all fingers; what is under them counts when they come down again."""
        self._there = []


def _name(event):
    return "finger " + str(event.pointerId)
