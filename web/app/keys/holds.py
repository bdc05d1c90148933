"""Who holds which key, and how far. Runs on the page."""


class Holds:
    """Who holds which key: a key, a finger and a gamepad may hold the same one.

    Args:
        change: called with a key, how far it is pressed now (1, or less of a stick; 0 is let go),
            and the time of the event or None.
    """

    def __init__(self, change):
        self._change = change
        self._holders = {}  # by key: how far each source presses it

    def __contains__(self, key):
        return key in self._holders

    def hold(self, source, key, time=None, amount=1):
        """Note that ``source`` holds a key, and how far."""
        holders = self._holders.get(key)
        if holders is None:
            holders = self._holders[key] = {}
        before = _most(holders)
        holders[source] = amount
        if _most(holders) != before:
            self._change(key, _most(holders), time)

    def release(self, source, key, time=None):
        """Note that ``source`` lets go of a key."""
        holders = self._holders.get(key)
        if holders is None or source not in holders:
            return
        before = _most(holders)
        del holders[source]
        if not holders:
            del self._holders[key]
        if _most(holders) != before:
            self._change(key, _most(holders), time)

    def hold_only(self, source, keys, time=None, amounts=None):
        """Note that ``source`` holds these keys and no others; ``amounts`` may say how far."""
        for key in list(self._holders):
            if key not in keys:
                self.release(source, key, time)
        for key in keys:
            self.hold(source, key, time, amounts[key] if amounts else 1)

    def release_all(self):
        """Note that nobody holds anything."""
        for key in list(self._holders):
            del self._holders[key]
            self._change(key, 0, None)


def _most(holders):
    return max(holders.values()) if holders else 0
