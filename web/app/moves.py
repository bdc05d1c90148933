"""The moves of a game that has more of them than there are keys: a list to choose from.

It is there while the game waits for a person who has no keys. Arrows and letters choose, Enter
plays. Runs on the page.
"""

from gymworker import GymWorkerError, RemoteError, TransportError
from pyscript import document

from .dom import create, element, listen, spawn
from .live import say

MOST_SHOWN = 5
"""Lines of the list."""


def by_list(play, game):
    """Tell whether the game waits for a person who has neither keys nor the pointer.

    Args:
        play: the ``PlayState``.
        game: the ``Game``.
    """
    agent = play.agent
    if play.state != "waiting" or agent is None or game.pointer:
        return False
    people = [seat.agent for seat in game.seats if seat.kind == "human"]
    return agent in people and all(control.agent != agent for control in game.controls)


class Moves:
    """The list.

    Args:
        ask: a coroutine that returns the moves of whose turn it is: pairs of an action and what it
            is called.
    """

    def __init__(self, ask):
        self._ask = ask
        self._game = None
        self._turn = None  # the game, episode and step whose moves are shown, None for none
        self._form, self._list = element("moves"), element("moves-list")
        listen(self._form, "submit", self._submitted)
        listen(self._list, "keydown", self._key_down)
        listen(self._list, "dblclick", self._play)

    def show(self, game, play):
        """Show the moves, if the game waits for one that is chosen here.

        Args:
            game: the ``Game``, None for none.
            play: its ``PlayState``, None where nobody plays now.
        """
        turn = None
        if play is not None and by_list(play, game):
            turn = game.id, play.episode, play.step
        if turn == self._turn:
            return
        self._game, self._turn = game, turn
        if turn is None:
            self._hide()
        else:
            spawn(self._fill(turn))

    async def _fill(self, turn):
        try:
            moves = await self._ask()
        except (RemoteError, TransportError):  # the game tells what is wrong
            return
        if turn != self._turn:
            return
        self._list.replaceChildren()
        for action, name in moves:
            create("option", self._list, name, value=action)
        self._list.size = max(2, min(MOST_SHOWN, len(moves)))
        self._list.selectedIndex = 0
        here = document.activeElement
        self._form.hidden = False
        if here is None or here.id in ("", "stage", "start", "toggle"):
            self._list.focus()

    def _hide(self):
        if self._form.contains(document.activeElement):
            element("stage").focus()
        self._form.hidden = True

    def _key_down(self, event):
        if event.key == "Enter":
            event.preventDefault()
            return self._play(event)
        return None

    def _submitted(self, event):
        event.preventDefault()
        return self._play(event)

    async def _play(self, event):
        if self._turn is None or self._list.selectedIndex < 0:
            return
        try:
            await self._game.act(int(self._list.value))
        except GymWorkerError as error:
            say(str(error))
