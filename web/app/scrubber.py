"""The bar of steps: of a recording that is watched, of a game that is paused. Runs on the page."""

from .dom import create, element, listen, root, show
from .live import say
from .seeking import Seeking


class Scrubber:
    """Shows at which step a game is, and goes where the visitor wants.

    Args:
        on_leave: called when the visitor wants to play again; it may be async.

    Attributes:
        commands: what keys do here, by the names of the commands.
    """

    def __init__(self, on_leave):
        self.commands = {"back": self.back, "forth": self.forth}
        self._game = None
        self._seeking = Seeking()
        self._bar = element("watching")
        self._steps = element("scrub")
        self._episodes = element("watched-episode")
        self._shown = None  # the place and the range that the bar has
        listen(self._steps, "input", self._scrub)
        listen(self._episodes, "change", self._choose)
        listen(element("unwatch"), "click", lambda event: on_leave())

    def use(self, game):
        """Go to the steps of this game from now on; None for none."""
        self._game, self._shown = game, None
        self._bar.hidden = True
        watched = game is not None and bool(game.episodes)
        root.toggleAttribute("data-watching", watched)
        element("unwatch").hidden = not watched
        self._bar.setAttribute("aria-label", "Recording" if watched else "Steps of this episode")
        self._episodes.replaceChildren()
        for number, episode in enumerate(game.episodes if watched else []):
            text = str(number + 1) + ": seed " + str(episode.seed) + ", "
            text += str(episode.steps) + (" step" if episode.steps == 1 else " steps")
            create("option", self._episodes, text, value=number)
        self._episodes.parentElement.hidden = not watched or len(game.episodes) < 2

    def update(self, play, begun):
        """Show a ``PlayState``, unless the visitor is about to go elsewhere.

        Args:
            play: the state.
            begun: whether its episode is under way.
        """
        if self._game is None or self._seeking.busy:
            return
        rests = begun and play.state == "paused" and play.kept is not None
        if self._game.episodes or (rests and play.kept < play.step + play.ahead):
            self._show(play)
        elif self._shown is not None:
            self._shown = None
            self._bar.hidden = True

    async def back(self):
        """Go one step back."""
        await self._pace(-1)

    async def forth(self):
        """Go one step forth, of those that there were already."""
        await self._pace(1)

    async def arrived(self):
        """Wait until the game is where the visitor wants it."""
        await self._seeking.arrived()

    def _show(self, play):
        first, last = play.kept, play.step + play.ahead
        shown = (play.episode, play.step, first, last)
        if shown == self._shown:
            return
        if self._shown is None or self._shown[0] != play.episode:
            self._episodes.value = str(play.episode)
        self._shown = shown
        self._steps.min, self._steps.max = str(first), str(last)
        self._steps.value = str(play.step)
        self._say()
        self._bar.hidden = False

    def _say(self):
        text = str(self._steps.value) + " of " + str(self._steps.max)
        show("watched-step", text)
        self._steps.setAttribute("aria-valuetext", "Step " + text)
        past = not self._game.episodes and self._steps.value != self._steps.max
        element("past").hidden = not past
        return text

    async def _pace(self, steps):
        if self._shown is not None:
            step = int(str(self._steps.value)) + steps
            if int(str(self._steps.min)) <= step <= int(str(self._steps.max)):
                self._steps.value = str(step)
                say("Step " + self._say() + ".", "move")
                await self._go(step)

    async def _scrub(self, event):
        if self._shown is not None:
            self._say()
            await self._go(int(str(self._steps.value)))

    async def _choose(self, event):
        if self._shown is not None:
            await self._go(0)

    async def _go(self, step):
        game = self._game
        episode = int(str(self._episodes.value)) if game.episodes else None
        state = await self._seeking.go(game, episode, step)
        if state is not None and game is self._game:
            self.update(state, True)
