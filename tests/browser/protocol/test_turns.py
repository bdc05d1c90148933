"""Connect four as PettingZoo has it: a person at the keyboard, a policy, the stand-in's picture."""

from typing import Any

import numpy as np
import pygame as real
import pytest
from pettingzoo.classic.connect_four import connect_four

from tests.browser.protocol.lab import Lab
from tests.browser.protocol.test_stock import Picture, wait
from tests.unit.worker.standin.test_environments import drawn_with

EXACTLY = {"most": 0, "pixels": 0.0}

FOUR = """
from pettingzoo.classic import connect_four_v3

env = connect_four_v3.env(render_mode="rgb_array")
play = {
    "agents": {"player_0": {str(column + 1): column for column in range(7)}},
    "labels": {column: f"Column {column + 1}" for column in range(7)},
}


def policy(obs):
    return max(column for column in range(7) if obs["action_mask"][column])  # the rightmost
"""

BEGIN = """
    global worker, game, episodes
    worker = make(timeout=60)
    canvas = js.document.createElement("canvas")
    js.document.body.append(canvas)
    await worker.attach_canvas(canvas)
    env = await worker.init_env(FOUR)
    episodes = []
    game = await worker.play(fps=20, seed=5, num_episodes=1, on_episode=episodes.append)
    for event, meant in (("keydown", game.press), ("keyup", game.release)):
        proxy = ffi.create_proxy(lambda happened, meant=meant: meant(happened.key))
        js.document.addEventListener(event, proxy)
    return [env.kind, env.agents, game.state.state, game.state.agent]
"""

UNTIL = """
    for _ in range(600):
        state = game.state
        if CONDITION:
            break
        await asyncio.sleep(0.05)
    refused = state.refused
    return [state.step, state.state, state.agent, refused and [refused.keys, refused.label]]
"""


def until(lab: Lab, condition: str) -> Any:
    """Waits until something holds of the game's `state`; what the page then knows."""
    return lab.run(UNTIL.replace("CONDITION", condition))


def drawn(moves: list[int]) -> Picture:
    """Real pygame's frame after these moves, `(H, W, 3)`."""
    with drawn_with(real):
        env = connect_four.env(render_mode="rgb_array")
        env.reset(seed=5)
        for move in moves:
            env.step(move)
        frame: Any = env.render()
        env.close()
    return frame.astype(np.int16)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def four(lab: Lab) -> Lab:
    """The lab with a game that has begun."""
    begun = lab.run(BEGIN.replace("FOUR", repr(FOUR)))
    assert begun == ["aec", ["player_0", "player_1"], "waiting", "player_0"]
    return lab


def test_connect_four_is_played_by_keyboard_recorded_and_replayed(four: Lab) -> None:
    page, moves = four.page, list[int]()
    wait(page, drawn(moves), EXACTLY)
    for turn in range(3):
        page.keyboard.press("7")
        moves += [6, 6]
        found = until(four, f"state.step == {2 * turn + 2}")
        assert found == [len(moves), "waiting", "player_0", None]
        wait(page, drawn(moves), EXACTLY)
    page.keyboard.press("7")  # the column is full
    found = until(four, "state.refused is not None")
    assert found == [6, "waiting", "player_0", [["7"], "Column 7"]]
    for turn in range(4):
        page.keyboard.press("1")
        moves += [0, 5]
        until(four, f"state.step >= {8 + 2 * turn} or game.over")
    moves.pop()  # the last of the person's wins
    wait(page, drawn(moves), EXACTLY)
    result = four.run("""
        last = await game.finished()
        record = episodes[0].record
        replayed = await worker.replay([record])
        changed = json.loads(record)
        changed["actions"][2] = {"player_0": 3}
        different = await worker.replay([changed])
        found = json.loads(record)
        return {
            "returns": last.returns,
            "actions": found["actions"],
            "players": found["players"],
            "refused": [event[1:] for event in found["events"] if event[1] == "refused"],
            "replayed": [replayed.steps, replayed.difference],
            "different": different.difference.step,
        }
    """)
    assert result["returns"] == {"player_0": 1, "player_1": -1}
    turns = zip(["player_0", "player_1"] * 7, moves, strict=False)
    assert result["actions"] == [{agent: move} for agent, move in turns]
    assert result["players"] == {"player_0": "human", "player_1": "policy"}
    assert result["refused"] == [["refused", "7"]]
    assert result["replayed"] == [13, None]
    assert result["different"] == 3
    state = four.run("""
        global game
        game = await worker.play(recording=[episodes[0]], paused=True)
        state = await game.seek(13)
        return [state.step, state.returns, state.replay.difference]
    """)
    assert state == [13, {"player_0": 1, "player_1": -1}, None]
    wait(page, drawn(moves), EXACTLY)


def test_turns_from_the_page(four: Lab) -> None:
    found = four.run("""
        result = await worker.reset(seed=1)
        before = result.agent
        result = await worker.step(3)
        row = [before, result.agent, sorted(result.rewards)]
        mask = result.obs["player_1"]["action_mask"]
        row.append([int(mask[column]) for column in range(7)])
        while result.agent is not None:
            result = await worker.step(await worker.sample(), render=False)
        return row + [sorted(result.terminateds.values())]
    """)
    assert found == [
        "player_0",
        "player_1",
        ["player_0", "player_1"],
        [1] * 7,
        [True, True],
    ]


def test_several_environments_in_one_worker(four: Lab) -> None:
    found = four.run("""
        await worker.init_env(COUNTER, env="counter")
        await worker.init_env(
            "import gymnasium\\nenv = gymnasium.make_vec('CartPole-v1', num_envs=3)", env="vector"
        )
        names = sorted(worker.envs)
        await worker.reset(seed=1, render=False)
        await worker.reset(seed=2, env="counter")
        turn = (await worker.step(3, render=False)).agent
        counted = (await worker.step("x", env="counter")).obs
        await worker.reset(seed=3, env="vector")
        steps = [{"op": "step", "params": {"actions": [0, 1, 1]}} for _ in range(4)]
        results = await worker.batch(steps, env="vector")
        sampled = await worker.sample(env="vector")
        return [names, worker.env.kind, turn, counted, results[3].obs.shape, sampled.shape,
                await outcome(worker.play(env="vector")), await outcome(worker.step(1, env="no"))]
    """)
    *values, play, unknown = found
    assert values == [["counter", "env", "vector"], "aec", "player_1", [1, "x"], [3, 4], [3]]
    assert "play wants one environment" in play[1]
    assert "no environment 'no'; there is 'env', 'counter', 'vector'" in unknown[1]
