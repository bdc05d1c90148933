"""The list of environments, from pyscript.toml, and any of Gymnasium's. Runs on the page."""

from .dom import create, element, listen
from .gymid import read, same, write
from .stock import Stock


class Chooser:
    """Radio buttons, one for each environment, and a field for any that Gymnasium has.

    Args:
        entries: the tables ``[[environments]]``: ``name``, ``file`` and, if given, ``about``,
            ``ends`` and ``start``.
        registered: a coroutine that returns the ids which can be made.

    Attributes:
        entry: the one that is chosen. One of Gymnasium's has in place of ``file`` its id and
            keyword arguments, ``make``, and both as text for a name.
        names: of those in the list, in order.
        on_choice: called when the visitor chooses another one, with the one before; it may be
            async.
    """

    def __init__(self, entries, registered):
        self._entries = list(entries)
        self.names = [entry["name"] for entry in self._entries]
        self.on_choice = None
        self._radios = []
        self._stock = Stock(registered, self._choose)
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
        listed = [entry for entry in self._entries if entry["name"] == name]
        if listed:
            self.entry = listed[0]
        elif name is not None and same(name) is not None:
            self.entry = _stock(*read(name))
        for number, radio in enumerate(self._radios):
            radio.checked = self._entries[number] is self.entry
        self._stock.show(self.entry)

    def loading(self, entry):
        """Mark the environment that is being loaded, None for none."""
        for number, radio in enumerate(self._radios):
            one = self._entries[number]
            label = radio.parentElement
            label.classList.toggle("loading", one is entry)
            radio.setAttribute("aria-busy", "true" if one is entry else "false")
        self._stock.loading(entry is not None and "make" in entry)

    def focus(self):
        """Bring the visitor here."""
        if "make" in self.entry:
            self._stock.focus()
        else:
            self._radios[self._entries.index(self.entry)].focus()

    def _chosen(self, event):
        return self._choose(self.names[int(event.target.value)])

    def _choose(self, name):
        """Take what the visitor chose, by its name."""
        before = self.entry
        self.select(name)
        return self.on_choice(before) if self.on_choice is not None else None


def _stock(id, arguments):
    return {
        "name": write(id, arguments),
        "make": (id, arguments),
        "about": "As Gymnasium has it, with its own picture.",
    }
