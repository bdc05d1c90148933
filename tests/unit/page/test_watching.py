"""A recording that is watched, as the page holds it; and who plays."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import MisuseError, RemoteError

from tests.loopback import Lab, on_virtual_time
from tests.unit.page.playing import GAME, playing
from tests.unit.page.test_making import PAIR


@on_virtual_time
async def test_a_recording_is_watched_to_its_end_and_sought(lab: Lab) -> None:
    episodes: list[Any] = []
    states: list[Any] = []
    steps: list[Any] = []
    worker, played = await playing(lab, fps=50, num_episodes=2, seed=8, on_episode=episodes.append)
    assert played.episodes == [] and played.state is not None and played.state.replay is None
    await played.finished()
    game = await worker.play(
        recording=episodes, on_state=states.append, on_step=steps.append, paused=True
    )
    assert [(item.seed, item.steps, item.ended) for item in game.episodes] == [
        (8, 30, "terminated"),
        (9, 30, "terminated"),
    ]
    assert (game.seats, game.controls, game.state.fps) == ([], [], 50.0)
    state = await game.seek(12)
    assert (state.episode, state.step, state.state) == (0, 12, "paused")
    state = await game.seek(3, 1)
    assert (state.episode, state.step, state.seed) == (1, 3, 9)
    assert (state.replay.episodes, state.replay.steps) == (0, 15)
    await game.seek(0, 0)
    await game.resume()
    while game.state.state != "paused" or game.state.step != 30:
        await asyncio.sleep(0.1)
    result = game.state.replay
    assert (result.episodes, result.steps, result.difference) == (2, 60, None)
    assert [step.step for step in steps] == [*range(1, 31)] * 2
    assert not game.over
    assert (await game.stop()).state == "ended"


@on_virtual_time
async def test_a_place_that_is_none_is_an_error_and_the_game_goes_on(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, game = await playing(lab, num_episodes=1, on_episode=episodes.append)
    with pytest.raises(RemoteError, match="only a recording"):
        await game.seek(1)
    await game.finished()
    game = await worker.play(recording=episodes, paused=True)
    with pytest.raises(RemoteError, match="from 0 to 30, got 31"):
        await game.seek(31)
    with pytest.raises(MisuseError):
        await game.seek(1.5)
    assert (await game.step()).step == 1


@on_virtual_time
async def test_who_plays_is_asked_for_and_told(lab: Lab) -> None:
    code = GAME + "policy = lambda obs: 2\n"
    worker, game = await playing(lab, code, paused=True)
    (seat,) = game.seats
    assert (seat.agent, seat.kind, seat.choices) == (None, "human", ["human", "policy"])
    game = await worker.play(seats="policy", paused=True)
    assert (game.seats[0].kind, game.controls) == ("policy", [])
    with pytest.raises(RemoteError, match="no action_space to sample"):
        await worker.play(seats={None: "random"})


@on_virtual_time
async def test_a_game_names_its_agents(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(PAIR + "policy = lambda obs: 0\n")
    game = await worker.play(paused=True)
    assert game.agents == ["a", 1]
    assert [(seat.agent, seat.kind) for seat in game.seats] == [("a", "policy"), (1, "policy")]
