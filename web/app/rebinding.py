"""The visitor's own keys: each can be replaced by another, and the browser keeps them.

Runs on the page.
"""

from pyscript import ffi, window

from .dom import create, element, listen, show, spawn, view
from .keys.bindings import COMMANDS, RESERVED
from .keys.names import chosen, glyph, spoken

PREFIX = "gymworker keys "
"""Before the environment's name, in ``localStorage``."""


class Rebinding:
    """The list of keys that can be changed.

    Args:
        bindings: the visitor's keys.
        changed: called when they have changed.
    """

    def __init__(self, bindings, changed):
        self._bindings = bindings
        self._changed = changed
        self._storage = None
        self._hands = []
        self._name = ""
        self._rows = []  # (target, what it does, its button)
        self._asking = None  # the row that waits for a key
        self._swallow = False
        place = element("bound")
        listen(place, "click", self._click)
        listen(place, "keydown", self._key_down)
        listen(place, "keyup", self._key_up)
        listen(place, "focusout", self._leave)
        listen(element("default-keys"), "click", self._reset)
        spawn(self._open())

    async def _open(self):
        """Find the browser's storage; by a promise, as the browser may forbid it."""
        get = window.Reflect.get.bind(window.Reflect, view)
        try:
            self._storage = await window.Promise.resolve("localStorage").then(get)
        except Exception:
            return  # the keys last as long as the page
        if self._name:
            self.use(self._name, self._hands)
            self._changed()

    def use(self, name, hands):
        """Take the keys of an environment, as they are kept for it.

        Args:
            name: of the environment.
            hands: its buttons.
        """
        self._name, self._hands = name, hands
        labels = []
        for hand in hands:
            for button in hand.buttons:
                what = button.label or ""
                if hand.agent is not None:
                    what = str(hand.agent) + ": " + what
                for key in button.keys + button.others:
                    if key not in [one for one, _ in labels]:
                        labels.append((key, what or spoken(key)))
        kept = self._storage.getItem(PREFIX + name) if self._storage else None
        self._bindings.use([key for key, _ in labels], str(kept or ""))
        self._build(labels)

    def _build(self, labels):
        place = element("bound")
        place.replaceChildren()
        self._asking, self._rows = None, []
        show("binding-said", "")
        for target, what in labels + [(target, name) for target, name, _ in COMMANDS]:
            row = create("li", place)
            create("span", row, what)
            made = create("button", row, type="button", data_number=len(self._rows))
            self._rows.append((target, what, made))
        self._show()

    def _show(self):
        for target, what, made in self._rows:
            if target[:1] == "!" and len(target) > 1:
                keys = self._bindings.keys_of(target)
            else:
                keys = [self._bindings.bound(target)]
            made.textContent = " or ".join([glyph(key) for key in keys]) or "\u2013"
            said = " or ".join([spoken(key) for key in keys]) or "no key"
            made.setAttribute("aria-label", what + ": " + said + ". Change it")

    # What the visitor does.

    def _click(self, event):
        made = event.target.closest("button")
        if made and self._asking is None:
            self._asking = self._rows[int(made.dataset.number)]
            made.textContent = "Press a key"
            made.classList.add("asking")
            show(
                "binding-said", "Press the new key for " + self._asking[1] + ". Escape: as it was."
            )

    def _key_down(self, event):
        if self._asking is None:
            return
        event.preventDefault()
        event.stopPropagation()
        if not event.repeat:
            self._swallow = True
            self._take(chosen(event))

    def _key_up(self, event):
        """The key that was chosen presses nothing."""
        if self._swallow:
            self._swallow = False
            event.preventDefault()

    def _take(self, key):
        target, what, _ = self._asking
        if key == "Escape":
            self._end("It stays as it was.")
        elif key in RESERVED:
            name = spoken(key) or "This key"
            show("binding-said", name + " " + RESERVED[key] + ": press another key.")
        else:
            taken = self._bindings.bind(target, key)
            if taken is None:
                self._end(what + ": " + spoken(key))
                self._keep()
            else:
                does = next(other[1] for other in self._rows if other[0] == taken)
                said = spoken(key) + " is the key for " + does + " already: press another one."
                show("binding-said", said)

    def _leave(self, event):
        self._swallow = False
        if self._asking is not None:
            self._end("It stays as it was.")

    def _end(self, said):
        self._asking[2].classList.remove("asking")
        self._asking = None
        show("binding-said", said)
        self._show()

    def _reset(self, event):
        self._bindings.reset()
        show("binding-said", "The keys are as they come.")
        self._show()
        self._keep()

    def _keep(self):
        """Keep the keys, if the browser lets us; by a promise, as it may be full."""
        self._changed()
        storage = self._storage
        if storage:
            name, text = PREFIX + self._name, self._bindings.text()
            put = storage.setItem.bind(storage, name, text)
            drop = storage.removeItem.bind(storage, name)
            done = window.Promise.resolve().then(put if text else drop)
            done.catch(ffi.create_proxy(lambda error: None))
