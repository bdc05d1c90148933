"""The loop of a game: its pace, its states, its episodes, on a clock that the tests move."""

from typing import Any

import pytest
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import MAPPING, Counter, Table, counter


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
    table.game._tick()
    assert table.env.n == 0
    table.clock.pass_time(0.0499)
    assert table.env.n == 0
    table.clock.pass_time(0.001)
    assert table.env.n == 1


def test_states_are_reported_at_most_ten_times_a_second() -> None:
    table = counter(fps=60)
    table.env.length = 10**9
    table.clock.pass_time(3)
    assert table.env.n == pytest.approx(180, abs=1)
    assert 25 <= len(table.of("playState")) <= 31
    assert {message["game"] for message in table.sent} == {7}


def test_a_held_key_steers_and_no_key_is_the_default_action() -> None:
    table = counter(defaultAction=0, maxSteps=100)
    table.env.length = 100
    table.press("ArrowRight")
    table.clock.pass_time(0.3)
    table.release("ArrowRight")
    table.clock.pass_time(0.2)
    assert table.env.actions == [1, 1, 1, 0, 0]


def test_the_frame_is_rendered_only_when_the_display_wants_one_and_tells_the_latency() -> None:
    table = counter(fps=100, steps=True)
    table.env.length = 1000
    table.clock.pass_time(0.02)
    assert table.env.rendered == 0
    table.press("ArrowRight")
    table.clock.pass_time(0.05)
    table.painter.show()
    assert (table.env.rendered, table.painter.frames) == (1, ["frame 7"])
    table.clock.pass_time(0.15)
    assert [state["latency"] for state in table.of("playState")].count(50.0) == 1
    assert [t["step"] for t in table.transitions if t["latency"] == 50.0] == [3]


def test_a_transition_waits_for_its_frame_only_once() -> None:
    table = counter(fps=20, steps=True)
    table.env.length = 1000
    table.press("ArrowRight")
    table.clock.pass_time(1)  # and nothing is ever painted
    steps = [t["step"] for t in table.transitions]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) >= 17
    assert {t["latency"] for t in table.transitions} == {None}


def test_without_a_canvas_the_game_goes_on() -> None:
    table = Table(Counter(), actionMapping=MAPPING, fps=10)
    table.environment.painter = None
    table.start()
    table.press("ArrowLeft")
    table.clock.pass_time(0.4)
    assert table.env.n == 4
    assert table.state["latency"] is None


def test_transitions_come_in_batches_and_hold_what_the_environment_gave() -> None:
    table = counter(fps=50, steps=True, seed=3, numEpisodes=1)
    table.clock.pass_time(1)
    assert len(table.of("transitions")) <= 2
    assert len(table.transitions) == 5
    first = table.transitions[0]
    assert first == {
        "episode": 0,
        "step": 1,
        "obs": [3, 0],
        "nextObs": [0, 1],
        "action": 0,
        "reward": 0.0,
        "terminated": False,
        "truncated": False,
        "info": {"n": 1},
        "latency": None,
    }
    assert table.transitions[-1]["terminated"]
    assert table.transitions[1]["obs"] == first["nextObs"]


def test_a_transition_is_not_changed_by_an_array_that_the_environment_reuses() -> None:
    import numpy as np

    class Reuses(Counter):
        board = np.zeros((2, 3), np.int8)

        def step(self, action: Any) -> Any:
            self.board[0, 0] += 1
            return self.board, 0.0, False, False, {"board": self.board}

    table = Table(Reuses(), actionMapping=MAPPING, fps=30, steps=True).start()
    table.clock.pass_time(0.25)
    assert [int(t["nextObs"][0, 0]) for t in table.transitions] == list(
        range(1, len(table.transitions) + 1)
    )
    assert int(table.transitions[0]["info"]["board"][0, 0]) == 1


def test_episodes_follow_one_another_with_seeds_that_count_up() -> None:
    table = counter(seed=40, numEpisodes=3)
    table.clock.pass_time(10)
    assert table.env.seeds == [40, 41, 42]
    assert table.state["state"] == "ended"
    assert [(e["episode"], e["seed"], e["steps"]) for e in table.of("episode")] == [
        (0, 40, 5),
        (1, 41, 5),
        (2, 42, 5),
    ]
    assert table.clock.waiting == 0


def test_a_drawn_seed_is_recorded() -> None:
    table = counter(numEpisodes=2)
    table.clock.pass_time(10)
    assert table.env.seeds == [1000, 1001]
    assert [e["seed"] for e in table.of("episode")] == [1000, 1001]


def test_max_steps_truncates() -> None:
    table = counter(maxSteps=2, numEpisodes=1, steps=True)
    table.press("ArrowRight")
    table.clock.pass_time(1)
    (episode,) = table.of("episode")
    assert (episode["terminated"], episode["truncated"], episode["steps"]) == (False, True, 2)
    assert (episode["returns"], episode["seconds"]) == (2.0, 0.2)
    assert [t["truncated"] for t in table.transitions] == [False, True]


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


def test_reset_begins_the_next_episode_with_a_seed_that_counts_on() -> None:
    table = counter(seed=1)
    table.clock.pass_time(0.2)
    table.game.reset(70)
    assert (table.state["episode"], table.state["step"], table.state["seed"]) == (1, 0, 70)
    table.clock.pass_time(0.6)
    assert table.env.seeds == [1, 70, 71]
    table.game.reset()
    assert table.env.seeds[-1] == 72
    table.game.pause()
    table.game.reset(5)
    assert (table.state["state"], table.state["seed"]) == ("paused", 5)


def test_the_pace_can_be_changed() -> None:
    table = counter()
    table.env.length = 1000
    table.game.set_fps(100)
    table.clock.pass_time(1)
    assert table.env.n == pytest.approx(100, abs=1)
    assert table.state["fps"] == 100


def test_an_environment_that_raises_fails_the_game_with_its_traceback() -> None:
    table = Table(Counter(), actionMapping={"a": "fall"}, fps=10, defaultAction=0).start()
    table.press("a")
    table.clock.pass_time(1)
    assert table.state["state"] == "failed"
    error = table.state["error"]
    assert (error["name"], error["message"]) == ("RuntimeError", "the cart fell off")
    assert 'raise RuntimeError("the cart fell off")' in error["stack"]
    assert table.clock.waiting == 0
    table.game.stop()
    assert table.state["state"] == "failed"


def test_a_frame_that_cannot_be_rendered_fails_the_game() -> None:
    table = counter()
    images: dict[str, Any] = {}
    table.env.render = lambda: images["none"]
    table.clock.pass_time(0.1)
    table.painter.show()
    assert table.painter.frames == [None]
    assert (table.state["state"], table.state["error"]["name"]) == ("failed", "KeyError")


def test_a_frame_of_an_environment_that_is_closed_is_not_rendered() -> None:
    table = counter()
    table.clock.pass_time(0.1)
    table.game.close()
    table.painter.show()
    assert (table.painter.frames, table.env.rendered) == ([None], 0)


def test_a_transition_that_cannot_be_sent_fails_the_game() -> None:
    table = counter(steps=True, fps=20)
    send = table.game._outbox._send

    def refuse(message: dict[str, Any]) -> None:
        if message["type"] == "transitions":
            raise TypeError("cannot be sent")
        send(message)

    table.game._outbox._send = refuse
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["error"]["message"]) == ("failed", "cannot be sent")


@pytest.mark.parametrize("mode", ["single_keystroke", "pressed_keys"])
def test_a_turn_based_game_waits_for_the_player(mode: str) -> None:
    table = counter(waitOnPlayer=True, inputMode=mode, maxSteps=3)
    table.clock.pass_time(5)
    assert (table.env.n, table.state["state"]) == (0, "waiting")
    assert table.clock.waiting == 0
    table.press("ArrowRight")
    table.clock.pass_time(0)
    table.release("ArrowRight")
    assert table.env.actions == [1]
    table.clock.pass_time(1)
    assert table.env.actions == [1]
    assert (table.state["state"], table.state["step"]) == ("waiting", 1)
    for key in ("ArrowLeft", "ArrowRight"):
        table.press(key)
        table.release(key)
        table.clock.pass_time(0.2)
    assert table.env.actions == [1, 0, 1]
    assert len(table.of("episode")) == 1
    assert len(table.env.seeds) == 2  # the next one has begun, and waits
    assert table.clock.waiting == 0


def test_a_held_key_of_a_turn_based_game_repeats_each_frame() -> None:
    table = counter(waitOnPlayer=True)
    table.env.length = 100
    table.press("ArrowRight")
    table.clock.pass_time(0.5)
    assert 5 <= table.env.n <= 6
    table.release("ArrowRight")
    table.clock.pass_time(1)
    assert table.env.n <= 6


def test_keystrokes_faster_than_the_game_are_all_played() -> None:
    table = counter(waitOnPlayer=True, inputMode="single_keystroke")
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        table.press(key)
        table.release(key)
    table.clock.pass_time(0.3)
    assert table.env.actions == [1, 0, 1]


def test_the_latency_of_a_turn_is_told_although_nothing_follows() -> None:
    table = counter(waitOnPlayer=True, inputMode="single_keystroke", steps=True)
    table.clock.pass_time(1)
    table.press("ArrowRight")
    table.clock.pass_time(0.03)
    table.painter.show()
    table.clock.pass_time(0.5)
    assert [t["latency"] for t in table.transitions] == [30.0]
    assert 30.0 in [state["latency"] for state in table.of("playState")]


def test_what_a_hidden_tab_did_not_show_has_no_latency() -> None:
    table = counter()
    table.press("ArrowRight")
    table.clock.pass_time(60)
    table.painter.show()
    table.clock.pass_time(0.2)
    assert {state["latency"] for state in table.of("playState")} == {None}


def test_nothing_is_told_after_the_end() -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(0.45)
    table.press("ArrowRight")
    table.clock.pass_time(0.1)
    assert table.sent[-1]["state"] == "ended"
    count = len(table.sent)
    table.painter.show()
    table.clock.pass_time(1)
    assert table.painter.frames == ["frame 5"]
    assert len(table.sent) == count
