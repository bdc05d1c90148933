"""Replays: of each form of a recording, up to the first difference."""

import asyncio
import json
from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.recording import checksum, header, read_record, write_csv, write_lines, write_record
from gymworker.worker.call import Call
from gymworker.worker.environment import Environment
from gymworker.worker.play.replay import Replay

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table


def play(env: Any, names: Any = None, **settings: Any) -> tuple[Table, list[Any]]:
    """Plays two episodes; returns the records."""
    table = Table(env, names, **{"fps": 20, "numEpisodes": 2, "seed": 3, **settings}).start()
    table.clock.pass_time(0.12)
    table.press("ArrowRight")
    table.clock.pass_time(5)
    return table, [message["record"] for message in table.of("episode")]


def replay(environment: Environment, payload: Any, **options: Any) -> Any:
    reports: list[Any] = []

    def report(*args: Any, **units: int) -> None:
        reports.append((*args, units))

    nobody: Any = None
    call = Call(payload, 1, nobody, nobody, nobody)
    call.report = report  # type: ignore[method-assign,assignment]
    result = asyncio.run(Replay(environment, **options).replay(call))
    return result, reports


def counter_game() -> tuple[Table, list[Any]]:
    return play(Counter(), actionMapping=MAPPING)


@pytest.mark.parametrize("form", ["lines", "csv", "texts", "dicts"])
def test_a_recording_replays_without_a_difference(form: str) -> None:
    table, records = counter_game()
    payloads: dict[str, Any] = {
        "lines": {"recording": write_lines(header("counter"), records)},
        "csv": {"recording": write_csv(header("x"), records)},
        "texts": {"episodes": records},
        "dicts": {"episodes": [json.loads(str(record)) for record in records]},
    }
    result, _ = replay(table.environment, payloads[form])
    assert (result["episodes"], result["steps"], result["difference"]) == (2, 10, None)


@pytest.mark.parametrize("settings", [{}, {"maxSteps": 3}])
def test_a_game_of_many_agents_replays(settings: Any) -> None:
    table, records = play(
        Pair(), {"policy": lambda obs: np.int64(1)}, agents={"right": MAPPING}, **settings
    )
    for payload in ({"episodes": records}, {"recording": write_csv(header("x"), records)}):
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
    record = json.loads(str(records[1]))
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
    shown = result["difference"].pop("obs", None)
    assert shown == ({0: "[4, 0]", 3: "[1, 3]"}[step] if field == "obs" else None)
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


def test_a_replay_needs_something_to_replay() -> None:
    table, _ = counter_game()
    with pytest.raises(ProtocolError, match="'episodes': list, or with 'recording': str"):
        replay(table.environment, {})


def test_a_replay_counts_what_came_out_the_same_and_names_the_episodes_place() -> None:
    table, records = counter_game()
    record = json.loads(str(records[0]))
    record["episode"] = 7
    record["rewards"][3] += 1
    result, _ = replay(table.environment, {"episodes": [records[1], record]})
    assert (result["episodes"], result["steps"]) == (1, 5 + 3)
    assert (result["difference"]["episode"], result["difference"]["step"]) == (1, 4)


NAN = float("nan")


@pytest.mark.parametrize(("recorded", "same"), [(NAN, True), (1.0, False), (None, False)])
def test_rewards_that_are_no_numbers_are_the_same_only_as_themselves(
    recorded: Any, same: bool
) -> None:
    class Odd(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, *rest = super().step(actions)
            return obs, dict.fromkeys(rewards, NAN), *rest

    table = Table(Odd(), {"policy": lambda obs: 0}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    record = read_record(str(table.episodes[0]["record"]))
    record["rewards"][1]["right"] = recorded
    result, _ = replay(table.environment, {"episodes": [write_record(record)]})
    assert (result["difference"] is None) == same
    if not same:
        assert (result["difference"]["step"], result["difference"]["field"]) == (2, "reward")


def test_a_replay_is_shown() -> None:
    table, records = counter_game()
    table.painter.clear()
    replay(table.environment, {"episodes": records})
    table.painter.show()
    assert table.painter.frames == ["frame 5"]
    table.environment.renders = False
    table.painter.clear()
    replay(table.environment, {"episodes": records})
    table.painter.show()
    assert table.painter.frames == ["frame 5"]


def test_a_long_replay_is_shown_as_it_goes() -> None:
    table, records = counter_game()
    table.painter.clear()
    times = [0.0]
    table.env.duration = lambda: times.append(times[-1] + 0.06)
    nobody: Any = None
    call = Call({"episodes": records}, 1, nobody, nobody, nobody)
    call.report = lambda *args, **units: None  # type: ignore[method-assign]

    async def display() -> None:
        while True:
            table.painter.show()
            await asyncio.sleep(0)

    async def test() -> None:
        showing = asyncio.create_task(display())
        await Replay(table.environment, now=lambda: times[-1]).replay(call)
        showing.cancel()

    asyncio.run(test())
    assert table.painter.frames[:4] == [f"frame {number}" for number in range(1, 5)]


def test_a_reward_by_agent_is_not_the_same_as_a_number() -> None:
    table, records = counter_game()
    record = json.loads(str(records[0]))
    record["rewards"] = [{"left": 0.0}] * 5
    result, _ = replay(table.environment, {"episodes": [record]})
    difference = result["difference"]
    assert (difference["step"], difference["field"]) == (1, "reward")
    assert (difference["expected"], difference["got"]) == ({"left": 0.0}, 0.0)


def test_a_record_that_names_no_code_is_of_no_other() -> None:
    table, records = counter_game()
    for code, same in (("", True), ("other", False)):
        record = {**json.loads(str(records[0])), "code": code}
        result, _ = replay(table.environment, {"episodes": [record]})
        assert result["sameCode"] == same
