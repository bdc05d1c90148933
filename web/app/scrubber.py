"""The bar below a recording that is watched: its episodes, its steps. Runs on the page."""

from .dom import create, element, listen, root, show
from .seeking import Seeking


class Scrubber:
    """Shows where a recording is, and goes where the visitor wants.

    Args:
        on_leave: called when the visitor wants to play again; it may be async.
    """

    def __init__(self, on_leave):
        self._game = None
        self._seeking = Seeking()
        self._bar = element("watching")
        self._steps = element("scrub")
        self._episodes = element("watched-episode")
        self._place = None
        listen(self._steps, "input", self._scrub)
        listen(self._episodes, "change", self._choose)
        listen(element("unwatch"), "click", lambda event: on_leave())

    def use(self, game):
        """Watch this game from now on; one that is played, or None, takes the bar away."""
        self._game = game if game is not None and game.episodes else None
        self._place = None
        self._bar.hidden = self._game is None
        if self._game is None:
            root.removeAttribute("data-watching")
            return
        root.dataset.watching = ""
        self._episodes.replaceChildren()
        for number, episode in enumerate(self._game.episodes):
            text = str(number + 1) + ": seed " + str(episode.seed) + ", "
            text += str(episode.steps) + (" step" if episode.steps == 1 else " steps")
            create("option", self._episodes, text, value=number)
        self._episodes.parentElement.hidden = len(self._game.episodes) < 2

    def update(self, play):
        """Show a ``PlayState``, unless the visitor is about to go elsewhere."""
        if self._game is None or self._seeking.busy:
            return
        place = (play.episode, play.step)
        if place == self._place:
            return
        steps = self._game.episodes[play.episode].steps
        if self._place is None or self._place[0] != play.episode:
            self._episodes.value = str(play.episode)
            self._steps.max = str(steps)
        self._place = place
        self._steps.value = str(play.step)
        self._say(play.step, steps)

    def _say(self, step, steps):
        text = str(step) + " of " + str(steps)
        show("watched-step", text)
        self._steps.setAttribute("aria-valuetext", "Step " + text)

    async def _scrub(self, event):
        if self._game is not None:
            step = int(str(self._steps.value))
            self._say(step, int(str(self._steps.max)))
            await self._go(int(str(self._episodes.value)), step)

    async def _choose(self, event):
        if self._game is not None:
            await self._go(int(str(self._episodes.value)), 0)

    async def _go(self, episode, step):
        state = await self._seeking.go(self._game, episode, step)
        if state is not None:
            self.update(state)
