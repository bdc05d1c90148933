"""When the page is told: reports that are due at once, later, or never, and what they measure."""

from typing import Any

import pytest
from gymworker.worker.play.clock import Rhythm
from gymworker.worker.play.telling import Telling

from tests.unit.worker.play.games import FakeClock, FakeTimer, Table, counter


class Told:
    """A `Telling`, and when it asked for a report."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.times: list[float] = []
        self.sent: list[dict[str, Any]] = []
        clock: Any = self.clock
        self.telling = Telling(7, self.sent.append, clock, Rhythm(10), self.report)
        self.telling.follow(True)

    def report(self) -> None:
        self.times.append(round(self.clock.time - 100, 3))
        self.telling.cancel()

    @property
    def transitions(self) -> list[Any]:
        return [item for message in self.sent for item in message["transitions"]]


def test_a_report_that_is_to_come_is_not_put_off() -> None:
    told = Told()
    told.telling.later(0.05)
    told.telling.later(1.0)
    told.clock.pass_time(2)
    assert told.times == [0.05]


def test_a_report_that_was_forgotten_does_not_come() -> None:
    told = Told()
    told.telling.later(0.05)
    told.telling.cancel()
    told.clock.pass_time(2)
    assert told.times == []


def test_a_report_comes_at_once_when_it_is_time_and_else_when_it_is() -> None:
    told = Told()
    told.telling.soon()
    told.telling.soon()
    told.clock.pass_time(0.5)
    told.telling.soon()
    assert told.times == [0.1, 0.5]


def test_a_key_is_measured_once_up_to_the_first_frame_that_shows_it() -> None:
    told = Told()
    told.telling.step(0.001, 1000.0, {"latency": None})
    told.telling.drawn()
    assert told.telling.painted(1010.26)
    for time in (1100.0, 1200.0):
        told.telling.drawn()
        assert not told.telling.painted(time)
    told.telling.flush(False)
    assert told.transitions == [{"latency": 10.3}]


def test_while_nothing_is_shown_only_so_many_keys_wait_for_it() -> None:
    told = Told()
    for number in range(100):
        told.telling.step(0.001, 1000.0 + number, {"latency": None})
    told.telling.drawn()
    told.telling.painted(1100.0)
    told.telling.flush(True)
    latencies = [item["latency"] for item in told.transitions]
    assert latencies == [100.0 - number for number in range(64)] + [None] * 36


def test_a_frame_before_its_key_took_no_time_and_one_long_after_was_not_seen() -> None:
    told = Told()
    for changed in (2000.0, 1500.0, 1000.0 - 5000, 1000.0 - 5001):
        told.telling.step(0.001, changed, {"latency": None})
    told.telling.drawn()
    told.telling.painted(1000.0)
    told.telling.flush(True)
    assert [item["latency"] for item in told.transitions] == [0.0, 0.0, 5000.0, None]


def test_all_steps_of_an_episode_are_told_before_its_end() -> None:
    table = counter(steps=True, numEpisodes=1)
    table.clock.pass_time(0.45)
    table.press("ArrowRight")
    table.clock.pass_time(1)  # no frame is shown: the last one waits for its own
    kinds = [message["type"] for message in table.sent]
    assert kinds.index("episode") > max(i for i, kind in enumerate(kinds) if kind == "transitions")
    assert [item["step"] for item in table.transitions] == [1, 2, 3, 4, 5]


def test_a_state_has_an_error_only_where_there_is_one() -> None:
    table = counter()
    table.clock.pass_time(1)
    assert "error" not in table.state
    table.env.step = None
    table.clock.pass_time(1)
    assert table.state["error"]["name"] == "TypeError"


def test_a_pace_that_is_nearly_kept_is_slow_all_the_time() -> None:
    table = counter(fps=20)
    table.env.length = 10**9

    def think() -> None:
        table.clock.time += 0.06  # of the 0.05 that there are

    table.env.duration = think
    table.clock.pass_time(3)
    told = len(table.of("playState"))
    table.clock.pass_time(3)
    assert {state["slow"] for state in table.of("playState")[told:]} == {True}
    assert table.state["rate"] == 16.67


def test_reports_without_a_step_between_them_do_not_forget_the_pace() -> None:
    rhythm = Rhythm(10)
    rhythm.start(100.0)
    for number in range(1, 6):
        rhythm.beat(100.0 + number / 10)
        rhythm.mark()
    expected = rhythm.measure()
    for _ in range(50):
        rhythm.mark()
    assert rhythm.measure() == expected
    rate, slow = expected
    assert rate == pytest.approx(10)
    assert not slow


def test_what_comes_after_the_end_of_a_game_changes_nothing() -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(2)
    told = len(table.sent)
    table.game.set_fps(50)
    table.game.hold(["ArrowLeft"])
    assert (table.clock.waiting, len(table.sent)) == (0, told)


def test_a_timer_that_comes_early_is_set_again() -> None:
    table: Table = counter(fps=10)
    timer: FakeTimer = table.clock.timers[-1]
    timer.due = None
    table.clock.time += 0.05
    timer.callback()
    assert table.env.n == 0
    table.clock.pass_time(0.051)
    assert table.env.n == 1


def test_a_state_has_the_mean_time_of_the_steps_since_the_last_one() -> None:
    table = counter(fps=20)
    table.press("ArrowRight")
    durations = [0.04, 0.03, 0.02, 0.0101234]

    def think() -> None:
        table.clock.time += durations.pop()

    table.env.duration = think
    table.clock.pass_time(0.24)
    states = [(state["stepTime"], state["returns"]) for state in table.of("playState")]
    assert states == [(None, 0.0), (15.062, 2.0), (35.0, 4.0)]
