"""The mouse or a finger on the picture, as an action beside the keys. Runs in the worker.

A game has one pointer; it is one player's. Where keys ask for an action too, they count. In
``pressed_keys`` a press counts as long as it lasts, and for one step at least; in
``single_keystroke`` each press is one action, in order, and moving is none.
"""

from .keyboard import MOST_STROKES, SINGLE_KEYSTROKE, Keyboard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .mapping import Mapping

    Place = tuple[float, float]
    Size = tuple[float, float]
    Read = Callable[[float, float, bool, Size | None], Any]

_NONE: "Any" = object()
"""What keys that ask for nothing give."""


class PointedKeyboard(Keyboard):
    """Keys, and a pointer that does what they do.

    Args:
        players: each player's mapping.
        mode: one of ``INPUT_MODES``.
        owner: the mapping of the player whose pointer it is.
        read: returns the action for x and y, from 0 to 1 of the picture, whether it is pressed, and
            the size of the picture; None for no action. It is asked once a step at most, and once a
            change.
        size: returns that of the picture, in its own pixels, None while there is none.
    """

    def __init__(
        self,
        players: "Iterable[Mapping]",
        mode: str,
        owner: "Mapping",
        read: "Read",
        size: "Callable[[], Size | None]",
    ) -> None:
        super().__init__(players, mode)
        self._owner = owner
        self._read = read
        self._size = size
        self._in_order = mode == SINGLE_KEYSTROKE
        self._place: Place | None = None
        self._down = False
        self._presses: list[Place] = []  # since the last step
        self._spent_press = False  # it is pressed, but that counts no more until the next press
        self._pointed_at: float | None = None
        self._action: Any = _NONE

    def point(self, place: "Place | None", down: bool, time: "float | None") -> bool:
        """Note where the pointer is, and whether it is pressed; tell whether that is new.

        Args:
            place: x and y, from 0 to 1 of the picture; None where it is not on the picture.
            down: whether it is pressed.
            time: when, in ms since the epoch.
        """
        if (place, down) == (self._place, self._down):
            return False
        if down and not self._down and place is not None:
            if not self._in_order:
                self._presses = [place]
            elif len(self._presses) < MOST_STROKES:
                self._presses.append(place)
        self._place, self._down = place, down and place is not None
        self._spent_press = self._spent_press and self._down
        self._action = _NONE
        if self._pointed_at is None:
            self._pointed_at = time
        return True

    def capture(self) -> "dict[str, Any]":
        """Return what is held, where the pointer is, and what waits for its step."""
        pointer = self._place, self._down, list(self._presses), self._spent_press
        return {**super().capture(), "pointer": pointer}

    def restore(self, captured: "dict[str, Any]") -> None:
        """Hold what ``capture`` has returned; see ``Keyboard.restore``."""
        super().restore(captured)
        self._place, self._down, presses, self._spent_press = captured["pointer"]
        self._presses = list(presses)
        self._pointed_at, self._action = None, _NONE

    def asks(self, only: "Mapping | None" = None) -> bool:
        """Tell whether a key or a press asks for an action; see ``Keyboard.asks``."""
        if super().asks(only):
            return True
        pressed = (bool(self._presses) or self._holds()) and only in (None, self._owner)
        return pressed and self._asked() is not None

    def asks_anew(self) -> bool:
        """Tell whether a key or the pointer was pressed since the last step."""
        return super().asks_anew() or bool(self._presses)

    def take(self) -> "float | None":
        """End a step: what it used is used up; see ``Keyboard.take``."""
        by_key = bool(self._strokes and self._strokes[self._owner])
        changed = super().take()
        if not by_key:
            del self._presses[:1]
        self._action = _NONE
        at, self._pointed_at = self._pointed_at, None
        return at if changed is None else changed

    def action(self, player: "Mapping", idle: "Any") -> "Any":
        """Return a player's action in the next step, that of the keys if there is one."""
        if player is not self._owner:
            return super().action(player, idle)
        found = super().action(player, _NONE)
        if found is _NONE:
            found = self._asked()
            return idle if found is None else found
        return found

    def source(self, player: "Mapping") -> str:
        """Return what asks for a player's action in the next step."""
        keys = super().action(player, _NONE) is not _NONE
        pointed = player is self._owner and not keys and self._asked() is not None
        return "the pointer" if pointed else super().source(player)

    def forget(self) -> None:
        """Forget what was pressed and let go: it was meant for what is over."""
        super().forget()
        self._presses, self._pointed_at, self._action = [], None, _NONE

    def spend(self) -> None:
        """Let what is held count no more until it is pressed again."""
        super().spend()
        self._spent_press = self._down

    def _holds(self) -> bool:
        """Tell whether it is pressed now, and that counts."""
        return self._down and not (self._in_order or self._spent_press)

    def _asked(self) -> "Any":
        """Return the action that the pointer asks for, None for none."""
        if self._action is _NONE:
            self._action = self._look()
        return self._action

    def _look(self) -> "Any":
        while self._presses and not self._holds():
            action = self._read(*self._presses[0], True, self._size())
            if action is not None:
                return action
            del self._presses[0]
        if self._place is None or self._in_order:
            return None
        return self._read(*self._place, self._holds(), self._size())
