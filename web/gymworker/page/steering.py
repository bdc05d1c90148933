"""The keys and the pointer of a game: they go to the worker, without a reply. Runs on the page."""

import time

from ..keynames import pressed_name
from ..protocol import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .link import Link


class Steering:
    """The part of ``Game`` that is about keys and the pointer."""

    id: int
    timeout: "float | None"
    _link: "Link"

    def __init__(self) -> None:
        self._held: dict[str, float] = {}  # how far each is pressed
        self._pointer: list[Any] = []

    @property
    def over(self) -> bool:
        """Whether keys are for nobody any more."""
        raise NotImplementedError

    def press(self, key: str, time_ms: "float | None" = None, amount: float = 1.0) -> None:
        """Tell the worker that a key went down; one that is down already stays so.

        Args:
            key: ``KeyboardEvent.key``; ``"A"`` and ``"a"`` are one key.
            time_ms: when, in ms since the epoch; now by default.
            amount: how far it is pressed, up to 1, which counts where its control is ``analog``;
                another amount of a key that is down counts from then on.
        """
        key = pressed_name(key)
        if self._held.get(key) != amount:
            whole = amount == 1.0 and key not in self._held
            self._held[key] = amount
            fields: dict[str, Any] = {"key": key, "down": True}
            if not whole:
                fields["amount"] = amount
            self._keys(fields, time_ms)

    def release(self, key: str, time_ms: "float | None" = None) -> None:
        """Tell the worker that a key went up; see ``press``."""
        key = pressed_name(key)
        if key in self._held:
            del self._held[key]
            self._keys({"key": key, "down": False}, time_ms)

    def release_all(self, time_ms: "float | None" = None) -> None:
        """Let go of all keys, as when the game loses the focus."""
        if self._held:
            self._held = {}
            self._keys({"pressed": []}, time_ms)

    def point(
        self,
        x: "float | None" = None,
        y: float = 0.0,
        down: bool = False,
        time_ms: "float | None" = None,
    ) -> None:
        """Tell the worker where the mouse or a finger is on the picture: see ``pointer``.

        Args:
            x: from the left side of the picture, 0, to the right one, 1; None where it is not on
                the picture any more.
            y: from the upper side of the picture, 0, to the lower one, 1.
            down: whether it is pressed.
            time_ms: when, in ms since the epoch; now by default.
        """
        pointer = [] if x is None else [x, y, down]
        if pointer != self._pointer:
            self._pointer = pointer
            self._keys({"pointer": pointer}, time_ms)

    def mark(self, mark: str, time_ms: "float | None" = None) -> None:
        """Have something that happened on the page stand in the record of the episode.

        Args:
            mark: a word, such as ``blur``, ``focus``, ``hidden`` or ``visible``.
            time_ms: when, in ms since the epoch; now by default.
        """
        self._keys({"mark": mark}, time_ms)

    def _keys(self, fields: "dict[str, Any]", time_ms: "float | None") -> None:
        """Send keys without waiting: nobody needs the reply."""
        if self.over:
            return
        fields["game"] = self.id
        fields["time"] = time.time() * 1000 if time_ms is None else time_ms
        self._link.send(KEYS, fields, self.timeout)
