"""Games that go back in each browser: rewound, corrected, tested against a second time."""

import pytest

from gymserver.site import ROOT
from tests.browser.protocol.lab import Lab

NEVER_FALLS = "\nenv.unwrapped.theta_threshold_radians = env.unwrapped.x_threshold = 1e9\n"
ENVS = ["cartpole", "mountain_car", "pond", "duet"]

BEGIN = """
    global begin, forth, source

    async def begin(**settings):
        worker = make()
        await worker.init_env(source)
        await worker.seed_rng(1)
        return worker, await worker.play(seed=4, paused=True, **settings)

    async def forth(game, steps):
        for _ in range(steps):
            await game.step()
"""

GO_BACK = """
    import js
    episodes = []
    worker, game = await begin(keep=True, on_episode=episodes.append)
    await forth(game, 30)
    then = await worker.compute_hash()
    await forth(game, 10)
    now = await worker.compute_hash()
    state = await game.rewind(30)
    assert (state.step, state.state, state.kept, state.ahead) == (30, "paused", 0, 10)
    assert await worker.compute_hash() == then
    await game.rewind(40)
    assert await worker.compute_hash() == now
    control = game.controls[0]
    action = control.action if control.agent is None else {control.agent: control.action}
    times = []
    for _ in range(9):
        start = js.performance.now()
        state = await game.correct(33, action)
        times.append(js.performance.now() - start)
    assert (state.step, state.confirmed) == (40, 33)
    corrected = await worker.compute_hash()
    await game.rewind(33)
    assert await worker.compute_hash() == state.hash
    await game.rewind(40)
    assert await worker.compute_hash() == corrected
    await game.stop()
    assert (await worker.replay(episodes)).difference is None
    worker.destroy()

    worker, game = await begin()
    await forth(game, 32)
    for key in control.keys:
        game.press(key)
    await game.step()
    for key in control.keys:
        game.release(key)
    assert await worker.compute_hash() == state.hash
    await forth(game, 7)
    assert await worker.compute_hash() == corrected
    worker.destroy()
    times.sort()
    return times
"""


@pytest.mark.parametrize("name", ENVS)
def test_a_game_that_went_back_is_the_one_that_was_played_so(lab: Lab, name: str) -> None:
    source = (ROOT / "web" / "envs" / f"{name}.py").read_text("utf-8")
    if name == "cartpole":
        source += NEVER_FALLS
    lab.run(BEGIN + f"    source = {source!r}")
    times = lab.run(GO_BACK)
    print(f"{name}: ms of a rollback of 8 steps:", *(f"{time:.1f}" for time in times))


def test_a_sync_test_finds_what_decides_besides_the_state(lab: Lab) -> None:
    source = (ROOT / "web" / "envs" / "duet.py").read_text("utf-8")
    timed = (
        source + "\nimport time\nstep = Duet.step\n"
        "def timed(self, actions):\n"
        "    self.moment = [0, time.time_ns()]\n"
        "    return step(self, actions)\n"
        "Duet.step = timed\n"
    )
    lab.run(BEGIN + f"    source = {source!r}")
    assert (
        lab.run("""
        worker, game = await begin(sync_test=2)
        await forth(game, 20)
        state = game.state.state
        worker.destroy()
        return state
    """)
        == "paused"
    )
    lab.run(BEGIN + f"    source = {timed!r}")
    kind, message = lab.run("""
        worker, game = await begin(sync_test=2)
        try:
            await forth(game, 50)
            return "", "it passed"
        except Exception as error:
            return error.remote_type, str(error)
        finally:
            worker.destroy()
    """)
    assert kind == "NondeterminismError"
    assert "env.moment[1]: " in message
