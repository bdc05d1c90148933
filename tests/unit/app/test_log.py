"""The page's log: the last lines, those that have not ended replaced."""

from typing import Any

from app.loglines import LINES, LogLines
from gymworker.page.fields import Log


def log(text: str, level: str = "info", stream: str = "stdout", **more: Any) -> Log:
    return Log({"text": text, "level": level, "stream": stream, **more})


def test_levels_that_are_not_info_are_named() -> None:
    lines = LogLines()
    for level in ("debug", "info", "warning", "error", "critical"):
        lines.add(log(f"it is {level}", level))
    assert lines.text().split("\n")[1:] == [
        "it is info", "warning: it is warning", "error: it is error", "critical: it is critical"
    ]  # fmt: skip


def test_a_line_that_has_not_ended_is_replaced_where_it_stands() -> None:
    lines = LogLines()
    lines.add(log("10 %", partial=True))
    lines.add(log("oh", "warning", "stderr"))
    lines.add(log("20 %", partial=True))
    assert lines.text() == "20 %\nwarning: oh"
    lines.add(log("done"))
    lines.add(log("next"))
    assert lines.text() == "done\nwarning: oh\nnext"


def test_the_last_lines_stay() -> None:
    lines = LogLines()
    lines.add(log("old", partial=True))
    for number in range(LINES):
        lines.add(log(str(number), stream="stderr"))
    lines.add(log("older"))  # its place is gone
    assert lines.text().split("\n") == [str(number) for number in range(LINES)]
