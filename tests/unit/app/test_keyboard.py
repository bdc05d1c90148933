"""Keys: what a key is called, what is held, what stays the browser's."""

from typing import Any

import pytest
from app.keys.names import SCROLLING, chosen, glyph, key_of, spoken

from tests.unit.app.events import Typist, key_event


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [
        ("a", "KeyA", "a"),
        ("A", "KeyA", "a"),
        ("ф", "KeyA", "a"),  # Russian
        ("Ф", "KeyA", "a"),
        ("λ", "KeyA", "a"),  # Greek
        ("ش", "KeyA", "a"),  # Arabic
        ("å", "KeyA", "a"),  # Alt on macOS
        ("Process", "KeyA", "a"),  # an input method
        ("Unidentified", "KeyA", "a"),
        ("Dead", "KeyA", "a"),
        ("", "KeyA", "a"),
        ("a", "KeyQ", "a"),  # French: what the key types counts
        ("q", "KeyA", "q"),
        ("&", "Digit1", "1"),  # French, or Shift
        ("!", "Digit1", "1"),
        ("1", "Numpad1", "1"),
        ("Process", "Digit1", "1"),
        ("Process", "Space", " "),
        ("Process", "ArrowLeft", "ArrowLeft"),
        ("ж", "Comma", ","),
        ("-", "Slash", "-"),  # German
        ("Shift", "ShiftLeft", "Shift"),
        ("Process", "ControlRight", "Control"),
        ("Spacebar", "Space", " "),
        ("ArrowLeft", "Numpad4", "ArrowLeft"),
    ],
)
def test_a_key_is_what_it_types_or_what_stands_there_in_english(
    key: str, code: str, name: str
) -> None:
    wanted = ("a", "1", ",", "/", " ", "ArrowLeft", "Shift", "Control", "4")
    assert key_of(key_event(key, code), wanted) == name


@pytest.mark.parametrize(
    ("wanted", "key", "code", "found"),
    [
        (["4"], "ArrowLeft", "Numpad4", "4"),
        (["4", "ArrowLeft"], "ArrowLeft", "Numpad4", "ArrowLeft"),
        (["4"], "ArrowLeft", "ArrowLeft", "ArrowLeft"),
        (["."], "Delete", "NumpadDecimal", "."),
    ],
)
def test_a_digit_of_the_keypad_is_one_without_numlock_too(
    wanted: list[str], key: str, code: str, found: str
) -> None:
    assert key_of(key_event(key, code), wanted) == found


def test_a_letter_of_another_script_that_the_game_has_is_that_letter() -> None:
    assert key_of(key_event("Ф", "KeyA"), ("ф", "a")) == "ф"


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [
        ("j", "KeyJ", "j"),
        ("я", "KeyJ", "j"),
        ("ö", "Semicolon", "ö"),
        ("Dead", "Backquote", "`"),
        ("Process", "KeyB", "b"),
        ("Control", "ControlLeft", "Control"),
        ("Unidentified", "", ""),
    ],
)
def test_a_chosen_key_has_a_name_that_comes_again(key: str, code: str, name: str) -> None:
    assert chosen(key_event(key, code)) == name
    if name:
        assert key_of(key_event(key, code), (name,)) == name


def test_caps_and_names() -> None:
    assert [glyph(key) for key in ("ArrowUp", " ", "a", "Enter")] == ["↑", "Space", "A", "Enter"]
    assert [spoken(key) for key in ("ArrowUp", " ", "a")] == ["Up arrow", "Space", "A"]


def test_a_key_is_held_from_its_keydown_to_its_keyup() -> None:
    typist = Typist("a")
    assert typist.down("a")
    assert typist.down("a", repeat=True)
    assert typist.up("a")
    assert typist.told == ["+a", "-a"]
    assert typist.told.times == [1.0, 1.0]
    assert not typist.down("x")
    assert not typist.up("x")


def test_shift_may_change_a_keys_name_while_it_is_held() -> None:
    typist = Typist("a", "1")
    typist.down("a")
    typist.down("1", "Digit1")
    typist.up("A")
    typist.up("!", "Digit1")
    assert typist.told.held == set()


def test_a_keyboard_without_codes_works() -> None:
    typist = Typist("a")
    typist.down("a", "")
    typist.up("A", "")
    assert typist.told == ["+a", "-a"]


@pytest.mark.parametrize("flag", ["ctrl", "alt", "meta"])
def test_shortcuts_are_the_browsers(flag: str) -> None:
    typist = Typist("a", "ArrowLeft")
    assert not typist.down("a", flags=flag)
    assert not typist.down("ArrowLeft", flags=flag)
    assert typist.told == []


@pytest.mark.parametrize(
    ("modifier", "flag"), [("Control", "ctrl"), ("Alt", "alt"), ("Meta", "meta"), ("Shift", "")]
)
def test_a_modifier_of_the_game_holds_and_does_not_kill_the_others(
    modifier: str, flag: str
) -> None:
    typist = Typist("a", modifier)
    assert typist.down(modifier, modifier + "Left", flags=flag)
    assert typist.down("a", flags=flag)
    assert typist.told.held == {"a", modifier}
    assert not typist.down("x", flags=flag)  # no key of the game
    typist.up("a", flags=flag)
    assert typist.told.held == {modifier}
    typist.up(modifier, modifier + "Left")
    assert typist.told.held == set()


def test_a_modifier_of_the_game_leaves_the_others_to_the_browser() -> None:
    typist = Typist("a", "Shift")
    assert not typist.down("a", flags="ctrl")


def test_both_keys_of_a_pair_hold_it() -> None:
    typist = Typist("Shift", "1")
    typist.down("Shift", "ShiftLeft")
    typist.down("Shift", "ShiftRight")
    typist.up("Shift", "ShiftLeft")
    assert typist.told.held == {"Shift"}
    typist.up("Shift", "ShiftRight")
    assert typist.told.held == set()


def test_what_altgr_types_is_a_key_of_the_game() -> None:
    typist = Typist("@")
    assert typist.down("@", "KeyQ", flags="ctrl alt")
    assert typist.told.held == {"@"}


@pytest.mark.parametrize("meta", ["Meta", "OS"])
def test_keys_that_are_held_while_meta_goes_down_are_let_go_when_it_comes_up(meta: str) -> None:
    typist = Typist("a", "b")
    typist.down("a")
    typist.down(meta, "MetaLeft", flags="meta")
    assert typist.told.held == {"a"}
    typist.up(meta, "MetaLeft")  # and no keyup of a
    assert typist.told.held == set()
    typist.down("a")
    assert typist.told.held == {"a"}


def test_a_key_that_is_still_held_after_a_blur_counts_again() -> None:
    typist = Typist("a")
    typist.down("a")
    typist.keyboard.let_go()
    assert typist.told.held == set()
    assert typist.down("a", repeat=True)
    assert typist.told.held == {"a"}
    typist.up("a")
    assert typist.told.held == set()


def test_a_key_that_went_down_on_something_else_does_not_count_before_it_is_pressed_anew() -> None:
    typist = Typist("Enter")
    enter: Any = key_event("Enter")
    typist.keyboard.elsewhere_down(enter)  # it presses Start, and the game gets the focus
    assert typist.down("Enter", repeat=True)
    assert typist.told == []
    typist.keyboard.elsewhere_up(enter)
    typist.down("Enter")
    assert typist.told == ["+Enter"]


def test_a_keyup_that_never_came_does_no_harm() -> None:
    typist = Typist("a")
    typist.down("a")
    typist.down("a")
    assert typist.told == ["+a", "-a", "+a"]


def test_a_focused_game_keeps_the_page_from_scrolling_whatever_its_keys_are() -> None:
    typist = Typist("a")
    for key in SCROLLING:
        assert typist.down(key), key
        assert typist.down(key, repeat=True), key
        assert not typist.down(key, flags="alt"), key
    assert typist.told == []
    assert not typist.down("Tab")
    assert not typist.down("F5")
