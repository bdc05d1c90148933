"""What Python prints in the worker: line by line, in order, with its level, floods bounded."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from gymworker.worker.logs import BURST, LONGEST, RATE, Lines, Stream, capture, flush


class Page:
    """Takes lines, by a clock that the test moves."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.partial: list[bool] = []
        self.time = 0.0

    def post(self, level: str, stream: str, text: str, partial: bool) -> None:
        self.lines.append((level, stream, text))
        self.partial.append(partial)

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
    before = sys.stdout, sys.stderr, warnings.showwarning, root.handlers, logging.lastResort
    level, emit = root.level, logging.StreamHandler.emit
    root.handlers = []
    try:
        capture(lines)
        yield
    finally:
        sys.stdout, sys.stderr, warnings.showwarning, root.handlers, logging.lastResort = before
        root.setLevel(level)
        logging.StreamHandler.emit = emit  # type: ignore[method-assign]


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


def test_a_line_that_is_flushed_is_shown_and_comes_again_in_full(page: Page, lines: Lines) -> None:
    with captured(lines):
        print("progress: 50 %", end="", flush=True)
        print("", end="", flush=True)  # nothing new
        print(" 100 %")
        print("done")
    assert page.texts() == ["progress: 50 %", "progress: 50 % 100 %", "done"]
    assert page.partial == [True, False, False]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["\r 10 %", "\r 20 %", "\n"], [" 10 %", " 20 %", " 20 %"]),
        (["10 %\r", "20 %\r", "\n"], ["10 %", "20 %", "20 %"]),
        (["abcdef\rxy\n"], ["xycdef"]),
        (["\r\x1b[2Kloading", "\r\x1b[2Kdone\n"], ["loading", "done"]),
        (["line\r\n"], ["line"]),
        (["a\r\r\nb\n"], ["a", "b"]),
    ],
)
def test_a_carriage_return_writes_over_the_line(
    page: Page, lines: Lines, written: list[str], shown: list[str]
) -> None:
    with captured(lines):
        for text in written:
            sys.stdout.write(text)
    assert page.texts() == shown


def test_progress_bars_come_as_they_change_within_the_rate(page: Page, lines: Lines) -> None:
    with captured(lines):
        for number in range(BURST * 3):
            sys.stderr.write(f"\r{number} of many")
        assert page.texts()[:2] == ["0 of many", "1 of many"]
        assert len(page.lines) == BURST
        page.time = 10
        sys.stderr.write("\n")
    assert page.texts()[-1] == f"{BURST * 3 - 1} of many"  # and no word of dropped lines


@pytest.mark.parametrize(
    ("coloured", "plain"),
    [
        ("\x1b[31mred\x1b[0m and \x1b[1;38;5;208morange\x1b[m", "red and orange"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\ \x1b]0;title\x07!", "link !"),
        ("\x1b(Bplain\x1b[?25l\x1b7\x1b[2K", "plain"),
    ],
)
def test_the_codes_of_terminals_are_taken_out(
    page: Page, lines: Lines, coloured: str, plain: str
) -> None:
    with captured(lines):
        print(coloured)
        logging.getLogger("game").error(coloured)
    assert page.texts() == [plain, plain]


@pytest.mark.parametrize("options", [{}, {"format": "%(levelname)s:%(name)s:%(message)s"}])
def test_basic_config_works_and_keeps_the_levels(page: Page, lines: Lines, options: Any) -> None:
    with captured(lines):
        logging.basicConfig(level=logging.DEBUG, **options)
        game = logging.getLogger("game")
        for number in (10, 20, 25, 30, 40, 50, 60, 5):
            game.log(number, "at %d", number)
        print("printed", file=sys.stderr)
    assert [level for level, _, _ in page.lines] == [
        "debug", "info", "info", "warning", "error", "critical", "critical", "error",
    ]  # fmt: skip
    assert page.texts()[1] == "INFO:game:at 20"


@pytest.mark.parametrize("configured", [False, True])
def test_a_logged_line_ends_the_one_before_it(page: Page, lines: Lines, configured: bool) -> None:
    with captured(lines):
        if configured:
            logging.basicConfig(format="%(message)s")
        sys.stderr.write("\r10 %")
        logging.getLogger("game").critical("stop")
        sys.stderr.write("\r20 %\n")
    assert page.lines[1:] == [
        ("error", "stderr", "10 %"), ("critical", "stderr", "stop"),
        ("error", "stderr", "20 %"),
    ]  # fmt: skip


def test_what_has_not_ended_is_shown_when_asked_for(page: Page, lines: Lines) -> None:
    with captured(lines):
        print("about to fail", end="")
        assert page.texts() == []
        flush()
        flush()
    assert page.texts() == ["about to fail"]


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


def test_a_line_that_never_ends_is_cut_into_lines(page: Page, lines: Lines) -> None:
    with captured(lines):
        for _ in range(3):
            print("." * (LONGEST - 1), end="", flush=True)
        print()
    finished = [text for text, part in zip(page.texts(), page.partial, strict=True) if not part]
    assert [len(text) for text in finished] == [LONGEST, LONGEST, LONGEST - 3]
