"""Gamepads: whose they are, what counts, what an odd device may not do."""

from typing import Any

import pytest
from app.keys.gamepads import Gamepads, called
from app.keys.hands import hands

from tests.unit.app.events import control

ARROWS = [control("ArrowLeft", 0), control("ArrowRight", 1), control("x", 2)]
TWO = [control("a", 0, agent="one"), control("d", 1, agent="one")]
TWO += [control("ArrowLeft", 0, agent="two"), control("ArrowRight", 1, agent="two")]

PAD, WHEEL = "Some Pad (STANDARD GAMEPAD Vendor: 1 Product: 2)", "Wheel"


class Table:
    """Devices in their slots, and who plays with them."""

    def __init__(self, controls: list[object] = ARROWS) -> None:
        self.pads = Gamepads()
        self.hands = hands(controls)

    def look(
        self,
        slot: int,
        axes: tuple[float, ...] = (0, 0),
        down: tuple[int, ...] = (),
        odd: bool = False,
    ) -> list[str]:
        """Look at a device; return the keys that all of them hold."""
        mapping = "" if odd else "standard"
        self.pads.look(slot, WHEEL if odd else PAD, mapping, list(axes), list(down))
        return list(self.pads.keys(self.hands))


def test_a_stick_a_cross_and_a_button_steer() -> None:
    table = Table()
    assert table.look(0) == []
    assert table.look(0, (-0.9, 0)) == ["ArrowLeft"]
    assert table.look(0, (0.3, 0)) == []
    assert table.look(0, down=(15,)) == ["ArrowRight"]
    assert table.look(0, down=(0, 14)) == ["ArrowLeft", "x"]


AXES = [control(f"Arrow{side}", side, analog=True) for side in ("Left", "Right", "Up", "Down")]


@pytest.mark.parametrize(
    ("axes", "amounts"),
    [
        ((0, 0), {}),
        ((0.1, -0.1), {}),
        ((-0.19, 0), {"ArrowLeft": 0.1}),
        ((-1, 0), {"ArrowLeft": 1}),
        ((0.55, -0.82), {"ArrowRight": 0.5, "ArrowUp": 0.8}),
        ((0, 0.2), {"ArrowDown": 0.11}),
    ],
)
def test_a_stick_presses_as_far_as_it_is_tilted_what_counts_so(axes: Any, amounts: Any) -> None:
    table = Table(AXES)
    table.look(0)
    table.look(0, (-1, 0))  # somebody uses it
    assert sorted(table.look(0, axes)) == sorted(amounts)
    assert table.pads.amounts == amounts


def test_the_cross_presses_all_the_way() -> None:
    table = Table(AXES)
    assert table.look(0, (0.3, 0), down=(14, 15)) == ["ArrowLeft", "ArrowRight"]
    assert table.pads.amounts == {"ArrowLeft": 1, "ArrowRight": 1}


def test_other_keys_are_pressed_all_the_way_or_not() -> None:
    table = Table()
    table.look(0)
    assert table.look(0, (-0.7, 0)) == ["ArrowLeft"]
    assert table.pads.amounts == {"ArrowLeft": 1}


def test_an_axis_counts_after_it_was_seen_at_rest() -> None:
    table = Table()
    assert table.look(0, (1, 0)) == []
    assert table.look(0, (-1, 0)) == []
    assert table.look(0, (0.1, 0)) == []
    assert table.look(0, (-1, 0)) == ["ArrowLeft"]


def test_an_odd_device_in_the_first_slot_blocks_nobody() -> None:
    table = Table()
    table.look(0, (-1, 1), odd=True)
    table.look(1)
    table.look(0, (-1, 1), odd=True)
    assert table.look(1, (1, 0)) == ["ArrowRight"]
    assert table.look(1) == []


def test_an_odd_device_that_is_never_still_gives_way_to_a_standard_pad() -> None:
    table = Table()
    table.look(0, odd=True)
    assert table.look(0, (-1, 0), odd=True) == ["ArrowLeft"], "alone it may play"
    assert table.look(1) == ["ArrowLeft"]
    assert table.look(1, (1, 0)) == ["ArrowRight"]


def test_switches_of_an_odd_device_count_once_they_were_off() -> None:
    table = Table()
    assert table.look(0, down=(0,), odd=True) == []
    assert table.look(0, odd=True) == []
    assert table.look(0, down=(0,), odd=True) == ["x"]


def test_the_press_that_makes_the_browser_tell_of_a_standard_pad_counts() -> None:
    table = Table()
    assert table.look(0, down=(0,)) == ["x"]
    assert table.pads.there[0].fresh == [0]
    table.look(0, down=(0,))
    assert table.pads.there[0].fresh == []


def test_a_button_that_began_the_game_is_no_action_until_it_is_pressed_again() -> None:
    table = Table()
    table.look(0, down=(0,))
    table.pads.there[0].silence(0)
    assert table.look(0, down=(0,)) == []
    assert table.look(0) == []
    assert table.look(0, down=(0,)) == ["x"]


def test_who_uses_a_pad_first_is_the_first_player() -> None:
    table = Table(TWO)
    for slot in range(3):
        table.look(slot)
    assert table.look(2, (-1, 0)) == ["a"]
    assert table.look(0, (1, 0)) == ["a", "ArrowRight"]
    assert table.look(1, (-1, 0)) == ["a", "ArrowRight", "ArrowLeft"], "more pads than players"


def test_an_idle_pad_takes_no_place() -> None:
    table = Table()
    table.look(0)
    table.look(1)
    assert table.look(1, (1, 0)) == ["ArrowRight"]


def test_a_pad_that_is_gone_holds_nothing_and_another_one_in_its_slot_is_a_new_one() -> None:
    table = Table()
    table.look(0)
    assert table.look(0, (1, 0)) == ["ArrowRight"]
    table.pads.forget(0)
    assert table.pads.keys(table.hands) == []
    assert table.look(0, (1, 0)) == [], "not seen at rest yet"


def test_without_players_nothing_is_held() -> None:
    table = Table([])
    table.look(0)
    assert table.look(0, (1, 0), (0,)) == []


def test_a_device_without_axes_and_buttons_does_no_harm() -> None:
    assert Table().look(0, (), odd=True) == []


def test_the_names_that_are_shown_are_of_those_that_play() -> None:
    table = Table()
    table.look(0, odd=True)
    assert table.pads.names() == ["Wheel"]
    table.look(1)
    assert table.pads.names() == ["Some Pad"]


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("Xbox 360 Controller (XInput STANDARD GAMEPAD)", "Xbox 360 Controller"),
        ("054c-09cc-Wireless Controller", "Wireless Controller"),
        ("45e-28e-Pad-o-matic", "Pad-o-matic"),
        ("Pro-style-pad", "Pro-style-pad"),
        ("", "Gamepad"),
    ],
)
def test_a_pad_is_called_by_its_name(id: str, name: str) -> None:
    assert called(id) == name
