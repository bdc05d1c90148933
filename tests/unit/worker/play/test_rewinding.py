"""A game that goes back in its episode stands where it stood, and goes on from there."""

import asyncio
import copy
import logging
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.recording import read_record

from tests.unit.worker.play.games import Counter, Desk
from tests.unit.worker.play.stages import GAMES, PLAYED, WALK, Stage, untimed

KEPT = {**PLAYED, "keep": True}


@pytest.mark.parametrize("name", GAMES)
def test_each_step_can_be_had_again(name: str) -> None:
    source, settings = GAMES[name]
    stage = Stage(source, **settings, keep=True).start()
    hashes, returns = [stage.hash], [copy.copy(stage.game.fields()["returns"])]
    for key in "ad.addd.aa":
        stage.act(key)
        hashes.append(stage.hash)
        returns.append(copy.copy(stage.game.fields()["returns"]))
    for step in (3, 10, 0, 7, 6, 5, 9, 1, 10):
        stage.rewind(step)
        fields = stage.game.fields()
        assert (fields["step"], fields["state"], fields["kept"]) == (step, "paused", 0)
        assert fields.get("ahead", 0) == 10 - step
        assert fields["returns"] == returns[step]
        assert stage.hash == hashes[step]


@pytest.mark.parametrize("name", GAMES)
def test_what_comes_after_a_rewind_is_as_if_nothing_had_been(name: str) -> None:
    source, settings = GAMES[name]
    stage = Stage(source, **settings, keep=True).start()
    stage.act("ad.addd")
    stage.rewind(4)
    stage.act("daa.")
    hash, record = stage.hash, stage.record()
    straight = Stage(source, **settings).start()
    straight.act("ad.adaa.")
    assert straight.hash == hash
    assert straight.record() == record


def test_going_on_cuts_the_record_and_says_so() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("adda")
    stage.rewind(1)
    assert stage.game.fields()["ahead"] == 3
    stage.act("aa")
    assert "ahead" not in stage.game.fields()
    stage.game.stop()
    record = read_record(stage.episodes[-1]["record"])
    assert record["actions"] == [0, 0, 0]
    assert record["times"] == [0.0, 400.0, 500.0]
    assert [400.0, "rewound", 1, 4] in record["events"]
    assert len(record["checksums"]) == 4


def test_a_rewind_alone_loses_nothing_that_was_played() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("adda")
    stage.rewind(1)
    stage.game.stop()
    (episode,) = stage.episodes
    assert episode["steps"] == 4
    record = read_record(episode["record"])
    assert record["actions"] == [0, 2, 2, 0]
    assert not [event for event in record["events"] if event[1] == "rewound"]


def test_an_episode_that_had_ended_goes_on_where_it_was_rewound_to() -> None:
    stage = Stage(WALK, **KEPT, maxSteps=4).start()
    stage.act("adda")
    assert [episode["ended"] for episode in stage.episodes] == ["truncated"]
    stage.rewind(2)
    stage.rewind(4)
    stage.act("d")
    assert stage.game.fields()["episode"] == 1, "it is over at its end, and another one begins"
    stage.act("dd")
    stage.game.reset()
    stage.act("adda")
    stage.rewind(3)
    stage.act("d")
    again, last = stage.episodes[-1], stage.episodes[-2]
    assert (again["episode"], again["ended"], again["steps"]) == (last["episode"], "truncated", 4)
    assert read_record(again["record"])["actions"] == [0, 2, 2, 2]


def test_it_is_painted_once() -> None:
    source = WALK.replace(
        "env = Walk()",
        "drawn = []\nWalk.render = lambda self: drawn.append(float(self.place[0])) or 'frame'\n"
        "env = Walk()",
    )
    stage = Stage(source, **KEPT).start()
    stage.act("dddd")
    stage.painter.show()
    stage.rewind(1)
    stage.painter.show()
    assert stage.painter.frames == ["frame", "frame"]
    assert stage.module.drawn[-1:] == [1.0]


def test_a_step_that_is_not_there_is_an_error_that_says_which_are() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ad")
    for step in (-1, 3):
        with pytest.raises(ProtocolError, match=rf"expected a step from 0 to 2 .*, got {step}"):
            stage.rewind(step)
    assert stage.game.fields()["state"] == "paused"
    assert Stage(WALK, **PLAYED).start().game.fields()["kept"] is None


def test_without_keep_there_is_no_way_back() -> None:
    stage = Stage(WALK, **PLAYED).start()
    with pytest.raises(ProtocolError, match="keep=True"):
        stage.rewind(0)
    with pytest.raises(ProtocolError, match="keep=True"):
        stage.correct((1, 0))


def test_an_environment_that_cannot_be_saved_is_played_and_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = WALK.replace("env = Walk()", "env = Walk()\nenv.lock = __import__('threading').Lock()")
    with caplog.at_level(logging.WARNING):
        stage = Stage(source, **KEPT).start()
    assert "env.lock cannot be saved" in caplog.text
    stage.act("adda")
    stage.game.reset()
    stage.act("ad")
    assert stage.game.fields()["kept"] is None
    assert stage.game.fields()["step"] == 2
    assert len(caplog.records) == 1
    with pytest.raises(ProtocolError, match=r"env\.lock cannot be saved"):
        stage.rewind(0)


def test_what_the_page_does_itself_is_a_new_beginning() -> None:
    stage = Stage(WALK, **KEPT).start()
    stage.act("ad")
    stage.environment.step(2)
    hash = stage.hash
    stage.act("aa")
    assert stage.game.fields()["kept"] == 2
    with pytest.raises(ProtocolError, match="from 2 to 4"):
        stage.rewind(1)
    stage.rewind(2)
    assert stage.hash == hash


def test_a_restored_game_keeps_what_comes() -> None:
    first = Stage(WALK, **KEPT).start()
    first.act("add")
    data = first.save()
    second = Stage(WALK, **KEPT)
    second.restore(data)
    assert second.game.fields()["kept"] == 3
    second.act("dd")
    second.rewind(4)
    second.act("a")
    record = second.record()
    straight = Stage(WALK, **PLAYED).start()
    straight.act("addda")
    assert straight.record() == record


def test_an_async_policy_is_awaited_on_the_way() -> None:
    source = WALK + (
        "import asyncio\n"
        "seen = []\n"
        "async def policy(obs):\n"
        "    await asyncio.sleep(0)\n"
        "    seen.append(float(obs[1]))\n"
        "    return len(seen) % 3\n"
    )

    async def play() -> None:
        stage = Stage.__new__(Stage)
        from gymworker.worker import code

        module = await code.run(source, "environment.py", {})
        stage.take(module, paused=True, seed=5, keep={"share": 1e-9})
        stage.start()
        for _ in range(5):
            stage.game.step()
            while stage.game.thinking is not None:
                await asyncio.wait([stage.game.thinking])
            stage.clock.pass_time(0.1)
        hash = stage.hash
        from tests.unit.worker.play.stages import NoRests

        await stage.game.rewind(3, NoRests())  # type: ignore[arg-type]
        assert len(stage.module.seen) == 3
        stage.game.resume()
        for _ in range(2):
            stage.clock.pass_time(0.1)
            while stage.game.thinking is not None:
                await asyncio.wait([stage.game.thinking])
        assert stage.hash == hash

    asyncio.run(play())


def test_the_request_answers_with_the_state() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, keep=True, paused=True, defaultAction=0)
    for _ in range(3):
        desk.ask("control", command="step")
    state: Any = desk.ask("control", command="rewind", step=1)
    assert (state["step"], state["kept"], state["ahead"]) == (1, 0, 2)
    with pytest.raises(ProtocolError, match="'step': int"):
        desk.ask("control", command="rewind")


def test_a_recording_that_is_watched_is_rewound_too() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, paused=True, defaultAction=0, numEpisodes=1)
    for _ in range(5):
        desk.ask("control", command="step")
    desk.ask("play", episodes=desk.records, paused=False)
    state: Any = desk.ask("control", command="rewind", step=3)
    assert (state["step"], state["state"], state["kept"], state["ahead"]) == (3, "paused", 0, 2)
    with pytest.raises(ProtocolError, match="a step from 0 to 5, got 6"):
        desk.ask("control", command="rewind", step=6)


@pytest.mark.parametrize(
    "keep", [3, "yes", {"seconds": 1}, {"share": 2}, {"bytes": 0}, {"share": True}]
)
def test_what_is_no_budget_is_refused(keep: Any) -> None:
    with pytest.raises(ProtocolError, match="expected keep to be a bool, or {share, bytes}"):
        Desk(Counter()).ask("play", actionMapping={"a": 1}, keep=keep)


def test_records_of_rewound_games_replay() -> None:
    desk = Desk(Counter())
    desk.ask("play", actionMapping={"a": 1}, keep=True, paused=True, defaultAction=0, seed=1)
    for _ in range(4):
        desk.ask("control", command="step")
    desk.ask("control", command="rewind", step=2)
    desk.ask("keys", key="a", down=True)
    desk.ask("control", command="step")
    desk.ask("control", command="stop")
    assert untimed(read_record(desk.records[-1]))["actions"] == [0, 0, 1]
    result: Any = desk.ask("replay", episodes=desk.records)
    assert (result["episodes"], result["difference"]) == (1, None)
