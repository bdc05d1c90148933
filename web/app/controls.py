"""Keyboard, touch buttons and gamepads: all of them press the keys of the game. Runs on the page.

Keys steer while the game has the focus, and then do not scroll the page.
"""

import asyncio

from pyscript import document, window

from .dom import create, element, listen, show, spawn, view
from .keys import Holds, explain, gamepad_keys, hands, key_name

POLL = 1 / 60
"""Seconds between two looks at the gamepads; a browser has no event for their buttons."""


class Controls:
    """What the visitor steers with."""

    def __init__(self):
        self._game = None
        self._hands = []
        self._buttons = []  # (Button, its element)
        self._known = set()
        self._down = {}  # KeyboardEvent.code -> key: Shift changes a key's name while it is held
        self._holds = Holds(self._change)
        self._polling = False
        self._time = None  # of the event, in ms since the epoch
        # As text: MicroPython cuts whole numbers off at 32 bits.
        self._origin = float(window.JSON.stringify(window.performance.timeOrigin))
        stage, pad = element("stage"), element("pad")
        listen(stage, "keydown", self._key_down)
        listen(stage, "keyup", self._key_up)
        listen(stage, "blur", self._blur)
        listen(stage, "pointerdown", lambda event: stage.focus())
        listen(view, "blur", self._let_go)
        listen(document, "visibilitychange", self._let_go)
        listen(pad, "pointerdown", self._finger_down)
        for name in ("pointerup", "pointercancel", "lostpointercapture"):
            listen(pad, name, self._finger_up)
        listen(pad, "click", self._click)
        listen(pad, "contextmenu", lambda event: event.preventDefault())
        listen(view, "gamepadconnected", self._found_gamepad)

    def use(self, game):
        """Steer this game from now on, None for none; its buttons stay until the next game."""
        self._holds.release_all()
        self._down.clear()
        self._game = game
        if game is not None:
            self._build(game.controls)

    def _build(self, controls):
        self._known = {key for control in controls for key in control.keys}
        self._hands = hands(controls)
        show("keys", explain(self._hands))
        pad = element("pad")
        pad.replaceChildren()
        self._buttons = []
        for hand in self._hands:
            group = create("div", pad, class_="hand")
            if hand.agent is not None:
                create("p", group, str(hand.agent), class_="small")
            sided = [button for button in hand.buttons if button.side]
            flat = not hand.at("up") and not hand.at("down")
            cross = (
                create("div", group, class_="cross flat" if flat else "cross") if sided else None
            )
            others = create("div", group, class_="others row") if hand.loose else None
            for button in sided + hand.loose:
                place = cross if button.side else others
                number = len(self._buttons)
                made = create(
                    "button",
                    place,
                    button.label,
                    type="button",
                    aria_label=button.name,
                    class_=button.side or "loose",
                    data_number=number,
                )
                self._buttons.append((button, made))

    def _change(self, key, down):
        """Tell the game, and light the buttons of a key."""
        if self._game is not None:
            if down:
                self._game.press(key, self._time)
            else:
                self._game.release(key, self._time)
        for button, made in self._buttons:
            if key in button.keys or key in button.others:
                lit = down and (key in button.others or all(k in self._holds for k in button.keys))
                made.classList.toggle("down-now", lit)

    def _key_down(self, event):
        key = key_name(event.key)
        if key not in self._known or event.ctrlKey or event.metaKey or event.altKey:
            return
        event.preventDefault()
        if not event.repeat:
            self._down[event.code] = key
            self._time = self._origin + event.timeStamp
            self._holds.hold("keyboard", key)
            self._time = None

    def _key_up(self, event):
        key = self._down.pop(event.code, None)
        if key is not None:
            event.preventDefault()
            self._time = self._origin + event.timeStamp
            self._holds.release("keyboard", key)
            self._time = None

    def _blur(self, event):
        self._down.clear()
        self._holds.hold_only("keyboard", [])

    def _let_go(self, event):
        self._down.clear()
        self._holds.release_all()

    def _button(self, event):
        made = event.target.closest("button")
        return (made, self._buttons[int(made.dataset.number)][0]) if made else (None, None)

    def _finger_down(self, event):
        made, button = self._button(event)
        if button is None:
            return
        event.preventDefault()  # the focus stays with the game
        made.setPointerCapture(event.pointerId)
        self._time = self._origin + event.timeStamp
        for key in button.keys:
            self._holds.hold("finger" + str(event.pointerId), key)
        self._time = None

    def _finger_up(self, event):
        self._holds.hold_only("finger" + str(event.pointerId), [])

    def _click(self, event):
        """A click without a pointer comes from the keyboard: one press."""
        _, button = self._button(event)
        if button is not None and event.detail == 0:
            for key in button.keys:
                self._holds.hold("click", key)
            self._holds.hold_only("click", [])

    def _found_gamepad(self, event):
        if not self._polling:
            self._polling = True
            spawn(self._poll())

    async def _poll(self):
        """Look at the gamepads as long as there is one; the n-th is the n-th player's."""
        held = [None]
        while held:
            held = []
            pads = window.navigator.getGamepads()
            for i in range(pads.length):
                pad = pads[i]
                if pad and pad.connected and len(held) < max(1, len(self._hands)):
                    held.append(self._read(pad, len(held)))
            if held:
                self._holds.hold_only("gamepad", [key for keys in held for key in keys])
                await asyncio.sleep(POLL)
        self._holds.hold_only("gamepad", [])
        self._polling = False

    def _read(self, pad, player):
        if player >= len(self._hands) or document.hidden:
            return []
        axes, buttons = pad.axes, pad.buttons
        pressed = [i for i in range(min(16, buttons.length)) if buttons[i].pressed]
        tilt = (axes[0], axes[1]) if axes.length > 1 else (0, 0)
        return gamepad_keys(self._hands[player], tilt, pressed)
