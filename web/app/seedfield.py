"""The field for a seed: what is wrong with it stands beside it. Runs on the page."""

from .dom import element, listen
from .seeds import read_seed


class SeedField:
    """What the visitor types.

    Attributes:
        seed: the one that is wanted, None for any.
        refused: whether what stands there is none.
    """

    def __init__(self):
        self._field = element("seed")
        listen(self._field, "input", lambda event: self._say(""))
        listen(self._field, "change", self._changed)

    @property
    def seed(self):
        """The seed that is wanted, None for any."""
        return read_seed(str(self._field.value))[0]

    @property
    def refused(self):
        """Whether what stands there is no seed; then it says so, and has the focus."""
        problem = read_seed(str(self._field.value))[1]
        self._say(problem)
        if problem:
            self._field.focus()
        return problem != ""

    def _changed(self, event):
        """Show a seed as it is used: 1000 for 1e3."""
        seed, problem = read_seed(str(self._field.value))
        if seed is not None:
            self._field.value = str(seed)
        self._say(problem)

    def _say(self, problem):
        self._field.setAttribute("aria-invalid", "true" if problem else "false")
        place = element("seed-problem")
        place.textContent = problem
        place.hidden = not problem
