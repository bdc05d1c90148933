"""The handle of a game: what it makes of what the worker says, in whatever order."""

import asyncio
import pickle
from typing import Any

import numpy as np
import pytest
from gymworker.codec.light import Array
from gymworker.errors import RemoteError, RequestTimeoutError, WorkerCrashedError
from gymworker.page.client import PyodideWorker
from gymworker.page.game import Game

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.scripted import VERSION, Scripted, scripted

ERROR = {"name": "ValueError", "message": "fell off", "stack": "Traceback"}

pytestmark = pytest.mark.usefixtures("lab")  # virtual time on the page


async def begun(
    state: str = "running", timeout: float | None = 30.0, **options: Any
) -> tuple[PyodideWorker, Scripted, Game]:
    worker, script = scripted(timeout=timeout)
    playing = asyncio.create_task(worker.play(**options))
    await turns()
    script.play(1, state)
    return worker, script, await playing


@on_virtual_time
async def test_a_reply_to_a_command_never_overwrites_newer_state() -> None:
    told: list[int] = []
    worker, script, game = await begun(on_state=lambda state: told.append(state.number))
    pausing = asyncio.create_task(game.pause())
    await turns()
    script.answer(script.state(2, "paused"))
    script.tell(game.id, 3, "ended")  # before the task of the command runs
    assert (await pausing).state == "paused"
    assert game.state is not None
    assert (game.state.number, game.state.state, game.over) == (3, "ended", True)
    assert (await game.finished()).number == 3
    assert told == [3]
    worker.destroy()


@on_virtual_time
async def test_an_older_state_is_not_told() -> None:
    told: list[int] = []
    worker, script, game = await begun(on_state=lambda state: told.append(state.number))
    for number in (4, 2, 4, 5):
        script.tell(game.id, number)
    assert told == [4, 4, 5]
    worker.destroy()


@on_virtual_time
async def test_states_before_the_reply_to_play_count() -> None:
    worker, script = scripted()
    playing = asyncio.create_task(worker.play(num_episodes=1))
    await turns()
    script.tell(1, 2, "ended")
    script.play(1)
    game = await playing
    assert game.over
    assert (await game.finished()).state == "ended"
    worker.destroy()


@on_virtual_time
async def test_an_error_of_the_environment_is_told_in_one_way() -> None:
    worker, script, game = await begun()
    finishing = asyncio.create_task(game.finished())
    stepping = asyncio.create_task(game.step())
    await turns()
    script.answer(script.state(2, "failed", error=ERROR))
    outcomes: list[Any] = list(await asyncio.gather(finishing, stepping, return_exceptions=True))
    commands = (game.pause, game.resume, game.step, game.reset, game.finished)
    sent = len(script.received)
    for command in commands:
        with pytest.raises(RemoteError, match="fell off") as caught:
            await command()
        outcomes.append(caught.value)
    for error in outcomes:
        assert isinstance(error, RemoteError)
        assert (str(error), error.remote_type) == ("ValueError: fell off", "ValueError")
        assert error.remote_traceback == "Traceback"
    assert len(script.received) == sent, "nobody needs to ask the worker again"
    assert (await game.stop()).state == "failed"
    worker.destroy()


@on_virtual_time
async def test_a_game_that_fails_without_a_word_fails_all_the_same() -> None:
    worker, script, game = await begun()
    script.tell(game.id, 2, "failed")
    with pytest.raises(RemoteError, match="the environment failed"):
        await game.finished()
    worker.destroy()


@on_virtual_time
async def test_a_command_to_a_game_whose_worker_is_gone_says_so() -> None:
    worker, _, game = await begun()
    restarting = asyncio.create_task(worker.restart())
    await turns()
    for command in (game.pause, game.finished):
        with pytest.raises(WorkerCrashedError, match="restarted"):
            await command()
    worker.destroy()
    await asyncio.gather(restarting, return_exceptions=True)


@on_virtual_time
async def test_a_cancelled_play_leaves_no_game_without_a_handle() -> None:
    worker, script = scripted()
    playing = asyncio.create_task(worker.play())
    await turns()
    id = script.received[-1]["id"]
    playing.cancel()
    await turns()
    assert script.payloads[-1] == ("control", {"command": "stop", "game": id})
    assert worker._link.games == {}
    with pytest.raises(asyncio.CancelledError):
        await playing
    worker.destroy()


@on_virtual_time
async def test_a_play_that_is_cancelled_by_destroy_sends_nothing_more() -> None:
    worker, script = scripted()
    playing = asyncio.create_task(worker.play())
    await turns()
    sent = len(script.received)
    assert worker.silence == 0.0, "nobody has looked yet"
    worker.destroy()
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    assert playing.cancelled()
    assert len(script.received) == sent


@on_virtual_time
async def test_a_game_that_hangs_says_so() -> None:
    worker, script, game = await begun()
    finishing = asyncio.create_task(game.finished())
    pending = asyncio.create_task(worker.request("echo", timeout=None))
    await turns()
    script.answer(None)
    await pending
    loop = asyncio.get_running_loop()
    script.tell(game.id, 2, fps=0.5)
    start = loop.time()
    with pytest.raises(RequestTimeoutError, match=r"the game has said nothing for 32\.\d s$"):
        await finishing
    assert 32 <= loop.time() - start < 32.2, "the timeout, and the time between two steps"
    assert (worker.state, game.over, worker._link.games) == ("stalled", True, {})
    with pytest.raises(RequestTimeoutError):
        await game.pause()
    worker.destroy()


@pytest.mark.parametrize("message", ["playState", "transitions", "episode"])
@on_virtual_time
async def test_whatever_a_game_says_breaks_its_silence(message: str) -> None:
    worker, script, game = await begun(timeout=10)
    for number in range(2, 12):
        await asyncio.sleep(8)
        assert worker.silence == pytest.approx(8, abs=0.15)
        fields = {"transitions": []} if message == "transitions" else script.state(number)
        script.say(message, game=game.id, **fields)
    assert worker.state == "ready"
    await asyncio.sleep(10.4)
    assert worker.state == "stalled"
    worker.destroy()


@pytest.mark.parametrize("state", ["waiting", "paused"])
@on_virtual_time
async def test_a_game_that_does_not_run_may_be_silent(state: str) -> None:
    worker, _, game = await begun(state)
    await asyncio.sleep(600)
    assert (worker.state, worker.silence, game.over) == ("ready", 0.0, False)
    worker.destroy()


@on_virtual_time
async def test_a_game_without_a_timeout_may_be_silent_for_ever() -> None:
    worker, _, game = await begun(timeout=None)
    await asyncio.sleep(600)
    assert (worker.state, game.over) == ("ready", False)
    assert worker.silence == pytest.approx(600, abs=0.2)
    worker.destroy()


@on_virtual_time
async def test_a_game_is_silent_while_the_worker_does_what_may_take_for_ever() -> None:
    worker, script, game = await begun()
    installing = asyncio.create_task(worker.install_packages(["slow"]))
    await asyncio.sleep(600)
    assert (worker.state, game.over) == ("ready", False)
    script.tell(game.id, 2)
    script.say("installed", id=script.received[-1]["id"], packages={})
    await installing
    await asyncio.sleep(29)
    assert worker.state == "ready"
    worker.destroy()


@on_virtual_time
async def test_a_key_that_has_no_answer_is_the_same_hang_and_does_not_delay_it() -> None:
    worker, _, game = await begun(timeout=10)
    await asyncio.sleep(8)
    game.press("a")
    assert worker.silence == pytest.approx(8, abs=0.15)
    await asyncio.sleep(2.4)
    assert worker.state == "stalled"
    with pytest.raises(RequestTimeoutError):
        await game.finished()
    worker.destroy()


@on_virtual_time
async def test_a_game_that_was_given_up_is_stopped_when_the_worker_goes_on() -> None:
    worker, script, game = await begun(timeout=10)
    await asyncio.sleep(11)
    assert worker.state == "stalled"
    dropped = worker.dropped
    script.tell(game.id, 2)
    assert (worker.state, worker.dropped) == ("ready", dropped + 1)
    assert script.payloads[-1] == ("control", {"command": "stop", "game": game.id})
    script.answer(script.state(3, "ended"))
    assert worker.pending == 0
    script.say("log", level="info", stream="stdout", text="on")
    assert script.payloads[-1][1]["game"] == game.id
    assert len(script.received) == 2, "once"
    with pytest.raises(RequestTimeoutError):
        await game.finished()
    worker.destroy()


@on_virtual_time
async def test_play_sends_the_settings_that_are_given() -> None:
    given: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"paused": True, "record": False}, {"paused": True, "record": False}),
        ({"rest": True}, {"rest": True}),
        ({"keys_to_action": {"a": 0}, "noop": 0}, {"actionMapping": {"a": 0}, "defaultAction": 0}),
        ({"action_mapping": "policy"}, {"actionMapping": "policy"}),
        (
            {
                "fps": 20, "default_action": 1, "input_mode": "pressed_keys",
                "wait_on_player": False, "num_episodes": 2, "max_steps": 0, "seed": np.int64(5),
                "options": {}, "agents": {1: {}}, "on_step": print,
            },
            {
                "fps": 20, "defaultAction": 1, "inputMode": "pressed_keys",
                "waitOnPlayer": False, "numEpisodes": 2, "maxSteps": 0, "seed": 5,
                "options": {}, "agents": {1: {}}, "steps": True,
            },
        ),
    ]  # fmt: skip
    for settings, payload in given:
        worker, script = scripted()
        playing = asyncio.create_task(worker.play(**settings))
        await turns()
        assert script.payloads[-1] == ("play", dict(payload, checkpoint=1.0))
        script.play(1, "paused")
        await playing
        worker.destroy()
    assert type(script.payloads[-1][1]["seed"]) is int


@on_virtual_time
async def test_recordings_are_written_in_the_worker_without_being_read() -> None:
    worker, script = scripted()
    episodes: list[Any] = []
    playing = asyncio.create_task(worker.play(on_episode=episodes.append))
    await turns()
    script.play()
    game = await playing
    data = np.frombuffer(b'{"steps": 1}', np.uint8)
    script.say("episode", game=game.id, episode=0, record=data, ended="stopped", infos={})
    task = asyncio.create_task(
        worker.write_recording([episodes[0], "{}"], "csv", environment="Pond", code=game.code)
    )
    await turns()
    type, payload = script.payloads[-1]
    assert (type, payload["format"]) == ("writeRecording", "csv")
    assert payload["records"][0].tobytes() == data.tobytes()
    assert payload["records"][1] == "{}"
    assert worker.version is not None
    about = {"environment": "Pond", "versions": worker.version.fields, "code": "c0de"}
    assert payload["about"] == about
    script.answer(np.frombuffer(b"file", np.uint8))
    assert (await task).tobytes() == b"file"
    replaying = asyncio.create_task(worker.replay(episodes))
    await turns()
    assert script.payloads[-1][1]["episodes"][0].tobytes() == data.tobytes()
    script.answer({"episodes": 1, "steps": 1, "difference": None, "sameCode": True, "hint": None})
    file = asyncio.create_task(worker.replay(Array.from_buffer(b"file", "uint8", (4,))))
    await turns()
    assert script.payloads[-1][1]["recording"].tobytes() == b"file"
    script.answer({"episodes": 1, "steps": 1, "difference": None, "sameCode": True, "hint": None})
    await file
    earlier = asyncio.create_task(worker.write_recording([], versions={"python": "2"}))
    await turns()
    assert script.payloads[-1][1]["about"] == {
        "environment": "", "versions": {"python": "2"}, "code": ""
    }  # fmt: skip
    assert script.payloads[-1][1]["format"] == "jsonl"
    script.answer("file")
    assert await earlier == "file"
    assert pickle.loads(pickle.dumps(await replaying)).steps == 1
    worker.destroy()


@on_virtual_time
async def test_what_a_game_tells_of_an_episode(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, script, game = await begun(on_episode=episodes.append)
    about: Any = {"episode": 0, "ended": "error", "infos": {"a": 1}}
    script.say("episode", game=game.id, **about, error=ERROR, recordProblem="p")
    (episode,) = episodes
    assert (episode.ended, episode.infos, episode.record, episode.record_problem) == (
        "error", {"a": 1}, None, "p",
    )  # fmt: skip
    assert str(episode.error) == "ValueError: fell off"
    worker.destroy()


@on_virtual_time
async def test_games_of_an_earlier_worker_are_not_stopped_in_a_later_one(lab: Lab) -> None:
    made: list[Scripted] = []

    def connect(on_message: Any, on_failure: Any) -> Scripted:
        made.append(Scripted(on_message, on_failure))
        return made[-1]

    worker = PyodideWorker(connect=connect, timeout=10)
    made[0].ready()
    playing = asyncio.create_task(worker.play())
    await turns()
    made[0].play()
    await playing
    await asyncio.sleep(11)
    assert worker.state == "stalled"
    restarting = asyncio.create_task(worker.restart())
    await turns()
    made[1].ready()
    made[1].say("ready", id=made[1].received[0]["id"], version=VERSION)
    await restarting
    with pytest.raises(RequestTimeoutError):
        await worker.request("echo")
    made[1].say("log", level="info", stream="stdout", text="on")
    assert worker.state == "ready"
    assert [type for type, _ in made[1].payloads] == ["init", "echo"]
    worker.destroy()
