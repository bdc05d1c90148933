"""Which keys mean which action. Runs in the worker.

A mapping leads from combinations of keys to actions, in any of the forms that people have:

    {"ArrowLeft": 0, "d": 1}            KeyboardEvent.key names and characters
    {"wa": action}                      Gymnasium's: each character is a key, held together
    {("w", "ArrowLeft"): action}        any of these in a tuple
    {(ord("w"), 1073741904): action}    codes of characters, and pygame's of other keys: ``codes``
    {(): action}, {None: action}        what happens while no key is held
"""

from ...errors import ProtocolError
from ...keynames import ALIASES, pressed_name
from .codes import NAMED_KEYS, PYGAME_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Combination = frozenset[str]

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
        analog: whether it counts how far a key is pressed.
        idle: a list with the action of no key, empty where there is none.
    """

    analog = False

    def __init__(self, entries: "Any") -> None:
        if not isinstance(entries, dict):
            raise ProtocolError(
                f"expected action_mapping to be a dict of keys to actions, got {entries!r:.80}"
            )
        actions: dict[Combination, Any] = {}
        for keys, action in entries.items():
            held = combination(keys)
            if held in actions:
                raise ProtocolError(f"{text_of(held)} is twice in action_mapping; leave one out")
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

    def action_of(self, held: "dict[str, float]", idle: "Any") -> "Any":
        """Return the action of the keys that are held, ``idle`` if there is none.

        Args:
            held: the keys and how far each is pressed, up to 1, in the order they went down.
            idle: the action of no key.
        """
        keys = self.find(held)
        return idle if keys is None else self.action(keys)

    def used(self, held: "dict[str, float]") -> "Iterable[str]":
        """Return which of the keys that are held make the action."""
        return self.find(held) or ()

    def controls(self, agent: "Any" = None) -> "list[dict[str, Any]]":
        """Return what a page needs to show buttons: ``{keys, action, agent}`` for each entry."""
        more = {"analog": True} if self.analog else {}
        return [
            {"keys": sorted(keys), "action": action, "agent": agent, **more}
            for keys, action in self._actions
        ]

    def entries(self) -> "list[tuple[Combination, Any]]":
        """Return each combination and its action."""
        return list(self._actions)


def text_of(keys: "Iterable[str]") -> str:
    """Return keys as people write them, such as ``a+w``."""
    return "+".join(sorted(keys)) or "no key"
