"""The keys that a person holds, and what they ask for in the next step. Runs in the worker."""

from .mapping import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .mapping import Combination, Mapping

PRESSED_KEYS = "pressed_keys"
SINGLE_KEYSTROKE = "single_keystroke"
INPUT_MODES = (PRESSED_KEYS, SINGLE_KEYSTROKE)

MOST_STROKES = 16
"""Keystrokes that wait for their step; more are forgotten, as nobody means them any longer."""


class Keyboard:
    """Keys as they go down and up, for one or more players.

    In ``pressed_keys`` a key counts as long as it is held, and for one step at least, so that a tap
    between two steps is not lost. In ``single_keystroke`` each press is one action, in order.

    Args:
        players: each player's mapping.
        mode: one of ``INPUT_MODES``.
    """

    def __init__(self, players: "Iterable[Mapping]", mode: str) -> None:
        self._players = list(players)
        self._known = frozenset().union(*(player.known for player in self._players))
        self._strokes: dict[Mapping, list[Combination]] | None = None
        if mode == SINGLE_KEYSTROKE:
            self._strokes = {player: [] for player in self._players}
        self._held: dict[str, float] = {}  # how far each is pressed
        self._released: set[str] = set()  # since the last step, after a press since then
        self._fresh: set[str] = set()  # down since the last step
        self._spent: set[str] = set()  # held, but they count no more until they are pressed again
        self._changed: float | None = None
        self._found: dict[Mapping, Any] = {}  # actions, until what is held changes

    def join(self, player: "Mapping") -> None:
        """Take one more player."""
        self._players.append(player)
        self._known |= player.known
        if self._strokes is not None:
            self._strokes[player] = []

    def leave(self, player: "Mapping") -> None:
        """Let a player go, who joined last."""
        self._players.remove(player)
        self._known = frozenset().union(*(one.known for one in self._players))
        (self._strokes or {}).pop(player, None)
        self._found.clear()

    def capture(self) -> "dict[str, Any]":
        """Return what is held and what waits for its step, for ``restore``."""
        strokes = self._strokes
        return {
            "held": dict(self._held),
            "released": set(self._released),
            "fresh": set(self._fresh),
            "spent": set(self._spent),
            "strokes": [list(strokes[player]) for player in self._players] if strokes else [],
        }

    def restore(self, captured: "dict[str, Any]") -> None:
        """Hold what ``capture`` has returned, here or in another keyboard of the same players."""
        self._held = dict(captured["held"])
        self._released = set(captured["released"])
        self._fresh = set(captured["fresh"])
        self._spent = set(captured["spent"])
        if self._strokes is not None:
            for player, strokes in zip(self._players, captured["strokes"], strict=True):
                self._strokes[player] = list(strokes)
        self._changed = None
        self._found.clear()

    def change(
        self, key: str, down: bool, time: "float | None", amount: "float | None" = None
    ) -> bool:
        """Note that a key went down or up, or how far; tell whether that means anything.

        Args:
            key: its name, as ``pressed_name`` gives it.
            down: whether it is held now.
            time: when, in ms since the epoch.
            amount: how far it is pressed, up to 1; None for all the way, or as far as it is.
        """
        held = key in self._held and key not in self._released
        moved = down and held and amount not in (None, self._held[key])
        if key not in self._known or (down == held and not moved):
            return False
        self._found.clear()
        if moved:
            self._held[key] = amount or 0.0
        elif down:
            self._held.pop(key, None)  # to the end: it is the latest
            self._held[key] = 1.0 if amount is None else amount
            self._released.discard(key)
            self._fresh.add(key)
            if self._strokes is not None:
                self._note_stroke(self._strokes, key)
        elif key in self._fresh and self._strokes is None:
            self._released.add(key)  # held until the next step has seen it
        else:
            del self._held[key]
            self._spent.discard(key)
        if self._changed is None and (down or self._strokes is None):
            self._changed = time
        return True

    def hold(self, keys: "Iterable[str]", time: "float | None") -> bool:
        """Note that these keys are held and no others; tell whether that means anything."""
        wanted = list(keys)
        gone = [key for key in self._held if key not in wanted]
        changes = [self.change(key, False, time) for key in gone]
        changes += [self.change(key, True, time) for key in wanted]
        return any(changes)

    def point(self, place: "tuple[float, float] | None", down: bool, time: "float | None") -> bool:
        """Note where the pointer is; tell whether that means anything: see ``pointer``."""
        return False

    def asks(self, only: "Mapping | None" = None) -> bool:
        """Tell whether any player's keys ask for an action, or those of ``only``."""
        players = self._players if only is None else [only]
        if self._strokes is not None:
            return any(self._strokes[player] for player in players)
        return any(player.find(self._counting()) is not None for player in players)

    def asks_anew(self) -> bool:
        """Tell whether a key went down since the last step, or since ``forget``."""
        return bool(self._fresh)

    def take(self) -> "float | None":
        """End a step: what it used is used up.

        Returns:
            When the first key changed that had not been in a step yet, in ms since the epoch.
        """
        if self._strokes is not None:
            for strokes in self._strokes.values():
                del strokes[:1]
        if self._released:
            self._let_go()
        if self._fresh:
            self._fresh = set()
        changed, self._changed = self._changed, None
        return changed

    def action(self, player: "Mapping", idle: "Any") -> "Any":
        """Return a player's action in the next step, ``idle`` where the keys ask for none."""
        if self._strokes is not None:
            strokes = self._strokes[player]
            return player.action(strokes[0]) if strokes else idle
        if not self._held:
            return idle
        if player not in self._found:
            self._found[player] = player.action_of(self._counting(), idle)
        return self._found[player]

    def source(self, player: "Mapping") -> str:
        """Return which keys ask for a player's action in the next step, as people write them."""
        if self._strokes is not None:
            return text_of(next(iter(self._strokes[player]), ()))
        return text_of(player.used(self._counting()))

    def forget(self) -> None:
        """Forget what was pressed and let go, or typed: it was meant for what is over."""
        for strokes in (self._strokes or {}).values():
            strokes.clear()
        self._let_go()
        self._fresh = set()
        self._changed = None

    def spend(self) -> None:
        """Let the keys that are held count no more until they are pressed again."""
        self.forget()
        self._spent = set(self._held)

    def _let_go(self) -> None:
        for key in self._released:
            del self._held[key]
        self._released = set()
        self._found.clear()

    def _counting(self) -> "dict[str, float]":
        """Return the keys that count, in the order in which they went down."""
        if not self._spent:
            return self._held
        return {key: far for key, far in self._held.items() if key not in self._spent}

    def _note_stroke(self, all_strokes: "dict[Mapping, list[Combination]]", key: str) -> None:
        for player, strokes in all_strokes.items():
            keys = player.find(self._held, key)
            if keys is None:
                continue
            if strokes and strokes[-1] < keys:
                strokes[-1] = keys  # the first key of a combination came a moment earlier
            elif len(strokes) < MOST_STROKES:
                strokes.append(keys)
