"""A game between the page and the worker: its handle, its keys, its callbacks."""

import asyncio
import json
import time
from itertools import groupby
from typing import Any

import pytest
from gymworker.errors import RemoteError

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.playing import playing


@on_virtual_time
async def test_a_game_from_its_start_to_its_end(lab: Lab) -> None:
    states: list[Any] = []
    steps: list[Any] = []
    episodes: list[Any] = []
    worker, game = await playing(
        lab,
        fps=60,
        num_episodes=2,
        seed=8,
        on_state=states.append,
        on_step=steps.append,
        on_episode=episodes.append,
    )
    assert game.state is not None
    assert (game.state.state, game.state.episode, game.state.seed) == ("running", 0, 8)
    left = next(control for control in game.controls if control.keys == ["ArrowLeft"])
    assert (left.action, left.agent) == (0, None)
    assert (game.agents, len(game.code)) == ([], 64)
    game.press("ArrowLeft")
    last = await game.finished()
    assert (last.state, game.state.state, game.over) == ("ended", "ended", True)
    assert last is game.state
    assert (await game.finished()).state == "ended"
    assert [step.step for step in steps] == [*range(1, 31), *range(1, 31)]
    assert steps[5].obs == steps[4].next_obs
    assert {step.action for step in steps[2:]} == {0}
    assert [(e.episode, e.seed, e.returns, e.terminated) for e in episodes] == [
        (0, 8, 30.0, True),
        (1, 9, 30.0, True),
    ]
    assert len(states) <= 14
    assert states[0].state == "running"
    result = await worker.replay([episode.record for episode in episodes])
    assert (result.episodes, result.steps, result.difference) == (2, 60, None)
    assert worker.pending == worker.dropped == 0
    assert worker._link.games == {}
    worker.destroy()


@on_virtual_time
async def test_commands_return_the_state(lab: Lab) -> None:
    worker, game = await playing(lab, fps=10)
    await asyncio.sleep(0.25)
    assert (await game.pause()).state == "paused"
    stepped = await game.step()
    assert stepped.step == 3
    assert game.state is stepped
    assert (await game.set_fps(50)).fps == 50
    assert (await game.resume()).state == "running"
    assert (await game.reset(seed=77)).seed == 77
    assert (await game.stop()).state == "ended"
    assert (await game.stop()).state == "ended"
    with pytest.raises(RemoteError, match="the game has ended"):
        await game.resume()
    worker.destroy()


@on_virtual_time
async def test_keys_go_at_once_with_their_time_and_only_when_they_change(lab: Lab) -> None:
    worker, game = await playing(lab, fps=10)
    game.press("w", 1234567890123.25)
    game.press("w")
    game.press("a")
    game.release("a")
    game.release("a")
    game.release_all()
    game.release_all()
    await turns()
    sent = [m["payload"] for m in lab.wire.received if m["type"] == "keys"]
    assert sent[0] == {"key": "w", "down": True, "time": 1234567890123.25, "game": game.id}
    assert [s.get("key", s.get("pressed")) for s in sent] == ["w", "a", "a", []]
    assert [s.get("down") for s in sent] == [True, True, False, None]
    assert sent[1]["time"] == pytest.approx(time.time() * 1000, abs=60_000)
    assert worker.pending == 0
    worker.destroy()


@on_virtual_time
async def test_a_key_is_one_key_however_it_is_spelled(lab: Lab) -> None:
    worker, game = await playing(lab, fps=10)
    for down, up in (("A", "a"), ("a", "A"), ("Space", " "), ("Esc", "Escape"), ("Ж", "ж")):
        game.press(down)
        game.press(up)
        game.release(up)
        game.release(down)
    await turns()
    sent = [m["payload"] for m in lab.wire.received if m["type"] == "keys"]
    assert [(s["key"], s["down"]) for s in sent] == [
        (key, down) for key in ("a", "a", " ", "Escape", "ж") for down in (True, False)
    ]
    worker.destroy()


@on_virtual_time
async def test_controls_have_the_labels_that_play_gave(lab: Lab) -> None:
    worker, game = await playing(lab, labels={0: "Push left"})
    assert [(c.action, c.label) for c in game.controls][:2] == [(0, "Push left"), ("fall", None)]
    worker.destroy()


AXES = """
import gymnasium
import numpy as np


class Plane:
    action_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return action, 0.0, False, False, {}


env = Plane()
play = {"action_mapping": {"ArrowLeft": [-1.0, 0.0], "ArrowUp": [0.0, 1.0]}, "pointer": "press"}
"""


@on_virtual_time
async def test_a_page_presses_keys_in_part_and_points_at_the_picture(lab: Lab) -> None:
    sent: list[Any] = []
    steps: list[Any] = []
    worker, game = await playing(lab, AXES, fps=50, on_step=steps.append)
    assert (game.pointer, game.controls[0].analog) == (True, True)
    send = worker._link.send

    def noted(type: str, payload: Any, timeout: Any) -> Any:
        sent.append({k: v for k, v in payload.items() if k not in ("time", "game")})
        return send(type, payload, timeout)

    worker._link.send = noted
    await asyncio.sleep(0.1)
    game.press("ArrowLeft", None, 0.25)
    game.press("ArrowLeft", None, 0.25)
    game.press("ArrowUp")
    await asyncio.sleep(0.3)
    game.press("ArrowLeft")
    await asyncio.sleep(0.3)
    game.release_all()
    game.point(0.75, 0.5, True)
    game.point(0.75, 0.5, True)
    await asyncio.sleep(0.3)
    game.point()
    game.point()
    await asyncio.sleep(0.3)
    assert sent == [
        {"key": "ArrowLeft", "down": True, "amount": 0.25},
        {"key": "ArrowUp", "down": True},
        {"key": "ArrowLeft", "down": True, "amount": 1.0},
        {"pressed": []},
        {"pointer": [0.75, 0.5, True]},
        {"pointer": []},
    ]
    actions = [tuple(step.action.tolist()) for step in steps]
    assert [action for action, _ in groupby(actions)] == [
        (0.0, 0.0),
        (-0.25, 1.0),
        (-1.0, 1.0),
        (0.5, 0.0),
        (0.0, 0.0),
    ]
    worker.destroy()


@on_virtual_time
async def test_a_game_that_begins_paused_is_there_and_nothing_is_stepped(lab: Lab) -> None:
    worker, game = await playing(lab, fps=10, paused=True, seed=4)
    await asyncio.sleep(5)
    assert game.state is not None
    assert (game.state.state, game.state.step, game.state.seed) == ("paused", 0, 4)
    assert (await game.step()).step == 1
    worker.destroy()


@on_virtual_time
async def test_a_recording_stays_bytes_until_it_is_looked_at_and_becomes_a_file(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, game = await playing(
        lab, fps=60, num_episodes=2, seed=8, options={"hard": True}, on_episode=episodes.append
    )
    await game.finished()
    (first, _) = episodes
    assert (first.ended, first.error, first.record_problem) == ("terminated", None, None)
    assert first.record_data.dtype == "uint8"
    assert json.loads(first.record)["steps"] == 30
    again = await worker.replay(episodes)
    assert (again.steps, again.difference, again.same_code, again.hint) == (60, None, True, None)
    file = await worker.write_recording(episodes, environment="Count", code=game.code)
    text = file.tobytes().decode()
    assert json.loads(text.split("\n")[0])["environment"] == "Count"
    assert (await worker.replay(text)).steps == 60
    table = await worker.write_recording(episodes, "csv", environment="Count")
    assert (await worker.replay(table.tobytes().decode())).episodes == 2
    worker.destroy()


@on_virtual_time
async def test_a_game_without_a_record_has_none(lab: Lab) -> None:
    episodes: list[Any] = []
    worker, game = await playing(
        lab, fps=60, num_episodes=1, record=False, on_episode=episodes.append
    )
    await game.finished()
    assert [episode.record_data for episode in episodes] == [None]
    worker.destroy()


@on_virtual_time
async def test_steps_are_told_while_somebody_follows_them(lab: Lab) -> None:
    steps: list[Any] = []
    worker, game = await playing(lab, fps=10)
    await asyncio.sleep(1)
    assert steps == []
    await game.follow_steps(steps.append)
    await asyncio.sleep(1)
    count = len(steps)
    assert 8 <= count <= 11
    await game.follow_steps()
    await asyncio.sleep(1)
    assert len(steps) <= count + 1
    worker.destroy()
