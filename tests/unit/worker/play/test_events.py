"""What a record holds besides the steps: keys, pace, pauses, latency, looks, players."""

import json
from typing import Any

from gymworker.worker.play import events
from gymworker.worker.play.clock import Rhythm
from gymworker.worker.play.events import Events
from pytest import MonkeyPatch

from tests.unit.worker.play.games import MAPPING, Counter, Desk, FakeClock, FakePainter, Pair

PLAY = {"actionMapping": MAPPING, "fps": 10, "seed": 3}


def desk(env: Any = None, names: Any = None, **settings: Any) -> Desk:
    """A game whose display a test refreshes."""
    made = Desk(env or Counter(), names)
    made.environment.painter = FakePainter(made.clock)  # type: ignore[assignment]
    made.ask("play", **{**PLAY, **settings})
    return made


def records(made: Desk) -> list[dict[str, Any]]:
    return [json.loads(str(record)) for record in made.records]


def key(made: Desk, down: bool, ago: float = 0.0) -> None:
    made.ask("keys", key="ArrowRight", down=down, time=made.clock.wall() - ago)


def test_times_count_from_the_first_step_however_long_nobody_played() -> None:
    made = desk(paused=True)
    made.clock.pass_time(40)
    made.ask("control", command="resume")
    made.clock.pass_time(0.25)
    key(made, True, ago=20)
    made.clock.pass_time(2)
    first, *_ = records(made)
    assert first["startedAt"] == 140_100.0
    assert (first["seconds"], first["times"]) == (0.4, [0.0, 100.0, 200.0, 300.0, 400.0])
    assert first["events"] == [
        [-40_100.0, "fps", 10.0],
        [-100.0, "running"],
        [130.0, "key", "ArrowRight", "down"],
    ]


def test_a_change_of_pace_a_pause_and_what_the_page_marks_are_events() -> None:
    made = desk()
    made.clock.pass_time(0.1)  # the first step
    made.ask("control", fps=20)
    made.clock.pass_time(0.02)
    made.ask("keys", mark="blur", time=made.clock.wall() - 10)
    made.ask("control", command="pause")
    made.clock.pass_time(1)
    made.ask("keys", mark="focus")
    made.ask("control", command="resume")
    made.ask("control", command="stop")
    (record,) = records(made)
    assert record["events"][1:] == [
        [-100.0, "running"], [0.0, "fps", 20.0], [10.0, "blur"], [20.0, "paused"],
        [1020.0, "focus"], [1020.0, "running"], [1020.0, "ended"],
    ]  # fmt: skip


def test_what_lasts_stands_in_the_next_episode_too() -> None:
    made = desk()
    made.ask("keys", mark="hidden")
    made.ask("keys", mark="note")
    made.clock.pass_time(1.5)
    made.ask("keys", mark="visible")
    made.clock.pass_time(2)
    kinds = [[event[1] for event in record["events"]] for record in records(made)]
    assert kinds[:4] == [
        ["fps", "running", "hidden", "note"], ["fps", "hidden"],
        ["fps", "hidden", "visible"], ["fps"],
    ]  # fmt: skip


def test_the_latency_of_each_key_is_an_event() -> None:
    made = desk()
    painter: Any = made.environment.painter
    made.clock.pass_time(0.15)
    key(made, True)
    made.clock.pass_time(0.05)
    made.clock.time += 0.01
    painter.show()
    made.ask("control", command="stop")
    (record,) = records(made)
    assert [event for event in record["events"] if event[1] == "latency"] == [
        [110.0, "latency", 60.0]
    ]


def test_keys_that_are_let_go_at_once_are_events_each() -> None:
    made = desk()
    made.ask("keys", pressed=["ArrowLeft", "ArrowRight"])
    made.ask("keys", pressed=["ArrowRight"])
    key(made, True)  # is held already
    made.clock.pass_time(0.1)
    made.ask("keys", pressed=[])
    made.ask("control", command="stop")
    (record,) = records(made)
    assert [event[2:] for event in record["events"] if event[1] == "key"] == [
        ["ArrowLeft", "down"], ["ArrowRight", "down"], ["ArrowLeft", "up"], ["ArrowRight", "up"],
    ]  # fmt: skip


def test_who_played_stands_by_agent() -> None:
    made = desk(Pair(), {"policy": lambda obs: 1}, actionMapping=None, agents={"left": MAPPING})
    made.clock.pass_time(1)
    assert records(made)[0]["players"] == {"left": "human", "right": "policy"}
    alone = desk(Counter(), {"policy": lambda obs: 1}, actionMapping="policy")
    alone.clock.pass_time(1)
    assert records(alone)[0]["players"] == "policy"


def test_a_flood_of_events_is_bounded(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST", 3)
    clock: Any = FakeClock()
    found = Events(clock, Rhythm(5))
    for number in range(9):
        found.note("n", number)
    assert found.take(None) == [[0.0, "n", 0], [0.0, "n", 1], [0.0, "n", 2]]
    assert found.take(None) == []
