"""The pointer on the picture: a mouse that moves, a press that leaves it, a finger, letterboxes."""

from types import SimpleNamespace
from typing import Any

import pytest
from app.keys.pointing import Pointing, contained


class Told(list[Any]):
    """What the game is told of its pointer, whose picture is 300 x 200, at (100, 50)."""

    def __init__(self, wanted: bool = True) -> None:
        super().__init__()
        self.pointing = Pointing(self._tell, lambda: (100, 50, 300, 200))
        self.pointing.wanted = wanted

    def _tell(self, x: float | None, y: float, down: bool, time: float | None) -> None:
        self.append(None if x is None else (round(x, 3), round(y, 3), down))
        self.time = time


def at(x: float, y: float, kind: str = "mouse", id: int = 1, button: int = 0, held: int = 0) -> Any:
    return SimpleNamespace(
        clientX=x, clientY=y, pointerType=kind, pointerId=id, button=button, buttons=held,
        timeStamp=7.0,
    )  # fmt: skip


def test_a_mouse_is_told_where_it_moves_on_the_picture_and_when_it_leaves() -> None:
    told = Told()
    for x, y in ((99, 60), (100, 50), (250, 150), (400, 60), (500, 60)):
        told.pointing.move(at(x, y))
    assert told == [(0, 0, False), (0.5, 0.5, False), None]
    assert told.time == 7.0


def test_a_press_goes_on_beyond_the_sides_until_it_is_let_go() -> None:
    told = Told()
    told.pointing.down(at(250, 150))
    told.pointing.move(at(900, 0, held=1))
    told.pointing.up(at(900, 0))
    assert told == [(0.5, 0.5, True), (1, 0, True), None]
    told.pointing.down(at(250, 150))
    told.pointing.up(at(250, 150))
    assert told[3:] == [(0.5, 0.5, True), (0.5, 0.5, False)]


def test_a_mouse_that_was_let_go_outside_the_window_presses_no_more() -> None:
    told = Told()
    told.pointing.down(at(250, 150))
    told.pointing.move(at(175, 100, held=0))
    assert told == [(0.5, 0.5, True), (0.25, 0.25, False)]


def test_a_finger_is_there_only_while_it_touches() -> None:
    told = Told()
    told.pointing.move(at(250, 150, "touch"))
    told.pointing.down(at(250, 150, "touch"))
    told.pointing.move(at(175, 100, "touch"))
    told.pointing.up(at(175, 100, "touch"))
    assert told == [(0.5, 0.5, True), (0.25, 0.25, True), None]


def test_a_second_finger_and_other_buttons_mean_nothing() -> None:
    told = Told()
    told.pointing.down(at(250, 150, button=2))
    told.pointing.down(at(250, 150, "touch", id=1))
    told.pointing.down(at(175, 100, "touch", id=2))
    told.pointing.move(at(100, 50, "touch", id=2))
    told.pointing.up(at(100, 50, "touch", id=2))
    assert told == [(0.5, 0.5, True)]
    told.pointing.down(at(20, 20))  # beside the picture
    assert len(told) == 1


def test_a_game_without_a_pointer_hears_nothing() -> None:
    told = Told(wanted=False)
    told.pointing.down(at(250, 150))
    told.pointing.move(at(250, 150))
    told.pointing.up(at(250, 150))
    told.pointing.let_go()
    assert told == []


def test_what_lets_go_forgets_the_pointer_until_it_moves() -> None:
    told = Told()
    told.pointing.down(at(250, 150))
    told.pointing.let_go()
    told.pointing.move(at(175, 100))
    assert told == [(0.5, 0.5, True), None, (0.25, 0.25, False)]


@pytest.mark.parametrize(
    ("box", "picture", "inside"),
    [
        ((0, 0, 300, 200), (600, 400), (0, 0, 300, 200)),
        ((10, 20, 500, 200), (600, 400), (110, 20, 300, 200)),
        ((10, 20, 300, 500), (30, 20), (10, 170, 300, 200)),
    ],
)
def test_the_picture_is_in_the_middle_of_its_box(box: Any, picture: Any, inside: Any) -> None:
    assert contained(*box, *picture) == inside
