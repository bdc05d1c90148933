"""Which keys mean which action. Runs in the worker.

A mapping leads from combinations of keys to actions, in any of the forms that people have:

    {"ArrowLeft": 0, "d": 1}            KeyboardEvent.key names and characters
    {"wa": action}                      Gymnasium's: each character is a key, held together
    {("w", "ArrowLeft"): action}        any of these in a tuple
    {(ord("w"), 1073741904): action}    codes of characters, and pygame's of other keys
    {(): action}, {None: action}        what happens while no key is held
"""

from ...errors import ProtocolError
from ...keynames import ALIASES, pressed_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Combination = frozenset[str]

_F_KEYS = {f"F{number}" for number in range(1, 25)}
NAMED_KEYS = _F_KEYS | {
    *("ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Home", "PageDown", "PageUp"),
    *("Alt", "CapsLock", "Control", "Meta", "Shift"),
    *("Backspace", "Delete", "Enter", "Escape", "Insert", "Tab"),
}
"""Keys whose ``KeyboardEvent.key`` is a name rather than a character."""

PYGAME_KEYS = {
    8: "Backspace",
    9: "Tab",
    13: "Enter",
    27: "Escape",
    127: "Delete",
    1073741898: "Home",
    1073741899: "PageUp",
    1073741901: "End",
    1073741902: "PageDown",
    1073741903: "ArrowRight",
    1073741904: "ArrowLeft",
    1073741905: "ArrowDown",
    1073741906: "ArrowUp",
    1073742048: "Control",
    1073742049: "Shift",
    1073742050: "Alt",
    1073742052: "Control",
    1073742053: "Shift",
    1073742054: "Alt",
}
"""pygame's codes of keys without a character, and of those whose character has a name."""

_LONGEST_TEXT = 4
"""Keys that one text may hold together; a longer one is a name that is spelled wrongly."""


def known_key(key: "Any") -> str:
    """Return a key as ``KeyboardEvent.key`` has it, letters in lower case.

    Args:
        key: a name, a character, or the code of a character or of a pygame key.

    Raises:
        ProtocolError: there is no such key.
    """
    if isinstance(key, int) and not isinstance(key, bool):
        if key in PYGAME_KEYS:
            return PYGAME_KEYS[key]
        if 32 <= key < 0x110000:
            return pressed_name(chr(key))
    if isinstance(key, str):
        name = pressed_name(str(key))
        if name in NAMED_KEYS or len(name) == 1:
            return name
    raise ProtocolError(
        "expected a key, such as KeyboardEvent's 'ArrowLeft' or 'a', or the code of one, "
        f"got {key!r:.80}"
    )


def combination(keys: "Any") -> "Combination":
    """Return the keys that one entry of a mapping needs held together.

    Raises:
        ProtocolError: it is none of the forms that the module's docstring shows.
    """
    if keys is None:
        return frozenset()
    if isinstance(keys, str) and len(keys) > 1 and keys not in NAMED_KEYS and keys not in ALIASES:
        if len(keys) > _LONGEST_TEXT or len(set(keys.lower())) < len(keys):
            known_key(keys)  # raises, as this is no key either
        return frozenset(known_key(key) for key in keys)
    if isinstance(keys, (tuple, list, set, frozenset)):
        return frozenset(known_key(key) for key in keys if key is not None)
    return frozenset() if keys == "" else frozenset([known_key(keys)])


class Mapping:
    """The actions of one player.

    Args:
        entries: combinations of keys to actions; see the module's docstring.

    Attributes:
        known: all keys that it names.
        idle: a list with the action of no key, empty where there is none.
    """

    def __init__(self, entries: "Any") -> None:
        if not isinstance(entries, dict):
            raise ProtocolError(
                f"expected action_mapping to be a dict of keys to actions, got {entries!r:.80}"
            )
        actions: dict[Combination, Any] = {}
        for keys, action in entries.items():
            held = combination(keys)
            if held in actions:
                raise ProtocolError(f"{_text(held)} is twice in action_mapping; leave one out")
            actions[held] = action
        self.idle = [actions.pop(frozenset())] if frozenset() in actions else []
        self._by_keys = actions
        self._actions = sorted(actions.items(), key=lambda item: len(item[0]))
        self.known = frozenset(key for keys, _ in self._actions for key in keys)

    def find(self, held: "dict[str, Any]", must: str | None = None) -> "Combination | None":
        """Return the longest combination that is held; of equals, the one pressed last.

        Args:
            held: the keys, in the order in which they went down.
            must: a key that has to be part of it.
        """
        best, best_rank = None, (0, -1)
        order = {key: index for index, key in enumerate(held)}
        for keys, _ in self._actions:
            if keys <= order.keys() and (must is None or must in keys):
                rank = (len(keys), max(order[key] for key in keys))
                if rank > best_rank:
                    best, best_rank = keys, rank
        return best

    def action(self, keys: "Combination") -> "Any":
        """Return the action of a combination that ``find`` gave."""
        return self._by_keys[keys]

    def controls(self, agent: "Any" = None) -> "list[dict[str, Any]]":
        """Return what a page needs to show buttons: ``{keys, action, agent}`` for each entry."""
        return [
            {"keys": sorted(keys), "action": action, "agent": agent}
            for keys, action in self._actions
        ]


def _text(keys: "Combination") -> str:
    return "+".join(sorted(keys)) or "no key"
