"""Gamepads: whose they are, and which keys they hold. Runs on the page.

Browsers tell of many things that are no gamepads (pedals, keyboards, sensors), whose axes stand
anywhere and whose buttons may be switches. So an axis counts only after it was seen at rest, the
button of an odd device after it was seen up, and a device once it was used; standard pads come
first. Nothing here touches the document.
"""

TILTED = 0.5
"""How far a stick has to be tilted, of 1."""

SLACK = 0.1
"""How far a stick that nobody touches may be tilted; what is beyond it counts from 0 to 1."""

CROSS = {12: "up", 13: "down", 14: "left", 15: "right"}
"""The buttons of a standard gamepad that are a cross."""

A, START = 0, 9
"""The buttons of a standard gamepad that begin a game."""

BUTTONS = 16
"""How many buttons count; the next one is the system's."""


class Gamepad:
    """One device.

    Args:
        id: as ``Gamepad.id`` has it.
        mapping: ``standard`` where its buttons are where one expects them.

    Attributes:
        tilt: of the first stick: x to the right, y down.
        pressed: the numbers of the buttons that are down.
        fresh: those of them that were up at the last look.
        used: whether somebody ever used it.
    """

    def __init__(self, id, mapping):
        self.id = id
        self.standard = mapping == "standard"
        self.tilt, self.pressed, self.fresh = (0, 0), [], []
        self.used = False
        self._rested = []  # axes that were seen at rest
        self._silent = None  # buttons that do not count until they come up

    def look(self, axes, down):
        """Look at it.

        Args:
            axes: where its axes stand, from -1 to 1.
            down: the numbers of the buttons that are down.
        """
        for i in range(min(2, len(axes))):
            if i not in self._rested and abs(axes[i]) < TILTED:
                self._rested.append(i)
        if self._silent is None:
            self._silent = [] if self.standard else down
        self._silent = [number for number in self._silent if number in down]
        x, y = [axes[i] if i in self._rested else 0 for i in range(2)]
        self.tilt = (x, y)
        before = self.pressed
        self.pressed = [number for number in down if number not in self._silent]
        self.fresh = [number for number in self.pressed if number not in before]
        if self.pressed or abs(x) > TILTED or abs(y) > TILTED:
            self.used = True

    def silence(self, number):
        """Let a button that is down mean nothing more until it comes up."""
        self._silent.append(number)
        self.pressed = [one for one in self.pressed if one != number]

    def keys(self, hand):
        """Return the keys that it holds for a player, and how far each, as pairs."""
        sides = [CROSS[number] for number in self.pressed if number in CROSS]
        x, y = self.tilt
        stick = {"left": -x, "right": x, "up": -y, "down": y}
        held, loose = [], hand.loose
        for button in hand.buttons:
            number = loose.index(button) if button in loose else -1
            tilt = stick.get(button.side, 0)
            amount = part(tilt) if button.analog else int(tilt > TILTED)
            if button.side in sides or number in self.pressed:
                amount = 1
            if amount:
                held += [(key, amount) for key in button.keys]
        return held


class Gamepads:
    """All devices.

    Attributes:
        there: those that are connected, by their slots.
        amounts: how far each of the keys that are held is pressed, up to 1.
    """

    def __init__(self):
        self.there = {}
        self.amounts = {}
        self._turn = []  # the slots of those that were used, in order

    def look(self, slot, id, mapping, axes, down):
        """Look at the device in a slot; see ``Gamepad``."""
        pad = self.there.get(slot)
        if pad is None or pad.id != id:
            self.forget(slot)
            pad = self.there[slot] = Gamepad(id, mapping)
        pad.look(axes, down)
        if pad.used and slot not in self._turn:
            self._turn.append(slot)

    def forget(self, slot):
        """Forget the device in a slot, if there was one."""
        self.there.pop(slot, None)
        if slot in self._turn:
            self._turn.remove(slot)

    def keys(self, hands):
        """Return the keys that are held; ``amounts`` then says how far.

        Who uses a pad first is the first player. Pads that are more than players are the last
        player's; odd devices have the places that standard pads leave.
        """
        used = [self.there[slot] for slot in self._turn]
        standard = [pad for pad in used if pad.standard]
        odd = [pad for pad in used if not pad.standard]
        playing = standard + odd[: max(0, len(hands) - len(standard))]
        held, self.amounts = [], {}
        for i in range(len(playing) if hands else 0):
            for key, amount in playing[i].keys(hands[min(i, len(hands) - 1)]):
                held.append(key)
                self.amounts[key] = max(amount, self.amounts.get(key, 0))
        return held

    def names(self):
        """Return what the devices are called, those first that play."""
        others = [slot for slot in sorted(self.there) if slot not in self._turn]
        pads = [self.there[slot] for slot in self._turn + others]
        standard = [pad for pad in pads if pad.standard]
        return [called(pad.id) for pad in standard or pads]


def part(tilt):
    """Return how far a key is pressed by a stick, in hundredths of 1."""
    return min(1, max(0, round((tilt - SLACK) / (1 - SLACK), 2)))


def called(id):
    """Return a gamepad's name without what browsers put around it."""
    name = id.split(" (")[0]
    parts = name.split("-", 2)
    if len(parts) == 3 and _is_number(parts[0]) and _is_number(parts[1]):
        name = parts[2]  # Firefox: vendor, product, name
    return " ".join(name.split()) or "Gamepad"


def _is_number(text):
    return len(text) in (3, 4) and all(sign in "0123456789abcdef" for sign in text.lower())
