"""The requests of play: what is wrong is found first, and errors are told in one way."""

import asyncio
import hashlib
import json
from typing import Any

import pytest
from gymworker.errors import EncodeError, ProtocolError

from tests.unit.worker.play.games import MAPPING, Counter, Desk, FakePainter, Pair


def desk(**names: Any) -> Desk:
    return Desk(Counter(), {"play": {"action_mapping": MAPPING, "fps": 10}, **names})


class Stone:
    """What no message can hold."""


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"fpss": 3}, ProtocolError),
        ({"fps": 0}, ProtocolError),
        ({"agents": {"left": MAPPING}}, ProtocolError),
        ({"actionMapping": {"Lefty": 1}}, ProtocolError),
        ({"actionMapping": {"a": Stone()}}, EncodeError),
    ],
)
def test_a_play_that_is_wrong_leaves_the_game_that_runs(payload: Any, error: Any) -> None:
    table = desk()
    game = table.ask("play")["state"]
    table.clock.pass_time(0.25)
    seeds = len(table.env.seeds)
    with pytest.raises(error):
        table.ask("play", **payload)
    table.clock.pass_time(0.2)
    assert game["state"] == "running"
    assert (table.env.n, len(table.env.seeds)) == (4, seeds)
    assert table.ask("control", command="pause")["state"] == "paused"
    assert {message["game"] for message in table.page.sent} == {1}


def test_a_play_whose_reset_raises_leaves_no_game() -> None:
    table = desk()
    table.ask("play")
    table.clock.pass_time(0.25)
    table.env.reset = None
    with pytest.raises(TypeError):
        table.ask("play")
    assert table.of("playState")[-1]["state"] == "ended"
    assert table.of("episode")[-1]["ended"] == "stopped"
    assert all(timer.closed for timer in table.clock.timers)
    with pytest.raises(ProtocolError, match="no such game any more"):
        table.ask("control", command="pause")


def test_the_reply_of_a_play_has_all_that_a_page_needs() -> None:
    reply = desk().ask("play", paused=True, seed=4)
    state = reply.pop("state")
    assert (state["state"], state["seed"], state["number"]) == ("paused", 4, 1)
    assert reply == {
        "controls": [
            {"keys": ["ArrowLeft"], "action": 0, "agent": None},
            {"keys": ["ArrowRight"], "action": 1, "agent": None},
        ],
        "fps": 10.0,
        "agents": [],
        "seats": [{"agent": None, "choices": ["human"], "kind": "human"}],
        "code": hashlib.sha256(b"the code").hexdigest(),
    }


@pytest.mark.parametrize("command", ["step", "reset", "stop"])
def test_a_command_that_fails_is_an_error_and_so_is_the_state(command: str) -> None:
    table = desk(policy=lambda obs: 0)
    table.ask("play", steps=True, fps=30)
    table.clock.pass_time(0.08)
    if command == "stop":

        def refuse(message: Any) -> None:
            if message["type"] == "transitions":
                raise RuntimeError("broken")
            table.page.sent.append(message)

        table.requests._game._telling._send = refuse  # type: ignore[union-attr]
    else:

        def broken(*args: Any, **rest: Any) -> Any:
            raise RuntimeError("broken")

        setattr(table.env, command, broken)
    with pytest.raises(RuntimeError, match="broken"):
        table.ask("control", command=command)
    state = table.of("playState")[-1]
    assert (state["state"], state["error"]["message"]) == ("failed", "broken")
    assert table.of("episode")[-1]["steps"] == 2
    assert table.ask("control", command="stop")["state"] == "failed"  # it has been told


def test_a_single_step_of_an_async_policy_is_answered_once_it_is_made() -> None:
    async def policy(obs: Any) -> int:
        await asyncio.sleep(0)
        if obs[1] == 2:
            raise RuntimeError("no idea")
        return 1

    table = desk()
    table.environment.names = {"policy": policy}

    async def test() -> None:
        table.handle("play", paused=True)
        for number in (1, 2):
            state = await table.handle("control", command="step")
            assert (state["state"], state["step"]) == ("paused", number)
        with pytest.raises(RuntimeError, match="no idea"):
            await table.handle("control", command="step")
        assert table.of("playState")[-1]["state"] == "failed"

    asyncio.run(test())


def test_the_pace_and_the_steps_are_changed_without_a_command() -> None:
    table = desk()
    table.ask("play")
    assert table.ask("control", fps=50)["fps"] == 50
    table.ask("control", steps=True)
    table.clock.pass_time(0.3)
    assert table.of("transitions")
    for fps in (-1, "fast", 2000):
        with pytest.raises(ProtocolError, match="fps to be more than 0"):
            table.ask("control", fps=fps)
    assert table.ask("control", steps=False)["fps"] == 50
    with pytest.raises(ProtocolError, match="a command of pause, resume, step, stop, reset"):
        table.ask("control")
    with pytest.raises(ProtocolError, match="a command of"):
        table.ask("control", command="fly", fps=3)


def test_keys_reach_the_game_they_are_for() -> None:
    table = desk(policy=lambda obs: 0)
    table.ask("play", defaultAction=9)
    table.ask("keys", key="ArrowRight", down=True, game=1)
    table.ask("keys", key="ArrowLeft", down=True, game=99)
    table.clock.pass_time(0.1)
    table.ask("keys", pressed=["ArrowLeft"], time=5.0)
    table.clock.pass_time(0.1)
    table.ask("keys", pressed=[])
    table.clock.pass_time(0.1)
    table.ask("keys", key="ArrowRight", down=True)
    table.clock.pass_time(0.1)
    table.ask("keys", key="ArrowRight", down=False)
    table.clock.pass_time(0.1)
    assert table.env.actions == [1, 0, 9, 1, 9]
    with pytest.raises(ProtocolError, match="'down'"):
        table.ask("keys", key="ArrowRight")
    table.ask("control", command="stop")
    assert table.ask("keys", key="a", down=True) == {"ok": True}


def test_a_replay_pauses_the_game() -> None:
    table = desk()
    table.ask("play")
    table.clock.pass_time(0.35)
    table.ask("replay", episodes=[])
    assert table.of("playState")[-1]["state"] == "paused"


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_the_worker_writes_files_of_records(format: str) -> None:
    table = desk()
    table.ask("play", numEpisodes=2, seed=3)
    table.clock.pass_time(3)
    about = {"environment": "Counter", "code": "c0de"}
    records = [table.records[0], str(table.records[1])]
    written = table.ask("write_recording", records=records, about=about, format=format)
    assert str(written.dtype) == "uint8"
    text = str(written)
    if format == "jsonl":
        assert json.loads(text.splitlines()[0])["environment"] == "Counter"
    joined = table.ask(
        "write_recording", records=["".join(f"{r}\n" for r in records)], about=about, format=format
    )
    assert str(joined) == text
    for given in (text, written):
        result = table.ask("replay", recording=given)
        assert (result["episodes"], result["difference"]) == (2, None)


def test_a_file_that_cannot_be_written_says_what_was_expected() -> None:
    table = desk()
    with pytest.raises(ProtocolError, match="format to be 'jsonl' or 'csv', got 'xlsx'"):
        table.ask("write_recording", records=[], format="xlsx")
    with pytest.raises(ProtocolError, match="environment, versions, code"):
        table.ask("write_recording", records=[], about={"name": "x"})
    with pytest.raises(ProtocolError, match="'episodes': list, or with 'recording'"):
        table.ask("replay")


def test_records_may_come_as_what_their_json_says() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping=MAPPING, fps=10, numEpisodes=1)
    desk.clock.pass_time(1)
    (record,) = desk.records
    parsed = json.loads(str(record))
    file = str(desk.ask("write_recording", records=[parsed, record]))
    about, *lines = [json.loads(line) for line in file.splitlines()]
    assert (about["environment"], about["code"], len(lines)) == ("", "", 2)
    assert lines[0]["checksums"] == lines[1]["checksums"]


def test_the_keys_of_an_environment_are_known_without_a_game() -> None:
    desk = Desk(Counter(), {"play": {"action_mapping": {"a": 1}}})
    keys = [{"keys": ["a"], "action": 1, "agent": None}]
    assert desk.requests.controls(desk.environment) == keys
    assert desk.requests.controls(Desk(Counter()).environment) == []


@pytest.mark.parametrize("command", ["resume", "step", "reset"])
def test_a_command_to_a_game_that_is_over_names_itself(command: str) -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping=MAPPING)
    desk.ask("control", command="stop")
    with pytest.raises(ProtocolError, match=f"cannot {command}: the game has ended; play again"):
        desk.ask("control", command=command)


def test_the_time_of_a_key_is_that_of_the_page() -> None:
    desk = Desk(Counter(), {"play": {"action_mapping": MAPPING, "fps": 10, "steps": True}})
    painter: Any = FakePainter(desk.clock)
    desk.environment.painter = painter
    desk.ask("play")
    for payload in ({"key": "ArrowRight", "down": True}, {"pressed": ["ArrowLeft"]}):
        now = desk.clock.wall()
        desk.ask("keys", time=now - 70, **payload)
        desk.clock.pass_time(0.1)
        painter.show()
        desk.clock.pass_time(0.2)
    told = [item for message in desk.of("transitions") for item in message["transitions"]]
    assert [item["latency"] for item in told if item["latency"]] == [170.0, 170.0]


def test_another_command_does_not_wait_for_a_policy_that_thinks() -> None:
    async def policy(obs: Any) -> int:
        await asyncio.sleep(3600)
        return 1

    async def test() -> None:
        desk = Desk(Counter(), {"policy": policy})
        desk.handle("play", fps=10)
        desk.clock.pass_time(0.15)
        assert desk.handle("control", fps=20)["fps"] == 20
        assert desk.handle("control", command="pause")["state"] == "paused"

    asyncio.run(test())


def test_the_reply_of_a_play_names_the_agents() -> None:
    reply = Desk(Pair(), {"policy": lambda obs: 0}).ask("play")
    assert reply["agents"] == ["left", "right"]
