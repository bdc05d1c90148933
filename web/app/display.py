"""The display: full screen, how dense it is, the way out of a phone's game. Runs on the page."""

from pyscript import document, window

from .dom import element, listen, root, show, view


class Display:
    """What the page is shown on.

    Args:
        on_ratio: called with ``devicePixelRatio`` when it has changed; may be async.
    """

    def __init__(self, on_ratio):
        self._on_ratio = on_ratio
        self._ratio = float(window.devicePixelRatio)
        button = element("full")
        button.hidden = not document.fullscreenEnabled  # as on an iPhone
        listen(button, "click", self._toggle)
        listen(document, "fullscreenchange", self._changed)
        listen(view, "resize", self._resized)

    async def _toggle(self, event):
        try:
            if document.fullscreenElement:
                await document.exitFullscreen()
            else:
                await root.requestFullscreen()
        except Exception:  # whoever embeds the page does not allow it
            element("full").hidden = True

    def _changed(self, event):
        full = bool(document.fullscreenElement)
        if full:
            root.dataset.full = ""
        else:
            root.removeAttribute("data-full")
        show("full-label", "Leave full screen" if full else "Full screen")
        embedded = root.hasAttribute("data-embed")
        element("compact").media = "all" if full or embedded else element("compact").dataset.media

    def _resized(self, event):
        ratio = float(window.devicePixelRatio)
        if ratio != self._ratio:
            self._ratio = ratio
            return self._on_ratio(ratio)
        return None


def menu(open):
    """Show the whole page while a game is there, on a phone; or the game alone again."""
    if open:
        root.dataset.menu = ""
    else:
        root.removeAttribute("data-menu")
