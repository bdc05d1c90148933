"""What goes into a step is of the action space: the action of no key, and whatever is done."""

import re
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from gymworker.errors import ProtocolError
from gymworker.worker.play.actions import Check, conformed, fits, idle_of

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table, settings_of
from tests.unit.worker.play.test_replay import replay

HIGH = spaces.Box(0.25, 1, (2,), np.float32)
SPACES: list[tuple[spaces.Space[Any], Any]] = [
    (spaces.Discrete(3), 0),
    (spaces.Discrete(3, start=1), 1),
    (spaces.Discrete(3, start=-1), 0),
    (spaces.Discrete(3, start=-5), -3),
    (spaces.Discrete(3, dtype=np.int8), 0),
    (spaces.Box(-1, 1, (2,), np.float32), [0, 0]),
    (HIGH, [0.25, 0.25]),
    (spaces.Box(-3, -2, (1,), np.float64), [-2]),
    (spaces.Box(-np.inf, np.inf, (2,), np.float32), [0, 0]),
    (spaces.Box(-1, 1, (), np.float32), 0),
    (spaces.Box(3, 9, (2, 2), np.uint8), [[3, 3], [3, 3]]),
    (spaces.MultiDiscrete([2, 3]), [0, 0]),
    (spaces.MultiDiscrete([2, 3], start=[5, -1]), [5, 0]),
    (spaces.MultiDiscrete(np.array([[2, 3]]), start=np.array([[5, -9]])), [[5, -7]]),
    (spaces.MultiBinary(3), [0, 0, 0]),
    (spaces.MultiBinary([2, 2]), [[0, 0], [0, 0]]),
    (spaces.Text(5), "0"),
    (spaces.Text(5, min_length=0), ""),
    (spaces.Text(5, min_length=2, charset="yx"), "xx"),
    (spaces.Sequence(spaces.Discrete(2)), ()),
]
NESTED: list[spaces.Space[Any]] = [
    spaces.Sequence(HIGH, stack=True),
    spaces.Dict(go=spaces.Discrete(3, start=1), turn=HIGH, deep=spaces.Tuple([spaces.Text(2)])),
    spaces.Tuple([HIGH, spaces.Dict(a=spaces.MultiBinary(2)), spaces.Discrete(2, start=7)]),
    spaces.OneOf([spaces.Discrete(2, start=4), HIGH]),
    spaces.Graph(HIGH, spaces.Discrete(2)),
    spaces.Graph(spaces.Discrete(4, start=2), None),
]


class Narrow(spaces.Box):
    """Points on a circle."""

    def contains(self, x: Any) -> bool:
        return super().contains(x) and abs(float(np.hypot(*x)) - 1) < 1e-6


class Odd(spaces.Space[Any]):
    def contains(self, x: Any) -> bool:
        return isinstance(x, int) and x % 2 == 1


CIRCLE, ODD = Narrow(-1, 1, (2,), np.float64), Odd()


@pytest.mark.parametrize(("space", "idle"), SPACES)
def test_the_action_of_no_key_is_the_member_next_to_zero(space: Any, idle: Any) -> None:
    found = idle_of(space)
    assert space.contains(found)
    np.testing.assert_array_equal(found, idle)


@pytest.mark.parametrize("space", NESTED)
def test_the_action_of_no_key_is_a_member_of_nested_spaces(space: Any) -> None:
    assert space.contains(idle_of(space))


def test_of_nested_spaces_each_part_is_next_to_zero() -> None:
    found = idle_of(NESTED[1])
    assert (found["go"], found["turn"].tolist(), found["deep"]) == (1, [0.25, 0.25], ("0",))


@pytest.mark.parametrize("space", [space for space, _ in SPACES] + NESTED)
def test_a_game_of_any_space_steps_without_a_key(space: Any) -> None:
    env = Checking(space)
    Table(env, actionMapping={"a": 0}, fps=10, maxSteps=2).start().clock.pass_time(0.2)
    assert len(env.actions) == 2


@pytest.mark.parametrize("space", [CIRCLE, ODD, spaces.Tuple([ODD]), spaces.Dict(a=CIRCLE)])
def test_where_no_member_is_known_play_asks_for_it_by_name(space: Any) -> None:
    env = Checking(space)
    with pytest.raises(ProtocolError, match=r"no action of .* give default_action"):
        settings_of({"actionMapping": {"a": 1}}, env)


def test_a_member_that_is_given_counts() -> None:
    env = Checking(CIRCLE)
    given = [1.0, 0.0]
    Table(env, actionMapping={"a": [0, 1]}, defaultAction=given, fps=10).start().clock.pass_time(
        0.1
    )
    assert env.actions[0].tolist() == given
    env = Checking(ODD)
    Table(env, actionMapping={"a": 3, (): 5}, fps=10).start().clock.pass_time(0.1)
    assert env.actions == [5]


def test_it_is_asked_for_by_agent() -> None:
    class Both(Pair):
        def action_space(self, agent: str) -> Any:
            return ODD if agent == "right" else spaces.Discrete(2, start=1)

    agents = {"left": MAPPING, "right": {"x": 1}}
    with pytest.raises(ProtocolError, match="give default_action.* for agent 'right'"):
        settings_of({"agents": agents}, Both())
    seats = settings_of({"agents": agents, "defaultAction": {"right": 3, "left": 1}}, Both()).seats
    assert (seats["left"].idle, seats["right"].idle) == (1, 3)


def test_a_default_action_that_is_none_is_refused() -> None:
    says = r"default_action, to be one of Discrete\(2\), got int 2"
    with pytest.raises(ProtocolError, match=says):
        settings_of({"actionMapping": MAPPING, "defaultAction": 2}, Checking(spaces.Discrete(2)))
    with pytest.raises(ProtocolError, match=r"one of Box\(.*, got list \[3.0, 0.0\]"):
        settings_of({"actionMapping": {}, "defaultAction": [3.0, 0.0]}, Checking(HIGH))


class Checking(Counter):
    """Takes only actions of its space."""

    length = 100

    def __init__(self, space: Any) -> None:
        super().__init__()
        self.action_space = space

    def step(self, action: Any) -> Any:
        assert fits(self.action_space, action)
        self.n += 1
        self.actions.append(action)
        return [0, self.n], 0.0, False, False, {}


def failure(table: Table) -> Any:
    """The error of a game, which has failed."""
    assert table.state["state"] == "failed"
    return table.state["error"]


def test_a_key_whose_action_is_none_is_named() -> None:
    env = Checking(spaces.Discrete(2))
    table = Table(env, actionMapping={"a": 1, "wd": 7}, fps=10).start()
    table.press("a")
    table.clock.pass_time(0.1)
    assert env.actions == [1]
    table.press("w")
    table.press("d")
    table.clock.pass_time(0.1)
    error = failure(table)
    assert error["name"] == "ValueError"
    assert error["message"] == "expected d+w to give an action of Discrete(2), got int 7"


def test_the_keys_of_a_box_are_named_too() -> None:
    table = Table(Checking(HIGH), actionMapping={"a": 1, "d": [1, 1]}, fps=10).start()
    table.press("d")
    table.clock.pass_time(0.1)
    table.release("d")
    table.press("a")
    table.clock.pass_time(0.2)
    says = "expected a to give an action of Box(0.25, 1.0, (2,), float32), got int 1"
    assert failure(table)["message"] == says


def test_a_keystroke_whose_action_is_none_is_named() -> None:
    settings: Any = {"actionMapping": {"a": 3}, "inputMode": "single_keystroke", "fps": 10}
    table = Table(Checking(spaces.Discrete(2)), **settings).start()
    table.press("a")
    table.clock.pass_time(0.1)
    assert failure(table)["message"].startswith("expected a to give an action of Discrete(2)")


@pytest.mark.parametrize(
    ("space", "answer", "got"),
    [
        (spaces.Discrete(2), 2, "got int 2"),
        (spaces.Discrete(2), 0.5, "got float 0.5"),
        (spaces.Discrete(2), None, "got NoneType None"),
        (HIGH, np.array([0.5, 7.0]), r"got array\(\[0.5, 7. \]\): keep it within the bounds"),
        (HIGH, np.array([0.5]), r"got array\(\[0.5\]\)"),
        (HIGH, np.array([np.nan, 0.5]), r"got array\(\[nan, 0.5\]\)"),
        (spaces.Box(0, 9, (1,), np.uint8), [0.5], r"got list \[0.5\]"),
        (spaces.Dict(a=HIGH), {"a": [1.0]}, "got dict"),
        (spaces.MultiDiscrete([2, 2]), np.array([0, 2]), "got array"),
    ],
)
def test_a_policy_whose_action_is_none_is_told(space: Any, answer: Any, got: str) -> None:
    table = Table(Checking(space), {"policy": lambda obs: answer}, fps=10).start()
    table.clock.pass_time(0.1)
    message = failure(table)["message"]
    assert message.startswith(f"expected the policy player to give an action of {space}, got ")
    assert re.search(got, message)


def test_an_async_policy_of_one_of_several_agents_is_told_with_its_agent() -> None:
    class Spaced(Pair):
        def action_space(self, agent: str) -> Any:
            return spaces.Discrete(2)

    names = {"policies": {"left": lambda obs: 1, "right": lambda obs: 5}}
    table = Table(Spaced(), names, fps=10).start()
    table.clock.pass_time(0.1)
    says = "an action of Discrete(2) for agent 'right', got int 5"
    assert failure(table)["message"].endswith(says)


@pytest.mark.parametrize(
    ("space", "answer"),
    [
        (HIGH, [0.5, 1]),
        (HIGH, np.array([0.5, 1.0])),
        (HIGH, np.array([1, 1])),
        (spaces.Box(0, 9, (2,), np.uint8), [3, 4]),
        (spaces.Discrete(2), np.int64(1)),
        (spaces.Discrete(2), True),
        (spaces.Discrete(2), np.array(1)),
        (spaces.Tuple([HIGH, spaces.Discrete(2)]), [[0.5, 0.5], 1]),
        (spaces.Dict(a=HIGH), {"a": np.array([0.5, 0.5])}),
        (spaces.MultiBinary(2), [0, 1]),
    ],
)
def test_what_an_environment_takes_anyway_is_taken_as_it_is(space: Any, answer: Any) -> None:
    env = Checking(space)
    table = Table(env, {"policy": lambda obs: answer}, fps=10).start()
    table.clock.pass_time(0.1)
    assert table.game.error is None
    assert type(env.actions[0]) is type(answer)
    np.testing.assert_equal(env.actions[0], answer)


def test_nothing_is_said_in_the_log_of_lists(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.warns(UserWarning, match="Casting"):
        HIGH.contains([0.5, 0.5])
    assert fits(HIGH, [0.5, 0.5])  # a warning would fail the test
    assert conformed(HIGH, [0.5, 0.5]).dtype == np.float32


class Counting(spaces.Discrete):
    asked = 0

    def contains(self, x: Any) -> bool:
        self.asked += 1
        return super().contains(x)


def test_an_action_is_looked_at_once() -> None:
    space = Counting(3)
    check = Check(space)
    for action in (0, 1, 0, 1, 1, 2, 0):
        assert check(action, str) == action
    assert space.asked == 3
    same = np.int64(1)
    for _ in range(5):
        check(same, str)
    assert space.asked == 4
    with pytest.raises(ValueError, match="got int 3"):
        check(3, str)
    with pytest.raises(ValueError, match="got int 3"):
        check(3, str)


def test_true_is_not_taken_for_a_float_that_is_equal() -> None:
    check = Check(spaces.Discrete(3))
    check(1, str)
    with pytest.raises(ValueError, match=r"got float 1\.0"):
        check(1.0, str)


def test_without_a_space_nothing_is_checked() -> None:
    assert Check(None)("anything", str) == "anything"
    env = Counter()
    Table(env, actionMapping=MAPPING, fps=10).start().clock.pass_time(0.1)
    assert env.actions == [0]


def test_a_game_of_continuous_actions_replays_exactly() -> None:
    env = gymnasium.make("Pendulum-v1")
    mapping = {"ArrowLeft": [-2.0], "ArrowRight": [2.0]}
    table = Table(env, actionMapping=mapping, fps=10, seed=3, maxSteps=20, steps=True).start()
    table.press("ArrowLeft")
    table.clock.pass_time(0.5)
    table.game.press("ArrowRight", True, None, 0.3)
    table.clock.pass_time(0.5)
    table.release("ArrowLeft")
    table.clock.pass_time(1.0)
    actions = [item["action"] for item in table.transitions]
    assert {action.dtype.name for action in actions} == {"float32"}
    assert [round(float(action[0]), 4) for action in actions] == [-2] * 5 + [-1.4] * 5 + [0.6] * 10
    result, _ = replay(table.environment, {"episodes": [table.episodes[0]["record"]]})
    assert (result["steps"], result["difference"]) == (20, None)
