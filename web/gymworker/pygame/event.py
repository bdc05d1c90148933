"""Events: those that the environment posts itself. People's keys reach it as actions, not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from . import constants
from ._lacking import attributes_of

_LONGEST = 1024
"""Events that wait at most; later ones are lost."""

_queue: list[Event] = []
_blocked: set[int] = set()
_custom = iter(range(constants.USEREVENT + 1, constants.NUMEVENTS))


class Event:
    """Something that happened.

    Args:
        type: its kind, ``QUIT`` or another.
        dict: its other attributes.
        attributes: more of them.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, type: int, dict: dict[str, Any] | None = None, **attributes: Any) -> None:
        self.__dict__.update(dict or {}, **attributes)
        self.type = type

    @property
    def dict(self) -> dict[str, Any]:
        """Its attributes, but for its kind."""
        return {name: value for name, value in self.__dict__.items() if name != "type"}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.__dict__ == other.__dict__

    def __repr__(self) -> str:
        return f"<Event({self.type}-{event_name(self.type)} {self.dict})>"


EventType = Event


def pump() -> None:
    """Do nothing: no window asks for it."""


def get(
    eventtype: int | Iterable[int] | None = None, pump: bool = True, exclude: Any = None
) -> list[Event]:
    """Return the events that wait, of some kinds or of all but some, and take them away."""
    found = [event for event in _queue if _is_one(event, eventtype, exclude)]
    _queue[:] = [event for event in _queue if not _is_one(event, eventtype, exclude)]
    return found


def peek(eventtype: int | Iterable[int] | None = None, pump: bool = True) -> bool:
    """Tell whether an event waits, of some kinds."""
    return any(_is_one(event, eventtype, None) for event in _queue)


def poll() -> Event:
    """Return the next event, one of the kind ``NOEVENT`` if none waits."""
    return _queue.pop(0) if _queue else Event(constants.NOEVENT)


def wait(timeout: int = 0) -> Event:
    """Return what ``poll`` returns; do not wait."""
    return poll()


def clear(eventtype: int | Iterable[int] | None = None, pump: bool = True) -> None:
    """Forget the events that wait, of some kinds."""
    get(eventtype)


def post(event: Event) -> bool:
    """Put an event at the end; return whether it is there, and not blocked or one too many."""
    if event.type in _blocked or len(_queue) >= _LONGEST:
        return False
    _queue.append(event)
    return True


def set_allowed(type: int | Iterable[int] | None) -> None:
    """Let events of some kinds be posted; None lets all."""
    if type is None:
        _blocked.clear()
    else:
        _blocked.difference_update(_kinds(type))


def set_blocked(type: int | Iterable[int] | None) -> None:
    """Let events of some kinds not be posted; None is for all that have a name."""
    names = vars(constants).items()
    every = {value for name, value in names if name.isupper() and isinstance(value, int)}
    _blocked.update(every if type is None else _kinds(type))


def get_blocked(type: int | Iterable[int]) -> bool:
    """Tell whether events of one of some kinds are not let."""
    return not _blocked.isdisjoint(_kinds(type))


def get_grab() -> bool:
    """Return False: no window has the keyboard for itself."""
    return False


def set_grab(grab: bool) -> None:
    """Do nothing; see ``get_grab``."""


def custom_type() -> int:
    """Return the number of a kind that nobody else has."""
    return next(_custom)


def event_name(type: int) -> str:
    """Return the name of a kind."""
    names = {constants.QUIT: "Quit", constants.KEYDOWN: "KeyDown", constants.KEYUP: "KeyUp"}
    return names.get(type, "UserEvent" if type >= constants.USEREVENT else "Unknown")


def _is_one(event: Event, wanted: Any, exclude: Any) -> bool:
    if wanted is not None and event.type not in _kinds(wanted):
        return False
    return exclude is None or event.type not in _kinds(exclude)


def _kinds(type: int | Iterable[int]) -> set[int]:
    return {type} if isinstance(type, int) else set(type)


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
