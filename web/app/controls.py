"""Keyboard, touch buttons and gamepads: all of them press the keys of the game. Runs on the page.

Keys steer while the game has the focus, and then do not scroll the page. ``keys`` has what each of
them means; here they meet the document.
"""

from pyscript import document, window

from .dom import element, listen, root, spawn, view
from .gamepad import TYPED_IN, GamepadPort
from .keys.bindings import PACES, Bindings
from .keys.fingers import Fingers
from .keys.hands import hands
from .keys.holds import Holds
from .keys.keyboard import Keyboard
from .keys.names import key_of
from .keys.pointing import Pointing, contained
from .pad import Pad
from .rebinding import Rebinding

GOING = ("running", "waiting")
BEGUN = GOING + ("armed", "counting", "replay")
"""States of the game, as ``data-game`` has them."""


class Controls:
    """What the visitor steers with.

    Args:
        commands: what each of ``COMMANDS`` calls, by its name without the mark before it.
    """

    def __init__(self, commands=None):
        self._commands = commands or {}
        self._game = None
        self._hands = []
        self._holds = Holds(self._change)
        self._bindings = Bindings()
        self._keyboard = Keyboard(self._bindings, self._holds)
        self._pad = Pad(self._bindings)
        self._rebinding = Rebinding(self._bindings, self._rebound)
        self._fingers = Fingers(self._holds, self._pad.keys_at)
        self._pointing = Pointing(self._point, _picture)
        self._gamepads = GamepadPort(self._holds, lambda: self._command("!start"))
        # As text: MicroPython cuts whole numbers off at 32 bits.
        self._origin = float(window.JSON.stringify(window.performance.timeOrigin))
        self._listen()

    def use(self, game, name=""):
        """Steer this game from now on, None for none; its buttons stay until the next game.

        Args:
            game: a ``Game`` or None.
            name: of its environment, for which the visitor's keys are kept.
        """
        self._let_go()
        self._game = game
        self._pointing.wanted = game is not None and game.pointer
        element("stage").toggleAttribute("data-pointer", self._pointing.wanted)
        if game is not None:
            self._hands = self._gamepads.hands = hands(game.controls)
            self._rebinding.use(name, self._hands)
            self._pad.build(self._hands, game.pointer)

    def _rebound(self):
        """Show the keys as the visitor wants them now."""
        self._keyboard.let_go()
        self._pad.build(self._hands, self._pointing.wanted)

    def _listen(self):
        stage, pad = element("stage"), element("pad")
        listen(stage, "keydown", self._key_down)
        listen(stage, "keyup", self._key_up)
        listen(stage, "blur", lambda event: self._keyboard.let_go())
        listen(stage, "pointerdown", self._stage_down)
        listen(document, "keydown", self._any_key_down)
        listen(document, "keyup", self._keyboard.elsewhere_up)
        listen(view, "blur", self._let_go)
        listen(document, "visibilitychange", self._let_go)
        listen(pad, "pointerdown", self._finger_down)
        for pointers in (self._fingers, self._pointing):
            listen(document, "pointermove", pointers.move)
            for name in ("pointerup", "pointercancel"):
                listen(document, name, pointers.up)
        listen(pad, "click", self._click)
        for place in (stage, pad):
            listen(place, "contextmenu", self._context_menu)

    def _change(self, key, amount, time):
        """Tell the game, and light the buttons of a key."""
        if self._game is not None:
            if amount:
                self._game.press(key, self._when(time), amount)
            else:
                self._game.release(key, self._when(time))
        self._pad.light(key, self._holds)

    def _point(self, x, y, down, time):
        """Tell the game where the pointer is."""
        if self._game is not None:
            self._game.point(x, y, down, self._when(time))

    def _when(self, time):
        """Return the time of an event in ms since the epoch."""
        return None if time is None else self._origin + time

    def _let_go(self, event=None):
        self._keyboard.let_go()
        self._fingers.let_go()
        self._pointing.let_go()
        self._holds.release_all()

    # Keys.

    def _key_down(self, event):
        if self._keyboard.down(event):
            event.preventDefault()

    def _key_up(self, event):
        if self._keyboard.up(event):
            event.preventDefault()

    def _any_key_down(self, event):
        """Take a key that may be a command, wherever it is pressed."""
        target = event.target
        on_stage = target.id == "stage"
        if not on_stage:
            self._keyboard.elsewhere_down(event)
        if event.ctrlKey or event.altKey or event.metaKey:
            return
        user = key_of(event, self._bindings.wanted)
        command = self._bindings.target(user)
        if event.repeat and command not in PACES:
            return
        if command is None or command[:1] != "!" or len(command) == 1 or target.closest(TYPED_IN):
            return
        if user in ("Enter", " ") and not (on_stage or _idle(target)):
            return  # it presses a button, or scrolls what has the focus
        if self._command(command):
            event.preventDefault()

    def _command(self, command):
        """Do what a command says, if it says anything now; return whether it does."""
        name, state = command[1:], str(root.dataset.game)
        if command in PACES and state != "paused":
            return False
        if name == "pause" and state == "paused":
            name = "start"
        elif name == "pause" and state not in BEGUN:
            return False
        if name not in self._commands or (name == "start" and state in GOING):
            return False
        waiting = self._commands[name]()
        if hasattr(waiting, "send"):  # a coroutine; MicroPython's are generators
            spawn(waiting)
        return True

    # Fingers, and the mouse.

    def _stage_down(self, event):
        element("stage").focus()
        self._pointing.down(event)

    def _finger_down(self, event):
        if self._fingers.down(event, self._pad.keys_of(event.target)):
            event.preventDefault()  # the focus stays with the game

    def _click(self, event):
        """A click without a pointer comes from the keyboard: one press."""
        if event.detail == 0:
            self._holds.hold_only("click", self._pad.keys_of(event.target))
            self._holds.hold_only("click", [])

    def _context_menu(self, event):
        if str(root.dataset.game) in BEGUN or event.currentTarget.id == "pad":
            event.preventDefault()


def _picture():
    """Return where the game's picture is in the window: left, top, width, height."""
    canvas = element("canvas")
    box = canvas.getBoundingClientRect()
    return contained(box.left, box.top, box.width, box.height, canvas.width, canvas.height)


def _idle(target):
    """Return whether Enter and Space do nothing to an element."""
    return str(target.tagName) in ("BODY", "HTML") or target.matches("[type=radio]:checked")
