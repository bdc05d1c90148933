"""The list of environments, from pyscript.toml. Runs on the page."""

from .dom import create, element, listen


class Chooser:
    """Radio buttons, one for each environment.

    Args:
        entries: the tables ``[[environments]]``: ``name``, ``file`` and, if given, ``about``,
            ``ends`` and ``start``.

    Attributes:
        entry: the one that is chosen.
        names: of all, in order.
        on_choice: called when the visitor chooses another one, with the one before; it may be
            async.
    """

    def __init__(self, entries):
        self._entries = list(entries)
        self.names = [entry["name"] for entry in self._entries]
        self.on_choice = None
        self._radios = []
        place = element("environments")
        for number, entry in enumerate(self._entries):
            label = create("label", place)
            radio = create("input", label, type="radio", name="environment", value=number)
            create("strong", label, entry["name"], dir="auto")
            if entry.get("about"):
                create("span", label, entry["about"], class_="small", dir="auto")
            self._radios.append(radio)
        self.select(self.names[0])
        listen(place, "change", self._chosen)

    def select(self, name):
        """Choose an environment by its name; a name that is unknown changes nothing."""
        for entry in self._entries:
            if entry["name"] == name:
                self.entry = entry
        self._radios[self._entries.index(self.entry)].checked = True

    def loading(self, entry):
        """Mark the environment that is being loaded, None for none."""
        for number, radio in enumerate(self._radios):
            one = self._entries[number]
            label = radio.parentElement
            label.classList.toggle("loading", one is entry)
            radio.setAttribute("aria-busy", "true" if one is entry else "false")

    def focus(self):
        """Bring the visitor here."""
        self._radios[self._entries.index(self.entry)].focus()

    def _chosen(self, event):
        before, self.entry = self.entry, self._entries[int(event.target.value)]
        return self.on_choice(before) if self.on_choice is not None else None
