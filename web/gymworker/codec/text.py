"""JSON text of plain values, in each Python; what only a closer look can write is found here."""

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONG_INT = 1 << 14000
"""CPython refuses to read or write ints of more than 4300 decimal digits (14284 bits)."""

_LONG_TEXT = 4300

SMALL_INT = 1 << 29
"""Whole numbers below it are small in MicroPython, too."""

ATOMS: "frozenset[type]" = frozenset((str, int, float, bool, type(None)))
"""The types whose values are their own text."""

MAX_DEPTH = 32
"""How many containers may stand in one another; MicroPython's stack holds little more."""


class Written(str):
    """The document of a value that was plain: a copy that nobody changes, and sent as the value."""


class LookCloser(Exception):
    """The value holds something rare: nan, inf, a very long int, a lone surrogate, a cycle."""


if sys.implementation.name == "micropython":

    def has_surrogate(text: str) -> bool:
        """Whether a str has a surrogate that is no half of a pair."""
        data = text.encode()
        at = data.find(b"\xed")
        while at >= 0:
            if data[at + 1] >= 0xA0:
                return True
            at = data.find(b"\xed", at + 1)
        return False

    loads = json.loads

    def dumps(document: "Any") -> str:
        """The text of what holds nothing rare."""
        return json.dumps(document)

    def dumps_checked(document: "Any") -> str:
        """The text of what may hold something rare, which raises `LookCloser`."""
        # MicroPython writes bare nan and inf, and long ints, without an error.
        text = json.dumps(document)
        if "nan" in text or "inf" in text or _may_be_long(text) or has_surrogate(text):
            raise LookCloser
        return text

    def _may_be_long(text: str) -> bool:
        """Whether a number in the text may have more digits than CPython reads."""
        return len(text) > _LONG_TEXT and max(map(len, text.split(","))) > _LONG_TEXT

    def plain_text(value: "Any") -> "str | None":
        """The document of a plain value, else None; all in C, unlike a walk over the value.

        Tuples, keys that are no strs, nan and foreign objects do not come back as they were.
        """
        if type(value) is int and -SMALL_INT < value < SMALL_INT:
            return "[" + str(value) + "]"
        document = [value]
        try:
            text = json.dumps(document)
            if json.loads(text) != document or _may_be_long(text) or has_surrogate(text):
                return None
        except (ValueError, RuntimeError):
            return None
        return text

else:

    def has_surrogate(text: str) -> bool:
        """Whether a str has a surrogate that is no half of a pair."""
        try:
            text.encode()
        except UnicodeEncodeError:
            return True
        return False

    # JSONEncoder.encode makes one of these for each text, and json.loads looks for spaces around
    # it: that is as much work as most messages are.
    _json: "Any" = json.encoder
    _scan: "Any" = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
    _write: "Any" = _json.c_make_encoder(
        None, _json.JSONEncoder().default, _json.encode_basestring, None, ":", ",",
        False, False, False,  # sort_keys, skipkeys, allow_nan
    )  # fmt: skip

    def loads(text: str) -> "Any":  # type: ignore[misc]
        """What a text says that has no space around it."""
        value, end = _scan(text, 0)
        if end != len(text):
            raise ValueError("more than one value")
        return value

    def dumps(document: "Any") -> str:
        """The text of what holds nothing rare."""
        return "".join(_write(document, 0))

    def dumps_checked(document: "Any") -> str:
        """The text of what may hold something rare, which raises `LookCloser`."""
        try:
            text = dumps(document)
            if not text.isascii():
                text.encode()  # does not take lone surrogates
        except ValueError:
            raise LookCloser from None
        return text

    def plain_text(value: "Any") -> "str | None":
        """The document of a plain value, else None; faster than a walk that keeps the way."""
        if not _is_plain(value, 0):
            return None
        try:
            return dumps_checked([value])
        except LookCloser:
            return None

    def _is_plain(value: "Any", depth: int) -> bool:
        kind = type(value)
        if kind is dict:
            for key in value:
                if type(key) is not str:
                    return False
            value = value.values()
        elif kind is not list:
            return kind in ATOMS
        if depth == MAX_DEPTH:
            return False
        for item in value:
            if type(item) not in ATOMS and not _is_plain(item, depth + 1):
                return False
        return True
