"""A game and its commands: keys, pause, step, stop, on a clock that the tests move."""

import pytest
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import counter


def test_a_held_key_steers_and_no_key_is_the_default_action() -> None:
    table = counter(defaultAction=0, maxSteps=100)
    table.env.length = 100
    table.press("ArrowRight")
    table.clock.pass_time(0.3)
    table.release("ArrowRight")
    table.clock.pass_time(0.2)
    assert table.env.actions == [1, 1, 1, 0, 0]


def test_pause_step_and_resume() -> None:
    table = counter()
    table.clock.pass_time(0.2)
    table.game.pause()
    assert table.state["state"] == "paused"
    assert table.state["rate"] == 0
    table.clock.pass_time(5)
    assert table.env.n == 2
    table.press("ArrowRight")
    table.game.step()
    assert (table.env.n, table.env.actions[-1]) == (3, 1)
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["step"]) == ("paused", 3)
    table.game.resume()
    table.clock.pass_time(0.1)
    assert table.env.n == 4
    assert not table.state["slow"]


def test_a_step_pauses_a_game_that_runs_and_begins_the_next_episode_after_the_last() -> None:
    table = counter()
    for _ in range(5):
        table.game.step()
    assert table.game.state == "paused"
    assert len(table.of("episode")) == 1
    table.game.step()
    assert (table.env.n, len(table.env.seeds)) == (0, 2)


def test_stop_tells_of_the_episode_and_is_for_good() -> None:
    table = counter()
    table.clock.pass_time(0.3)
    table.game.stop()
    table.game.stop()
    assert table.clock.waiting == 0
    (episode,) = table.of("episode")
    assert (episode["steps"], episode["terminated"], episode["truncated"]) == (3, False, False)
    assert [m["state"] for m in table.of("playState")].count("ended") == 1
    for command in (table.game.resume, table.game.step, table.game.reset):
        with pytest.raises(ProtocolError, match="the game has ended; play again first"):
            command()


@pytest.mark.parametrize("mode", ["single_keystroke", "pressed_keys"])
def test_keys_tapped_in_a_pause_do_nothing_after_it_and_held_ones_count(mode: str) -> None:
    table = counter(inputMode=mode, defaultAction=9, fps=10)
    table.env.length = 100
    table.game.pause()
    table.press("ArrowRight")
    table.release("ArrowRight")
    table.press("ArrowLeft")
    table.game.resume()
    table.clock.pass_time(0.2)
    assert table.env.actions == ([0, 0] if mode == "pressed_keys" else [9, 9])


def test_a_key_tapped_before_a_reset_does_nothing_after_it() -> None:
    table = counter(defaultAction=9)
    table.clock.pass_time(0.15)
    table.press("ArrowRight")
    table.release("ArrowRight")
    table.game.reset()
    table.clock.pass_time(0.1)
    assert table.env.actions == [9, 9]


def test_a_key_tapped_before_a_single_step_of_a_pause_counts_for_it() -> None:
    table = counter(defaultAction=0)
    table.game.pause()
    table.press("ArrowRight")
    table.release("ArrowRight")
    table.game.step()
    table.game.step()
    assert table.env.actions == [1, 0]


def test_a_paused_game_begins_painted_with_nothing_stepped() -> None:
    table = counter(paused=True)
    assert table.game.state == "paused"
    table.clock.pass_time(1)
    table.painter.show()
    assert (table.state["state"], table.env.n) == ("paused", 0)
    assert table.painter.frames == ["frame 0"]
    assert len(table.of("playState")) == 1
    table.game.resume()
    table.clock.pass_time(0.1)
    assert table.env.n == 1


@pytest.mark.parametrize("end", ["stop", "close", "last", "raise", "render"])
def test_whatever_ends_a_game_closes_its_timers(end: str) -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(0.25)
    if end == "stop":
        table.game.stop()
    elif end == "close":
        table.game.close()
    elif end == "last":
        table.clock.pass_time(1)
    elif end == "raise":
        table.env.step = None
        table.clock.pass_time(1)
    else:
        table.env.render = None
        table.painter.show()
    assert table.game.state in ("ended", "failed")
    assert table.clock.timers
    assert all(timer.closed for timer in table.clock.timers)
    told = len(table.sent)
    table.press("ArrowRight")
    table.clock.pass_time(5)
    assert len(table.sent) == told


def test_a_game_that_runs_is_not_resumed() -> None:
    table = counter(defaultAction=9)
    table.clock.pass_time(0.15)
    told = len(table.sent)
    table.press("ArrowRight")
    table.release("ArrowRight")
    table.game.resume()
    assert len(table.sent) == told
    table.clock.pass_time(0.06)
    assert table.env.actions == [9, 1]


def test_a_command_that_changes_the_state_is_told_at_once() -> None:
    table = counter()
    table.clock.pass_time(0.25)
    for command, state in (("step", "paused"), ("resume", "running"), ("pause", "paused")):
        getattr(table.game, command)()
        assert table.state["state"] == state


def test_a_game_that_runs_waits_for_one_timer_alone() -> None:
    table = counter(fps=30)
    table.env.length = 100
    waiting = set()
    for _ in range(20):
        table.clock.pass_time(1 / 30)
        waiting.add(table.clock.waiting)
    assert waiting == {1}
