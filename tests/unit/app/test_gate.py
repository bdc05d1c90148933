"""The gate before a game's clock: a key, a countdown, or nothing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from app import gate as gates

from tests.loopback import on_virtual_time


class Seen:
    """A gate, and what it did."""

    def __init__(self, start: str) -> None:
        self.gone = 0
        self.counts: list[int] = []
        self.states: list[str] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.gate = gates.Gate(self.changed, self.counts.append, self.go, self.spawn)
        self.gate.use(start)

    def changed(self) -> None:
        self.states.append(self.gate.state)

    async def go(self) -> None:
        self.gone += 1

    def spawn(self, waiting: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(asyncio.ensure_future(waiting))


@on_virtual_time
async def test_the_first_key_lets_the_clock_run_and_the_others_change_nothing() -> None:
    seen = Seen("key")
    seen.gate.press()
    assert seen.gate.state == "ready", "a key is no Start"
    seen.gate.arm()
    await asyncio.sleep(60)
    assert (seen.gate.state, seen.gone) == ("armed", 0)
    seen.gate.press()
    seen.gate.press()
    await asyncio.sleep(1)
    assert (seen.gate.state, seen.gone, seen.states) == ("open", 1, ["ready", "armed"])


@on_virtual_time
async def test_a_countdown_takes_three_seconds() -> None:
    seen = Seen("countdown")
    seen.gate.arm()
    await asyncio.sleep(2.9)
    assert (seen.gate.state, seen.counts, seen.gone) == ("counting", [3, 2, 1], 0)
    seen.gate.press()
    assert seen.gate.state == "counting", "a key does not cut it short"
    await asyncio.sleep(0.2)
    assert (seen.gate.state, seen.gone) == ("open", 1)


@pytest.mark.parametrize("end", ["ready", "closed"])
@on_virtual_time
async def test_a_countdown_that_is_given_up_begins_nothing(end: str) -> None:
    seen = Seen("countdown")
    seen.gate.arm()
    await asyncio.sleep(1.5)
    seen.gate.put(end)
    await asyncio.sleep(5)
    assert (seen.gate.state, seen.gone, seen.counts) == (end, 0, [3, 2])
    seen.gate.put("ready")
    seen.gate.arm()  # a second one has its own three seconds
    await asyncio.sleep(2.5)
    assert seen.gone == 0
    await asyncio.sleep(1)
    assert seen.gone == 1


@on_virtual_time
async def test_a_game_at_once_has_no_gate() -> None:
    seen = Seen("at once")
    seen.gate.arm()
    await asyncio.sleep(0.1)
    assert (seen.gate.state, seen.gone) == ("open", 1)


@pytest.mark.parametrize("start", [None, "", "soon", 3])
def test_a_start_that_is_not_known_is_a_key(start: Any) -> None:
    seen = Seen(start)
    seen.gate.arm()
    assert seen.gate.state == "armed"


@on_virtual_time
async def test_a_steered_game_tells_the_gate_of_its_keys_first() -> None:
    class Game:
        controls = ("left",)
        pressed: tuple[str, float | None] | None = None

        def press(self, key: str, time_ms: float | None = None) -> None:
            assert seen.gate.state == "open"
            self.pressed = key, time_ms

    seen, game = Seen("key"), Game()
    steered = gates.Steered(game, seen.gate)
    assert steered.controls == ("left",)
    seen.gate.arm()
    steered.press("a", 5.0)
    assert game.pressed == ("a", 5.0)


@on_virtual_time
async def test_a_press_on_the_picture_begins_an_armed_game_and_moving_does_not() -> None:
    class Game:
        told: list[Any] = []  # noqa: RUF012

        def point(self, *args: Any) -> None:
            self.told.append((seen.gate.state, args))

    seen, game = Seen("key"), Game()
    steered = gates.Steered(game, seen.gate)
    seen.gate.arm()
    steered.point(0.5, 0.25, False, 5.0)
    steered.point(0.5, 0.25, True, 6.0)
    assert game.told == [
        ("armed", (0.5, 0.25, False, 5.0)),
        ("open", (0.5, 0.25, True, 6.0)),
    ]


@on_virtual_time
async def test_a_key_that_is_pressed_in_part_reaches_the_game_as_that() -> None:
    class Game:
        pressed: Any = None

        def press(self, *args: Any) -> None:
            self.pressed = args

    seen, game = Seen("key"), Game()
    gates.Steered(game, seen.gate).press("a", 5.0, 0.25)
    assert game.pressed == ("a", 5.0, 0.25)
