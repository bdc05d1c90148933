"""The page's address: read, kept up to date, copied. Runs on the page."""

from pyscript import window

from .dom import element, listen, root, show, view
from .links import Wanted, settings
from .live import say


class Address:
    """What the address asks for, and asks for again while the page is open.

    Args:
        names: of the environments.

    Attributes:
        wanted: the last ``Wanted``.
        on_change: called with a ``Wanted`` when the visitor goes back, or edits the address.
    """

    def __init__(self, names):
        self._names = names
        self.on_change = None
        self.wanted = self._read()
        element("seed").value = self.wanted.seed
        element("speed").value = self.wanted.speed
        if self.wanted.dev:
            element("developers").open = True
        if self.wanted.embed:
            root.dataset.embed = ""
            element("compact").media = "all"
        listen(view, "popstate", self._changed)
        listen(element("copy-link"), "click", self._copy)

    def choose(self, name):
        """Put the environment that was chosen into the address; Back leads to the one before."""
        self._put(name, view.history.pushState)

    def update(self, name):
        """Put a seed or a speed into the address."""
        self._put(name, view.history.replaceState)

    def _put(self, name, put):
        put(None, "", self._link(name))

    def _link(self, name):
        """Return the address of this environment as it is set; what else stands there stays."""
        link = window.URL.new(window.location.href)
        for known in ("env", "gym", "seed", "speed"):
            link.searchParams.delete(known)
        seed, speed = element("seed").value, str(element("speed").value)
        for key, value in settings(name, self._names, seed, speed):
            link.searchParams.set(key, value)
        link.hash = ""
        return str(link.href)

    def _read(self):
        # URLSearchParams decodes whatever stands there; decodeURIComponent throws for "50%".
        query = window.URLSearchParams.new(window.location.search)
        names = ("env", "gym", "seed", "speed", "dev", "embed")
        parameters = {name: str(query.get(name)) for name in names if query.has(name)}
        text = str(window.location.hash)[1:].replace("+", "%2B").replace("&", "%26")
        fragment = str(window.URLSearchParams.new("name=" + text).get("name"))
        wanted = Wanted(parameters, fragment, self._names)
        note = element("address-note")
        note.textContent = wanted.ignored
        note.hidden = not wanted.ignored
        return wanted

    def _changed(self, event):
        self.wanted = self._read()
        element("seed").value = self.wanted.seed
        element("speed").value = self.wanted.speed
        return self.on_change(self.wanted) if self.on_change is not None else None

    async def _copy(self, event):
        """Copy the link; where the browser does not let us, show it to be copied by hand."""
        link = self._link(element("title").textContent)
        clipboard = window.navigator.clipboard
        copied = False
        if clipboard:
            try:
                await clipboard.writeText(link)
                copied = True
            except Exception:  # the visitor, or the page that embeds this one, forbids it
                pass
        said = "Link copied." if copied else link
        show("copied", said)
        say(said, "copied")
