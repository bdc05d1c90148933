"""Gamepads, as the browser tells of them; ``keys.gamepads`` knows the rest. Runs on the page."""

import asyncio

from pyscript import document, window

from .dom import element, listen, show, spawn, view
from .keys.gamepads import BUTTONS, START, A, Gamepads

POLL = 1 / 60
"""Seconds between two looks; a browser has no event for their buttons."""

TYPED_IN = (
    "select, textarea, dialog, [contenteditable], "
    "input:not([type=radio], [type=checkbox], [type=range], [type=button], [type=file])"
)
"""Where keys are for typing."""


class GamepadPort:
    """The gamepads' part of what is held.

    Args:
        holds: who holds which key of the game.
        begin: begins the game, if it does not run; returns whether it does now.

    Attributes:
        hands: whose buttons they press.
    """

    def __init__(self, holds, begin):
        self.hands = []
        self._holds = holds
        self._begin = begin
        self._gamepads = Gamepads()
        self._polling = False
        listen(view, "gamepadconnected", self._found)
        self._find()

    def _find(self):
        """Look for gamepads that are there already; by a promise, as the browser may forbid it."""
        navigator = window.navigator
        if hasattr(navigator, "getGamepads"):
            listed = window.Promise.resolve().then(navigator.getGamepads.bind(navigator))
            spawn(self._found_earlier(listed))

    async def _found_earlier(self, listed):
        try:
            pads = await listed
        except Exception:
            return  # in a frame that may not
        if any(pads[i] for i in range(pads.length)):
            self._found(None)

    def _found(self, event):
        if not self._polling:
            self._polling = True
            self._look()
            spawn(self._poll())

    async def _poll(self):
        """Look at the gamepads as long as there is one."""
        while self._gamepads.there:
            await asyncio.sleep(POLL)
            self._look()
        self._polling = False

    def _look(self):
        pads = window.navigator.getGamepads()
        before = self._gamepads.names()
        for slot in range(pads.length):
            pad = pads[slot]
            if pad and pad.connected:
                buttons = pad.buttons
                down = [i for i in range(min(BUTTONS, buttons.length)) if buttons[i].pressed]
                axes = [pad.axes[i] for i in range(min(2, pad.axes.length))]
                mapping = str(getattr(pad, "mapping", ""))
                self._gamepads.look(slot, str(getattr(pad, "id", "") or ""), mapping, axes, down)
            else:
                self._gamepads.forget(slot)
        names = self._gamepads.names()
        if names != before:
            show("gamepad", "Gamepad: " + ", ".join(names) + ". A or Start begins the game.")
            element("gamepad").hidden = not names
        focused = document.activeElement
        if not document.hidden and not (focused and focused.closest("dialog")):
            self._begin_by_button()
        typing = document.hidden or (focused and focused.closest(TYPED_IN))
        held = [] if typing else self._gamepads.keys(self.hands)
        self._holds.hold_only("gamepad", held, None, self._gamepads.amounts)

    def _begin_by_button(self):
        for pad in self._gamepads.there.values():
            for number in pad.fresh:
                if number in (A, START) and self._begin():
                    pad.silence(number)  # it is no action of the game
