"""Keys that move a continuous action: they add up, within the bounds, from that of no key."""

from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Box
from gymworker.worker.keys.axes import AxisMapping
from gymworker.worker.keys.keyboard import Keyboard

ARROWS = {"ArrowLeft": [-1.0, 0.0], "ArrowRight": [1.0, 0.0], "ArrowUp": [0.0, 1.0]}
PLANE = Box(-1, 1, (2,), np.float32)


def made(
    entries: Any = ARROWS, space: Box = PLANE, idle: Any = None, mode: str = "pressed_keys"
) -> tuple[Keyboard, AxisMapping]:
    mapping = AxisMapping(entries, space)
    mapping.origin = np.zeros(space.shape, space.dtype) if idle is None else idle
    return Keyboard([mapping], mode), mapping


def held(*keys: str, **options: Any) -> Any:
    """The action while these keys are held."""
    keyboard, mapping = made(**options)
    keyboard.hold(keys, 1.0)
    return keyboard.action(mapping, mapping.origin)


@pytest.mark.parametrize(
    ("keys", "action"),
    [
        ((), [0, 0]),
        (("ArrowLeft",), [-1, 0]),
        (("ArrowLeft", "ArrowUp"), [-1, 1]),
        (("ArrowUp", "ArrowLeft"), [-1, 1]),
        (("ArrowLeft", "ArrowRight"), [0, 0]),
        (("ArrowLeft", "ArrowRight", "ArrowUp"), [0, 1]),
    ],
)
def test_keys_that_are_held_add_up(keys: tuple[str, ...], action: list[float]) -> None:
    found = held(*keys)
    np.testing.assert_array_equal(found, action)
    assert found.dtype == np.float32
    assert PLANE.contains(found)


def test_the_sum_stays_within_the_bounds() -> None:
    space = Box(np.array([-0.5, 0.0]), np.array([0.5, 2.0]), dtype=np.float64)
    found = held("a", "w", "e", entries={"a": [-3, 0], "w": [0, 1.5], "e": [0, 1.5]}, space=space)
    assert found.tolist() == [-0.5, 2.0]


def test_whole_numbers_stay_whole() -> None:
    space = Box(0, 2, (2,), np.uint8)
    found = held("a", "w", entries={"a": [1, 0], "w": [1, 1]}, space=space)
    assert (found.dtype, found.tolist()) == (np.uint8, [2, 1])


def test_keys_move_from_the_action_of_no_key() -> None:
    hover = np.array([0.5], np.float32)
    options: dict[str, Any] = {"space": Box(0, 1, (1,), np.float32), "idle": hover}
    entries = {"w": [1.0], "s": [0.0], "e": [0.75]}
    assert held(entries=entries, **options) is hover
    assert held("w", entries=entries, **options).tolist() == [1.0], "alone: as it stands there"
    assert held("s", entries=entries, **options).tolist() == [0.0]
    assert held("w", "s", entries=entries, **options).tolist() == [0.5]
    assert held("e", "s", entries=entries, **options).tolist() == [0.25]


def test_a_combination_stands_in_the_place_of_its_keys() -> None:
    entries = {"w": [0, 0.7], "a": [-1, 0], "wa": [-0.5, 0.5], "d": [1, 0]}
    space = Box(-1, 1, (2,), np.float64)
    assert held("w", "a", entries=entries, space=space).tolist() == [-0.5, 0.5]
    assert held("w", "a", "d", entries=entries, space=space).tolist() == [0.5, 0.5]


def test_a_key_of_which_a_part_is_pressed_moves_a_part_of_the_way() -> None:
    keyboard, mapping = made(space=Box(-1, 1, (2,), np.float64))
    assert keyboard.change("ArrowLeft", True, 1.0, 0.25)
    assert keyboard.action(mapping, mapping.origin).tolist() == [-0.25, 0.0]
    assert not keyboard.change("ArrowLeft", True, 2.0, 0.25), "nothing is new"
    assert keyboard.take() == 1.0
    assert keyboard.change("ArrowLeft", True, 3.0, 0.75)
    assert keyboard.action(mapping, mapping.origin).tolist() == [-0.75, 0.0]
    assert keyboard.take() == 3.0
    keyboard.hold(["ArrowLeft"], 4.0)
    assert keyboard.action(mapping, mapping.origin).tolist() == [-0.75, 0.0], "as far as it was"
    keyboard.change("ArrowLeft", False, 5.0)
    assert keyboard.action(mapping, mapping.origin) is mapping.origin


def test_each_keystroke_is_one_action_within_the_bounds() -> None:
    keyboard, mapping = made(entries={"a": [-7.0, 0.0]}, mode="single_keystroke")
    keyboard.change("a", True, 1.0)
    np.testing.assert_array_equal(keyboard.action(mapping, mapping.origin), [-1, 0])


def test_an_action_that_is_none_comes_as_it_is_for_whoever_checks_it() -> None:
    for wrong in ([1.0], "left", [float("nan"), 0.0], [[1.0], [2.0, 3.0]], None):
        entries = {"a": wrong, "d": [1.0, 0.0]}
        assert held("a", entries=entries) is wrong
        assert held("d", entries=entries).tolist() == [1.0, 0.0]


def test_a_page_is_told_that_it_counts_how_far_a_key_is_pressed() -> None:
    _, mapping = made()
    assert mapping.controls()[0] == {
        "keys": ["ArrowLeft"], "action": [-1.0, 0.0], "agent": None, "analog": True
    }  # fmt: skip
