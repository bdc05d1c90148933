"""Who holds which key. Runs on the page."""


class Holds:
    """Who holds which key: a key, a finger and a gamepad may hold the same one.

    Args:
        change: called with a key, whether it is held now, and the time of the event or None.
    """

    def __init__(self, change):
        self._change = change
        self._holders = {}

    def __contains__(self, key):
        return key in self._holders

    def hold(self, source, key, time=None):
        """Note that ``source`` holds a key."""
        holders = self._holders.get(key)
        if holders is None:
            self._holders[key] = [source]
            self._change(key, True, time)
        elif source not in holders:
            holders.append(source)

    def release(self, source, key, time=None):
        """Note that ``source`` lets go of a key."""
        holders = self._holders.get(key)
        if holders is None or source not in holders:
            return
        holders.remove(source)
        if not holders:
            del self._holders[key]
            self._change(key, False, time)

    def hold_only(self, source, keys, time=None):
        """Note that ``source`` holds these keys and no others."""
        for key in list(self._holders):
            if key not in keys:
                self.release(source, key, time)
        for key in keys:
            self.hold(source, key, time)

    def release_all(self):
        """Note that nobody holds anything."""
        for key in list(self._holders):
            del self._holders[key]
            self._change(key, False, None)
