"""A recording that is watched is a game whose actions come from the records."""

import json
import time
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.play.watching import pace

from tests.unit.worker.play.games import MAPPING, Counter, Desk, Pair


def played(env: Any, names: Any = None, **settings: Any) -> tuple[Desk, list[Any]]:
    """A desk at which two episodes were played, and their records."""
    desk = Desk(env, names)
    desk.ask("play", **{"fps": 20, "numEpisodes": 2, "seed": 3, **settings})
    desk.clock.pass_time(5)
    records = list(desk.records)
    desk.page.sent.clear()
    return desk, records


def watching(**settings: Any) -> tuple[Desk, list[Any], Any]:
    """Two episodes of five steps each that are watched; the desk, the records, the reply."""
    desk, records = played(Counter(), actionMapping=MAPPING)
    reply = desk.ask("play", episodes=records, **settings)
    desk.env.actions.clear()
    return desk, records, reply


def state(desk: Desk) -> Any:
    return desk.of("playState")[-1]


def seek(desk: Desk, step: int, **fields: Any) -> Any:
    return desk.ask("control", command="seek", step=step, **fields)


def test_the_reply_says_what_there_is_to_watch() -> None:
    _, _, reply = watching(paused=True)
    assert reply["fps"] == 20.0
    assert (reply["controls"], reply["seats"]) == ([], [])
    assert reply["episodes"] == [
        {"seed": 3, "steps": 5, "ended": "terminated"},
        {"seed": 4, "steps": 5, "ended": "terminated"},
    ]
    assert reply["state"]["replay"] == {
        "episodes": 0, "steps": 0, "difference": None, "sameCode": True, "hint": None
    }  # fmt: skip


def test_it_runs_at_its_pace_and_pauses_at_the_end() -> None:
    desk, _, _ = watching()
    desk.clock.pass_time(0.16)
    assert state(desk)["step"] in (2, 3)
    desk.clock.pass_time(5)
    assert (state(desk)["state"], state(desk)["episode"], state(desk)["step"]) == ("paused", 1, 5)
    assert len(desk.env.actions) == 10
    assert state(desk)["replay"]["episodes"] == 2
    assert [episode.get("record") for episode in desk.of("episode")] == [None, None]
    desk.ask("control", command="resume")
    desk.clock.pass_time(0.12)
    assert (state(desk)["state"], state(desk)["episode"]) == ("running", 0)


def test_it_needs_no_keys_and_no_policy() -> None:
    desk, records = played(Pair(), {"policy": lambda obs: 1})
    desk.environment.names.clear()
    reply = desk.ask("play", episodes=records)
    desk.clock.pass_time(5)
    assert reply["agents"] == ["left", "right"]
    assert state(desk)["replay"]["episodes"] == 2
    assert state(desk)["replay"]["difference"] is None


def test_keys_do_nothing() -> None:
    desk, _, _ = watching()
    desk.ask("keys", key="ArrowRight", down=True)
    desk.clock.pass_time(5)
    assert desk.env.actions == [0] * 10


@pytest.mark.parametrize(
    ("places", "actions"),
    [
        ([(0, 3)], 3),
        ([(0, 3), (0, 5)], 5),  # ahead: only what lies between
        ([(0, 4), (0, 2)], 6),  # back: from the start of the episode
        ([(1, 2)], 2),
        ([(0, 3), (0, 3)], 3),
    ],
)
def test_it_goes_to_a_step(places: list[tuple[int, int]], actions: int) -> None:
    desk, _, _ = watching(paused=True)
    for episode, step in places:
        answer = seek(desk, step, episode=episode)
    assert (answer["state"], answer["episode"], answer["step"]) == ("paused", *places[-1])
    assert desk.env.n == places[-1][1]
    assert desk.env.seeds[-1] == 3 + places[-1][0]
    assert len(desk.env.actions) == actions
    assert answer["replay"]["difference"] is None


def test_nothing_is_shown_on_the_way() -> None:
    desk, _, _ = watching(paused=True)
    before = desk.env.rendered
    seek(desk, 5)
    seek(desk, 4)
    assert desk.env.rendered == before


def test_it_goes_on_from_there_if_it_went_on() -> None:
    desk, _, _ = watching()
    answer = seek(desk, 1)
    assert (answer["state"], answer["step"]) == ("running", 1)
    desk.clock.pass_time(0.11)
    assert state(desk)["step"] == 3


def test_the_command_reset_begins_the_next_episode_and_the_first_after_the_last() -> None:
    desk, _, _ = watching(paused=True)
    for episode in (1, 0):
        answer = desk.ask("control", command="reset")
        assert (answer["episode"], answer["step"]) == (episode, 0)
    assert desk.of("episode") == []


def test_what_was_not_watched_is_not_said_to_agree() -> None:
    desk, _, _ = watching(paused=True)
    answer = seek(desk, 5, episode=1)
    assert (answer["replay"]["episodes"], answer["replay"]["steps"]) == (1, 5)
    answer = seek(desk, 2, episode=0)
    assert (answer["replay"]["episodes"], answer["replay"]["steps"]) == (1, 7)


def test_the_first_difference_is_told_and_the_rest_is_shown() -> None:
    desk, records = played(Counter(), actionMapping=MAPPING)
    record = json.loads(str(records[0]))
    record["rewards"][1] = 7.5
    desk.ask("play", episodes=[record, records[1]])
    desk.clock.pass_time(5)
    found = state(desk)["replay"]
    assert found["difference"] == {
        "episode": 0, "step": 2, "field": "reward", "expected": 7.5, "got": 0.0
    }  # fmt: skip
    assert (found["episodes"], found["steps"]) == (1, 6)
    assert state(desk)["step"] == 5


def test_an_episode_that_ends_earlier_than_its_record_is_over_there() -> None:
    desk, records = played(Counter(), actionMapping=MAPPING)
    desk.env.length = 3
    desk.ask("play", episodes=records)
    desk.clock.pass_time(5)
    assert (state(desk)["state"], state(desk)["step"]) == ("paused", 3)
    assert state(desk)["replay"]["difference"]["field"] == "terminated"


def test_transitions_come_as_in_any_game() -> None:
    desk, _, _ = watching(steps=True)
    desk.clock.pass_time(5)
    told = [item for message in desk.of("transitions") for item in message["transitions"]]
    assert [item["step"] for item in told] == [1, 2, 3, 4, 5] * 2


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"actionMapping": MAPPING}, "leave out actionMapping; fps, steps and paused go with it"),
        ({"seed": 3, "record": True}, "leave out record, seed"),
        ({"episodes": []}, "no episode in this recording"),
        ({"fps": 0}, "expected fps"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_game_goes_on(payload: Any, says: str) -> None:
    desk, records = played(Counter(), actionMapping=MAPPING)
    desk.ask("play", actionMapping=MAPPING, fps=20)
    with pytest.raises(ProtocolError, match=says):
        desk.ask("play", **{"episodes": records, **payload})
    desk.clock.pass_time(0.2)
    assert state(desk)["state"] == "running"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"step": 6}, "a step from 0 to 5, got 6"),
        ({"step": -1}, "a step from 0 to 5, got -1"),
        ({"step": 0, "episode": 2}, "an episode from 0 to 1, got 2"),
        ({}, "'step': int"),
    ],
)
def test_a_place_that_is_none_is_refused_and_it_stays_where_it_is(place: Any, says: str) -> None:
    desk, _, _ = watching(paused=True)
    seek(desk, 2)
    with pytest.raises(ProtocolError, match=says):
        desk.ask("control", command="seek", **place)
    desk.ask("control", command="step")
    desk.clock.pass_time(0.2)
    assert state(desk)["step"] == 3


def test_only_a_recording_has_steps_to_go_to() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping=MAPPING)
    with pytest.raises(ProtocolError, match="only a recording"):
        seek(desk, 1)


def test_an_environment_that_raises_on_the_way_fails_the_game() -> None:
    desk, records = played(Counter(), actionMapping=MAPPING)
    record = json.loads(str(records[0]))
    record["actions"] = [0, 0, "fall", 0, 0]
    desk.ask("play", episodes=[record], paused=True)
    with pytest.raises(RuntimeError, match="fell off"):
        seek(desk, 4)
    assert state(desk)["state"] == "failed"


@pytest.mark.parametrize(
    ("times", "fps"),
    [
        ([[40.0, 80.0, 120.0, 9000.0, 9040.0]], 25.0),  # a pause counts once
        ([[5.0], [100.0, 1100.0, 2100.0]], 1.0),
        ([[0.0, 60000.0]], 0.5),
        ([[0.0, 0.0, 0.0]], 1000.0),
        ([[7.0]], 0.0),
        ([None], 0.0),
        ([["a", "b"]], 0.0),
    ],
)
def test_the_pace_is_that_of_most_steps(times: list[Any], fps: float) -> None:
    assert pace([{"times": item} for item in times]) == fps


def test_without_times_it_has_the_pace_of_the_environment() -> None:
    desk, records = played(Counter(), {"play": {"fps": 12}}, actionMapping=MAPPING)
    record = json.loads(str(records[0]))
    del record["times"]
    assert desk.ask("play", episodes=[record])["fps"] == 12.0


def test_a_long_way_is_told_of() -> None:
    desk, records = played(Counter(), actionMapping=MAPPING)
    desk.ask("play", episodes=records)

    def late() -> None:
        time.sleep(0.06)  # more than a stretch of the replay's own clock
        desk.clock.time += 0.2

    desk.env.duration = late
    desk.page.sent.clear()
    seek(desk, 4)
    assert [told["step"] for told in desk.of("playState")][:3] == [1, 2, 3]
    assert {told["state"] for told in desk.of("playState")[:-1]} == {"paused"}
    assert [told["stage"] for told in desk.of("progress")][:1] == ["seek"]
    assert state(desk)["state"] == "running"
