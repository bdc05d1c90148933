"""What leaves the worker: infos that cannot cross stay behind. Runs in the worker.

An environment puts anything into its infos: policies, objects, itself. What a message cannot hold
is left out of them, here and nowhere else, with one warning for each path. Anything else that
cannot cross is an error.
"""

import contextlib
import logging

from ..errors import EncodeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, Protocol

    class Page(Protocol):
        """Who is at the other end."""

        def send(self, message: "dict[str, Any]") -> None:
            """Post a message; an ``EncodeError`` says what in it cannot cross."""

        def check(self, message: "dict[str, Any]") -> None:
            """Raise the ``EncodeError`` that ``send`` would, and post nothing."""


log = logging.getLogger(__name__)

PLACES = (
    ("infos",),  # of an episode
    ("result", "infos"),  # of a reset or a step, alone or in a batch
    ("transitions", "info"),
    ("env", "metadata"),
    ("error", "partialResults", "infos"),
)
"""Where infos are in a message, indices left out."""

MOST_WARNINGS = 1000
"""Paths that are remembered, lest they be told of again."""


class Outgoing:
    """Sends messages.

    Args:
        strict: infos that cannot cross are an error too.
        before: called before each message, such as to send what was printed until then.
    """

    def __init__(self, strict: bool = False, before: "Callable[[], None]" = lambda: None) -> None:
        self._strict = strict
        self._before = before
        self._told: set[str] = set()

    def send(self, page: "Page", message: "dict[str, Any]") -> None:
        """Send a message.

        Raises:
            EncodeError: something in it cannot cross; nothing was sent.
        """
        self._before()
        while True:
            try:
                page.send(message)
                return
            except EncodeError as error:
                message = self._without(page, message, error)

    def check(self, page: "Page", message: "dict[str, Any]") -> None:
        """Raise the ``EncodeError`` that ``send`` would."""
        while True:
            try:
                page.check(message)
                return
            except EncodeError as error:
                message = self._without(page, message, error)

    def _without(
        self, page: "Page", message: "dict[str, Any]", error: EncodeError
    ) -> "dict[str, Any]":
        """Return the message without the value that cannot cross, if it is in infos.

        What stands at the same place in the other rows, of a batch say, is left out with it if it
        cannot cross either: one time round for all of them.
        """
        start = None if self._strict else _infos(error.keys)
        if start is None:
            raise error
        found = EncodeError(error.keys[start:], error.reason)
        if found.path not in self._told and len(self._told) < MOST_WARNINGS:
            self._told.add(found.path)
            log.warning("left out of what the page gets: %s", found)
        made: dict[str, Any] = _cut(message, error.keys)
        for keys, value in _alike(made, error.keys, start):
            try:
                page.check({"value": value})
            except EncodeError:
                made = _cut(made, keys)
        return made


def _alike(
    message: "dict[str, Any]", keys: "tuple[Any, ...]", start: int
) -> "Iterator[tuple[tuple[Any, ...], Any]]":
    """Yield the same place in the rows after the one that a path leads through, and its value."""
    if start == 0 or not isinstance(keys[start - 1], int):
        return
    head, row = keys[: start - 1], keys[start - 1]
    for index in range(row + 1, len(_at(message, head))):
        path = (*head, index, *keys[start:])
        with contextlib.suppress(LookupError, TypeError):  # this row has no such place
            yield path, _at(message, path)


def _at(value: "Any", keys: "Sequence[Any]") -> "Any":
    for key in keys:
        value = value[key]
    return value


def _infos(keys: "tuple[Any, ...]") -> int | None:
    """Return where the key of infos stands in a path, None if it does not lead into them."""
    names: list[Any] = []
    for index, key in enumerate(keys):
        if not isinstance(key, int):
            names.append(key)
            if tuple(names) in PLACES:
                return index
    return None


def _cut(value: "Any", keys: "tuple[Any, ...]") -> "Any":
    """Return a copy of a container without what stands at a path; None where that is all infos."""
    key, *rest = keys
    if isinstance(value, dict):
        copy = dict(value)
        if rest:
            copy[key] = _cut(value[key], tuple(rest))
        elif key in ("info", "infos"):
            copy[key] = None
        else:
            del copy[key]
        return copy
    items = list(value)
    items[key : key + 1] = [_cut(value[key], tuple(rest))] if rest else []
    return items if isinstance(value, list) else tuple(items)
