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
        "controls": game.controls,
        "last": last.fields,
        "states": [state.fields for state in states],
        "actions": [int(step.action) for step in steps],
        "steps": [step.step for step in steps],
        "episode": [episodes[0].steps, episodes[0].seconds, episodes[0].seed],
        "replayed": replayed,
        "different": different,
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
    assert played["replayed"] == {"episodes": 1, "steps": steps, "difference": None}
    assert played["different"]["difference"] == {
        "episode": 0, "step": 8, "field": "reward", "expected": 0.25, "got": 1.0
    }  # fmt: skip


def test_pause_step_and_another_game_after_an_environment_that_raised(
    lab: Lab, played: dict[str, Any]
) -> None:
    broken = "def step(action):\n    raise RuntimeError('it fell')\n\nenv.unwrapped.step = step\n"
    result = lab.run(f"""
        game = await worker.play(fps=30, seed=1)
        paused = await game.pause()
        game.press("ArrowRight")
        stepped = await game.step()
        refused = await outcome(game.resume())
        running = await outcome(worker.step(0))
        await game.stop()
        free = (await worker.reset(seed=1)).obs is not None
        await worker.init_env({CARTPOLE + broken!r}, file_name="envs/broken.py")
        game = await worker.play()
        failed = await outcome(game.finished())
        return paused.state, stepped.step - paused.step, running, free, failed, worker.pending
    """)
    assert result == [
        "paused",
        1,
        ["RemoteError", "ProtocolError: a game is running: pause or stop it first"],
        True,
        ["RemoteError", "RuntimeError: it fell"],
        0,
    ]


def test_a_worker_that_is_destroyed_ends_its_game(lab: Lab, played: dict[str, Any]) -> None:
    assert lab.run(f"""
        await worker.init_env({CARTPOLE!r})
        game = await worker.play()
        task = asyncio.create_task(outcome(game.finished()))
        await asyncio.sleep(0)
        worker.destroy()
        return await task, game.over
    """) == [["WorkerClosedError", "the worker was destroyed before it answered"], True]
