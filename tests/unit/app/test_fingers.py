"""Fingers: each holds what is under it, and slides from one button to the next."""

from types import SimpleNamespace
from typing import Any

from app.keys.fingers import Fingers

from tests.unit.app.events import Told

PLACES = {0: ["a"], 1: ["d"], 2: ["a", "w"], 9: []}
"""What is where, by x."""


def at(x: int, finger: int = 1, button: int = 0, buttons: int = 1) -> Any:
    return SimpleNamespace(
        pointerId=finger,
        clientX=x,
        clientY=0,
        pointerType="mouse",
        button=button,
        buttons=buttons,
        timeStamp=2.0,
    )


def down(fingers: Fingers, event: Any) -> bool:
    return bool(fingers.down(event, PLACES[event.clientX]))


def made() -> tuple[Fingers, Told]:
    told = Told()
    return Fingers(told.holds, lambda x, y: PLACES[x]), told


def test_a_thumb_slides_from_one_button_to_the_next() -> None:
    fingers, told = made()
    assert down(fingers, at(0))
    for x in (0, 1, 9, 2):
        fingers.move(at(x))
    fingers.up(at(2))
    assert told == ["+a", "-a", "+d", "-d", "+a", "+w", *told[-2:]]
    assert sorted(told[-2:]) == ["-a", "-w"]
    assert set(told.times) == {2.0}


def test_a_thumb_that_comes_down_beside_a_button_may_slide_onto_it() -> None:
    fingers, told = made()
    assert down(fingers, at(9))
    fingers.move(at(1))
    assert told.held == {"d"}


def test_two_thumbs_know_nothing_of_each_other() -> None:
    fingers, told = made()
    down(fingers, at(0, finger=1))
    down(fingers, at(1, finger=2))
    assert told.held == {"a", "d"}
    fingers.move(at(1, finger=1))
    fingers.up(at(1, finger=2))
    assert told.held == {"d"}, "the first is there too"
    fingers.up(at(1, finger=1))
    assert told.held == set()


def test_what_is_not_down_moves_for_nothing() -> None:
    fingers, told = made()
    fingers.move(at(0))
    fingers.up(at(0))
    assert not down(fingers, at(0, button=2))  # the other button of a mouse
    fingers.move(at(0))
    assert told == []


def test_a_mouse_that_was_let_go_outside_the_window_holds_nothing() -> None:
    fingers, told = made()
    down(fingers, at(0))
    fingers.move(at(1, buttons=0))
    assert told == ["+a", "-a"]


def test_another_game_begins_without_the_fingers_that_are_there() -> None:
    fingers, told = made()
    down(fingers, at(0))
    fingers.let_go()
    told.holds.release_all()
    fingers.move(at(1))
    assert told == ["+a", "-a"]
