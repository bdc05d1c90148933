"""The keys of a game: they go to the worker, and nobody waits for a reply. Runs on the page."""

import time

from ..keynames import pressed_name
from ..protocol import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .link import Link


class Steering:
    """The part of ``Game`` that is about keys."""

    id: int
    timeout: "float | None"
    _link: "Link"

    def __init__(self) -> None:
        self._held: list[str] = []

    @property
    def over(self) -> bool:
        """Whether keys are for nobody any more."""
        raise NotImplementedError

    def press(self, key: str, time_ms: "float | None" = None) -> None:
        """Tell the worker that a key went down; one that is down already stays so.

        Args:
            key: ``KeyboardEvent.key``; ``"A"`` and ``"a"`` are one key.
            time_ms: when, in ms since the epoch; now by default.
        """
        key = pressed_name(key)
        if key not in self._held:
            self._held.append(key)
            self._keys({"key": key, "down": True}, time_ms)

    def release(self, key: str, time_ms: "float | None" = None) -> None:
        """Tell the worker that a key went up; see ``press``."""
        key = pressed_name(key)
        if key in self._held:
            self._held.remove(key)
            self._keys({"key": key, "down": False}, time_ms)

    def release_all(self, time_ms: "float | None" = None) -> None:
        """Let go of all keys, as when the game loses the focus."""
        if self._held:
            self._held = []
            self._keys({"pressed": []}, time_ms)

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
