"""Which keys mean which action, in all the forms that a mapping may have."""

from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.keynames import pressed_name
from gymworker.worker.keys.keyboard import Keyboard
from gymworker.worker.keys.mapping import Mapping, combination


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ("ArrowLeft", {"ArrowLeft"}),
        ("a", {"a"}),
        ("A", {"a"}),
        (" ", {" "}),
        ("Space", {" "}),
        ("Tab", {"Tab"}),
        ("F1", {"F1"}),
        ("F24", {"F24"}),
        ("F25", {"f", "2", "5"}),
        ("wa", {"w", "a"}),
        ("wasd", {"w", "a", "s", "d"}),
        (("w", "ArrowLeft"), {"w", "ArrowLeft"}),
        ((ord("w"), ord("a")), {"w", "a"}),
        ((ord("w"), 1073741904), {"w", "ArrowLeft"}),
        (1073741906, {"ArrowUp"}),
        (32, {" "}),
        (13, {"Enter"}),
        ((), set()),
        ("", set()),
        (None, set()),
        ((None,), set()),
    ],
)
def test_every_form_of_a_combination_is_understood(given: Any, keys: set[str]) -> None:
    assert combination(given) == keys


@pytest.mark.parametrize(
    "name",
    [
        "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Home", "PageDown", "PageUp",
        "Alt", "CapsLock", "Control", "Meta", "Shift",
        "Backspace", "Delete", "Enter", "Escape", "Insert", "Tab",
    ],
)  # fmt: skip
def test_a_key_that_has_a_name_is_one_key(name: str) -> None:
    assert combination(name) == combination((name,)) == {name}


@pytest.mark.parametrize(
    ("alias", "name"), [("Spacebar", " "), ("Esc", "Escape"), ("Return", "Enter")]
)
def test_another_name_of_a_key_is_the_key(alias: str, name: str) -> None:
    assert combination(alias) == combination((alias,)) == {name}


SCANCODES = {
    74: "Home", 75: "PageUp", 77: "End", 78: "PageDown",
    79: "ArrowRight", 80: "ArrowLeft", 81: "ArrowDown", 82: "ArrowUp",
    224: "Control", 225: "Shift", 226: "Alt", 228: "Control", 229: "Shift", 230: "Alt",
}  # fmt: skip


@pytest.mark.parametrize("scancode", SCANCODES)
def test_keys_without_a_character_have_pygames_codes(scancode: int) -> None:
    assert combination(1 << 30 | scancode) == {SCANCODES[scancode]}


@pytest.mark.parametrize(
    ("code", "name"), [(8, "Backspace"), (9, "Tab"), (27, "Escape"), (127, "Delete")]
)
def test_keys_whose_character_has_a_name_have_its_code(code: int, name: str) -> None:
    assert combination(code) == {name}


@pytest.mark.parametrize(
    "given", ["Lefty", "arrowleft", "aa", ("a", "Up!"), 1.5, 7, 31, 0x110000, True, -1]
)
def test_what_is_no_key_is_named(given: Any) -> None:
    with pytest.raises(ProtocolError, match=r"expected a key, such as .*ArrowLeft"):
        combination(given)


def test_the_same_keys_twice_and_a_mapping_that_is_none_are_refused() -> None:
    with pytest.raises(ProtocolError, match=r"a\+w is twice"):
        Mapping({"wa": 1, ("a", "w"): 2})
    with pytest.raises(ProtocolError, match="expected action_mapping to be a dict"):
        Mapping([("a", 1)])


def test_names_of_pressed_keys_match_those_of_mappings() -> None:
    assert [pressed_name(key) for key in ("A", "ArrowLeft", "Esc", "Dead")] == [
        "a", "ArrowLeft", "Escape", "Dead",
    ]  # fmt: skip


def test_gymnasiums_array_actions_are_taken_as_they_are() -> None:
    mapping = Mapping({"w": np.array([0, 0.7, 0]), "wa": np.array([-1, 0.7, 0])})
    keys = mapping.find({"w": None, "a": None})
    assert keys is not None
    np.testing.assert_array_equal(mapping.action(keys), [-1, 0.7, 0])


def test_controls_show_each_combination_but_not_the_idle_one() -> None:
    mapping = Mapping({("w", "a"): 3, "w": 1, (): 0})
    assert mapping.idle == [0]
    assert mapping.controls("left") == [
        {"keys": ["w"], "action": 1, "agent": "left"},
        {"keys": ["a", "w"], "action": 3, "agent": "left"},
    ]


STEER = {"a": "left", "d": "right", "w": "up", "wa": "up left"}


def keyboard(mode: str = "pressed_keys") -> tuple[Keyboard, Mapping]:
    mapping = Mapping(STEER)
    return Keyboard([mapping], mode), mapping


def test_the_longest_combination_wins_then_the_key_pressed_last() -> None:
    keys, player = keyboard()
    keys.change("w", True, 1.0)
    keys.change("a", True, 2.0)
    assert keys.action(player, 0) == "up left"
    keys.take()
    keys.change("w", False, 3.0)
    keys.change("d", True, 4.0)
    assert keys.action(player, 0) == "right"
    keys.take()
    keys.change("d", False, 5.0)
    assert keys.action(player, 0) == "left"
    keys.change("a", False, 6.0)
    assert keys.action(player, 0) == 0


@pytest.mark.parametrize(("keys", "action"), [("ad", 2), ("da", 1)])
def test_of_equal_combinations_the_key_pressed_last_counts(keys: str, action: int) -> None:
    mapping = Mapping({"a": 1, "d": 2})
    assert mapping.action(mapping.find(dict.fromkeys(keys)) or frozenset()) == action


def test_of_combinations_that_one_key_completes_the_first_of_the_mapping_counts() -> None:
    for entries, action in (({"wa": 1, "da": 2}, 1), ({"da": 2, "wa": 1}, 2)):
        mapping = Mapping(entries)
        assert mapping.action(mapping.find(dict.fromkeys("wda")) or frozenset()) == action


@pytest.mark.parametrize(("mode", "changed"), [("pressed_keys", 3.0), ("single_keystroke", None)])
def test_letting_go_changes_what_is_held_but_is_no_keystroke(mode: str, changed: Any) -> None:
    keys, _ = keyboard(mode)
    keys.change("a", True, 1.0)
    assert keys.take() == 1.0
    keys.change("a", False, 3.0)
    assert keys.take() == changed


def test_a_tap_between_two_steps_counts_once() -> None:
    keys, player = keyboard()
    keys.change("a", True, 10.0)
    keys.change("a", False, 12.0)
    assert keys.asks()
    assert keys.action(player, 0) == "left"
    assert keys.take() == 10.0
    assert keys.action(player, 0) == 0
    assert keys.take() is None


def test_a_tap_beside_a_held_key_counts_once() -> None:
    keys, player = keyboard()
    keys.change("w", True, 1.0)
    keys.take()
    keys.change("a", True, 2.0)
    keys.change("a", False, 2.0)
    assert keys.action(player, 0) == "up left"
    keys.take()
    assert keys.action(player, 0) == "up"


def test_keys_that_mean_nothing_or_repeat_are_no_change() -> None:
    keys, _ = keyboard()
    assert not keys.change("q", True, 1.0)
    assert keys.change("a", True, 2.0)
    assert not keys.change("a", True, 3.0)
    assert not keys.change("d", False, 3.0)


def test_holding_replaces_all_keys() -> None:
    keys, player = keyboard()
    keys.hold(["a", "w", "q"], 1.0)
    assert keys.action(player, 0) == "up left"
    keys.take()
    assert keys.hold(["d"], 2.0)
    assert keys.action(player, 0) == "right"
    keys.take()
    assert keys.hold([], 3.0)
    assert not keys.hold([], 3.0)
    assert keys.action(player, 0) == 0


def test_each_keystroke_is_one_action_in_order() -> None:
    keys, player = keyboard("single_keystroke")
    for key in "ad":
        keys.change(key, True, 1.0)
        keys.change(key, False, 1.0)
    taken = []
    while keys.asks():
        taken.append(keys.action(player, 0))
        keys.take()
    assert taken == ["left", "right"]
    assert keys.action(player, 0) == 0


def test_keys_that_go_down_together_are_one_keystroke() -> None:
    keys, player = keyboard("single_keystroke")
    keys.change("w", True, 1.0)
    keys.change("a", True, 1.0)
    assert keys.action(player, 0) == "up left"
    keys.take()
    assert not keys.asks()


def test_a_held_key_does_not_repeat_a_keystroke_and_old_ones_are_forgotten() -> None:
    keys, _ = keyboard("single_keystroke")
    keys.change("a", True, 1.0)
    keys.take()
    keys.change("a", True, 2.0)
    assert not keys.asks()
    keys.change("d", True, 2.0)
    keys.forget()
    assert not keys.asks()
    for _ in range(40):
        keys.change("w", True, 3.0)
        keys.change("w", False, 3.0)
    strokes = 0
    while keys.asks():
        keys.take()
        strokes += 1
    assert strokes == 16


def test_what_was_tapped_is_forgotten_and_what_is_held_stays() -> None:
    keys, player = keyboard()
    keys.change("w", True, 1.0)
    keys.change("a", True, 1.0)
    keys.change("a", False, 1.0)
    keys.forget()
    assert not keys.asks_anew()
    assert keys.action(player, 0) == "up"
    assert keys.take() is None
    keys.change("w", False, 2.0)
    assert keys.action(player, 0) == 0  # it was no tap: a step has seen it


def test_spent_keys_count_again_when_they_are_pressed_again() -> None:
    keys, player = keyboard()
    keys.hold(["w"], 1.0)
    assert keys.asks_anew()
    keys.spend()
    assert not keys.asks_anew()
    assert not keys.asks()
    keys.hold(["w"], 2.0)
    assert keys.action(player, 0) == 0
    keys.change("a", True, 2.0)
    assert keys.action(player, 0) == "left"  # not "up left"
    assert keys.asks()
    keys.change("w", False, 3.0)
    keys.change("w", True, 3.0)
    assert keys.action(player, 0) == "up left"


def test_a_spent_key_that_is_tapped_again_leaves_nothing_behind() -> None:
    keys, player = keyboard()
    keys.change("w", True, 1.0)
    keys.spend()
    keys.change("w", False, 1.0)
    keys.change("w", True, 1.0)
    keys.change("w", False, 1.0)
    assert keys.action(player, 0) == "up"
    keys.take()
    assert keys.action(player, 0) == 0
    assert keys.change("w", True, 2.0)
    assert keys.action(player, 0) == "up"


def test_a_key_that_is_pressed_again_before_the_next_step_is_the_latest() -> None:
    mapping = Mapping({"a": 1, "d": 2})
    keys = Keyboard([mapping], "pressed_keys")
    for key, down in (("a", True), ("d", True), ("a", False), ("a", True)):
        keys.change(key, down, 1.0)
    assert keys.action(mapping, 0) == 1
    keys.take()
    assert keys.action(mapping, 0) == 1, "it is held"


def test_a_keystroke_is_of_the_player_alone_whose_key_it_is() -> None:
    left, right = Mapping({"a": 1}), Mapping({"d": 2})
    keys = Keyboard([left, right], "single_keystroke")
    keys.change("a", True, 1.0)
    assert (keys.action(left, 0), keys.action(right, 0)) == (1, 0)
    keys.change("d", True, 2.0)
    assert (keys.action(left, 0), keys.action(right, 0)) == (1, 2)
    keys.take()
    assert not keys.asks()
