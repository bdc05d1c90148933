"""A worker that dies at random moments of a game: a new one goes on, and nothing is wrong after."""

import json
import random
from typing import Any

import pytest

from tests.browser.protocol.lab import Lab

FETCHED = "failed: .*/(runtime|snapshot|wheels|bundle|interpreter)/"
CONSOLE = ("console error", "console warning", "exception: ", FETCHED)
"""A Python that is ended complains in its own way, and does not get what it was fetching."""

KINDS = ("terminate", "exit", "loop", "memory")
MANY = 50
SEED = 13

CODE = """
import builtins
import random

import gymnasium
import numpy as np
from gymnasium.wrappers import NormalizeObservation


class Drift(gymnasium.Wrapper):
    def reset(self, *, seed=None, options=None):
        random.seed(seed)
        np.random.seed(seed)
        memory.clear()
        self.parts = [np.full(2000, n) for n in range(4)]
        return self.env.reset(seed=seed, options=options)

    def step(self, action):
        obs, reward, terminated, truncated, info = self.env.step(action)
        getattr(builtins, "fate", int)()  # the worker may end here, in the middle of a step
        memory.append((int(action), random.random(), float(np.random.normal())))
        self.parts[len(memory) // 40 & 3] = np.full(2000, len(memory))
        reward += sum(int(part[-1]) for part in self.parts)
        reward += memory[-1][1] + memory[len(memory) // 2][2]
        return obs, reward, False, False, info


memory = []
env = Drift(NormalizeObservation(gymnasium.make("CartPole-v1", disable_env_checker=True).unwrapped))
play = {"action_mapping": {"ArrowLeft": 0, "ArrowRight": 1}, "default_action": 1, "fps": 60}
"""
"""What comes of a step hangs on all generators, a wrapper, the module, and all steps before.

Of the large parts of its state one changes, which is another one after 40 steps.
"""

PLAYED = f"""
    global worker, deaths, told, game
    deaths = %r  # of which kind, and how many seconds after the game goes on
    episodes, told, places = [], [], []
    worker = make(spare=True)
    await worker.init_env({CODE!r})
    game = await worker.play(timeout=2, seed=5, checkpoint=0.1, on_episode=episodes.append)
    for number in range(len(deaths)):
        kind, seconds = deaths[number]
        (game.press if number %% 3 else game.release)("ArrowLeft")
        await asyncio.sleep(seconds)
        if kind == "terminate":
            worker._link.connection._worker.terminate()
        else:
            worker._link.send("die", kind, 30)  # it may end before it answers
        try:
            await game.finished()
        except errors.TransportError as error:
            told.append([kind, type(error).__name__])
        await worker.restart()
        state = game.state
        places.append([state.step, game.restored_at, game.lost_steps, state.state, state.episode])
        await game.resume()
    await asyncio.sleep(0.5)
    await game.pause()
    hash = await worker.compute_hash()
    last = await game.stop()
    record = episodes[0].record
    worker.destroy()

    alone = make()
    await alone.init_env({CODE!r})
    replayed = await alone.replay([record])
    await alone.restart()  # NormalizeObservation keeps what it saw in earlier episodes
    await alone.reset(seed=5)
    actions = json.loads(record)["actions"]
    steps = [{{"op": "step", "params": {{"actions": a, "render": False}}}} for a in actions]
    await alone.batch(steps)
    undisturbed = await alone.compute_hash()
    alone.destroy()
    return {{
        "told": told, "places": places, "episodes": len(episodes), "last": last.fields,
        "replayed": replayed.fields, "hashes": [hash, undisturbed], "record": record,
    }}
"""


def deaths(count: int) -> list[tuple[str, float]]:
    """Kinds in turn, and moments."""
    chance = random.Random(SEED)
    return [(KINDS[i % len(KINDS)], round(chance.uniform(0.0, 0.7), 3)) for i in range(count)]


def check(found: dict[str, Any], count: int) -> None:
    """Sees to it that the game is one without a fault."""
    assert len(found["told"]) == len(found["places"]) == count
    assert {kind for kind, _ in found["told"]} == set(KINDS[:count])
    assert {error for kind, error in found["told"] if kind in ("terminate", "loop")} <= {
        "RequestTimeoutError"
    }
    steps = [place[0] for place in found["places"]]
    assert steps == sorted(steps), "no death takes it back behind an earlier one"
    for step, at, lost, state, episode in found["places"]:
        assert (at, state, episode) == (step, "paused", 0)
        assert 0 <= lost < 150
    assert (found["episodes"], found["last"]["state"]) == (1, "ended")
    replayed = found["replayed"]
    assert (replayed["difference"], replayed["episodes"]) == (None, 1)
    record = json.loads(found["record"])
    assert replayed["steps"] == record["steps"] > steps[-1]
    restored = [event[2] for event in record["events"] if event[1] == "restored"]
    assert restored == sorted(set(steps)), "what came after a checkpoint is not in the next one"
    hash, undisturbed = found["hashes"]
    assert hash == undisturbed
    print(
        f"{count} deaths, {record['steps']} steps, lost {[place[2] for place in found['places']]}"
    )


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_a_worker_that_dies_fifty_times_loses_no_game(lab: Lab) -> None:
    check(lab.run(PLAYED % deaths(MANY), 600_000), MANY)


@pytest.mark.parametrize("browser", ["firefox"], indirect=True)
def test_a_worker_that_dies_in_firefox_loses_no_game(lab: Lab) -> None:
    check(lab.run(PLAYED % deaths(8), 300_000), 8)
