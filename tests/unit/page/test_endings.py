"""How it ends: destroyed, failed to start, crashed. Whatever is pending is told why."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import (
    GymWorkerError,
    RemoteError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)
from gymworker.page.client import PyodideWorker

from tests.loopback import Lab, on_virtual_time, turns


@pytest.fixture
def slow(lab: Lab) -> Lab:
    """Workers with `sleep`, which takes its payload's seconds, and `echo`."""

    async def sleep(payload: float) -> float:
        await asyncio.sleep(payload)
        return payload

    lab.handlers["sleep"] = sleep
    lab.handlers["echo"] = lambda payload: payload
    return lab


async def rejections(tasks: "list[asyncio.Task[Any]]") -> set[type]:
    return {type(outcome) for outcome in await asyncio.gather(*tasks, return_exceptions=True)}


@on_virtual_time
async def test_destroy_rejects_every_pending_request(slow: Lab) -> None:
    worker = slow.worker()
    await worker.init()
    tasks = [asyncio.create_task(worker.request("sleep", 9)) for _ in range(3)]
    await asyncio.sleep(1)
    worker.destroy()
    assert worker.pending == 0
    assert await rejections(tasks) == {WorkerClosedError}
    assert slow.wire.closed


@pytest.mark.parametrize("point", ["before the boot", "in the boot", "sent", "running", "answered"])
@on_virtual_time
async def test_destroy_at_each_point_of_a_request(slow: Lab, point: str) -> None:
    if point == "in the boot":
        slow.browser.hold_boot()
    worker = slow.worker()
    if point not in ("before the boot", "in the boot"):
        await worker.init()
    task = asyncio.create_task(worker.request("sleep", 1))
    waits = {"before the boot": 0.0, "in the boot": 0.5, "sent": 0.0, "running": 0.5, "answered": 2}
    await asyncio.sleep(waits[point])
    worker.destroy()
    assert worker.pending == 0
    assert await rejections([task]) == {int if point == "answered" else WorkerClosedError}
    assert worker.state == "closed"


@on_virtual_time
async def test_a_worker_can_be_destroyed_twice_and_used_never_again(slow: Lab) -> None:
    worker = slow.worker()
    await worker.init()
    worker.destroy()
    worker.destroy()
    uses = (worker.init, worker.reset, worker.render, worker.restart)
    for use in uses:
        with pytest.raises(WorkerClosedError, match="make a new PyodideWorker"):
            await use()
    assert worker.pending == 0
    assert len(slow.wires) == 1


@on_virtual_time
async def test_nothing_runs_on_for_a_destroyed_worker(slow: Lab) -> None:
    before = asyncio.all_tasks()
    worker = slow.worker()
    await worker.init()
    worker.destroy()
    await turns()
    assert asyncio.all_tasks() == before


@on_virtual_time
async def test_what_a_destroyed_worker_still_says_is_not_heard(slow: Lab) -> None:
    heard: list[object] = []
    worker = slow.worker(on_log=heard.append, on_progress=heard.append)
    await worker.init()
    heard.clear()
    slow.wire.reply(type="log", level="info", stream="stdout", text="last words")
    slow.wire.crash()
    worker.destroy()
    slow.wire.crash()
    await turns()
    assert heard == []
    assert worker.state == "closed"


@on_virtual_time
async def test_a_failed_boot_rejects_early_calls_with_its_cause(slow: Lab) -> None:
    slow.browser.boot_packages = ["broken"]
    slow.browser.site["broken"] = ("1.0", [])
    slow.browser.refused["broken"] = "the hash does not match"
    worker = slow.worker()
    early = [asyncio.create_task(worker.request("echo", i)) for i in range(3)]
    with pytest.raises(
        WorkerStartError, match=r"ImportError.*broken.*hash does not match"
    ) as caught:
        await worker.init()
    assert "ImportError" in caught.value.remote_traceback
    assert await rejections(early) == {WorkerStartError}
    assert (worker.state, worker.pending) == ("failed", 0)
    with pytest.raises(WorkerStartError, match="hash does not match"):
        await worker.request("echo")


@pytest.mark.parametrize(("given", "limit"), [({"boot_timeout": 20}, 20), ({}, 60)])
@on_virtual_time
async def test_a_boot_without_a_sign_of_life_fails_at_its_deadline(
    slow: Lab, given: Any, limit: int
) -> None:
    slow.browser.hold_boot()
    worker = slow.worker(**given)
    loop = asyncio.get_running_loop()
    with pytest.raises(WorkerStartError, match=f"no sign of life for {limit}"):
        await worker.init()
    assert limit <= loop.time() < limit + 1
    assert slow.wire.closed


@on_virtual_time
async def test_a_boot_that_shows_progress_may_take_longer_than_the_deadline(slow: Lab) -> None:
    slow.browser.hold_boot()
    worker = slow.worker(boot_timeout=20)
    task = asyncio.create_task(worker.init())
    for _ in range(10):
        await asyncio.sleep(15)
        slow.wire.reply(type="progress", stage="start", message="still here", timestamp=0)
    slow.browser.gate.set()
    await task
    assert worker.state == "ready"


@on_virtual_time
async def test_a_worker_of_another_protocol_is_refused(slow: Lab) -> None:
    slow.browser.hold_boot()
    worker = slow.worker()
    slow.wire.reply(type="ready", version={"protocol": 999})
    with pytest.raises(WorkerStartError, match="999"):
        await worker.init()


@on_virtual_time
async def test_a_crash_rejects_what_is_pending_and_what_comes_later(slow: Lab) -> None:
    worker = slow.worker()
    await worker.init()
    task = asyncio.create_task(worker.request("sleep", 9))
    await asyncio.sleep(1)
    slow.wire.crash("out of memory")
    assert await rejections([task]) == {WorkerCrashedError}
    with pytest.raises(WorkerCrashedError, match="out of memory"):
        await worker.request("echo")
    assert (worker.state, worker.pending) == ("failed", 0)


@on_virtual_time
async def test_a_fatal_error_of_the_interpreter_is_a_crash(slow: Lab) -> None:
    worker = slow.worker()
    await worker.init()
    error = {"name": "RuntimeError", "message": "out of bounds", "stack": "...", "fatal": True}
    slow.wire.reply(type="error", error=error)
    await turns()
    assert worker.state == "failed"
    with pytest.raises(WorkerCrashedError, match="out of bounds"):
        await worker.init()


@on_virtual_time
async def test_an_error_that_answers_no_request_is_logged(slow: Lab) -> None:
    lines: list[Any] = []
    worker = slow.worker(on_log=lines.append)
    await worker.init()
    slow.wire.reply(type="error", error={"name": "TypeError", "message": "m", "stack": ""})
    await turns()
    assert [(line.level, line.text) for line in lines] == [("error", "TypeError: m")]
    assert worker.state == "ready"


@pytest.mark.parametrize("callback", ["on_progress", "on_log"])
@on_virtual_time
async def test_a_callback_that_raises_stops_nothing(
    slow: Lab, callback: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def clumsy(fields: object) -> None:
        raise ValueError("the page's own mistake")

    worker = slow.worker(**{callback: clumsy})
    await worker.init()
    slow.wire.reply(type="log", level="info", stream="stdout", text="line")
    assert await worker.request("echo", 1) == 1
    captured = capsys.readouterr()
    assert "the page's own mistake" in captured.out + captured.err


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "CancelledError"])
@on_virtual_time
async def test_an_exit_in_the_worker_is_an_error_like_others(slow: Lab, name: str) -> None:
    kinds: dict[str, type[BaseException]] = {
        "SystemExit": SystemExit,
        "KeyboardInterrupt": KeyboardInterrupt,
        "CancelledError": asyncio.CancelledError,
    }

    def leave(payload: object) -> None:
        raise kinds[name]("leaving")

    slow.handlers["leave"] = leave
    worker = slow.worker()
    with pytest.raises(RemoteError, match="leaving") as caught:
        await worker.request("leave")
    assert caught.value.remote_type == name
    assert await worker.request("echo", 1) == 1


def test_every_error_is_of_the_one_tree() -> None:
    import gymworker.errors as errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert len(kinds) > 8
    assert all(issubclass(kind, GymWorkerError) for kind in kinds)
    for kind in kinds:
        assert kind.__name__ in (errors.__doc__ or "")


@on_virtual_time
async def test_the_map_of_pending_requests_is_empty_whatever_happened(slow: Lab) -> None:
    def fail(payload: object) -> None:
        raise ValueError

    slow.handlers["fail"] = fail
    worker: PyodideWorker = slow.worker(timeout=1)
    calls = [worker.request(type, 0.3) for type in ("echo", "fail", "fly", "sleep")]
    calls += [worker.request("sleep", 5), worker.request("echo", {1, 2})]
    await asyncio.gather(*calls, return_exceptions=True)
    assert worker.pending == 0
