"""ANSI colours in text become colours of runs."""

import re

import pytest
from gymworker.worker.canvas.ansi import BRIGHT, COLORS, PAPER, TEXT, lines


def runs(text: str) -> list[tuple[int, str, str, str | None]]:
    (line,) = lines(text)
    return line


def test_text_without_colours_is_one_run_a_line() -> None:
    assert lines("ab\n\nXX\n") == [[(0, "ab", TEXT, None)], [], [(0, "XX", TEXT, None)]]


def test_the_colours_are_ones_of_css() -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in (TEXT, PAPER, *COLORS, *BRIGHT))


@pytest.mark.parametrize(
    ("codes", "color", "paper"),
    [
        ("31", COLORS[1], None),
        ("41", TEXT, COLORS[1]),
        ("97;104", BRIGHT[7], BRIGHT[4]),
        ("1;31", COLORS[1], None),
        ("31;39", TEXT, None),
        ("41;49", TEXT, None),
        ("7", PAPER, TEXT),
        ("41;7", COLORS[1], TEXT),
        ("7;27", TEXT, None),
        ("31;0", TEXT, None),
        ("31;", TEXT, None),
        ("38;5;1", COLORS[1], None),
        ("38;5;196", "rgb(255 0 0)", None),
        ("48;5;232", TEXT, "rgb(8 8 8)"),
        ("38;2;1;2;3;44", "rgb(1 2 3)", COLORS[4]),
        ("38", TEXT, None),
        ("38;2;1", TEXT, None),
        ("50;60;95;105;120", BRIGHT[5], BRIGHT[5]),
    ],
)
def test_codes_set_the_colours(codes: str, color: str, paper: str | None) -> None:
    assert runs(f"a\x1b[{codes}mb") == [(0, "a", TEXT, None), (1, "b", color, paper)]


def test_each_code_of_one_number_sets_its_colour_or_none() -> None:
    known: dict[int, tuple[str, str | None]] = {7: (PAPER, TEXT)}
    for number in range(8):
        known[30 + number], known[90 + number] = (COLORS[number], None), (BRIGHT[number], None)
        known[40 + number], known[100 + number] = (TEXT, COLORS[number]), (TEXT, BRIGHT[number])
    for code in range(200):
        assert runs(f"\x1b[{code}ma") == [(0, "a", *known.get(code, (TEXT, None)))], code


def test_each_of_the_256_colours_is_a_terminals() -> None:
    levels = (0, 95, 135, 175, 215, 255)
    expected = [*COLORS, *BRIGHT]
    expected += [f"rgb({r} {g} {b})" for r in levels for g in levels for b in levels]
    expected += [f"rgb({level} {level} {level})" for level in range(8, 239, 10)]
    assert len(expected) == 256
    for number, color in enumerate(expected):
        assert runs(f"\x1b[38;5;{number}ma") == [(0, "a", color, None)]


@pytest.mark.parametrize("codes", ["38;5", "38;2", "38;2;1;2", "38;7;1", "38;9;5"])
def test_an_extended_colour_that_is_cut_off_is_none(codes: str) -> None:
    assert runs(f"\x1b[31m\x1b[{codes}ma")[0][2] == TEXT


def test_what_follows_an_extended_colour_counts() -> None:
    assert runs("\x1b[38;2;1;2;3ma") == [(0, "a", "rgb(1 2 3)", None)]
    assert runs("\x1b[38;5;1;41ma") == [(0, "a", COLORS[1], COLORS[1])]


def test_colours_last_over_lines_until_they_are_reset() -> None:
    assert lines("\x1b[32ma\nb\x1b[0mc") == [
        [(0, "a", COLORS[2], None)],
        [(0, "b", COLORS[2], None), (1, "c", TEXT, None)],
    ]


def test_other_sequences_and_returns_are_left_out_and_tabs_widened() -> None:
    assert runs("\x1b[2Ja\r\x1b[Kb")[-1] == (1, "b", TEXT, None)
    assert runs("\x1b[31Ka") == [(0, "a", TEXT, None)]
    assert runs("a\tb") == [(0, "a       b", TEXT, None)]
