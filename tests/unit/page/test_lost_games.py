"""A game that cannot outlast its worker, or not yet, and how that is told."""

import asyncio

import pytest
from gymworker.errors import RemoteError, RequestTimeoutError, WorkerCrashedError
from gymworker.page.checkpoint import Checkpoint

from tests.loopback import Lab, on_virtual_time
from tests.unit.page.walking import WALK, Page


@on_virtual_time
async def test_a_game_that_kills_its_worker_again_is_not_tried_for_ever(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.wire.crash("first")
    await asyncio.sleep(1)
    place = game.restored_at
    await game.resume()
    await asyncio.sleep(0.3)
    lab.wire.crash("second")
    with pytest.raises(WorkerCrashedError, match=f"restored at step {place}, and again .*second"):
        await game.finished()
    await asyncio.sleep(1)
    assert (len(lab.wires), page.worker.state) == (3, "ready")
    assert lab.wire.types() == ["init", "initEnv"]
    other = await page.worker.play()
    assert not other.over
    page.worker.destroy()


@on_virtual_time
async def test_a_game_that_got_on_since_is_restored_again_and_one_may_insist(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    places = []
    for _ in range(5):
        await asyncio.sleep(1.5)
        lab.wire.crash()
        await asyncio.sleep(1)
        places.append(game.restored_at)
        await game.resume()
    assert places == sorted(set(places), key=lambda place: place or 0)
    await page.worker.restart()
    await page.worker.restart()
    assert game.restored_at == places[-1]
    await page.end(game)


@on_virtual_time
async def test_a_restart_that_fails_loses_the_game_until_one_succeeds(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.browser.boot_packages = ["nowhere"]
    lab.wire.crash()
    with pytest.raises(Exception, match="nowhere"):
        await game.finished()
    lab.browser.boot_packages = []
    await page.worker.restart()
    assert not game.over and (game.restored_at or 0) > 50
    await page.end(game)


@on_virtual_time
async def test_a_worker_that_dies_while_the_game_is_restored_is_told(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.browser.hold_boot()
    lab.wire.crash()
    await asyncio.sleep(1)
    lab.browser.boot_packages = []
    lab.wire._on_failure(WorkerCrashedError("the worker died: early"))
    with pytest.raises(Exception, match="early"):
        await game.finished()
    assert page.said[-1].message.startswith("The worker could not be restarted")
    page.worker.destroy()


@on_virtual_time
async def test_a_state_that_does_not_fit_any_more_leaves_a_worker_without_a_game(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2.5)
    environments = page.worker._setup._environments
    name, payload, timeout = environments[0]
    environments[0] = (name, dict(payload, envCode=WALK + "\n# another version"), timeout)
    await page.worker.restart()
    with pytest.raises(RemoteError, match="other code of the environment"):
        await game.finished()
    assert "the game is lost" in page.said[-1].message
    assert (page.worker.state, page.worker._link.games) == ("ready", {})
    assert (await page.worker.reset(seed=1)).obs == 0.0
    page.worker.destroy()


@on_virtual_time
async def test_a_state_without_a_game_is_none_to_play_on_from(lab: Lab) -> None:
    page = Page(lab)
    await page.worker.init_env(WALK)
    await page.worker.reset(seed=1)
    state = await page.worker.get_state()
    with pytest.raises(RemoteError, match="no game in it"):
        await page.worker.play(restore=Checkpoint(state.fields))
    with pytest.raises(RemoteError, match="expected checkpoint to be seconds"):
        await page.worker.play(checkpoint=-1)
    page.worker.destroy()


LOCKED = WALK.replace("memory.clear()", "self.file = LOCK")
LOCKED = LOCKED.replace("memory = []", "import threading\nLOCK = threading.Lock()\nmemory = []")


@on_virtual_time
async def test_a_game_that_cannot_be_saved_says_so_once_and_goes_on(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(LOCKED)
    await asyncio.sleep(5)
    assert game.state is not None and game.state.step > 200
    assert game.checkpoint is None
    assert "env.file" in (game.checkpoint_problem or "")
    await page.worker.restart()
    with pytest.raises(WorkerCrashedError):
        await game.finished()
    page.worker.destroy()


@on_virtual_time
async def test_a_recording_that_is_watched_is_lost_with_its_worker(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(1)
    await game.stop()
    watched = await page.worker.play(recording=[page.episodes[0]])
    await asyncio.sleep(0.5)
    lab.wire.crash()
    with pytest.raises(WorkerCrashedError):
        await watched.finished()
    await page.worker.restart()
    assert watched.over
    page.worker.destroy()


@on_virtual_time
async def test_a_late_answer_of_the_old_worker_leaves_the_game_lost(lab: Lab) -> None:
    page = Page(lab, timeout=2)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.wire.closed = True  # what it says is not heard
    with pytest.raises(RequestTimeoutError):
        await game.finished()
    lab.wire.closed = False
    await asyncio.sleep(1)
    assert page.worker.state == "ready"
    await page.worker.restart()
    assert game.over, "it was stopped in the worker that answered"
    page.worker.destroy()


@on_virtual_time
async def test_a_game_waits_for_a_worker_that_can_be_started(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2.5)
    connect = page.worker._link._connect

    def broken(on_message: object, on_failure: object) -> object:
        raise ValueError("no such worker")

    page.worker._link._connect = broken  # type: ignore[assignment]
    for _ in range(2):
        with pytest.raises(ValueError, match="no such worker"):
            await page.worker.restart()
        with pytest.raises(Exception, match="no such worker"):
            await game.finished()
    page.worker._link._connect = connect
    await page.worker.restart()
    assert not game.over and (game.restored_at or 0) > 50
    await page.end(game)
