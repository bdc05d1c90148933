"""Whether the visitor looks: it stands in the record of the game. Runs on the page."""

from pyscript import document

from .dom import listen, view


class Attention:
    """Marks in the record when the page is left and hidden, and when it is not any more.

    Args:
        game: returns the game that is played, None while there is none.
    """

    def __init__(self, game):
        self._game = game
        self._away = {"blur": False, "hidden": False}
        listen(view, "blur", lambda event: self._note("blur", "blur", True))
        listen(view, "focus", lambda event: self._note("focus", "blur", False))
        listen(document, "visibilitychange", self._visibility)

    def begin(self):
        """Say to a new game what lasts already."""
        for mark, away in self._away.items():
            if away and self._game() is not None:
                self._game().mark(mark)

    def _visibility(self, event):
        hidden = bool(document.hidden)
        self._note("hidden" if hidden else "visible", "hidden", hidden)

    def _note(self, mark, kind, away):
        if self._away[kind] != away:
            self._away[kind] = away
            if self._game() is not None:
                self._game().mark(mark)
