"""A game outlasts its worker: a new one goes on from its last checkpoint."""

import asyncio

import pytest
from gymworker.errors import RemoteError, WorkerCrashedError
from gymworker.page.checkpoint import MOST_IDLE, Checkpoint

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.walking import WALK, Page, actions, undisturbed


@pytest.mark.parametrize("how", ["restart", "crash", "hang"])
@on_virtual_time
async def test_the_same_game_goes_on_in_a_new_worker(lab: Lab, how: str) -> None:
    page = Page(lab, auto_restart=how != "restart", timeout=5)
    game = await page.play()
    finishing = asyncio.create_task(game.finished())
    game.press("d")
    await asyncio.sleep(3.5)
    first, seen = game.id, game.state
    assert seen is not None and seen.step > 150
    if how == "restart":
        await page.worker.restart()
    elif how == "crash":
        lab.wire.crash()
    else:
        lab.wire.deaf = True
        lab.wire.closed = True  # it says nothing any more
        await asyncio.sleep(7)
        lab.wires[0].closed = False
    await asyncio.sleep(2)
    assert len(lab.wires) == 2 and page.worker.state == "ready"
    state = game.state
    assert state is not None and page.states[-1] is state and game.id != first
    assert (state.state, state.episode, state.seed) == ("paused", 0, 7)
    assert 0 < state.step <= seen.step and state.step == game.restored_at
    assert game.lost_steps == seen.step - state.step <= 55
    said = f"; the game goes on at step {state.step}, {game.lost_steps} steps were lost"
    assert page.said[-1].message.endswith(said)
    assert not finishing.done() and not game.over and page.episodes == []
    await game.resume()
    await asyncio.sleep(1)
    await game.pause()
    hash = await page.end(game)
    assert (await finishing).state == "ended"
    record = page.record
    assert record["steps"] > state.step + 40
    assert [event[1:] for event in record["events"] if event[1] == "restored"] == [
        ["restored", state.step]
    ]
    assert actions(record)[-1] == 2, "the key is still held"
    assert hash == await undisturbed(lab, actions(record))


@on_virtual_time
async def test_without_auto_restart_the_loss_is_told_and_a_restart_brings_the_game_back(
    lab: Lab,
) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.wire.crash("out of memory")
    with pytest.raises(WorkerCrashedError, match="out of memory"):
        await game.finished()
    with pytest.raises(WorkerCrashedError, match="out of memory"):
        await game.pause()
    assert game.over
    game.press("a")
    await page.worker.restart()
    assert not game.over
    finishing = asyncio.create_task(game.finished())
    assert (await game.resume()).state == "running"
    await asyncio.sleep(1)
    assert not finishing.done()
    await page.end(game)
    assert (await finishing).state == "ended"


@on_virtual_time
async def test_a_game_that_waits_comes_back_each_time_but_not_for_ever(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    finishing = asyncio.create_task(game.finished())
    await asyncio.sleep(2.5)
    for deaths in range(MOST_IDLE):
        lab.wire.crash()
        await asyncio.sleep(5)
        assert not game.over and len(lab.wires) == 2 + deaths
        assert game.state is not None and game.state.step == game.restored_at
    lab.wire.crash("no memory")
    await asyncio.sleep(5)
    lab.wire.crash("no memory")
    with pytest.raises(WorkerCrashedError, match="was restored at step .* again .*no memory"):
        await finishing
    page.worker.destroy()


@on_virtual_time
async def test_a_game_that_does_not_come_back_by_itself_does_when_it_is_asked_for(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    game = await page.play()
    await asyncio.sleep(2.5)
    lab.wire.crash()
    await asyncio.sleep(2)
    await game.resume()
    await asyncio.sleep(0.1)
    lab.wire.crash()
    await asyncio.sleep(2)
    assert game.over and game.stuck and page.worker.state == "ready"
    await page.worker.restart()
    assert not game.over and game.state is not None
    assert (game.state.state, game.state.step) == ("paused", game.restored_at)
    await game.resume()
    await asyncio.sleep(2)
    assert not game.stuck
    lab.wire.crash()
    await asyncio.sleep(2)
    assert not game.over, "it goes on by itself again"
    page.worker.destroy()


@on_virtual_time
async def test_a_game_can_be_left_behind_or_have_no_checkpoint(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2.5)
    await page.worker.restart(revive=False)
    with pytest.raises(WorkerCrashedError, match="restarted"):
        await game.finished()
    assert lab.wire.types() == ["init", "initEnv"]
    for none in (None, 0):
        game = await page.worker.play(checkpoint=none)
        await asyncio.sleep(2.5)
        assert game.checkpoint is None
        await page.worker.restart()
        with pytest.raises(WorkerCrashedError):
            await game.finished()
    page.worker.destroy()


@on_virtual_time
async def test_what_was_told_of_episodes_is_told_once(lab: Lab) -> None:
    page = Page(lab, auto_restart=True)
    short = WALK.replace("length = 1000", "length = 20")
    game = await page.play(short, checkpoint=3, fps=20)
    for _ in range(8):
        await game.resume()
        await asyncio.sleep(4.3)
        lab.wire.crash()
        await asyncio.sleep(1)
        assert game.state is not None
        assert (game.state.state, game.state.step) == ("paused", game.restored_at)
    await game.stop()
    numbers = [episode.episode for episode in page.episodes]
    assert numbers == list(range(len(numbers))) and len(numbers) > 20
    assert [episode.seed for episode in page.episodes] == [7 + number for number in numbers]
    assert {episode.steps for episode in page.episodes[:-1]} == {20}
    page.worker.destroy()


@on_virtual_time
async def test_after_the_last_episode_was_told_there_is_no_other(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(WALK.replace("1000", "20"), checkpoint=60, num_episodes=2, rest=True)
    await asyncio.sleep(1)
    await game.reset()
    await game.resume()
    while len(page.episodes) < 2:
        await asyncio.sleep(0.001)
    game._end.settled = False  # as if the worker had died before it could say so
    page.worker._link.games[game.id] = game
    await page.worker.restart()
    assert (await game.finished()).state == "ended"
    assert len(page.episodes) == 2
    page.worker.destroy()


@on_virtual_time
async def test_an_episode_that_rests_is_there_again_with_its_end(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(WALK.replace("1000", "20"), rest=True)
    await asyncio.sleep(3)
    assert len(page.episodes) == 1
    await page.worker.restart()
    assert game.state is not None
    assert (game.state.state, game.state.episode, game.state.step) == ("paused", 0, 20)
    assert (await game.reset()).episode == 1
    await game.stop()
    assert len(page.episodes) == 1
    page.worker.destroy()


@on_virtual_time
async def test_a_new_seed_that_no_checkpoint_has_yet_counts(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(checkpoint=60)
    await asyncio.sleep(0.5)
    await game.reset(seed=100)
    await asyncio.sleep(0.5)
    await page.worker.restart()
    assert game.state is not None
    assert (game.state.episode, game.state.seed, game.state.step) == (1, 100, 0)
    assert game.lost_steps > 10
    await game.step()
    assert (await game.reset()).seed == 101
    page.worker.destroy()


@on_virtual_time
async def test_each_step_is_told_and_those_after_the_checkpoint_anew(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(steps=True)
    await asyncio.sleep(2.73)
    await page.worker.restart()
    before = len(page.steps)
    assert game.restored_at is not None
    assert [step.step for step in page.steps[: game.restored_at]] == [
        *range(1, game.restored_at + 1)
    ]
    await game.resume()
    await asyncio.sleep(0.5)
    await game.pause()
    assert page.steps[before].step == game.restored_at + 1
    assert page.steps[before].obs == page.steps[game.restored_at - 1].next_obs
    page.worker.destroy()


@on_virtual_time
async def test_a_checkpoint_is_gone_on_from_on_another_page(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2.5)
    found = game.checkpoint
    assert isinstance(found, Checkpoint)
    assert 500 < found.size < 50_000 and f"step {found.step}" in repr(found)
    page.worker.destroy()
    other = Page(lab)
    kept = Checkpoint({"state": found.data, "episode": 0, "seed": 7, "step": found.step})
    game = await other.play(restore=kept)
    assert game.state is not None
    assert (game.state.state, game.state.step, game.lost_steps) == ("paused", found.step, 0)
    assert game.restored_at == found.step and game.checkpoint is not None
    await other.worker.restart()
    assert game.state.step == found.step, "it need not be sent again"
    await game.resume()
    await asyncio.sleep(1)
    hash = await other.end(game)
    assert hash == await undisturbed(lab, actions(other.record))
    for code, data, why in (
        (WALK + "\n", found.data, "other code"),
        (WALK, b"damaged", "expected a state"),
        (WALK, 5, "expected 'state' to be the bytes"),
    ):
        page = Page(lab)
        with pytest.raises(RemoteError, match=why):
            await page.play(code, restore=Checkpoint({"state": data}))
        assert (await page.worker.play()).state is not None
        page.worker.destroy()


SLOW = (
    WALK
    + """
async def policy(obs):
    await asyncio.sleep(0.7)
    return 1
"""
)


@on_virtual_time
async def test_a_game_whose_policy_thinks_goes_on_too(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play(SLOW, action_mapping="policy")
    await asyncio.sleep(4.5)
    await page.worker.restart()
    assert game.restored_at is not None and game.restored_at >= 4
    await game.resume()
    await asyncio.sleep(3)
    await game.pause()
    hash = await page.end(game)
    assert page.record["steps"] > game.restored_at
    assert hash == await undisturbed(lab, actions(page.record), SLOW)


@on_virtual_time
async def test_a_pace_that_was_set_since_and_a_pause_are_kept(lab: Lab) -> None:
    page = Page(lab)
    game = await page.play()
    await asyncio.sleep(2)
    await game.pause()
    await game.set_fps(20)
    await asyncio.sleep(0.1)
    await page.worker.restart()
    await turns()
    assert (await game.resume()).fps == 20
    page.worker.destroy()
