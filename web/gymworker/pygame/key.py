"""The keyboard, of which no key is ever down: people's keys reach the environment as actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lacking import attributes_of
from .constants import KEYS


class _Pressed:
    """Tells whether a key is down, by its number: none is."""

    def __getitem__(self, key: int) -> bool:
        return False

    def __len__(self) -> int:
        return 512


def get_pressed() -> Any:
    """Return what tells whether a key is down, by its number (``K_LEFT``)."""
    return _Pressed()


def get_focused() -> bool:
    """Return True: the page cares for the keyboard."""
    return True


def get_mods() -> int:
    """Return 0: no Shift, Ctrl or Alt is down."""
    return 0


def set_repeat(delay: int = 0, interval: int = 0) -> None:
    """Do nothing: no key comes at all."""


def name(key: int, use_compat: bool = True) -> str:
    """Return the name of a key, ``left`` for ``K_LEFT``; empty for none."""
    for known, number in KEYS.items():
        if number == key and number:
            return chr(number) if 32 < number < 127 else known[2:].lower().replace("_", " ")
    return ""


def key_code(name: str) -> int:
    """Return the number of a key by its name.

    Raises:
        ValueError: there is none of that name.
    """
    for number in KEYS.values():
        if number and globals()["name"](number) == name.lower():
            return number
    raise ValueError(f"unknown key name {name!r}")


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
