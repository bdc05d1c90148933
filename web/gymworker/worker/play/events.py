"""What happens around the steps of an episode, for an analysis: keys, pace, pauses. In the worker.

An event is a list `[ms, kind, ...]`, its time counted from the episode's first step:

    [-120.5, "key", "ArrowLeft", "down"]   a key of a player went down, or `up`
    [0.0, "fps", 50.0]                     the pace, at the beginning and when it changes
    [31.4, "latency", 24.1]                a frame showed what a key did, so many ms after it
    [900.0, "paused"], [1500.0, "running"] what became of the game: its states
    [15.0, "pointer", 0.31, 0.5, "down"]   the pointer was pressed there, of 1, or `up`
    [90.0, "rewound", 12, 30]              it goes on from step 12, after having been at step 30
    [99.0, "corrected", 5, 6]              what was done in steps 5 and 6 was something else
    [75.5, "refused", "3"]                 what these keys asked for was not allowed
    [60.2, "blur"], [70.9, "focus"]        whatever the page marks

What holds on from an earlier episode, as a `blur` or `hidden` does, stands at the beginning again.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .clock import Clock, Rhythm

MOST = 100_000
"""Events of an episode that are kept."""

ENDS = {"focus": "blur", "visible": "hidden"}
"""Marks that end another one."""


class Events:
    """The events of the episodes of one game.

    Args:
        clock: the game's.
        rhythm: its pace.
    """

    def __init__(self, clock: "Clock", rhythm: "Rhythm") -> None:
        self._clock = clock
        self._rhythm = rhythm
        self._found: list[tuple[float, tuple[Any, ...]]] = []
        self._lasting: list[str] = []
        self._held: list[str] = []
        self._place: tuple[float, ...] = ()
        self._pressed = False

    def begin(self) -> None:
        """Begin with an episode: what came after the last one belongs to this one."""
        self.note("fps", self._rhythm.fps)
        for mark in self._lasting:
            self.note(mark)

    def note(self, *event: "Any", time: "float | None" = None) -> None:
        """Note an event.

        Args:
            event: its kind, and what more there is to say.
            time: when, in ms since the epoch; now by default.
        """
        if len(self._found) < MOST:
            late = 0.0 if time is None else (self._clock.wall() - time) / 1000
            self._found.append((self._clock.now() - late, event))

    def mark(self, mark: str, time: "float | None" = None) -> None:
        """Note what the page marks."""
        if mark in ENDS:
            if ENDS[mark] in self._lasting:
                self._lasting.remove(ENDS[mark])
        elif mark in ENDS.values() and mark not in self._lasting:
            self._lasting.append(mark)
        self.note(mark, time=time)

    def key(self, key: str, down: bool, time: "float | None" = None) -> None:
        """Note that a key went down or up, unless it was so before."""
        if down is (key not in self._held):
            (self._held.append if down else self._held.remove)(key)
            self.note("key", key, "down" if down else "up", time=time)

    def hold(self, keys: "Iterable[str]", time: "float | None" = None) -> None:
        """Note that these keys are held and no others."""
        wanted = list(keys)
        for key in [key for key in self._held if key not in wanted]:
            self.key(key, False, time)
        for key in wanted:
            self.key(key, True, time)

    def pointer(
        self, place: "tuple[float, ...] | None", down: bool, time: "float | None" = None
    ) -> None:
        """Note that the pointer was pressed, or let go; where it moved is in the actions."""
        self._place = self._place if place is None else place
        if down is not self._pressed:
            self._pressed = down
            where = [round(part, 4) for part in self._place]
            self.note("pointer", *where, "down" if down else "up", time=time)

    def capture(self, now: float) -> "dict[str, Any]":
        """Return what there is, its times counted from ``now``, for ``restore``."""
        return {
            "found": [(when - now, event) for when, event in self._found],
            "lasting": list(self._lasting),
            "held": list(self._held),
            "pointer": (self._place, self._pressed),
        }

    def restore(self, captured: "dict[str, Any]", now: float) -> None:
        """Have what ``capture`` has returned, ``now`` being the moment of that."""
        self._found = [(when + now, tuple(event)) for when, event in captured["found"]]
        self._lasting, self._held = list(captured["lasting"]), list(captured["held"])
        self._place, self._pressed = captured["pointer"]

    def take(self, origin: "float | None") -> "list[list[Any]]":
        """Return what there is, and keep nothing of it.

        Args:
            origin: when the first step was, in seconds of the game's clock; None if there was none.
        """
        found, self._found = self._found, []
        start = origin if origin is not None else self._clock.now()
        return [[round((when - start) * 1000, 1), *event] for when, event in found]
