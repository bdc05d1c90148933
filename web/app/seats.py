"""Who plays: a person, a policy or chance, for each seat of a game. Runs on the page."""

from .dom import create, element, listen

WORDS = {"human": "You", "policy": "Policy", "random": "Random"}


class Seats:
    """A list of choices for each seat; what is chosen counts from the next game on.

    Args:
        on_choice: called when the visitor has chosen; it may be async.
    """

    def __init__(self, on_choice):
        self._on_choice = on_choice
        self._wanted = {}  # by the environment's name: kinds by agent
        self._name = None
        self._seats = []
        listen(element("seats"), "change", self._chosen)

    def wanted(self, name):
        """Return who is to play in this environment, as ``play`` takes it."""
        return self._wanted.get(name)

    def want(self, name, kinds):
        """Have them play in this environment, by agent."""
        self._wanted[name] = kinds

    def forget(self, name):
        """Let the environment say who plays."""
        self._wanted.pop(name, None)

    def show(self, name, seats):
        """Show the seats of the game that is there now.

        Args:
            name: of its environment.
            seats: of the ``Game``.
        """
        self._name, self._seats = name, [seat for seat in seats if len(seat.choices) > 1]
        place = element("seats")
        place.replaceChildren()
        place.hidden = not self._seats
        for number, seat in enumerate(self._seats):
            who = "Player" if seat.agent is None else str(seat.agent)
            label = create("label", place, who + " ", class_="small row", dir="auto")
            select = create("select", label, data_seat=number)
            for kind in seat.choices:
                option = create("option", select, WORDS[kind], value=kind)
                option.selected = kind == seat.kind

    def _chosen(self, event):
        select = event.target
        agent = self._seats[int(select.dataset.seat)].agent
        kinds = {seat.agent: seat.kind for seat in self._seats}
        kinds[agent] = str(select.value)
        self._wanted[self._name] = kinds
        return self._on_choice()
