"""How long somebody has owed a word, and when that is too long. Runs on the page.

    patience = Patience()
    patience.look(now(), request.id, 30.0)  # again and again; true after 30 s

A rule without a clock: who has one looks now and then, and says what he sees.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST = 1.0
"""Seconds between two looks that count: in a longer pause the page itself slept or was busy, and
the word may have come meanwhile."""


class Patience:
    """Measures one silence after another.

    Attributes:
        silence: seconds for which the same has been owed, 0.0 while nothing is.
    """

    def __init__(self) -> None:
        self.silence = 0.0
        self._owed: Any = None
        self._time = 0.0

    def look(self, time: float, owed: "Any", limit: "float | None") -> bool:
        """Look at what is owed at this time; return whether it has been for too long.

        Args:
            time: seconds, on any clock; MicroPython's may be set anew, back too.
            owed: names the word that is waited for; None for none. Another name, another word:
                the silence begins anew.
            limit: seconds that it may take; None for ever.
        """
        if owed is None or owed != self._owed:
            self.silence = 0.0
        else:
            self.silence += max(0.0, min(time - self._time, LONGEST))
        self._owed = owed
        self._time = time
        return owed is not None and limit is not None and self.silence >= limit
