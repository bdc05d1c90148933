"""The checks, and how one can go: what the server and the two Pythons have in common."""

OK, WARNING, FAILED, SKIPPED = "ok", "warning", "failed", "skipped"

SECONDS = {
    "imports": 20,
    "code": 60,
    "spaces": 30,
    "values": 30,
    "api": 60,
    "render": 30,
    "speed": 30,
    "determinism": 90,
    "sync test": 120,
    "replay": 60,
}
"""Each check that a Python makes, in order, and the seconds that it may take."""

START = "start"
"""Of the Python itself."""

SAME = "as in CPython"
"""Compares the two."""

REST = "the rest"
"""Stands for the checks that were not made."""

ORDER = (START, *SECONDS, REST, SAME)
"""Of the lines in a table."""

CLOSE = 1e-6
"""So far numbers may lie apart, of their size or of 1, for it to be rounding."""
