"""The rule of the deadlines, without a clock: what was looked at when."""

import pytest
from gymworker.page.patience import Patience


def looks(
    patience: Patience, times: "list[float]", owed: object, limit: float | None
) -> list[bool]:
    return [patience.look(time, owed, limit) for time in times]


def test_it_ends_when_the_same_was_owed_for_the_limit() -> None:
    patience = Patience()
    assert looks(patience, [10, 10.5, 11, 11.5], "a", 1.5) == [False, False, False, True]
    assert patience.silence == 1.5
    assert patience.look(12, "a", 1.5), "it stays at its end"


def test_before_the_first_look_there_is_no_silence() -> None:
    assert Patience().silence == 0.0


def test_another_word_is_waited_for_from_when_it_was_first_seen() -> None:
    patience = Patience()
    looks(patience, [0, 1], "a", 1.5)
    assert looks(patience, [2, 3, 3.4, 3.5], "b", 1.5) == [False, False, False, True]


def test_where_nothing_is_owed_nothing_is_late() -> None:
    patience = Patience()
    looks(patience, [0, 1], "a", 9)
    assert looks(patience, [2, 3], None, 0) == [False, False]
    assert patience.silence == 0
    assert looks(patience, [4, 5], "a", 1.5) == [False, False], "the silence was broken"


def test_without_a_limit_it_has_no_end_but_measures() -> None:
    patience = Patience()
    assert looks(patience, [0, 1, 2], "a", None) == [False] * 3
    assert patience.silence == 2


def test_the_limit_may_change_while_it_waits() -> None:
    patience = Patience()
    assert looks(patience, [0, 1], 0, None) == [False, False]
    assert patience.look(1.5, 0, 1.5)


def test_a_longer_pause_between_two_looks_counts_as_the_longest() -> None:
    patience = Patience()
    looks(patience, [0, 0.5, 3600.5], "a", 10)
    assert patience.silence == 1.5, "one second of the hour"


@pytest.mark.parametrize("back", [0.1, 5000])
def test_a_clock_that_is_set_back_takes_nothing_away(back: float) -> None:
    patience = Patience()
    looks(patience, [6000, 6001, 6001 - back, 6001.5 - back], "a", 10)
    assert patience.silence == 1.5
