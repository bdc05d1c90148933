"""The loop of a game: its pace, its states, its episodes, on a clock that the tests move."""

import random
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.play.episodes import draw_seed

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
    table.clock.timers[-1].callback()
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


def test_nobody_is_told_of_steps_who_has_not_asked() -> None:
    table = counter(fps=20)
    table.clock.pass_time(0.5)
    assert table.of("transitions") == []
    table.game.follow_steps(True)
    table.clock.pass_time(0.5)
    table.game.follow_steps(False)
    table.clock.pass_time(0.1)
    told = len(table.transitions)
    assert told > 5
    table.clock.pass_time(1)
    assert len(table.transitions) == told


def test_a_transition_waits_for_a_frame_that_comes_after_the_report() -> None:
    table = counter(fps=20, steps=True)
    table.env.length = 1000
    table.clock.pass_time(0.09)
    table.press("ArrowRight")
    table.clock.pass_time(0.02)  # step 2, and a report
    assert [t["step"] for t in table.transitions] == [1]
    table.painter.show()
    table.clock.pass_time(0.1)
    assert [t["latency"] for t in table.transitions][:2] == [None, pytest.approx(20, abs=1)]


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
    assert (episode["returns"], episode["seconds"]) == (2.0, 0.1)
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
    assert (table.state["state"], table.state["error"]["name"]) == ("failed", "KeyError")


def test_a_frame_that_cannot_be_painted_fails_the_game_once_with_its_record() -> None:
    table = counter()
    table.clock.pass_time(0.3)
    table.env.render = lambda: "smudge"
    table.clock.pass_time(0.05)
    table.painter.show()
    table.clock.pass_time(5)
    assert [state["state"] for state in table.of("playState")].count("failed") == 1
    assert table.state["error"]["message"] == "it cannot be painted"
    (episode,) = table.episodes
    assert (episode["ended"], episode["steps"]) == ("error", 3)
    assert episode["record"] is not None


def test_a_frame_of_an_environment_that_is_closed_is_not_rendered() -> None:
    table = counter()
    table.clock.pass_time(0.1)
    table.game.close()
    table.painter.show()
    assert (table.painter.frames, table.env.rendered) == ([None], 0)


def test_a_transition_that_cannot_be_sent_fails_the_game() -> None:
    class Strict(Table):
        def send(self, message: dict[str, Any]) -> None:
            if message["type"] == "transitions":
                raise TypeError("cannot be sent")
            super().send(message)

    table = Strict(Counter(), actionMapping=MAPPING, steps=True, fps=20).start()
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["error"]["message"]) == ("failed", "cannot be sent")
    (episode,) = table.episodes  # what was played until then is kept
    assert (episode["ended"], episode["error"]["message"]) == ("error", "cannot be sent")
    assert str(episode["record"])


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


def test_states_are_numbered_within_a_game_replies_included() -> None:
    table = counter(fps=30)
    table.clock.pass_time(0.5)
    reply = table.game.fields()
    table.clock.pass_time(0.5)
    numbers = [state["number"] for state in table.of("playState")]
    assert numbers == sorted(set(numbers))
    assert numbers[0] < reply["number"] < numbers[-1]
    assert reply["number"] not in numbers


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


def test_a_key_held_from_a_pause_has_no_latency() -> None:
    table = counter(steps=True, fps=10)
    table.env.length = 100
    table.game.pause()
    table.press("ArrowRight")
    table.clock.pass_time(3)
    table.game.resume()
    table.clock.pass_time(0.1)
    table.painter.show()
    table.clock.pass_time(0.3)
    assert {t["latency"] for t in table.transitions} == {None}


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


def test_a_reset_before_the_first_step_begins_the_first_episode_again() -> None:
    table = counter(numEpisodes=1, seed=5, paused=True)
    table.game.reset(70)
    table.game.reset()
    assert (table.state["state"], table.state["episode"], table.state["seed"]) == ("paused", 0, 70)
    table.game.resume()
    table.clock.pass_time(2)
    (episode,) = table.episodes
    assert (episode["episode"], episode["seed"], episode["ended"]) == (0, 70, "terminated")
    assert table.state["state"] == "ended"


def test_each_reset_is_an_episode_of_those_that_were_asked_for() -> None:
    table = counter(numEpisodes=3, seed=5)
    table.clock.pass_time(0.2)
    table.game.reset()
    table.game.reset(50)
    table.clock.pass_time(0.2)
    assert table.state["state"] == "running"
    table.game.reset()
    assert table.state["state"] == "ended"
    assert table.env.seeds == [5, 6, 50]
    assert [(e["episode"], e["ended"]) for e in table.episodes] == [(0, "reset"), (2, "reset")]


def test_options_reach_each_reset_and_its_infos_the_page() -> None:
    options = {"level": [1, 2]}

    class Greedy(Counter):
        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            answer = super().reset(seed=seed, options={"level": list(options["level"])})
            options["level"].clear()
            return answer

    table = Table(Greedy(), actionMapping=MAPPING, fps=10, numEpisodes=2, options=options)
    table.start().clock.pass_time(2)
    assert table.env.options == [{"level": [1, 2]}] * 2
    assert [e["infos"] for e in table.episodes] == [{"reset": 1}, {"reset": 2}]


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


def test_a_game_makes_no_timer_while_it_runs() -> None:
    table = counter(fps=60)
    count = len(table.clock.timers)
    table.clock.pass_time(5)
    table.game.pause()
    table.game.resume()
    assert len(table.clock.timers) == count == 2


def test_a_game_whose_first_reset_raises_is_none() -> None:
    table = Table(Counter(), actionMapping=MAPPING)
    table.env.reset = None
    with pytest.raises(TypeError):
        table.start()
    assert all(timer.closed for timer in table.clock.timers)
    assert table.sent == []


def test_a_last_frame_that_cannot_be_rendered_is_reported_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = counter(numEpisodes=1)
    table.clock.pass_time(2)
    table.env.render = None
    table.painter.show()
    assert "the last frame cannot be rendered" in caplog.text
    assert table.state["state"] == "ended"


def test_an_episode_that_cannot_be_told_does_not_hide_why_the_game_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Strict(Table):
        def send(self, message: dict[str, Any]) -> None:
            if message["type"] == "episode":
                raise TypeError("cannot be sent")
            super().send(message)

    table = Strict(Counter(), actionMapping={"a": "fall"}, defaultAction=0, fps=10).start()
    table.clock.pass_time(0.25)
    table.press("a")
    table.clock.pass_time(1)
    assert table.state["error"]["message"] == "the cart fell off"
    assert "the episode that failed cannot be told" in caplog.text


def test_a_seed_is_drawn_without_touching_the_generators_of_others() -> None:
    before = random.getstate()
    seeds = [draw_seed() for _ in range(200)]
    assert random.getstate() == before
    assert len(set(seeds)) > 190
    assert all(0 <= seed < 2**31 for seed in seeds)  # what any generator takes
    assert max(seeds) > 2**29
