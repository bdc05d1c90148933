"""How a game of the page ends otherwise: wrong settings, errors, another game, no worker."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import MisuseError, RemoteError, WorkerClosedError, WorkerCrashedError

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.playing import GAME, playing


@on_virtual_time
async def test_an_environment_that_raises_ends_the_game_and_the_worker_goes_on(lab: Lab) -> None:
    worker, game = await playing(lab)
    waiting = [asyncio.create_task(game.finished()) for _ in range(2)]
    game.press("f")
    for task in waiting:
        with pytest.raises(RemoteError, match="the cart fell off") as caught:
            await task
        assert caught.value.remote_type == "RuntimeError"
        assert 'RuntimeError("the cart fell off")' in caught.value.remote_traceback
    assert game.state is not None
    assert game.state.state == "failed"
    assert (await worker.reset(seed=1)).obs == [1, 0]
    worker.destroy()


@on_virtual_time
async def test_a_new_environment_and_a_new_game_end_the_old_one(lab: Lab) -> None:
    worker, first = await playing(lab)
    second = await worker.play(fps=5)
    assert (await first.finished()).state == "ended"
    assert (await first.stop()).state == "ended"
    assert not second.over
    with pytest.raises(RemoteError, match="no such game any more"):
        await first.pause()
    await worker.init_env(GAME)
    assert (await second.finished()).state == "ended"
    worker.destroy()


@on_virtual_time
async def test_messages_of_an_unknown_game_are_dropped(lab: Lab) -> None:
    states: list[Any] = []
    worker, game = await playing(lab, on_state=states.append)
    await game.pause()
    count = len(states)
    for kind in ("playState", "transitions", "episode"):
        lab.wire.reply(type=kind, game=9999, state="failed", transitions=[])
        lab.wire.reply(type=kind)
    await turns()
    assert (len(states), worker.dropped) == (count, 6)
    worker.destroy()


@pytest.mark.parametrize("end", ["destroy", "restart", "crash"])
@on_virtual_time
async def test_a_worker_that_is_gone_ends_the_game(lab: Lab, end: str) -> None:
    worker, game = await playing(lab, checkpoint=None)
    waiting = asyncio.create_task(game.finished())
    await turns()
    if end == "crash":
        lab.wire.crash()
    elif end == "restart":
        await worker.restart()
    else:
        worker.destroy()
    with pytest.raises(WorkerClosedError if end == "destroy" else WorkerCrashedError):
        await waiting
    assert game.over
    game.press("a")  # nobody hears it, and nothing happens
    game.release_all()
    worker.destroy()


@on_virtual_time
async def test_a_callback_that_raises_is_reported_and_stops_nothing(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(argument: object) -> None:
        raise ZeroDivisionError("the page's own mistake")

    worker, game = await playing(
        lab, num_episodes=1, on_step=broken, on_episode=broken, on_state=broken
    )
    assert (await game.finished()).state == "ended"
    assert capsys.readouterr().out.count("the page's own mistake") > 30
    worker.destroy()


@on_virtual_time
async def test_a_wrong_setting_is_an_error_and_leaves_nothing_behind(lab: Lab) -> None:
    worker = lab.worker()
    with pytest.raises(RemoteError, match="there is no environment yet"):
        await worker.play()
    await worker.init_env(GAME)
    with pytest.raises(TypeError, match="speed"):
        await worker.play(speed=3)  # type: ignore[call-arg]
    with pytest.raises(RemoteError, match="play has no setting 'speed'"):
        await worker.request("play", {"speed": 3})
    with pytest.raises(MisuseError, match="one of action_mapping and keys_to_action, got both"):
        await worker.play(action_mapping={"a": 1}, keys_to_action={"b": 1})
    with pytest.raises(MisuseError, match="seed to be a whole number, got 1.5"):
        await worker.play(seed=1.5)  # type: ignore[arg-type]
    with pytest.raises(RemoteError, match="KeyError"):
        await worker.init_env(GAME.replace("self.n = 0\n", 'raise KeyError("no")\n'))
        await worker.play()
    assert worker._link.games == {}
    assert worker.pending == 0
    for payload, words in (
        ({"command": "fly"}, "no such game any more"),
        ({"command": 3}, "'command' to be str"),
    ):
        with pytest.raises(RemoteError, match=words):
            await worker.request("control", payload)
    with pytest.raises(RemoteError, match="'key' and 'down', with 'pressed': list, or with 'mark'"):
        await worker.request("keys", {})
    assert await worker.request("keys", {"key": "a", "down": True}) == {"ok": True}
    worker.destroy()


@on_virtual_time
async def test_unknown_commands_name_the_known_ones(lab: Lab) -> None:
    worker, _ = await playing(lab)
    for payload in ({"command": "fly"}, {}):
        with pytest.raises(RemoteError, match="a command of pause, resume, step, stop, reset"):
            await worker.request("control", payload)
    with pytest.raises(RemoteError, match="fps to be more than 0"):
        await worker.request("control", {"fps": -1})
    worker.destroy()


@on_virtual_time
async def test_a_broken_recording_names_its_line(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(GAME)
    with pytest.raises(RemoteError, match="line 1: expected the columns") as caught:
        await worker.replay("hello")
    assert caught.value.remote_type == "RecordingError"
    worker.destroy()


@on_virtual_time
async def test_a_command_that_meets_an_error_of_the_environment_raises_it_as_finished_does(
    lab: Lab,
) -> None:
    worker, game = await playing(lab, fps=10, paused=True)
    game.press("f")
    for command in (game.step, game.finished, game.resume):
        with pytest.raises(RemoteError, match="the cart fell off") as caught:
            await command()
        assert caught.value.remote_type == "RuntimeError"
        assert 'RuntimeError("the cart fell off")' in caught.value.remote_traceback
    assert game.over
    worker.destroy()


@on_virtual_time
async def test_a_cancelled_play_leaves_the_worker_without_a_game(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(GAME)
    task = asyncio.create_task(worker.play())
    await asyncio.sleep(0)
    task.cancel()
    await turns()
    heard = worker.dropped
    await asyncio.sleep(10)
    assert worker.dropped == heard, "a game that nobody has tells nothing"
    assert (worker.pending, worker._link.games) == (0, {})
    worker.destroy()


@on_virtual_time
@pytest.mark.parametrize("turns_before", [0, 1, 2])
async def test_a_play_that_is_cancelled_leaves_the_game_that_runs_alone(
    lab: Lab, turns_before: int
) -> None:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)

    lab.handlers["sleep"] = sleep
    worker, game = await playing(lab, fps=10)
    await asyncio.sleep(1)
    busy = asyncio.create_task(worker.request("sleep", 1))  # the worker cannot begin it yet
    task = asyncio.create_task(worker.play(fps=20))
    for _ in range(turns_before):
        await asyncio.sleep(0)
    task.cancel()
    await busy
    assert game.state is not None
    before = game.state.step
    await asyncio.sleep(2)
    assert not game.over
    assert game.state.step != before
    assert list(worker._link.games) == [game.id]
    worker.destroy()


@on_virtual_time
async def test_the_check_of_a_game_does_not_begin_one(lab: Lab) -> None:
    worker, game = await playing(lab, fps=10)
    reply = await worker.request("play", {"check": True, "fps": 20})
    assert (reply["fps"], "state" in reply) == (20, False)
    with pytest.raises(RemoteError, match="fps"):
        await worker.request("play", {"check": True, "fps": -1})
    assert not game.over
    worker.destroy()
