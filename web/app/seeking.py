"""Going to a step of a game or a recording. Needs no document."""

import asyncio

LOOK = 0.01
"""Seconds between two looks whether one is there."""


class Seeking:
    """Goes there as fast as the visitor asks for it.

    While the worker is on its way to one step only the newest of the others that are asked for
    counts.

    Attributes:
        busy: whether there is one at the moment.
    """

    def __init__(self):
        self.busy = False
        self._next = None

    async def go(self, game, episode, step):
        """Go to a step.

        Args:
            game: a ``Game``, played or watched.
            episode: of the recording that is watched.
            step: of the episode.

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
                if game.over:
                    state = None
                elif game.episodes:
                    state = await game.seek(step, episode)
                else:
                    state = await game.rewind(step)
        finally:
            self._next = None
            self.busy = False
        return state

    async def arrived(self):
        """Wait until nobody is on the way."""
        while self.busy:
            await asyncio.sleep(LOOK)
