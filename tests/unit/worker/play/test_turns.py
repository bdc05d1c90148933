"""Turn-based games: a step only when the player asks for one, and the last frame stays."""

from typing import Any

import pytest

from tests.unit.worker.play.games import MAPPING, Pair, Table, counter


@pytest.mark.parametrize("mode", ["single_keystroke", "pressed_keys"])
def test_a_turn_based_game_waits_for_the_player(mode: str) -> None:
    table = counter(waitOnPlayer=True, inputMode=mode, maxSteps=3)
    table.clock.pass_time(5)
    assert (table.env.n, table.state["state"]) == (0, "waiting")
    assert table.clock.waiting == 0
    table.press("ArrowRight")
    table.clock.pass_time(0)
    table.release("ArrowRight")
    assert table.env.actions[:1] == [1]
    table.clock.pass_time(1)
    assert table.env.actions[:1] == [1]
    assert (table.state["state"], table.state["step"]) == ("waiting", 1)
    for key in ("ArrowLeft", "ArrowRight"):
        table.press(key)
        table.release(key)
        table.clock.pass_time(0.2)
    assert table.env.actions == [1, 0, 1]
    assert len(table.of("episode")) == 1
    assert len(table.env.seeds) == 1  # the last frame stays
    assert table.clock.waiting == 0


def test_a_held_key_of_a_turn_based_game_repeats_each_frame() -> None:
    table = counter(waitOnPlayer=True)
    table.env.length = 100
    table.press("ArrowRight")
    table.clock.pass_time(0.5)
    assert 5 <= table.env.n <= 6
    before = table.env.n
    table.release("ArrowRight")
    table.clock.pass_time(1)
    assert table.env.n == before


def test_a_game_that_rests_pauses_after_each_episode_with_its_last_frame() -> None:
    table = counter(rest=True, fps=10, maxSteps=3)
    table.clock.pass_time(5)
    assert (table.env.n, table.game.state) == (3, "paused")
    assert (table.state["state"], table.state["step"]) == ("paused", 3)
    assert [episode["ended"] for episode in table.of("episode")] == ["truncated"]
    assert (len(table.env.seeds), table.clock.waiting) == (1, 0)
    table.game.reset()
    assert (table.game.state, table.env.n, len(table.env.seeds)) == ("paused", 0, 2)
    table.game.resume()
    table.clock.pass_time(5)
    assert (table.env.n, table.game.state, len(table.of("episode"))) == (3, "paused", 2)
    table.game.resume()  # without a reset it begins the next by itself
    table.clock.pass_time(5)
    assert (table.env.n, len(table.env.seeds), len(table.of("episode"))) == (3, 3, 3)


def test_a_turn_based_game_rests_whatever_key_is_pressed() -> None:
    table = counter(rest=True, waitOnPlayer=True, inputMode="single_keystroke", maxSteps=1)
    for _ in range(3):
        table.press("ArrowRight")
        table.release("ArrowRight")
        table.clock.pass_time(1)
    assert (table.env.actions, table.game.state, len(table.env.seeds)) == ([1], "paused", 1)


def test_the_last_episode_of_a_game_that_rests_ends_it() -> None:
    table = counter(rest=True, fps=10, maxSteps=3, numEpisodes=2)
    table.clock.pass_time(5)
    table.game.resume()
    table.clock.pass_time(5)
    assert (table.game.state, len(table.of("episode"))) == ("ended", 2)


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


@pytest.mark.parametrize("mode", ["single_keystroke", "pressed_keys"])
def test_the_key_that_goes_on_only_begins_the_next_episode(mode: str) -> None:
    table = counter(waitOnPlayer=True, inputMode=mode, maxSteps=1, fps=10)
    table.press("ArrowRight")
    table.clock.pass_time(0.2)
    assert (table.state["episode"], table.state["step"]) == (0, 1)
    table.clock.pass_time(60)  # still held
    assert (len(table.env.seeds), table.clock.waiting) == (1, 0)
    table.release("ArrowRight")
    table.clock.pass_time(60)
    assert len(table.env.seeds) == 1
    table.press("ArrowLeft")
    table.clock.pass_time(5)  # held for long
    assert (len(table.env.seeds), table.env.actions) == (2, [1])
    assert (table.state["episode"], table.state["step"], table.state["state"]) == (1, 0, "waiting")
    table.release("ArrowLeft")
    table.press("ArrowLeft")
    table.clock.pass_time(0.2)
    assert table.env.actions == [1, 0]


def test_keys_typed_ahead_of_the_end_are_forgotten_with_it() -> None:
    table = counter(waitOnPlayer=True, inputMode="single_keystroke", maxSteps=2, fps=10)
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowLeft"):
        table.press(key)
        table.release(key)
    table.clock.pass_time(60)
    assert table.env.actions == [1, 0]
    assert len(table.env.seeds) == 1


def test_a_game_that_waits_goes_on_after_a_pause_by_the_same_rule() -> None:
    table = counter(waitOnPlayer=True, maxSteps=1, fps=10)
    table.press("ArrowRight")
    table.clock.pass_time(0.2)
    table.game.pause()
    table.game.resume()
    table.clock.pass_time(1)
    assert len(table.env.seeds) == 1
    table.game.step()
    assert (table.game.state, len(table.env.seeds)) == ("paused", 2)


def test_a_partner_that_is_scripted_waits_with_the_player() -> None:
    settings: Any = {"agents": {"right": MAPPING}, "waitOnPlayer": True, "fps": 10}
    table = Table(Pair(), {"policy": lambda obs: 0}, **settings).start()
    table.clock.pass_time(5)
    assert table.env.actions == []
    table.press("ArrowRight")
    table.clock.pass_time(0.05)
    assert table.env.actions == [{"left": 0, "right": 1}]


def test_without_a_player_nobody_waits() -> None:
    table = Table(Pair(), {"policy": lambda obs: 0}, waitOnPlayer=True, fps=10).start()
    table.clock.pass_time(0.2)
    assert table.game.state == "running"
    assert len(table.env.actions) == 2


def test_a_turn_is_told_although_nothing_follows() -> None:
    table = counter(waitOnPlayer=True, inputMode="single_keystroke", fps=100)
    table.environment.painter = None
    table.clock.pass_time(1)
    for _ in range(2):  # the second comes too soon after the first to be told at once
        table.press("ArrowRight")
        table.release("ArrowRight")
        table.clock.pass_time(0.02)
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["step"]) == ("waiting", 2)


def test_keys_that_are_named_all_at_once_ask_for_a_step_too() -> None:
    table = counter(waitOnPlayer=True)
    table.clock.pass_time(1)
    table.game.hold(["ArrowRight"])
    table.clock.pass_time(0.1)
    assert table.env.actions[:1] == [1]
