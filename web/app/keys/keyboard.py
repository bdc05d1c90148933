"""Keys as they go down and up while the game has the focus. Runs on the page.

Nothing here touches the document: it takes ``KeyboardEvent``s, and says which are the game's.
"""

from .names import SCROLLING, key_of

MODIFIERS = (("Control", "ctrlKey"), ("Alt", "altKey"), ("Meta", "metaKey"))
"""Keys that make other keys the browser's, unless they are the game's own."""


class Keyboard:
    """The keyboard's part of what is held.

    Args:
        bindings: the visitor's keys.
        holds: who holds which key of the game.
    """

    def __init__(self, bindings, holds):
        self._bindings = bindings
        self._holds = holds
        self._down = {}  # event.code -> the game's key: Shift changes a key's name while it is held
        self._elsewhere = []  # codes of keys that went down on something else

    def down(self, event):
        """Take a ``keydown``; return whether the browser shall leave it alone.

        A key that repeats and is not down was held while the game had no focus: it counts again,
        unless it went down on something else, as Enter does on a button that starts the game.
        """
        user = key_of(event, self._bindings.wanted)
        key, code = self._bindings.game_key(user), event.code or user
        if self._is_the_browsers(event, user):
            return False
        if not event.repeat:
            self.elsewhere_up(event)
            self._release(code, event)  # its keyup never came
        elif code in self._down or code in self._elsewhere:
            return key is not None or user in SCROLLING
        if key is None:
            return user in SCROLLING
        self._down[code] = key
        self._holds.hold("key " + code, key, event.timeStamp)
        return True

    def up(self, event):
        """Take a ``keyup``; return whether the key was the game's."""
        code = event.code or key_of(event, self._bindings.wanted)
        ours = self._release(code, event)
        if event.key in ("Meta", "OS"):
            self.let_go()  # macOS tells of no key that came up while Meta was down
        return ours

    def elsewhere_down(self, event):
        """Note that a key went down on something else."""
        code = event.code or event.key
        if not event.repeat and code not in self._elsewhere:
            self._elsewhere.append(code)

    def elsewhere_up(self, event):
        """Note that a key came up, wherever."""
        code = event.code or event.key
        if code in self._elsewhere:
            self._elsewhere.remove(code)

    def let_go(self):
        """Note that no key is known to be held any more."""
        for code in list(self._down):
            self._release(code, None)

    def _release(self, code, event):
        key = self._down.pop(code, None)
        if key is not None:
            self._holds.release("key " + code, key, event.timeStamp if event else None)
        return key is not None

    def _is_the_browsers(self, event, user):
        wanted = self._bindings.wanted
        if event.ctrlKey and event.altKey and user in wanted and not user.isalpha():
            return False  # AltGr types it
        return any(getattr(event, flag) and name not in wanted for name, flag in MODIFIERS)
