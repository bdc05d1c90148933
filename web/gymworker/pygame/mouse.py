"""The mouse, which is never on the picture: fingers and mice reach the environment as actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._lacking import attributes_of


def get_pos() -> tuple[int, int]:
    """Return (0, 0)."""
    return 0, 0


def get_rel() -> tuple[int, int]:
    """Return (0, 0): it does not move."""
    return 0, 0


def get_pressed(num_buttons: int = 3) -> tuple[bool, ...]:
    """Return False for each button."""
    return (False,) * num_buttons


def get_focused() -> bool:
    """Return False."""
    return False


def set_pos(*place: Any) -> None:
    """Do nothing."""


def set_visible(value: bool) -> bool:
    """Do nothing; return True: it was visible."""
    return True


def get_visible() -> bool:
    """Return True."""
    return True


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
