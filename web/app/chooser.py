"""The list of environments, from pyscript.toml. Runs on the page."""

from pyscript import window

from .dom import create, element, listen


class Chooser:
    """Radio buttons, one for each environment; the address keeps what is chosen.

    Args:
        entries: the tables ``[[environments]]``: ``name``, ``file`` and, if given, ``about``.

    Attributes:
        entry: the one that is chosen.
        on_choice: called when the visitor chooses another one; it may be async.
    """

    def __init__(self, entries):
        self._entries = list(entries)
        self.on_choice = None
        self._radios = []
        place = element("environments")
        for number, entry in enumerate(self._entries):
            label = create("label", place)
            radio = create("input", label, type="radio", name="environment", value=number)
            create("strong", label, entry["name"])
            if entry.get("about"):
                create("span", label, entry["about"], class_="small")
            self._radios.append(radio)
        # URLSearchParams decodes whatever stands there; decodeURIComponent throws for "50%".
        text = str(window.location.hash)[1:].replace("+", "%2B").replace("&", "%26")
        self.entry = self._entries[0]
        self.select(str(window.URLSearchParams.new("name=" + text).get("name")))
        listen(place, "change", self._chosen)

    def select(self, name):
        """Choose an environment by its name; a name that is unknown changes nothing."""
        for entry in self._entries:
            if entry["name"] == name:
                self.entry = entry
        self._radios[self._entries.index(self.entry)].checked = True

    def _chosen(self, event):
        self.entry = self._entries[int(event.target.value)]
        name = str(window.encodeURIComponent(self.entry["name"]))
        window.history.replaceState(None, "", "#" + name)
        return self.on_choice() if self.on_choice is not None else None
