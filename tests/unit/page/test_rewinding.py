"""A game goes back and is corrected, from the page to the worker and back."""

from typing import Any

import pytest
from gymworker.errors import MisuseError, RemoteError

from gymserver.site import ROOT
from tests.loopback import Lab, on_virtual_time

DUET = (ROOT / "web" / "envs" / "duet.py").read_text("utf-8")


async def playing(lab: Lab, **options: Any) -> tuple[Any, Any]:
    worker = lab.worker()
    await worker.init_env(DUET)
    await worker.seed_rng(1)
    return worker, await worker.play(seed=4, paused=True, **options)


@on_virtual_time
async def test_a_game_is_rewound_and_goes_on(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, game = await playing(lab, keep=True, on_episode=episodes.append)
    assert (game.state.kept, game.state.ahead, game.state.hash) == (0, 0, None)
    hashes = [await worker.compute_hash()]
    for _ in range(6):
        await game.step()
        hashes.append(await worker.compute_hash())
    state = await game.rewind(2)
    assert (state.step, state.state, state.kept, state.ahead) == (2, "paused", 0, 4)
    assert await worker.compute_hash() == hashes[2]
    assert (await game.rewind(6)).ahead == 0
    assert await worker.compute_hash() == hashes[6]
    with pytest.raises(RemoteError, match="a step from 0 to 6"):
        await game.rewind(7)
    with pytest.raises(MisuseError, match="expected step to be a whole number"):
        await game.rewind(1.5)
    await game.rewind(3)
    await game.step()
    await game.stop()
    assert [episode.steps for episode in episodes] == [4]
    assert (await worker.replay(episodes)).difference is None
    worker.destroy()


@on_virtual_time
async def test_a_game_is_corrected_in_one_round_trip(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, game = await playing(lab, keep=True, on_episode=episodes.append)
    for _ in range(6):
        await game.step()
    sent = len(lab.wires[0].received)
    state = await game.correct([(2, {"teal": 1}), (3, {"teal": 3})])
    assert len(lab.wires[0].received) == sent + 1
    assert (state.step, state.state, state.confirmed) == (6, "paused", 3)
    assert len(state.hash) == 32
    await game.rewind(3)
    assert await worker.compute_hash() == state.hash
    await game.rewind(6)
    last = await game.correct(6, {"teal": 2}, episode=0)
    assert (last.confirmed, last.hash) == (6, await worker.compute_hash())
    with pytest.raises(RemoteError, match="expected the present episode, 0, got 1"):
        await game.correct(6, {"teal": 2}, episode=1)
    with pytest.raises(
        RemoteError, match=r"the correction of step 1 to give an action of Discrete"
    ):
        await game.correct(1, {"teal": 9})
    await game.stop()
    record = episodes[0]
    assert (await worker.replay([record])).difference is None
    worker.destroy()


@on_virtual_time
async def test_a_sync_test_ends_the_game_at_the_first_difference(lab: Lab) -> None:
    worker = lab.worker()
    code = (
        DUET
        + "\nimport time\nstep = Duet.step\n"
        + (
            "def timed(self, actions):\n"
            "    self.moment = [0, time.perf_counter()]\n"
            "    return step(self, actions)\n"
            "Duet.step = timed\n"
        )
    )
    await worker.init_env(code)
    game = await worker.play(seed=4, sync_test=3)
    with pytest.raises(RemoteError, match=r"env\.moment\[1\]: \d.* then \d") as problem:
        await game.finished()
    assert problem.value.remote_type == "NondeterminismError"
    worker.destroy()
