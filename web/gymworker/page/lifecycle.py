"""The life of a worker as the page sees it: a table of states and events. Runs on the page.

    state     event       next        what it means
    booting   ready       ready       the worker's own READY arrived
    booting   fail        failed      the boot failed: the cause is kept and raised
    ready     stall       stalled     it owes an answer for too long: it hangs, as it seems
    stalled   answer      ready       it said something after all
    ready     fail        failed      the worker crashed
    stalled   fail        failed      the same
    any open  restart     booting     a new worker takes over
    any       close       closed      destroy(); for good

"Open" is all but closed. An event that the table does not name raises ``ProtocolError``.
"""

from ..errors import ProtocolError

BOOTING = "booting"
READY = "ready"
STALLED = "stalled"
FAILED = "failed"
CLOSED = "closed"

NEXT_STATES = {
    BOOTING: {"ready": READY, "fail": FAILED, "restart": BOOTING, "close": CLOSED},
    READY: {"stall": STALLED, "fail": FAILED, "restart": BOOTING, "close": CLOSED},
    STALLED: {"answer": READY, "fail": FAILED, "restart": BOOTING, "close": CLOSED},
    FAILED: {"restart": BOOTING, "close": CLOSED},
    CLOSED: {"close": CLOSED},
}


class Lifecycle:
    """Where a worker is in its life.

    Attributes:
        state: one of ``booting``, ``ready``, ``stalled``, ``failed``, ``closed``.
    """

    def __init__(self) -> None:
        self.state = BOOTING

    def allows(self, event: str) -> bool:
        """Tell whether ``event`` is legal in this state."""
        return event in NEXT_STATES[self.state]

    def handle(self, event: str) -> None:
        """Go to the next state.

        Raises:
            ProtocolError: the table has no such event in this state.
        """
        if not self.allows(event):
            expected = ", ".join(sorted(NEXT_STATES[self.state]))
            raise ProtocolError(
                "a worker that is " + self.state + " takes " + expected + "; it was told: " + event
            )
        self.state = NEXT_STATES[self.state][event]
