"""Vector environments, asked from the page."""

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymworker.errors import MisuseError, RemoteError

from tests.loopback import Lab, on_virtual_time

CODE = "import gymnasium\nenv = gymnasium.make_vec({!r}, num_envs=3, {})\n"
SYNC = CODE.format("CartPole-v1", "vectorization_mode='sync'")
NATIVE = CODE.format("CartPole-v1", "")
BOTH = pytest.mark.parametrize("code", [SYNC, NATIVE], ids=["sync", "its own"])


def made(code: str) -> Any:
    names: dict[str, Any] = {}
    exec(code, names)
    return names["env"]


def plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


@BOTH
@on_virtual_time
async def test_a_vector_steps_as_in_cpython(lab: Lab, code: str) -> None:
    worker, beside = lab.worker(), made(code)
    info = await worker.init_env(code)
    assert (info.kind, info.action_space.type, info.observation_space.shape) == (
        "vector", "MultiDiscrete", (3, 4),
    )  # fmt: skip
    result = await worker.reset(seed=4)
    obs, _ = beside.reset(seed=4)
    np.testing.assert_array_equal(plain(result.obs), obs)
    for actions in ([0, 1, 1], (1, 1, 0)):
        result = await worker.step(actions)
        wanted = beside.step(np.array(actions))
        found = result.obs, result.rewards, result.terminateds, result.truncateds
        for ours, theirs in zip(found, wanted, strict=False):
            assert (ours.shape, str(ours.dtype)) == (theirs.shape, str(theirs.dtype))
            np.testing.assert_array_equal(plain(ours), theirs)


@on_virtual_time
async def test_each_copy_may_have_its_own_seed(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(SYNC)
    result = await worker.reset(seed=[1, None, np.int64(1)])
    rows = plain(result.obs)
    assert rows[0] == rows[2] != rows[1]
    await worker.make("CartPole-v1")
    with pytest.raises(RemoteError, match="expected 'seed' to be int, got list"):
        await worker.reset(seed=[1, 2])
    with pytest.raises(MisuseError, match="expected each seed to be a whole number, got 'a'"):
        await worker.reset(seed=[1, "a"])  # type: ignore[list-item]


@BOTH
@on_virtual_time
async def test_samples_and_batches_of_a_vector(lab: Lab, code: str) -> None:
    worker = lab.worker()
    await worker.init_env(code)
    await worker.reset(seed=1)
    sample = await worker.sample(seed=5)
    assert sample.shape == (3,)
    first = await worker.step(sample)
    await worker.reset(seed=1)
    steps = [{"op": "step", "params": {"actions": plain(sample)}} for _ in range(30)]
    results = await worker.batch(steps)
    assert plain(results[0].obs) == plain(first.obs)
    assert any(any(plain(result.terminateds)) for result in results)


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ([0, 1], r"for 3 environments, of the space MultiDiscrete.*\(2,\), not \(3,\)"),
        (1, r"got 1: the shape is \(\), not \(3,\)"),
        ([0, 1, [2]], "for 3 environments"),
    ],
)
@BOTH
@on_virtual_time
async def test_actions_that_are_no_vector_are_refused(
    lab: Lab, code: str, actions: Any, why: str
) -> None:
    worker = lab.worker()
    await worker.init_env(code)
    await worker.reset()
    with pytest.raises(RemoteError, match=why):
        await worker.step(actions)


@on_virtual_time
async def test_continuous_and_nested_actions_become_arrays(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(CODE.format("Pendulum-v1", "vectorization_mode='sync'"))
    await worker.reset(seed=2)
    result = await worker.step([[0], [1.5], [-2.0]])
    beside = gymnasium.make_vec("Pendulum-v1", num_envs=3, vectorization_mode="sync")
    beside.reset(seed=2)
    wanted = beside.step(np.array([[0], [1.5], [-2.0]], np.float32))
    np.testing.assert_array_equal(plain(result.obs), wanted[0])
    await worker.init_env("""
import gymnasium, numpy
from gymnasium.spaces import Box, Dict, Discrete, Tuple

class Nested(gymnasium.Env):
    observation_space = Discrete(5)
    action_space = Dict({"move": Discrete(3), "aim": Tuple([Box(-1, 1, (2,)), Discrete(2)])})

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        assert self.action_space.contains(action), action
        return int(action["move"]), float(action["aim"][0].sum()), False, False, {}

env = gymnasium.vector.SyncVectorEnv([Nested, Nested])
""")
    await worker.reset()
    aim = ([[0.5, 0.25], [0, 0]], [1, 0])
    result = await worker.step({"move": [1, 2], "aim": aim})
    assert (plain(result.obs), plain(result.rewards)) == ([1, 2], [0.75, 0.0])


@on_virtual_time
async def test_the_last_observations_of_what_is_over_cross(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env("""
import gymnasium
mode = gymnasium.vector.AutoresetMode.SAME_STEP
make = lambda: gymnasium.make("CartPole-v1", max_episode_steps=2)
env = gymnasium.vector.SyncVectorEnv([make, make], autoreset_mode=mode)
""")
    await worker.reset(seed=1)
    await worker.step([0, 1])
    result = await worker.step([0, 1])
    assert [final.shape for final in result.infos["final_obs"]] == [(4,), (4,)]


@BOTH
@on_virtual_time
async def test_play_wants_one_environment(lab: Lab, code: str) -> None:
    worker = lab.worker()
    await worker.init_env(code)
    with pytest.raises(RemoteError, match=r"play wants one environment, this is a vector of 3 \("):
        await worker.play(seats="random")
    await worker.make("CartPole-v1", env="one")
    game = await worker.play(seats="random", env="one", num_episodes=1)
    assert (await game.finished()).step > 5
