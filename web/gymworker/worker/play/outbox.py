"""What a game tells its page: states and transitions, at most ten times a second. In the worker."""

from ...protocol import EPISODE, TRANSITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .latency import Latency

    Send = Callable[[dict[str, Any]], None]


class Outbox:
    """Collects transitions and sends them in batches.

    Args:
        game: the id of the ``play`` request, which each message carries.
        send: posts a message to the page.
        latency: fills in the transitions that wait for their frame.
    """

    def __init__(self, game: "Any", send: "Send", latency: "Latency") -> None:
        self._game = game
        self._send = send
        self._latency = latency
        self._transitions: list[dict[str, Any]] = []
        self._kept: Any = None

    def add(self, transition: "dict[str, Any]") -> None:
        """Take a transition; its ``latency`` may be filled in while it waits here."""
        self._transitions.append(transition)

    def flush(self, all: bool) -> None:
        """Send what is there.

        Args:
            all: also those that wait for their frame, which otherwise stay for one more time.
        """
        ready, waiting = self._transitions, self._latency.first_waiting()
        if not ready:
            return
        self._transitions = []
        if not all and waiting is not None and waiting is not self._kept:
            self._kept = waiting
            cut = next((i for i, item in enumerate(ready) if item is waiting), len(ready))
            ready, self._transitions = ready[:cut], ready[cut:]
        if ready:
            self.send(TRANSITIONS, {"transitions": ready})

    def episode(self, summary: "dict[str, Any]") -> None:
        """Send an episode's summary, after all of its transitions."""
        self.flush(True)
        self.send(EPISODE, summary)

    def send(self, type: str, fields: "dict[str, Any]") -> None:
        """Send one message."""
        self._send({"type": type, "game": self._game, **fields})
