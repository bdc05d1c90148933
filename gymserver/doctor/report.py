"""What the checks have found, as a table and as data."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gymserver.doctor.checks import FAILED, OK, SKIPPED, START, WARNING

BOTH = "both"

_WIDTH = 100
_COLUMNS = (9, 15, 9)
_MARGIN = sum(_COLUMNS) + 2


@dataclass(frozen=True)
class Line:
    """One check.

    Attributes:
        check: its name.
        where: the Python, or `BOTH`.
        status: one of `status`.
        text: what was found; of one that was skipped, why.
        advice: what to do about it.
    """

    check: str
    where: str
    status: str
    text: str
    advice: str = ""


@dataclass
class Report:
    """All that was found out about one environment.

    Attributes:
        name: of it.
        lines: of the table.
    """

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing failed, and something was tried."""
        failed = any(line.status == FAILED for line in self.lines)
        tried = any(line.status in (OK, WARNING) for line in self.lines if line.check != START)
        return tried and not failed

    def count(self, status: str) -> int:
        """Returns how many lines have a status."""
        return sum(line.status == status for line in self.lines)

    def fields(self) -> dict[str, Any]:
        """Returns it as data."""
        return {"name": self.name, "ok": self.ok, "lines": [vars(line) for line in self.lines]}


def merged(lines: Sequence[Line], order: Sequence[str]) -> list[Line]:
    """Returns the lines by check, where both Pythons say the same as one line."""
    found: list[Line] = []
    for check in [*order, *dict.fromkeys(line.check for line in lines if line.check not in order)]:
        those = [line for line in lines if line.check == check]
        if len(those) == 2 and len({(one.status, one.text, one.advice) for one in those}) == 1:
            one = those[0]
            those = [Line(check, BOTH, one.status, one.text, one.advice)]
        found += those
    return found


def table(reports: Sequence[Report]) -> str:
    """Returns the reports as text."""
    return "\n".join(line for report in reports for line in _table(report))


def as_json(reports: Sequence[Report]) -> str:
    """Returns the reports as data."""
    return json.dumps([report.fields() for report in reports], indent=1, ensure_ascii=False)


def _table(report: Report) -> Iterator[str]:
    yield report.name
    for line in report.lines:
        head = "".join(
            word.ljust(width)
            for word, width in zip((line.status, line.check, line.where), _COLUMNS, strict=True)
        )
        yield from _wrapped(f"  {head}", line.text)
        if line.advice:
            yield from _wrapped(" " * _MARGIN, f"→ {line.advice}")
    counts = [
        f"{report.count(status)} {word}"
        for status, word in ((FAILED, "failed"), (WARNING, "with a warning"), (SKIPPED, "skipped"))
        if report.count(status)
    ]
    yield f"  {', '.join(counts) or 'all is well'}"
    yield ""


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head]
