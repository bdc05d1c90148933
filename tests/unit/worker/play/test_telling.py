"""What a game tells the page: states, transitions, latency, frames."""

from typing import Any

import pytest

from tests.unit.worker.play.games import MAPPING, Counter, Table, counter


def test_states_are_reported_at_most_ten_times_a_second() -> None:
    table = counter(fps=60)
    table.env.length = 10**9
    table.clock.pass_time(3)
    assert table.env.n == pytest.approx(180, abs=1)
    assert 25 <= len(table.of("playState")) <= 31
    assert {message["game"] for message in table.sent} == {7}


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
    table = Table(Counter(), actionMapping=MAPPING, fps=10, steps=True)
    table.environment.painter = None
    table.start()
    table.press("ArrowLeft")
    table.clock.pass_time(0.4)
    assert table.env.n == 4
    assert table.state["latency"] is None
    assert len(table.transitions) == 4, "none waits for a frame"


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


def test_states_are_numbered_within_a_game_replies_included() -> None:
    table = counter(fps=30)
    table.clock.pass_time(0.5)
    reply = table.game.fields()
    table.clock.pass_time(0.5)
    numbers = [state["number"] for state in table.of("playState")]
    assert numbers == sorted(set(numbers))
    assert numbers[0] < reply["number"] < numbers[-1]
    assert reply["number"] not in numbers


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


def test_without_a_canvas_no_transition_waits_for_a_frame() -> None:
    table = Table(Counter(), actionMapping=MAPPING, fps=5, steps=True)
    table.environment.painter = None
    table.start()
    table.press("ArrowLeft")
    table.clock.pass_time(0.25)
    assert [item["step"] for item in table.transitions] == [1]
