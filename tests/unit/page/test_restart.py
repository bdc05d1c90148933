"""A new worker in the place of one that hangs or died, with the same packages and environment."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import (
    RequestTimeoutError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)
from gymworker.page.client import PyodideWorker
from gymworker.page.fields import Progress

from tests.loopback import Lab, on_virtual_time, turns
from tests.screens import RecordingScreen
from tests.unit.environments import COUNTER
from tests.unit.page.scripted import Scripted


@pytest.fixture
def hanging(lab: Lab) -> Lab:
    """Workers with a request type `hang` that is never answered, and `echo`."""
    lab.browser.site["game"] = ("1.0", [])
    lab.handlers["hang"] = lambda payload: asyncio.Event().wait()
    lab.handlers["echo"] = lambda payload: payload
    return lab


@on_virtual_time
async def test_the_new_worker_gets_the_same_packages_and_environment(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init(packages=["game"])
    await worker.init_env(COUNTER, {"unused": 1}, file_name="counter.py")
    seconds = await worker.restart()
    old, new = hanging.wires
    assert old.closed
    assert not new.closed
    assert new.received[0]["payload"] == {"packages": ["game"]}
    payload = {"envCode": COUNTER, "fileName": "counter.py", "globals": {"unused": 1}, "env": "env"}
    assert new.received[1]["payload"] == payload
    assert (await worker.reset(seed=1)).obs == {"seed": 1}
    assert isinstance(seconds, float)


@on_virtual_time
async def test_a_restart_says_how_long_it_took(hanging: Lab) -> None:
    seen: list[Progress] = []
    hanging.browser.hold_boot()
    worker = hanging.worker(on_progress=seen.append)
    await asyncio.sleep(30)
    task = asyncio.create_task(worker.restart())
    await asyncio.sleep(12)
    hanging.browser.gate.set()
    assert await task == pytest.approx(12, abs=0.5)
    assert (seen[-1].stage, seen[-1].message) == ("restart", "The worker was restarted in 12.1 s")


@on_virtual_time
async def test_a_restart_rejects_what_is_pending_and_later_requests_follow_the_environment(
    hanging: Lab,
) -> None:
    worker = hanging.worker()
    await worker.init_env(COUNTER)
    stuck = asyncio.create_task(worker.request("hang"))
    await turns()
    restarting = asyncio.create_task(worker.restart())
    await asyncio.sleep(0)
    meanwhile = asyncio.create_task(worker.reset(seed=5))
    with pytest.raises(WorkerCrashedError, match="restarted"):
        await stuck
    await restarting
    assert (await meanwhile).obs == {"seed": 5}
    assert hanging.wire.types() == ["init", "initEnv", "reset"]


@on_virtual_time
async def test_a_reply_of_the_old_worker_does_not_reach_the_new_ones_callers(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init()
    old = hanging.wire
    await worker.restart()
    old.closed = False  # a message that was under way already
    old.reply(type="result", id=1, result="old")
    assert await worker.request("echo", "new") == "new"


@on_virtual_time
async def test_an_environment_that_failed_is_not_remembered(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init_env(COUNTER)
    with pytest.raises(Exception, match="no variable `env`"):
        await worker.init_env("env = None")
    await worker.restart()
    assert (await worker.reset(seed=2)).obs == {"seed": 2}


@on_virtual_time
async def test_after_a_timeout_the_worker_restarts_by_itself_if_told_so(hanging: Lab) -> None:
    seen: list[Progress] = []
    worker = hanging.worker(auto_restart=True, on_progress=seen.append)
    await worker.init_env(COUNTER)
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang", timeout=1)
    assert (await worker.reset(seed=3)).obs == {"seed": 3}
    assert len(hanging.wires) == 2
    assert seen[-1].stage == "restart"


@on_virtual_time
async def test_without_auto_restart_a_timeout_restarts_nothing(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init()
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang", timeout=1)
    await asyncio.sleep(60)
    assert len(hanging.wires) == 1
    await worker.restart()
    assert await worker.request("echo", 1) == 1


@on_virtual_time
async def test_several_timeouts_at_once_make_one_new_worker(hanging: Lab) -> None:
    worker = hanging.worker(auto_restart=True)
    await worker.init()
    tasks = [asyncio.create_task(worker.request("hang", timeout=1)) for _ in range(5)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {RequestTimeoutError}
    await worker.init()
    assert len(hanging.wires) == 2


@on_virtual_time
async def test_after_a_crash_the_worker_restarts_by_itself_if_told_so(hanging: Lab) -> None:
    worker = hanging.worker(auto_restart=True)
    await worker.init_env(COUNTER)
    hanging.wire.crash()
    await turns()
    assert (await worker.reset(seed=4)).obs == {"seed": 4}
    assert len(hanging.wires) == 2


@on_virtual_time
async def test_a_failed_boot_is_not_restarted_for_ever(hanging: Lab) -> None:
    hanging.browser.boot_packages = ["nowhere"]
    worker = hanging.worker(auto_restart=True)
    with pytest.raises(WorkerStartError):
        await worker.init()
    await asyncio.sleep(60)
    assert len(hanging.wires) == 1
    assert worker.state == "failed"


@on_virtual_time
async def test_a_failed_worker_can_be_restarted(hanging: Lab) -> None:
    hanging.browser.boot_packages = ["nowhere"]
    worker = hanging.worker()
    with pytest.raises(WorkerStartError, match="nowhere"):
        await worker.init()
    hanging.browser.boot_packages = []
    await worker.restart()
    assert await worker.request("echo", 1) == 1


@on_virtual_time
async def test_destroy_in_mid_restart_ends_it(hanging: Lab) -> None:
    hanging.browser.hold_boot()
    worker = hanging.worker()
    task = asyncio.create_task(worker.restart())
    await turns()
    worker.destroy()
    with pytest.raises(WorkerClosedError):
        await task
    assert all(wire.closed for wire in hanging.wires)


@on_virtual_time
async def test_destroy_in_mid_restart_by_itself_reports_no_restart(hanging: Lab) -> None:
    seen: list[Progress] = []
    worker = hanging.worker(auto_restart=True, on_progress=seen.append)
    await worker.init()
    hanging.browser.hold_boot()
    hanging.wire.crash()
    await turns()
    seen.clear()
    worker.destroy()
    await turns()
    assert [progress for progress in seen if progress.stage == "restart"] == []


@on_virtual_time
async def test_a_restart_by_itself_that_fails_is_reported(hanging: Lab) -> None:
    seen: list[Progress] = []
    worker = hanging.worker(auto_restart=True, on_progress=seen.append)
    await worker.init_env(COUNTER)
    hanging.browser.boot_packages = ["nowhere"]
    hanging.wire.crash()
    await asyncio.sleep(5)
    assert "could not be restarted" in seen[-1].message
    assert worker.state == "failed"


@on_virtual_time
async def test_two_restarts_are_one(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init_env(COUNTER)
    first, second = await asyncio.gather(worker.restart(), worker.restart())
    assert first == second
    assert len(hanging.wires) == 2
    assert hanging.wire.types() == ["init", "initEnv"]
    await worker.restart()
    assert len(hanging.wires) == 3, "a later one is another"


@on_virtual_time
async def test_a_restart_of_the_pages_own_joins_the_one_that_happens_by_itself(
    hanging: Lab,
) -> None:
    worker = hanging.worker(auto_restart=True)
    await worker.init_env(COUNTER)
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang", timeout=1)
    await worker.restart()
    assert len(hanging.wires) == 2
    assert (await worker.reset(seed=1)).obs == {"seed": 1}


@on_virtual_time
async def test_a_caller_that_gives_up_a_restart_does_not_stop_it(hanging: Lab) -> None:
    hanging.browser.hold_boot()
    worker = hanging.worker()
    first, second = (asyncio.create_task(worker.restart()) for _ in range(2))
    await asyncio.sleep(1)
    first.cancel()
    hanging.browser.gate.set()
    assert await second == pytest.approx(1, abs=0.5)
    assert len(hanging.wires) == 2


HANGS_LATER = COUNTER + "\nif slow: import asyncio; await asyncio.sleep(1000)\n"


@pytest.mark.parametrize("by_itself", [False, True])
@on_virtual_time
async def test_a_restart_whose_environment_hangs_ends_with_an_error(
    hanging: Lab, by_itself: bool
) -> None:
    seen: list[Progress] = []
    worker = hanging.worker(timeout=20, auto_restart=by_itself, on_progress=seen.append)
    slow: dict[str, bool] = {"slow": False}
    await worker.init_env(HANGS_LATER, slow)
    slow["slow"] = True  # from now on, wherever it is made
    start = asyncio.get_running_loop().time()
    if by_itself:
        hanging.wire.crash()
        await asyncio.sleep(60)
    else:
        with pytest.raises(RequestTimeoutError, match="initEnv had no answer within 20"):
            await worker.restart()
        assert 20 <= asyncio.get_running_loop().time() - start < 22
    assert (worker.state, worker.pending) == ("stalled", 0)
    assert len(hanging.wires) == 2, "it is not tried for ever"
    assert seen[-1].message.startswith("The worker could not be restarted: initEnv had no answer")
    slow["slow"] = False
    await worker.restart()
    assert (await worker.reset(seed=1)).obs == {"seed": 1}


@on_virtual_time
async def test_a_package_that_takes_long_costs_one_restart(hanging: Lab) -> None:
    hanging.browser.site["slow"] = ("1.0", [])
    worker = hanging.worker(auto_restart=True)
    await worker.init(packages=["slow"])
    hanging.browser.gate.clear()
    hanging.browser.loaded.clear()
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang")
    echo = asyncio.create_task(worker.request("echo", 1))
    await asyncio.sleep(100)
    assert not echo.done()
    hanging.browser.gate.set()
    assert await echo == 1
    assert len(hanging.wires) == 2


@on_virtual_time
async def test_a_worker_that_cannot_even_be_started_is_told_and_can_be_tried_again(
    hanging: Lab,
) -> None:
    seen: list[Progress] = []
    broken = False

    def connect(on_message: object, on_failure: object) -> object:
        if broken:
            raise ValueError("no such worker")
        return hanging.connect(on_message, on_failure)

    worker = PyodideWorker(connect=connect, auto_restart=True, on_progress=seen.append)
    await worker.init()
    broken = True
    hanging.wire.crash()
    assert worker.state == "failed"
    assert seen[-1].message == "The worker could not be restarted: no such worker"
    with pytest.raises(ValueError, match="no such worker"):
        await worker.restart()
    with pytest.raises(WorkerStartError, match="did not start: no such worker"):
        await worker.request("echo")
    broken = False
    await worker.restart()
    assert await worker.request("echo", 1) == 1
    worker.destroy()


@on_virtual_time
async def test_after_a_failed_boot_a_restart_hands_over_a_new_canvas(hanging: Lab) -> None:
    hanging.browser.boot_packages = ["nowhere"]
    worker, screen = hanging.worker(), RecordingScreen()
    with pytest.raises(WorkerStartError):
        await worker.attach_canvas(screen)
    hanging.browser.boot_packages = []
    await worker.restart()
    assert worker.canvas is not screen
    assert hanging.wire.types() == ["init", "attachCanvas"]


@on_virtual_time
async def test_a_stalled_worker_is_restarted_and_its_late_replies_are_not_heard(lab: Lab) -> None:
    gate = asyncio.Event()
    lab.handlers["late"] = lambda payload: gate.wait()
    lab.handlers["echo"] = lambda payload: payload
    worker = lab.worker(timeout=1)
    await worker.init()
    with pytest.raises(RequestTimeoutError):
        await worker.request("late")
    assert worker.state == "stalled"
    await worker.restart()
    gate.set()
    assert await worker.request("echo", 1) == 1
    assert (worker.state, worker.dropped) == ("ready", 0)


@on_virtual_time
async def test_the_silence_of_a_boot_is_its_own(lab: Lab) -> None:
    made: list[Scripted] = []

    def connect(on_message: Any, on_failure: Any) -> Scripted:
        made.append(Scripted(on_message, on_failure))  # it says nothing, not even READY
        return made[-1]

    worker = PyodideWorker(connect=connect, boot_timeout=20)
    await asyncio.sleep(15)
    restarting = asyncio.create_task(worker.restart())
    await asyncio.sleep(15)
    assert (worker.state, len(made)) == ("booting", 2)
    with pytest.raises(WorkerStartError, match="no sign of life for 20 s"):
        await restarting
    worker.destroy()
