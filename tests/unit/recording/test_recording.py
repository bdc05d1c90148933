"""Recorded games: what they keep, files of them, and replays that find the first difference."""

import asyncio
import json
import math
from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError, RecordingError
from gymworker.recording import header, read, read_lines, write_lines
from gymworker.spreadsheet import read_csv, write_csv
from gymworker.worker.call import Call
from gymworker.worker.environment import Environment
from gymworker.worker.outgoing import Outgoing
from gymworker.worker.play.recorded import checksum, from_plain, to_plain
from gymworker.worker.play.replay import Replay
from gymworker.worker.values import kept as snapshot

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table
from tests.unit.worker.test_dispatcher import Recorder


def play(env: Any, names: Any = None, **settings: Any) -> tuple[Table, list[str]]:
    """Plays two episodes; returns the records."""
    table = Table(env, names, **{"fps": 20, "numEpisodes": 2, "seed": 3, **settings}).start()
    table.clock.pass_time(0.12)
    table.press("ArrowRight")
    table.clock.pass_time(5)
    return table, [message["record"] for message in table.of("episode")]


def replay(environment: Environment, payload: Any, **options: Any) -> Any:
    page = Recorder()
    call = Call(payload, 1, page, Outgoing(), environment)
    result = asyncio.run(Replay(environment, **options).replay(call))
    return result, page.messages


def counter_game() -> tuple[Table, list[str]]:
    return play(Counter(), actionMapping=MAPPING)


def test_a_record_holds_what_a_replay_needs_and_more() -> None:
    _, records = counter_game()
    record = json.loads(records[0])
    assert record["actions"] == [0, 0, 1, 1, 1]
    assert record["rewards"] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert record["flags"] == [[5, True, False]]
    assert record["times"] == [50.0, 100.0, 150.0, 200.0, 250.0]
    assert len(record["checksums"]) == 6
    assert (record["seed"], record["steps"], record["code"]) == (3, 5, "c0de")
    assert (record["startedAt"], record["seconds"]) == (100_000.0, 0.25)
    assert json.loads(records[1])["seed"] == 4


@pytest.mark.parametrize("form", ["lines", "csv", "texts", "dicts"])
def test_a_recording_replays_without_a_difference(form: str) -> None:
    table, records = counter_game()
    payloads: dict[str, Any] = {
        "lines": {"recording": write_lines(header("counter"), records)},
        "csv": {"recording": write_csv(records)},
        "texts": {"episodes": records},
        "dicts": {"episodes": [json.loads(record) for record in records]},
    }
    result, _ = replay(table.environment, payloads[form])
    assert result == {"episodes": 2, "steps": 10, "difference": None}


@pytest.mark.parametrize("settings", [{}, {"maxSteps": 3}])
def test_a_game_of_many_agents_replays(settings: Any) -> None:
    table, records = play(
        Pair(), {"policy": lambda obs: np.int64(1)}, agents={"right": MAPPING}, **settings
    )
    for payload in ({"episodes": records}, {"recording": write_csv(records)}):
        result, _ = replay(table.environment, payload)
        assert result["difference"] is None


@pytest.mark.parametrize(
    ("field", "change", "step", "expected", "got"),
    [
        ("reward", ("rewards", 1, 0.5), 2, 0.5, 0.0),
        ("obs", ("checksums", 0, 12), 0, 12, checksum([4, 0])),
        ("obs", ("checksums", 3, 12), 3, 12, checksum([1, 3])),
        ("terminated", ("flags", 0, [4, True, False]), 4, True, False),
        ("truncated", ("flags", 0, [5, True, True]), 5, True, False),
    ],
)
def test_a_replay_says_where_it_first_differs(
    field: str, change: Any, step: int, expected: Any, got: Any
) -> None:
    table, records = counter_game()
    record = json.loads(records[1])
    name, index, value = change
    record[name][index] = value
    record["actions"][0] = 0
    record["rewards"][0] = 0.0
    record["actions"][1:] = [0, 1, 1, 1]
    record["checksums"][1:3] = [checksum([0, 1]), checksum([0, 2])]
    record["rewards"][2:] = [1.0, 1.0, 1.0]
    if field != "reward":
        record["rewards"][1] = 0.0
    result, _ = replay(table.environment, {"episodes": [records[0], record]})
    assert result["episodes"] == 1
    assert result["difference"] == {
        "episode": 1, "step": step, "field": field, "expected": expected, "got": got
    }  # fmt: skip


def test_a_long_replay_reports_progress_and_lets_others_run() -> None:
    table, records = counter_game()
    times = [0.0]
    table.env.duration = lambda: times.append(times[-1] + 0.06)
    result, reports = replay(table.environment, {"episodes": records}, now=lambda: times[-1])
    assert result["difference"] is None
    assert len(reports) == 5
    assert reports[0] == ("replay", "episode 1", {"loaded": 2, "total": 10})


def test_a_replay_needs_something_to_replay_and_a_free_environment() -> None:
    table, records = counter_game()
    with pytest.raises(ProtocolError, match="'episodes': list, or with 'recording': str"):
        replay(table.environment, {})

    def busy() -> None:
        raise ProtocolError("a game is running")

    with pytest.raises(ProtocolError, match="a game is running"):
        replay(table.environment, {"episodes": records}, check_free=busy)


def test_what_cannot_be_recorded_does_not_stop_the_game(caplog: pytest.LogCaptureFixture) -> None:
    table = Table(Counter(), actionMapping={"a": 1}, defaultAction=True, fps=20, numEpisodes=1)
    table.game._session._seats[None].idle = type("Odd", (), {"__float__": lambda self: 1.0})()
    table.start().clock.pass_time(2)
    (episode,) = table.of("episode")
    assert "record" not in episode
    assert "episode 0 is not recorded: Odd cannot stand in a recording" in caplog.text


def test_an_episode_that_the_page_has_touched_has_no_recording() -> None:
    table = Table(Counter(), actionMapping=MAPPING, fps=20, numEpisodes=1).start()
    table.clock.pass_time(0.1)
    table.game.pause()
    table.game.touch([0, 0])
    table.game.resume()
    table.clock.pass_time(2)
    assert "record" not in table.of("episode")[0]


@pytest.mark.parametrize(
    "value",
    [
        1, -1.5, True, None, "text", [1, "a"], (1, (2,)), {"a": (1,)}, {1: "a"}, {"$tuple": [1]},
        math.inf, -math.inf,
    ],
)  # fmt: skip
def test_values_come_back_from_json_as_they_were(value: Any) -> None:
    back = from_plain(json.loads(json.dumps(to_plain(value), allow_nan=False)))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "value", [np.array([0.1, 2], np.float32), np.array([[1], [2]], np.int8), np.float32(0.1)]
)
def test_numpy_values_come_back_with_their_dtype(value: Any) -> None:
    back = from_plain(json.loads(json.dumps(to_plain(value))))
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    np.testing.assert_array_equal(back, value)


def test_numpys_ints_and_nan() -> None:
    assert to_plain(np.int64(3)) == 3
    assert to_plain(np.bool_(True)) is True
    assert math.isnan(from_plain(to_plain(math.nan)))


def test_checksums_tell_observations_apart() -> None:
    observations: list[Any] = [
        0, 1, 0.0, "a", (1, 2), (2, 1), {"a": 1}, {"b": 1},
        np.zeros((2, 3)), np.ones((2, 3)), np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3).T,
    ]  # fmt: skip
    assert len({checksum(obs) for obs in observations}) == len(observations)
    assert checksum(np.int64(3)) == checksum(3)
    board = np.zeros((2, 3))
    kept = snapshot({"board": (board,)})
    board[0, 0] = 1
    assert checksum(kept) != checksum({"board": (board,)})


def test_a_file_of_lines_comes_back() -> None:
    _, records = counter_game()
    about = header("counter", {"protocol": 1}, "c0de")
    text = write_lines(about, records)
    assert text.count("\n") == 3
    found, back = read_lines("\ufeff" + text.replace("\n", "\r\n"))
    assert found == about
    assert back == [json.loads(record) for record in records]
    assert read(text) == back
    assert write_lines(about, back).count("\n") == 3


def test_a_file_for_spreadsheets_has_a_row_for_each_step() -> None:
    _, records = counter_game()
    rows = write_csv(records).split("\r\n")
    assert rows[0] == "episode,seed,step,time_ms,action,reward,terminated,truncated,checksum"
    assert rows[1].startswith("0,3,0,0.0,,,,,")
    assert rows[2].startswith("0,3,1,50.0,0,0.0,false,false,")
    assert rows[6].startswith("0,3,5,250.0,1,1.0,true,false,")
    assert len(rows) == 1 + 12 + 1
    back = read_csv("\n".join(rows).replace("true", "TRUE"))
    assert [record["flags"] for record in back] == [[[5, True, False]]] * 2


LINES = write_lines(header("x"), [])
GOOD = '{"seed": 1, "actions": [], "rewards": [], "flags": [], "checksums": [1]}'
TOP = "episode,seed,step,time_ms,action,reward,terminated,truncated,checksum\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": "other"}', "line 1: the first line has no format"),
        ('{"format": "gymworker recording", "formatVersion": 9}', "line 1: expected version 1"),
        ("{nonsense", "line 1: expected an object in JSON"),
        (LINES + GOOD + "\n{broken\n", "line 3: expected an object in JSON"),
        (LINES + "[1]\n", "line 2: .*list rather than an object"),
        (LINES + "{}\n", "line 2: the episode has no seed, actions"),
        (LINES + GOOD.replace("[1]", "[]"), "line 2: expected as many rewards as actions"),
        (LINES + GOOD.replace('"seed": 1', '"seed": "1"'), "line 2: expected seed to be an int"),
        (LINES + GOOD.replace("[1]", "1"), "line 2: expected checksums to be a list"),
        ("a,b\n", "line 1: expected the columns episode"),
        ("", "line 1: expected the columns episode"),
        (TOP + "0,1,0,0,,,,,5\n0,1,2,0,1,1.0,false,false,6\n", "line 3: expected step 1, got 2"),
        (TOP + "0,1,1,0,1,1.0,false,false,6\n", "line 2: expected step 0, got 1"),
        (TOP + "0,1\n", "line 2: expected 9 columns, got 2"),
        (TOP + "0,1,0,0,what,,,,5\n", "line 2: expected a value in JSON, got what"),
        (TOP + '0,1,0,0,"[1,,,,5\n', "line 2: a quoted cell does not end"),
    ],
)
def test_a_broken_file_names_the_line(text: str, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        read(text)
