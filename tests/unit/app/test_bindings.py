"""The visitor's own keys: which is for what, what is taken, what is kept."""

import pytest
from app.keys.bindings import Bindings

from tests.unit.app.events import Typist


def bindings(*keys: str, text: str = "") -> Bindings:
    made = Bindings()
    made.use(keys, text)
    return made


def commands(made: Bindings) -> dict[str, list[str]]:
    return {name: made.keys_of("!" + name) for name in ("start", "pause", "reset")}


def test_commands_have_the_keys_that_the_game_leaves() -> None:
    assert commands(bindings("ArrowLeft")) == {
        "start": ["Enter", " "], "pause": ["p", "Escape"], "reset": ["r"],
    }  # fmt: skip
    assert commands(bindings("p", " ")) == {
        "start": ["Enter"], "pause": ["Escape"], "reset": ["r"],
    }  # fmt: skip
    assert commands(bindings("p", "Escape", "r"))["pause"] == []
    assert bindings("p").target("p") == "p"
    assert bindings("x").target("p") == "!pause"
    assert bindings("x").target("q") is None


def test_a_game_that_has_the_keys_of_a_step_keeps_them() -> None:
    made = bindings(",")
    assert (made.target(","), made.target(".")) == (",", "!forth")
    assert made.bind("!back", "b") is None
    assert made.keys_of("!back") == ["b"]


def test_a_key_takes_the_place_of_another() -> None:
    typist = Typist("a", "d")
    assert typist.bindings.bind("a", "j") is None
    typist.down("a")
    typist.down("j")
    assert typist.told == ["+a"]
    assert typist.bindings.bound("a") == "j"
    assert not typist.down("a")


def test_a_freed_key_is_a_commands_again() -> None:
    made = bindings("p")
    assert made.bind("p", "o") is None
    assert commands(made)["pause"] == ["p", "Escape"]
    assert made.bind("p", "p") is None
    assert commands(made)["pause"] == ["Escape"]


@pytest.mark.parametrize(
    ("target", "key", "taken"),
    [("a", "d", "d"), ("a", "r", "!reset"), ("!pause", "d", "d"), ("!reset", "Enter", "!start")],
)
def test_a_key_that_is_taken_is_refused(target: str, key: str, taken: str) -> None:
    made = bindings("a", "d")
    assert made.bind(target, key) == taken
    assert made.text() == ""
    assert made.target("a") == "a"


def test_a_command_gets_one_key_in_place_of_its_own() -> None:
    made = bindings("a")
    assert made.bind("!start", "s") is None
    assert commands(made)["start"] == ["s"]
    assert made.target("Enter") is None
    assert made.bind("a", " ") is None, "it is free now"


def test_what_is_kept_comes_back_and_a_reset_forgets_it() -> None:
    made = bindings("a", "d")
    made.bind("a", "j")
    made.bind("!pause", "k")
    again = bindings("a", "d", text=made.text())
    assert [again.bound(key) for key in "ad"] == ["j", "d"]
    assert commands(again)["pause"] == ["k"]
    again.reset()
    assert again.text() == ""
    assert [again.bound(key) for key in "ad"] == ["a", "d"]


def test_two_keys_may_have_changed_places_in_what_is_kept() -> None:
    made = bindings("a", "d")
    for target, key in (("a", "x"), ("d", "a"), ("a", "d")):
        assert made.bind(target, key) is None
    again = bindings("a", "d", text=made.text())
    assert [again.bound(key) for key in "ad"] == ["d", "a"]
    assert again.game_key("a") == "d"


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "5", '"a"', "null", '{"a": 5}', '{"a": "Tab"}', '{"z": "j"}', '{"a": "d"}',
        '{"!start": "a"}',
    ],
)  # fmt: skip
def test_what_was_kept_and_does_not_fit_counts_for_nothing(text: str) -> None:
    made = bindings("a", "d", text=text)
    assert [made.bound(key) for key in "ad"] == ["a", "d"]
    assert commands(made)["start"] == ["Enter", " "]
    assert made.text() == ""
