"""The buttons of a game for fingers, and the list of its keys. Runs on the page."""

from pyscript import document

from .dom import create, element
from .keys.bindings import COMMANDS, PACES
from .keys.names import glyph, spoken


class Pad:
    """What is shown of the game's keys.

    Args:
        bindings: the visitor's keys.
    """

    def __init__(self, bindings):
        self._bindings = bindings
        self._buttons = []  # (Button, its element)

    def build(self, hands, pointer=False):
        """Show the buttons and the keys of these players, and whether the pointer plays."""
        pad = element("pad")
        pad.replaceChildren()
        self._buttons = []
        for hand in hands:
            group = create("div", pad, class_="hand")
            if hand.agent is not None:
                create("p", group, str(hand.agent), class_="small")
            sided = [button for button in hand.buttons if button.side]
            flat = not hand.at("up") and not hand.at("down")
            kind = "cross flat" if flat else "cross"
            cross = create("div", group, class_=kind) if sided else None
            others = create("div", group, class_="others row") if hand.loose else None
            for button in sided + hand.loose:
                self._add(button, cross if button.side else others)
        self._explain(hands, pointer)

    def _add(self, button, place):
        bound = self._bindings.bound
        made = create(
            "button",
            place,
            type="button",
            aria_label=button.name(bound),
            class_=button.side or "loose",
            data_number=len(self._buttons),
        )
        if button.label:
            create("span", made, button.label, class_="label")
        create("span", made, button.caps(bound), class_="cap")
        self._buttons.append((button, made))

    def light(self, key, held):
        """Light the buttons of a key that went down, or not any more.

        Args:
            key: the game's.
            held: all that are held.
        """
        for button, made in self._buttons:
            if key in button.keys or key in button.others:
                lit = all(one in held for one in button.keys)
                lit = lit or any(one in held for one in button.others)
                made.classList.toggle("down-now", lit)

    def keys_of(self, target):
        """Return the keys of the button that an element is, or is in; [] for none."""
        made = target.closest("#pad button")
        return self._buttons[int(made.dataset.number)][0].keys if made else []

    def keys_at(self, x, y):
        """Return the keys of the button at a place of the window, [] for none."""
        target = document.elementFromPoint(x, y)
        return self.keys_of(target) if target else []

    def _explain(self, hands, pointer):
        """List the keys and what each does; the game is described by them."""
        place = element("keys")
        place.replaceChildren()
        if pointer:
            create("p", place, "Point at the picture, with the mouse or a finger.")
        elif not hands:
            create("p", place, "Nobody steers here: a policy plays.")
        for hand in hands:
            if hand.agent is not None:
                create("p", place, str(hand.agent) + ":")
            rows = create("ul", place)
            for button in hand.buttons:
                keys = [[self._bindings.bound(key) for key in button.keys]]
                keys += [[self._bindings.bound(key)] for key in button.others]
                _row(rows, keys, button.label or "")
        rows = create("ul", place)
        paces = element("paces")
        paces.replaceChildren()
        for command, name, _ in COMMANDS:
            keys = self._bindings.keys_of(command)
            if keys:
                _row(paces if command in PACES else rows, [[key] for key in keys], name)


def _row(rows, choices, label):
    """Add a row: keys that mean the same, each of them held together, and what they do."""
    row = create("li", rows)
    for i in range(len(choices)):
        if i:
            row.append(" or ")
        for key in choices[i]:
            cap = create("kbd", row, glyph(key))
            if glyph(key) != spoken(key):  # a sign is a picture
                cap.setAttribute("role", "img")
                cap.setAttribute("aria-label", spoken(key))
    row.append(" " + label)
