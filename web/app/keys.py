"""Keys: what they are called, where their buttons go, who holds them. Runs on the page.

Nothing here touches the document.
"""

GLYPHS = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    " ": "Space",
    "Escape": "Esc",
}
NAMES = {
    "ArrowLeft": "Left arrow",
    "ArrowRight": "Right arrow",
    "ArrowUp": "Up arrow",
    "ArrowDown": "Down arrow",
    " ": "Space",
}
ARROWS = {"ArrowUp": "up", "ArrowLeft": "left", "ArrowDown": "down", "ArrowRight": "right"}
LETTERS = {"w": "up", "a": "left", "s": "down", "d": "right"}
TILTED = 0.5
"""How far a stick has to be tilted, of 1."""

PAD_ARROWS = {12: "up", 13: "down", 14: "left", 15: "right"}
"""The buttons of a standard gamepad that are a cross."""


def glyph(key):
    """Return what stands on a key's cap."""
    return GLYPHS.get(key, key.upper() if len(key) == 1 else key)


def spoken(key):
    """Return a key's name for people who listen."""
    return NAMES.get(key, key.upper() if len(key) == 1 else key)


def key_name(key):
    """Return a ``KeyboardEvent.key`` as the worker spells it: letters in lower case."""
    return key.lower() if len(key) == 1 else key


class Button:
    """A button that holds keys.

    Attributes:
        keys: what it holds while it is pressed.
        others: keys that mean the same.
        side: ``up``, ``left``, ``down`` or ``right``, or "" for a button without a direction.
    """

    def __init__(self, keys, action):
        self.keys = list(keys)
        self.action = action
        self.others = []
        self.side = ""

    @property
    def label(self):
        """What stands on it."""
        return " ".join([glyph(key) for key in self.keys])

    @property
    def name(self):
        """Its name for people who listen."""
        return " and ".join([spoken(key) for key in self.keys])


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
    found = {}
    for control in controls:
        agent = control.agent
        if agent not in found:
            found[agent] = Hand(agent)
    order = []
    for control in controls:  # MicroPython's dicts are not in order
        hand = found[control.agent]
        if hand not in order:
            order.append(hand)
        keys = control.keys
        if len(keys) == 1:
            same = [one for one in hand.buttons if repr(one.action) == repr(control.action)]
            if same:
                same[0].others.append(keys[0])
            else:
                hand.buttons.append(Button(keys, control.action))
    for control in controls:
        hand, keys = found[control.agent], control.keys
        singles = [one for button in hand.buttons for one in button.keys + button.others]
        if len(keys) > 1 and not all(key in singles for key in keys):
            hand.buttons.append(Button(keys, control.action))
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


def explain(order):
    """Return one sentence about the keys."""
    parts = []
    for hand in order:
        keys = []
        for button in hand.buttons:
            caps = [button.label] + [glyph(key) for key in button.others]
            keys.append("/".join(caps))
        who = str(hand.agent) + ": " if hand.agent is not None else ""
        parts.append(who + "  ".join(keys))
    if not parts:
        return "Nobody steers here: a policy plays."
    return "Keys  " + "  ·  ".join(parts)


def gamepad_keys(hand, axes, pressed):
    """Return the keys that a gamepad holds.

    Args:
        hand: whose gamepad it is.
        axes: of the first stick: x to the right, y down, from -1 to 1.
        pressed: the numbers of the buttons that are down.
    """
    sides = [PAD_ARROWS[number] for number in pressed if number in PAD_ARROWS]
    x, y = axes
    if abs(x) > TILTED:
        sides.append("right" if x > 0 else "left")
    if abs(y) > TILTED:
        sides.append("down" if y > 0 else "up")
    held = []
    loose = hand.loose
    for button in hand.buttons:
        number = loose.index(button) if button in loose else -1
        if button.side in sides or number in pressed:
            held += button.keys
    return held


class Holds:
    """Who holds which key: a key, a finger and a gamepad may hold the same one.

    Args:
        change: called with a key and whether it is held now.
    """

    def __init__(self, change):
        self._change = change
        self._holders = {}

    def __contains__(self, key):
        return key in self._holders

    def hold(self, source, key):
        """Note that ``source`` holds a key."""
        holders = self._holders.get(key)
        if holders is None:
            self._holders[key] = [source]
            self._change(key, True)
        elif source not in holders:
            holders.append(source)

    def release(self, source, key):
        """Note that ``source`` lets go of a key."""
        holders = self._holders.get(key)
        if holders is None or source not in holders:
            return
        holders.remove(source)
        if not holders:
            del self._holders[key]
            self._change(key, False)

    def hold_only(self, source, keys):
        """Note that ``source`` holds these keys and no others."""
        for key in list(self._holders):
            if key not in keys:
                self.release(source, key)
        for key in keys:
            self.hold(source, key)

    def release_all(self):
        """Note that nobody holds anything."""
        for key in list(self._holders):
            del self._holders[key]
            self._change(key, False)
