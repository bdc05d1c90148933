"""Several environments in one worker, each with a name."""

import asyncio

import pytest
from gymworker.errors import RemoteError

from tests.loopback import Lab, on_virtual_time, turns
from tests.screens import RecordingScreen
from tests.unit.environments import COUNTER

OTHER = COUNTER.replace("0.5, False", "2.5, False").replace('f"step', 'f"other')
PLAYED = COUNTER + 'play = {"action_mapping": {"a": 1, "b": 0}, "fps": 10}\n'


@on_virtual_time
async def test_requests_say_which_environment_they_are_about(lab: Lab) -> None:
    worker = lab.worker()
    first = await worker.init_env(COUNTER)
    second = await worker.init_env(OTHER, env="second")
    assert (first.name, second.name) == ("env", "second")
    assert worker.env is first
    assert worker.envs == {"env": first, "second": second}
    assert (await worker.reset(seed=1)).obs == {"seed": 1}
    assert (await worker.reset(seed=2, env="second")).obs == {"seed": 2}
    for _ in range(2):
        result = await worker.step("x", env="second")
    assert (result.obs, result.rewards, result.render_state) == ([2, "x"], 2.5, "other 2")
    result = await worker.step("y")
    assert (result.obs, result.rewards, result.render_state) == ([1, "y"], 0.5, "step 1")
    assert (await worker.step("y", env="env")).obs == [2, "y"]
    assert (await worker.render(env="second")).render_state == "other 2"
    assert (await worker.render()).render_state == "step 2"


@on_virtual_time
async def test_the_first_is_the_default_whatever_its_name(lab: Lab) -> None:
    worker = lab.worker()
    with pytest.raises(RemoteError, match="no environment 'left'; there is none yet"):
        await worker.reset(env="left")
    await worker.init_env(COUNTER, env="left")
    await worker.init_env(OTHER, env="right")
    assert worker.env is worker.envs["left"]
    await worker.reset()
    assert (await worker.step(1)).rewards == 0.5
    again = await worker.init_env(OTHER)  # without a name it replaces the default
    assert again.name == "left"
    assert worker.env is again
    assert sorted(worker.envs) == ["left", "right"]


@on_virtual_time
async def test_a_name_that_nobody_has_is_an_error_with_those_that_there_are(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env(OTHER, env="second")
    for waiting in (
        worker.reset(env="thrid"),
        worker.step(1, env="thrid"),
        worker.render(env="thrid"),
        worker.sample(env="thrid"),
        worker.play(seats="random", env="thrid"),
        worker.replay([], env="thrid"),
        worker.batch([{"op": "reset"}], env="thrid"),
    ):
        with pytest.raises(RemoteError, match="no environment 'thrid'; there is 'env', 'second'"):
            await waiting
    with pytest.raises(RemoteError, match="no environment 5; there is"):
        await worker.request("reset", {"env": 5})


@on_virtual_time
async def test_a_name_that_exists_is_replaced_and_the_others_stay(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env(COUNTER, env="second")
    await worker.reset()
    await worker.step(1)
    await worker.init_env(OTHER, env="second")
    assert (await worker.step(1)).obs == [2, 1]
    await worker.reset(env="second")
    assert (await worker.step(1, env="second")).rewards == 2.5
    with pytest.raises(RemoteError, match="division"):
        await worker.init_env("1 / 0", env="second")
    assert (await worker.step(1, env="second")).obs == [2, 1]  # the one before stays
    with pytest.raises(RemoteError, match="division"):
        await worker.init_env("1 / 0", env="third")
    assert sorted(worker.envs) == ["env", "second"]


@on_virtual_time
async def test_a_batch_is_about_one_of_them_or_each_operation_about_its_own(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env(OTHER, env="second")
    steps = [{"op": "step", "params": {"actions": n}} for n in range(2)]
    results = await worker.batch([{"op": "reset"}, *steps], env="second")
    assert [result.obs for result in results[1:]] == [[1, 0], [2, 1]]
    assert [result.obs for result in await worker.batch(steps)] == [[1, 0], [2, 1]]
    mixed = [
        {"op": "step", "params": {"actions": 7, "env": "env"}},
        {"op": "step", "params": {"actions": 8}},
    ]
    results = await worker.batch(mixed, env="second")
    assert [(result.obs, result.rewards) for result in results] == [([3, 7], 0.5), ([3, 8], 2.5)]
    results = await worker.batch(steps, env="second")
    assert [result.rewards for result in results] == [2.5, 2.5]


@on_virtual_time
async def test_a_batch_over_environments_of_other_kinds(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env("from tests.unit.turnbased import Nim\nenv = Nim()\n", env="nim")
    results = await worker.batch(
        [
            {"op": "reset", "params": {"env": "nim"}},
            {"op": "step", "params": {"actions": 2, "env": "nim"}},
            {"op": "step", "params": {"actions": 2}},
        ]
    )
    assert (results[1].agent, results[2].obs) == ("bob", [1, 2])
    results = await worker.batch(
        [
            {"op": "step", "params": {"actions": 2, "env": "nim"}},
            {"op": "step", "params": {"actions": 2}},
        ]
    )
    assert (results[0].agent, results[1].obs) == ("ann", [2, 2])


@on_virtual_time
async def test_a_game_of_one_goes_on_while_the_other_is_made_and_stepped(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env(PLAYED, env="played")
    game = await worker.play(env="played", max_steps=2, rest=True)
    assert [control.keys for control in game.controls] == [["a"], ["b"]]
    await worker.init_env(OTHER)
    await worker.reset()
    await worker.step(1)
    await worker.init_env(OTHER, env="third")
    await asyncio.sleep(0.5)
    assert not game.over
    assert game.state is not None
    assert (game.state.step, game.state.returns) == (2, 1.0)
    await worker.init_env(PLAYED, env="played")
    await turns()
    assert game.over


@on_virtual_time
async def test_a_recording_replays_in_the_environment_that_it_is_of(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(OTHER)
    await worker.init_env(PLAYED, env="played")
    records: list[str | None] = []
    game = await worker.play(
        env="played", num_episodes=1, on_episode=lambda episode: records.append(episode.record)
    )
    await game.finished()
    assert (await worker.replay(records, env="played")).difference is None
    assert (await worker.replay(records)).difference is not None


@on_virtual_time
async def test_a_restart_makes_all_of_them_again(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.init_env(COUNTER, env="second")
    await worker.init_env(OTHER, env="second")
    await worker.restart()
    await worker.reset()
    await worker.reset(env="second")
    assert (await worker.step(1)).rewards == 0.5
    assert (await worker.step(1, env="second")).rewards == 2.5
    assert lab.wire.types().count("initEnv") == 2


@on_virtual_time
async def test_all_paint_on_the_one_canvas(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    await worker.attach_canvas(RecordingScreen())
    await worker.init_env(OTHER, env="second")
    for name in ("env", "second"):
        assert (await worker.reset(env=name)).render_state is None
    assert lab.wire.host is not None
    environments = lab.wire.host._environments
    assert environments.named("second").painter is environments.named("env").painter


@on_virtual_time
async def test_the_modules_of_two_do_not_mix(lab: Lab) -> None:
    worker = lab.worker()
    code = (
        COUNTER + "import sys\nassert sys.modules[__name__].Counter is Counter\nenv.at = __name__\n"
    )
    await worker.init_env(code)
    await worker.init_env(code, env="second")
    lab_host = lab.wire.host
    assert lab_host is not None
    named = lab_host._environments.named
    assert [named(name).required().at for name in ("env", "second")] == [
        "environment",
        "environment_second",
    ]
    with pytest.raises(RemoteError) as caught:
        await worker.init_env("raise ValueError('no')", env="second")
    assert 'File "environment_second.py", line 1' in str(caught.value.remote_traceback)
