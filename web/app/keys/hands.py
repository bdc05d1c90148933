"""The buttons of each player, and where they go. Runs on the page."""

from .names import glyph, spoken

ARROWS = {"ArrowUp": "up", "ArrowLeft": "left", "ArrowDown": "down", "ArrowRight": "right"}
LETTERS = {"w": "up", "a": "left", "s": "down", "d": "right"}


class Button:
    """A button that holds keys.

    Attributes:
        keys: what it holds while it is pressed.
        action: what they do.
        label: what people read for it, or None.
        others: keys that mean the same.
        side: ``up``, ``left``, ``down`` or ``right``, or "" for a button without a direction.
        analog: whether it counts how far they are pressed.
    """

    def __init__(self, control):
        self.keys = list(control.keys)
        self.action = control.action
        self.label = control.label
        self.analog = getattr(control, "analog", False)
        self.others = []
        self.side = ""

    def caps(self, bound):
        """Return what stands on its keys; ``bound`` leads to the visitor's own."""
        return " ".join([glyph(bound(key)) for key in self.keys])

    def name(self, bound):
        """Return its name for people who listen."""
        keys = " and ".join([spoken(bound(key)) for key in self.keys])
        return self.label + " (" + keys + ")" if self.label else keys


class Hand:
    """The buttons of one player."""

    def __init__(self, agent):
        self.agent = agent
        self.buttons = []

    def at(self, side):
        """Return the button of a side, or None; ``""`` is none."""
        for button in self.buttons:
            if side and button.side == side:
                return button
        return None

    @property
    def loose(self):
        """The buttons that have no direction, in order."""
        return [button for button in self.buttons if not button.side]


def hands(controls):
    """Return the buttons that a game needs, by player.

    Keys with one action share a button. Combinations of keys that have buttons need none.

    Args:
        controls: of the game: a ``Control`` each.
    """
    found, order = {}, []
    for control in controls:  # MicroPython's dicts are not in order
        agent = control.agent
        if agent not in found:
            found[agent] = Hand(agent)
            order.append(found[agent])
        hand, keys = found[agent], control.keys
        if len(keys) == 1:
            same = [one for one in hand.buttons if repr(one.action) == repr(control.action)]
            if same:
                same[0].others.append(keys[0])
            else:
                hand.buttons.append(Button(control))
    for control in controls:
        hand, keys = found[control.agent], control.keys
        singles = [one for button in hand.buttons for one in button.keys + button.others]
        if len(keys) > 1 and not all(key in singles for key in keys):
            hand.buttons.append(Button(control))
    for hand in order:
        _place(hand)
    return order


def _place(hand):
    singles = [button for button in hand.buttons if len(button.keys) == 1]
    names = [key for button in singles for key in button.keys + button.others]
    sides = ARROWS
    if not [key for key in names if key in ARROWS]:
        whole = ("a" in names and "d" in names) or ("w" in names and "s" in names)
        sides = LETTERS if whole else {}
    for button in singles:
        for key in button.keys + button.others:
            if key in sides and hand.at(sides[key]) is None and not button.side:
                button.side = sides[key]
