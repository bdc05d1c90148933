"""The mouse or a finger on the picture, as the action: where it is, pressed or not; recorded."""

from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import MAPPING, Desk, Pair, Table, settings_of
from tests.unit.worker.play.test_actions import Checking
from tests.unit.worker.play.test_replay import replay

UNIT = Box(np.array([-1, 0]), np.array([1, 10]), dtype=np.float64)


def table(space: Any = UNIT, pointer: Any = "position", **settings: Any) -> Table:
    """A game of ten steps a second with a picture of 300 x 200 pixels."""
    names = settings.pop("names", {})
    made = Table(Checking(space), names, **{"pointer": pointer, "fps": 10, **settings})
    made.painter.size = (300, 200)
    return made.start()


def steps(game: Table, count: int = 1) -> list[Any]:
    """The actions of the next steps."""
    before = len(game.env.actions)
    game.clock.pass_time(count / 10)
    found = game.env.actions[before:]
    return [action.tolist() if hasattr(action, "tolist") else action for action in found]


def test_the_action_is_where_the_pointer_is_between_the_bounds() -> None:
    game = table()
    assert steps(game) == [[0.0, 0.0]], "nowhere yet"
    for place, action in (((0, 0), [-1, 0]), ((0.75, 0.5), [0.5, 5]), ((1, 1), [1, 10])):
        game.game.point(place, False)
        assert steps(game, 2) == [action, action]
    game.game.point(None, False)
    assert steps(game) == [[0.0, 0.0]]
    assert {action.dtype.name for action in game.env.actions} == {"float64"}


def test_without_bounds_it_is_a_pixel_of_the_picture() -> None:
    game = table(Box(-np.inf, np.inf, (2,), np.float32))
    game.game.point((0.5, 0.9999), False)
    assert steps(game) == [[150, 199]]
    game.game.point((1, 1), False)
    assert steps(game) == [[299, 199]]
    game.painter.size = None
    assert steps(game) == [[0, 0]], "there is no picture"


def test_whole_numbers_are_those_next_to_the_place() -> None:
    game = table(Box(0, np.array([299, 199]), (2,), np.int64))
    game.game.point((0.5, 1), False)
    assert steps(game) == [[150, 199]]


def test_a_third_number_says_whether_it_is_pressed() -> None:
    game = table(Box(0, np.array([1, 1, 5], np.float32), (3,), np.float32))
    game.game.point((0.5, 0.25), False)
    assert steps(game) == [[0.5, 0.25, 0]]
    game.game.point((0.5, 0.25), True)
    assert steps(game) == [[0.5, 0.25, 5]]


def test_it_may_count_only_while_it_is_pressed() -> None:
    game = table(pointer="press")
    game.game.point((1, 1), False)
    assert steps(game) == [[0, 0]]
    game.game.point((1, 1), True)
    assert steps(game, 2) == [[1, 10], [1, 10]]
    game.game.point((0, 1), True)
    assert steps(game) == [[-1, 10]]
    game.game.point((0, 1), False)
    assert steps(game) == [[0, 0]]


def test_a_tap_between_two_steps_counts_once_where_it_was() -> None:
    game = table(pointer="press")
    game.game.point((1, 1), True)
    game.game.point(None, False)
    assert steps(game, 2) == [[1, 10], [0, 0]]


def test_keys_count_where_they_ask_for_an_action_and_stay_usable() -> None:
    game = table(actionMapping={"a": [-0.25, 3], "d": [0.25, 3]})
    game.game.point((1, 1), True)
    game.press("a")
    assert steps(game) == [[-0.25, 3]]
    game.press("d")
    assert steps(game) == [[0, 6]]
    game.release("a")
    game.release("d")
    assert steps(game) == [[1, 10]]


def cell(x: int, y: int, pressed: bool) -> int | None:
    """The cell of a board of three by two that is pressed."""
    asked.append((x, y, pressed))
    return x // 100 + 3 * (y // 100) if pressed else None


asked: list[Any] = []


@pytest.mark.parametrize("names", [{"play": {"pointer": cell}}, {"cell": cell}])
def test_a_function_makes_an_action_of_a_pixel(names: dict[str, Any]) -> None:
    asked.clear()
    pointer = None if "play" in names else "cell"
    game = table(Discrete(6, start=0), pointer, names=names, defaultAction=5)
    assert steps(game) == [5]
    game.game.point((0.5, 0.75), False)
    assert steps(game, 2) == [5, 5]
    game.game.point((0.5, 0.75), True)
    assert steps(game) == [4]
    assert asked == [(150, 150, False)] * 2 + [(150, 150, True)], "once a step"


def test_each_press_is_one_action_in_order() -> None:
    game = table(Discrete(6), cell, inputMode="single_keystroke")
    for place in ((0.1, 0.1), (0.9, 0.9), (0.5, 0.1)):
        game.game.point(place, True)
        game.game.point(place, False)
    assert steps(game, 4) == [0, 5, 1, 0]
    game.game.point((0.9, 0.9), True)
    assert steps(game, 3) == [5, 0, 0], "held"


def test_keystrokes_and_presses_are_each_one_action() -> None:
    settings: Any = {"inputMode": "single_keystroke", "actionMapping": {"a": 3}}
    game = table(Discrete(6), cell, **settings)
    game.press("a")
    game.game.point((0.9, 0.9), True)
    assert steps(game, 3) == [3, 5, 0]


def test_a_press_asks_for_a_step_unless_it_means_nothing() -> None:
    def upper(x: int, y: int, pressed: bool) -> int | None:
        return None if y >= 100 else x // 100

    game = table(Discrete(6), upper, waitOnPlayer=True, inputMode="single_keystroke")
    game.game.point((0.5, 0.9), True)
    game.game.point((0.5, 0.9), False)
    assert steps(game, 5) == []
    game.game.point((0.5, 0.1), True)
    assert steps(game, 5) == [1]
    game.game.point((0.9, 0.1), True)  # it moves, and is the same press
    assert steps(game, 5) == []


def test_who_waits_steps_while_the_pointer_is_pressed() -> None:
    game = table(waitOnPlayer=True)
    game.game.point((1, 1), False)
    assert steps(game, 3) == [], "it only moves"
    game.game.point((1, 1), True)
    assert len(steps(game, 3)) >= 2
    game.game.point((1, 1), False)
    steps(game)
    assert steps(game, 3) == []


def test_the_press_that_begins_the_next_episode_does_nothing_else() -> None:
    game = table(waitOnPlayer=True, maxSteps=1)
    game.game.point((1, 1), True)
    assert len(steps(game, 3)) == 1
    game.game.point((1, 1), False)
    game.game.point((0, 0), True)
    assert steps(game, 3) == []
    assert game.env.seeds == [1000, 1001]
    game.game.point((0.5, 0.5), True)
    assert steps(game, 3) == [], "the same press"
    game.game.point((0.5, 0.5), False)
    game.game.point((0.5, 0.5), True)
    assert steps(game, 3) == [[0, 5]]


def test_what_was_tapped_in_a_pause_does_nothing_after_it() -> None:
    game = table(pointer="press")
    game.game.pause()
    game.game.point((1, 1), True)
    game.game.point(None, False)
    game.game.resume()
    assert steps(game) == [[0, 0]]


@pytest.mark.parametrize("wait", [False, True])
def test_an_error_of_the_function_ends_the_game(wait: bool) -> None:
    def broken(x: int, y: int, pressed: bool) -> int:
        raise KeyError("no such cell")

    game = table(Discrete(6), broken, waitOnPlayer=wait)
    game.game.point((0.5, 0.5), True)
    game.clock.pass_time(0.3)
    assert game.state["error"]["name"] == "KeyError"


def test_an_action_of_the_function_that_is_none_is_named() -> None:
    game = table(Discrete(6), lambda x, y, pressed: x)
    game.game.point((0.5, 0.5), True)
    game.clock.pass_time(0.1)
    says = "expected the pointer to give an action of Discrete(6), got int 150"
    assert game.state["error"]["message"] == says


def test_a_played_position_replays_and_presses_are_events() -> None:
    game = table(maxSteps=6, numEpisodes=1, seed=4)
    for i in range(6):
        game.game.events.pointer((i / 7, 0.3), i > 2)
        game.game.point((i / 7, 0.3), i > 2)
        game.clock.pass_time(0.1)
    (episode,) = game.episodes
    result, _ = replay(game.environment, {"episodes": [episode["record"]]})
    assert (result["steps"], result["difference"]) == (6, None)
    assert [action.tolist() for action in game.env.actions[:6]] == [
        action.tolist() for action in game.env.actions[6:]
    ]
    assert '"pointer",0.4286,0.3,"down"]' in str(episode["record"])


class Both(Pair):
    def action_space(self, agent: str) -> Any:
        return UNIT if agent == "right" else Discrete(2)


@pytest.mark.parametrize(
    "settings",
    [
        {"pointer": {"right": "position"}},
        {"pointer": "position", "agents": {"right": {"x": [0, 1]}}},
    ],
)
def test_the_pointer_is_one_agents(settings: Any) -> None:
    seats = settings_of(settings, Both(), {"policy": lambda obs: 0}).seats
    assert [seat.kind for seat in seats.values()] == ["policy", "human"]
    assert seats["left"].pointer is None
    assert seats["right"].pointer is not None


@pytest.mark.parametrize(
    ("pointer", "says"),
    [
        ("hover", "'position', 'press', or a function .* got 'hover'"),
        (3, "got 3"),
        ({"middle": "press"}, r"for one agent of \[None\]"),
        ("position", r"expected a Box of two or three numbers .* got Discrete\(2\): give"),
    ],
)
def test_a_pointer_that_cannot_be_says_why(pointer: Any, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        settings_of({"pointer": pointer}, Checking(Discrete(2)))


def test_a_policy_that_is_asked_for_plays_without_the_pointer() -> None:
    names = {"policy": lambda obs: [0.0, 0.0], "play": {"pointer": "position"}}
    for asked_for in ({"actionMapping": "policy"}, {"seats": "policy"}):
        settings = settings_of(asked_for, Checking(UNIT), names)
        assert (settings.seats[None].kind, settings.pointer) == ("policy", False)
    assert settings_of({}, Checking(UNIT), names).pointer


def test_the_page_is_told_that_the_pointer_plays() -> None:
    assert Desk(Checking(UNIT)).ask("play", pointer="press")["pointer"] is True
    assert "pointer" not in Desk(Checking(UNIT)).ask("play", actionMapping={"a": [1, 1]})


def test_the_request_takes_places_cut_off_at_the_sides() -> None:
    desk = Desk(Checking(UNIT))
    desk.ask("play", pointer="position", fps=10)
    desk.ask("keys", pointer=[2, -1, False])
    desk.clock.pass_time(0.1)
    desk.ask("keys", pointer=[])
    desk.clock.pass_time(0.1)
    assert [action.tolist() for action in desk.env.actions] == [[1, 0], [0, 0]]


@pytest.mark.parametrize("pointer", [[1], [0.5, "b", True], [float("nan"), 0, 1], [True, 0, 0]])
def test_a_place_that_is_none_is_refused(pointer: Any) -> None:
    desk = Desk(Checking(UNIT))
    desk.ask("play", pointer="position", fps=10)
    with pytest.raises(ProtocolError, match=r"expected pointer to be \[x, y, down\]"):
        desk.ask("keys", pointer=pointer)


@pytest.mark.parametrize("amount", [0, -1, 1.5, float("nan")])
def test_an_amount_is_a_part_of_the_way(amount: Any) -> None:
    desk = Desk(Checking(UNIT))
    desk.ask("play", actionMapping={"a": [1, 8]}, fps=10)
    with pytest.raises(ProtocolError, match="amount to be more than 0 and at most 1"):
        desk.ask("keys", key="a", down=True, amount=amount)
    desk.ask("keys", key="a", down=True, amount=0.25)
    desk.clock.pass_time(0.1)
    assert desk.env.actions[-1].tolist() == [0.25, 2.0]


def test_keys_alone_have_no_pointer() -> None:
    game = Table(Checking(Discrete(2)), actionMapping=MAPPING, fps=10).start()
    game.game.point((0.5, 0.5), True)
    assert steps(game) == [0]
