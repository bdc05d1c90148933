"""A new worker in the place of one that hangs or died, with the same packages and environment."""

import asyncio

import pytest
from gymworker.errors import (
    RequestTimeoutError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)
from gymworker.page.fields import Progress

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.environments import COUNTER


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
    payload = {"envCode": COUNTER, "fileName": "counter.py", "globals": {"unused": 1}}
    assert new.received[1]["payload"] == payload
    assert (await worker.reset(seed=1)).obs == {"seed": 1}
    assert isinstance(seconds, float)


@on_virtual_time
async def test_a_restart_says_how_long_it_took(hanging: Lab) -> None:
    seen: list[Progress] = []
    hanging.browser.hold_boot()
    worker = hanging.worker(on_progress=seen.append)
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
async def test_two_restarts_at_once_leave_one_worker(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init_env(COUNTER)
    outcomes = await asyncio.gather(worker.restart(), worker.restart(), return_exceptions=True)
    assert isinstance(outcomes[1], float)
    assert [wire.closed for wire in hanging.wires] == [True] * (len(hanging.wires) - 1) + [False]
    assert (await worker.reset(seed=1)).obs == {"seed": 1}
