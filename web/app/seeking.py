"""Going to a step of a recording, as fast as the visitor asks for it. Needs no document.

While the worker is on its way to one step only the newest of the others that are asked for counts.
"""


class Seeking:
    """One way after the other.

    Attributes:
        busy: whether there is one at the moment.
    """

    def __init__(self):
        self.busy = False
        self._next = None

    async def go(self, game, episode, step):
        """Go to a step of an episode of a ``Game``.

        Returns:
            The state there, or None if somebody else is on the way, and will go there.
        """
        self._next = (game, episode, step)
        if self.busy:
            return None
        self.busy = True
        state = None
        try:
            while self._next is not None:
                (game, episode, step), self._next = self._next, None
                state = None if game.over else await game.seek(step, episode)
        finally:
            self._next = None
            self.busy = False
        return state
