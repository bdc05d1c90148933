"""A game of CartPole in a real worker, steered by what the page says of its keys."""

from typing import Any

import pytest

from tests.browser.protocol.lab import Lab

CARTPOLE = """
import gymnasium

env = gymnasium.make("CartPole-v1", disable_env_checker=True)
env.unwrapped.theta_threshold_radians = env.unwrapped.x_threshold = 1e9  # it cannot fall
play = {"action_mapping": {"ArrowLeft": 0, "ArrowRight": 1}}
"""

QUICK = """
class Quick:
    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 0, 0.0, False, False, {}


env = Quick()


def policy(obs):
    return 0
"""

THINKING = (
    QUICK
    + """
import asyncio

asked = asyncio.Event()
Quick.render = lambda self: asked.set()


async def policy(obs, start):
    await asked.wait()  # until the page's request is answered
    return int(start)
"""
)

PLAYED = """
    global worker
    worker = make()
    await worker.init_env(CARTPOLE)
    states, steps, episodes = [], [], []

    def steer(step):
        steps.append(step)
        keys = ["ArrowLeft", "ArrowRight"]
        if step.step > 60:
            keys.reverse()
        game.press(keys[0])
        game.release(keys[1])

    global game
    game = await worker.play(
        fps=60, seed=5, num_episodes=1, max_steps=240, on_step=steer,
        on_episode=episodes.append, on_state=states.append,
    )
    last = await game.finished()
    record = episodes[0].record
    replayed = await worker.replay([record])
    changed = json.loads(record)
    changed["rewards"][7] = 0.25
    different = await worker.replay([changed])
    return {
        "controls": [control.fields for control in game.controls],
        "last": last.fields,
        "states": [state.fields for state in states],
        "actions": [int(step.action) for step in steps],
        "steps": [step.step for step in steps],
        "episode": [episodes[0].steps, episodes[0].seconds, episodes[0].seed],
        "replayed": replayed.fields,
        "different": different.fields,
        "pending": worker.pending,
    }
"""


@pytest.fixture(scope="module")
def played(lab: Lab) -> dict[str, Any]:
    """One game, its keys driven by the page as fast as transitions arrive."""
    body = PLAYED.replace("CARTPOLE", repr(CARTPOLE))
    return lab.run(body)  # type: ignore[no-any-return]


def test_a_game_runs_at_its_pace_and_ends(played: dict[str, Any]) -> None:
    assert played["last"]["state"] == "ended"
    steps, seconds, seed = played["episode"]
    assert (steps, seed) == (240, 5)
    assert seconds > 0.95 * steps / 60  # a slow machine may take longer
    states = [state["state"] for state in played["states"]]
    assert states[0] == "running"
    assert len(states) <= seconds * 10 + 3


def test_keys_of_the_page_steer_the_environment(played: dict[str, Any]) -> None:
    assert sorted(control["keys"][0] for control in played["controls"]) == [
        "ArrowLeft",
        "ArrowRight",
    ]
    assert set(played["actions"]) == {0, 1}
    assert played["steps"] == list(range(1, played["episode"][0] + 1))


def test_the_game_replays_and_a_changed_record_does_not(played: dict[str, Any]) -> None:
    steps = played["episode"][0]
    assert played["replayed"] == {
        "episodes": 1, "steps": steps, "difference": None, "sameCode": True, "hint": None
    }  # fmt: skip
    assert played["different"]["difference"] == {
        "episode": 0, "step": 8, "field": "reward", "expected": 0.25, "got": 1.0
    }  # fmt: skip


def test_pause_step_and_another_game_after_an_environment_that_raised(
    lab: Lab, played: dict[str, Any]
) -> None:
    broken = "def step(action):\n    raise RuntimeError('it fell')\n\nenv.unwrapped.step = step\n"
    result = lab.run(f"""
        game = await worker.play(fps=30, seed=1, paused=True)
        began = game.state.state, game.state.step
        game.press("ArrowRight")
        stepped = await game.step()
        await game.stop()
        await worker.init_env({CARTPOLE + broken!r}, file_name="envs/broken.py")
        game = await worker.play()
        failed = await outcome(game.finished())
        game = await worker.play(paused=True)
        command = await outcome(game.step())
        return began, stepped.step, failed, command, game.state.state, worker.pending
    """)
    error = ["RemoteError", "RuntimeError: it fell"]
    assert result == [["paused", 0], 1, error, error, "failed", 0]


def test_what_the_page_does_to_the_environment_ends_the_record(
    lab: Lab, played: dict[str, Any]
) -> None:
    ended, replayed, table, lines = lab.run(f"""
        await worker.init_env({CARTPOLE!r})
        episodes = []
        game = await worker.play(fps=100, seed=5, max_steps=50, num_episodes=3, paused=True,
                                 on_episode=episodes.append)
        for _ in range(10):
            await game.step()
        await worker.step(0)
        await game.resume()
        await game.finished()
        records = [episode.record_data for episode in episodes if episode.record_data is not None]
        table = await worker.write_recording(records, "csv", environment="CartPole")
        lines = await worker.write_recording(records)
        replays = [
            await worker.replay(records),
            await worker.replay(bytes(table.tobytes()).decode()),
        ]
        return [
            [episode.ended for episode in episodes],
            [(replay.episodes, replay.difference) for replay in replays],
            str(table.dtype),
            bytes(lines.tobytes()).decode().count("\\n"),
        ]
    """)
    assert "interfered" in ended
    assert replayed == [[lines - 1, None]] * 2
    assert table == "uint8"


def test_the_clock_does_not_wait_as_long_as_a_timer_that_browsers_stretch(
    lab: Lab, played: dict[str, Any]
) -> None:
    steps, seconds, stretched = lab.run(f"""
        await worker.init_env({QUICK!r})
        episodes = []
        game = await worker.play(fps=1000, max_steps=2000, num_episodes=1, record=False,
                                 on_episode=episodes.append)
        await game.finished()
        return episodes[0].steps, episodes[0].seconds, await worker.request("stretched", 500)
    """)
    assert steps == 2000
    assert seconds / 2000 < 0.8 * stretched / 500


def test_requests_are_answered_while_a_policy_thinks(lab: Lab, played: dict[str, Any]) -> None:
    before, actions = lab.run(f"""
        await worker.init_env({THINKING!r})
        steps = []
        game = await worker.play(fps=60, action_mapping="policy", on_step=steps.append)
        before = len(steps)
        await worker.request("render")
        while len(steps) < 2:
            await asyncio.sleep(0.05)
        await game.stop()
        return before, [int(step.action) for step in steps[:2]]
    """)
    assert before == 0
    assert actions == [1, 0]


def test_a_worker_that_is_destroyed_ends_its_game(lab: Lab, played: dict[str, Any]) -> None:
    assert lab.run(f"""
        await worker.init_env({CARTPOLE!r})
        game = await worker.play()
        task = asyncio.create_task(outcome(game.finished()))
        await asyncio.sleep(0)
        worker.destroy()
        return await task, game.over
    """) == [["WorkerClosedError", "the worker was destroyed before it answered"], True]
