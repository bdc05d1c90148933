"""When a game's clock begins, and when it rests. Runs on the page; nothing here touches it.

state      what the visitor sees                        next
closed     there is no game                             ready
ready      the curtain, with one Start                  armed, counting, open
armed      the first frame; a key begins                open, ready
counting   the first frame, and 3, 2, 1                 open, ready
open       the game, as the worker says                 resting, ready
resting    the last frame, and the result beside it     armed, counting, open
"""

import asyncio

CLOSED = "closed"
READY = "ready"
ARMED = "armed"
COUNTING = "counting"
OPEN = "open"
RESTING = "resting"

STARTS = ("key", "countdown", "at once")
"""What ``start`` of an environment in ``pyscript.toml`` may be."""

FROM = 3
"""What is counted down from, a second each."""


class Gate:
    """What stands between the visitor's Start and the clock.

    Args:
        changed: called without arguments after the state has changed.
        count: called with 3, 2, 1 while it counts.
        go: called when the clock is to run; it may be async.
        spawn: runs a coroutine as a task.

    Attributes:
        state: see the module's table.
        start: how games begin, one of ``STARTS``.
    """

    def __init__(self, changed, count, go, spawn):
        self.state = CLOSED
        self.start = STARTS[0]
        self._changed = changed
        self._count = count
        self._go = go
        self._spawn = spawn
        self._turn = 0  # of the countdowns: one that is not the last is over

    def use(self, start):
        """Take another game, which is ready.

        Args:
            start: how it begins; anything unknown is a key.
        """
        self.start = start if start in STARTS else STARTS[0]
        self.put(READY)

    def put(self, state):
        """Take a state that something else has brought about."""
        self._turn += 1
        if state != self.state:
            self.state = state
            self._changed()

    def arm(self):
        """Take the visitor's Start."""
        if self.start == "at once":
            self.begin()
        elif self.start == "countdown":
            self.put(COUNTING)
            self._spawn(self._run(self._turn))
        else:
            self.put(ARMED)

    def begin(self):
        """Let the clock run; what is seen changes when the worker says that it does."""
        self._turn += 1
        self.state = OPEN
        self._spawn(self._go())

    def press(self):
        """Take a key of the game: in an armed game it begins."""
        if self.state == ARMED:
            self.begin()

    async def _run(self, turn):
        for number in range(FROM, 0, -1):
            self._count(number)
            await asyncio.sleep(1)
            if turn != self._turn:
                return
        self.begin()


class Steered:
    """A game whose keys the gate hears of first.

    Args:
        game: whatever has ``press`` and ``point``.
        gate: the gate.
    """

    def __init__(self, game, gate):
        self._game = game
        self._gate = gate

    def press(self, key, time_ms=None, amount=1.0):
        """Press a key of the game."""
        self._gate.press()
        if amount == 1:
            self._game.press(key, time_ms)
        else:
            self._game.press(key, time_ms, amount)

    def point(self, x=None, y=0.0, down=False, time_ms=None):
        """Point at the picture; a press begins an armed game."""
        if down:
            self._gate.press()
        self._game.point(x, y, down, time_ms)

    def __getattr__(self, name):
        return getattr(self._game, name)
