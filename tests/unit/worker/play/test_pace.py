"""The pace of a game, on a clock that the tests move."""

import asyncio
import time
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.play.clock import Clock, Rhythm
from gymworker.worker.play.settings import checked_fps

from tests.unit.worker.play.games import counter


def test_a_step_is_due_each_frame_and_the_clock_does_not_drift() -> None:
    table = counter(numEpisodes=None, fps=30)
    table.env.length = 10**9
    times: list[float] = []
    table.env.duration = lambda: times.append(table.clock.time)
    for late in (0.004, 0.011, 0.0, 0.02) * 75:  # however late the timers are
        table.clock.pass_time(1 / 30 - late)
        table.clock.time += late
    table.clock.pass_time(0)
    assert len(times) == 300
    assert times[-1] == pytest.approx(110.0, abs=0.03)
    assert not table.state["slow"]
    assert table.state["rate"] == pytest.approx(30, abs=1)


def test_a_loop_that_is_late_skips_frames_and_reports_a_lower_rate() -> None:
    table = counter(fps=10)
    table.env.length = 10**9

    def think() -> None:
        table.clock.time += 0.25

    table.env.duration = think
    table.clock.pass_time(5)
    assert 18 <= table.env.n <= 21  # as fast as it can, and not one more for those it missed
    assert table.state["slow"]
    assert table.state["rate"] == pytest.approx(4, abs=0.5)
    assert table.state["stepTime"] == pytest.approx(250)
    table.env.duration = lambda: None
    before = table.env.n
    table.clock.pass_time(2)
    assert table.env.n - before <= 21
    table.clock.pass_time(2)
    assert not table.state["slow"]
    assert table.state["rate"] == pytest.approx(10, abs=0.5)


def test_a_timer_that_comes_early_makes_no_step() -> None:
    table = counter(fps=10)
    table.clock.time += 0.05
    table.clock.timers[-1].callback()
    assert table.env.n == 0
    table.clock.pass_time(0.0499)
    assert table.env.n == 0
    table.clock.pass_time(0.001)
    assert table.env.n == 1


def test_the_pace_can_be_changed() -> None:
    table = counter()
    table.env.length = 1000
    table.game.set_fps(100)
    table.clock.pass_time(1)
    assert table.env.n == pytest.approx(100, abs=1)
    assert table.state["fps"] == 100


def test_one_late_step_is_told_once_though_the_rate_is_right() -> None:
    table = counter(fps=60)
    table.env.length = 10**9
    table.clock.pass_time(3)
    hiccups = [0.04]

    def think() -> None:
        table.clock.time += hiccups.pop() if hiccups else 0.0

    table.env.duration = think
    told = len(table.of("playState"))
    table.clock.pass_time(3)
    states = table.of("playState")[told:]
    assert min(state["rate"] for state in states) > 54  # it is the schedule that says so
    assert [state["slow"] for state in states].count(True) == 1


def test_a_step_of_nine_seconds_is_slow_and_the_game_goes_on() -> None:
    table = counter(fps=10)
    table.env.length = 10**9
    pauses = [9.0]

    def think() -> None:
        table.clock.time += pauses.pop() if pauses else 0.0

    table.env.duration = think
    table.clock.pass_time(9.5)
    assert table.state["state"] == "running"
    assert any(state["slow"] for state in table.of("playState"))
    before = table.env.n
    table.clock.pass_time(2)
    assert table.env.n - before == pytest.approx(20, abs=1)


@pytest.mark.parametrize("paces", [(10, 10), (10, 20), (9, 10, 11)])
def test_a_pace_that_is_changed_all_the_time_does_not_stop_the_clock(paces: Any) -> None:
    table = counter(fps=10)
    table.env.length = 10**9
    for index in range(100):
        table.game.set_fps(paces[index % len(paces)])
        table.clock.pass_time(0.05)
    assert table.env.n >= 0.9 * 5 * min(paces)
    assert table.env.n <= 1.1 * 5 * max(paces)


def test_a_new_pace_is_not_called_slow_for_the_old_one() -> None:
    table = counter(fps=10)
    table.env.length = 10**9
    table.clock.pass_time(2)
    table.game.set_fps(100)
    table.clock.pass_time(1)
    assert not any(state["slow"] for state in table.of("playState"))


def test_a_game_makes_no_timer_while_it_runs() -> None:
    table = counter(fps=60)
    count = len(table.clock.timers)
    table.clock.pass_time(5)
    table.game.pause()
    table.game.resume()
    assert len(table.clock.timers) == count == 2


@pytest.mark.parametrize("fps", [0.5, 1, 1000])
def test_a_pace_may_be_anything_up_to_a_thousand(fps: float) -> None:
    assert checked_fps(fps) == fps


@pytest.mark.parametrize("fps", [0, -1, 1000.5, True, "30", None])
def test_a_pace_that_no_clock_can_keep_is_refused(fps: Any) -> None:
    with pytest.raises(ProtocolError, match="more than 0 and at most 1000"):
        checked_fps(fps)


async def wall_of_a_clock() -> float:
    return Clock().wall()


def test_the_wall_clock_has_the_milliseconds_of_the_epoch() -> None:
    assert asyncio.run(wall_of_a_clock()) == pytest.approx(time.time() * 1000, abs=60_000)


@pytest.mark.parametrize(("fps", "early"), [(10, 0.002), (125, 0.002), (1000, 0.00025)])
def test_a_step_comes_early_by_no_more_than_a_timer_and_a_part_of_its_frame(
    fps: float, early: float
) -> None:
    rhythm = Rhythm(fps)
    rhythm.start(50.0)
    due = 50.0 + 1 / fps
    assert rhythm.wait(due - early * 0.9) == 0.0
    assert rhythm.wait(due - early * 1.1) == pytest.approx(early * 1.1)
    assert rhythm.wait(due + 3) == 0.0


def test_the_same_pace_again_changes_nothing() -> None:
    rhythm = Rhythm(10)
    rhythm.start(100.0)
    for number in range(1, 4):
        rhythm.beat(100.03 + number / 10)
    before = rhythm.measure(), rhythm.wait(100.35)
    rhythm.change(10)
    assert (rhythm.measure(), rhythm.wait(100.35)) == before


def test_the_step_after_a_late_one_is_due_a_frame_later() -> None:
    rhythm = Rhythm(10)
    rhythm.start(100.0)
    rhythm.beat(100.25)
    assert rhythm.wait(100.25) == pytest.approx(0.1)


def test_a_pace_is_slow_when_its_steps_are_too_few_and_not_before_the_first() -> None:
    rhythm = Rhythm(1)
    rhythm.start(100.0)
    assert rhythm.measure() == (0.0, False)
    for when in (101.4, 102.8):  # less than a frame late
        rhythm.beat(when)
    rate, slow = rhythm.measure()
    assert rate == pytest.approx(1 / 1.4)
    assert slow


@pytest.mark.parametrize("paused", [True, False])
def test_a_pace_that_is_changed_in_a_pause_makes_no_step(paused: bool) -> None:
    table = counter(paused=paused)
    table.game.pause()
    table.game.set_fps(50)
    table.clock.pass_time(1)
    assert table.env.n == 0
