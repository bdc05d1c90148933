"""What Python prints in the worker: line by line, in order, with its level, floods bounded."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from gymworker.worker.logs import BURST, LONGEST, RATE, Lines, Stream, capture


class Page:
    """Takes lines, by a clock that the test moves."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.time = 0.0

    def post(self, level: str, stream: str, text: str) -> None:
        self.lines.append((level, stream, text))

    def texts(self) -> list[str]:
        return [text for _, _, text in self.lines]


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def lines(page: Page) -> Lines:
    return Lines(page.post, lambda: page.time)


@contextmanager
def captured(lines: Lines) -> Iterator[None]:
    """Captures this process's output, as in the worker."""
    root = logging.getLogger()
    before = sys.stdout, sys.stderr, warnings.showwarning, root.handlers
    root.handlers = []
    try:
        capture(lines)
        yield
    finally:
        sys.stdout, sys.stderr, warnings.showwarning, root.handlers = before


def test_each_source_has_its_level_and_the_order_is_kept(page: Page, lines: Lines) -> None:
    with warnings.catch_warnings(), captured(lines):
        warnings.simplefilter("always")
        print("one")
        print("two", file=sys.stderr)
        logging.getLogger("game").info("not shown: the root logger's level is warning")
        logging.getLogger("game").warning("three")
        logging.getLogger("game").error("four\nand more")
        warnings.warn_explicit("five", UserWarning, "game.py", 3)
        print("six")
    assert page.lines == [
        ("info", "stdout", "one"),
        ("error", "stderr", "two"),
        ("warning", "stderr", "three"),
        ("error", "stderr", "four"),
        ("error", "stderr", "and more"),
        ("warning", "stderr", "game.py:3: UserWarning: five"),
        ("info", "stdout", "six"),
    ]


def test_a_line_is_sent_when_it_is_complete(page: Page, lines: Lines) -> None:
    stream = Stream(lines, "info", "stdout")
    for part in ("a", "b", "c\nd", "e\n\nf\n"):
        assert stream.write(part) == len(part)
    assert page.texts() == ["abc", "de", "", "f"]
    assert stream.writable()


def test_a_rest_without_its_end_is_not_lost_at_a_flush(page: Page, lines: Lines) -> None:
    stream = Stream(lines, "info", "stdout")
    stream.write("progress: 50 %")
    stream.flush()
    assert page.texts() in ([], ["progress: 50 %"])
    stream.write(" 100 %\n")
    assert "".join(page.texts()) == "progress: 50 % 100 %"


def test_a_flood_is_bounded_and_says_how_many_lines_it_dropped(page: Page, lines: Lines) -> None:
    for i in range(100_000):
        lines.write("info", "stdout", str(i))
    assert page.texts() == [str(i) for i in range(BURST)]
    lines.settle()
    assert page.lines[-1] == (
        "warning",
        "stderr",
        f"{100_000 - BURST} lines were dropped: too many at once",
    )
    lines.settle()
    assert len(page.lines) == BURST + 1


def test_after_a_flood_lines_pass_again_at_the_rate(page: Page, lines: Lines) -> None:
    for i in range(BURST + 10):
        lines.write("info", "stdout", str(i))
    page.time = 2.0
    page.lines.clear()
    for i in range(1000):
        lines.write("info", "stdout", f"later {i}")
    assert page.texts()[0] == "10 lines were dropped: too many at once"
    assert len(page.texts()) == 2 * RATE + 1
    page.time = 1e6
    lines.settle()
    page.lines.clear()
    for i in range(2 * BURST):
        lines.write("info", "stdout", str(i))
    assert len(page.texts()) == BURST


def test_a_very_long_line_is_cut(page: Page, lines: Lines) -> None:
    lines.write("info", "stdout", "x" * (LONGEST + 5))
    assert page.texts() == ["x" * LONGEST + "… (5 more characters)"]
