"""The choice of any environment by its name: a list, and a field. Runs on the page."""

from gymworker import GymWorkerError

from .dom import create, element, listen
from .gymid import read, write


class Stock:
    """Its list is filled when the visitor first looks at it.

    Args:
        registered: a coroutine that returns the names of those which can be made.
        choose: called with the name that is wanted; it may be async.
    """

    def __init__(self, registered, choose):
        self._registered = registered
        self._choose = choose
        self._panel, self._field = element("stock"), element("stock-id")
        self._list = element("stock-list")
        self._filled = False
        listen(self._panel, "toggle", self._fill)
        listen(self._list, "change", self._picked)
        listen(self._field, "input", lambda event: self._say(""))
        listen(element("stock-form"), "submit", self._typed)

    def show(self, entry):
        """Show which environment is chosen, if it is one of these."""
        name = entry["name"] if "make" in entry else ""
        self._panel.classList.toggle("chosen", bool(name))
        element("stock-name").textContent = name or "Any other"
        self._field.value = name
        self._list.value = entry["make"][0] if name else ""
        self._say("")

    def loading(self, here):
        """Mark that one of these is being loaded, or none."""
        self._panel.classList.toggle("loading", here)

    def focus(self):
        """Bring the visitor here."""
        self._panel.open = True
        self._field.focus()

    async def _fill(self, event):
        """Ask the worker what there is, when the list is opened and nobody has asked yet."""
        if self._filled or not self._panel.open:
            return
        self._filled = True
        try:
            ids = await self._registered()
        except GymWorkerError:  # no worker by now: there is the field
            self._filled = False
            return
        chosen = str(self._field.value).split("(")[0]
        for id in ids:
            option = create("option", self._list, id, value=id)
            option.selected = id == chosen

    def _picked(self, event):
        return self._choose(str(self._list.value)) if self._list.value else None

    def _typed(self, event):
        event.preventDefault()
        try:
            name = write(*read(str(self._field.value)))
        except ValueError as error:
            self._say(str(error))
            self._field.focus()
            return None
        return self._choose(name)

    def _say(self, problem):
        self._field.setAttribute("aria-invalid", "true" if problem else "false")
        place = element("stock-problem")
        place.textContent = problem
        place.hidden = not problem
