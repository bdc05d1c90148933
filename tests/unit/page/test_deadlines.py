"""Timeouts: whose clock, when it starts, what is late."""

import asyncio

import pytest
from gymworker.errors import RequestTimeoutError

from tests.loopback import Lab, on_virtual_time, turns


def elapsed() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture
def hanging(lab: Lab) -> Lab:
    """Workers with a request type `hang` that is never answered, and `echo`."""
    lab.handlers["hang"] = lambda payload: asyncio.Event().wait()
    lab.handlers["echo"] = lambda payload: payload
    return lab


@pytest.mark.parametrize(
    ("default", "own", "expected"),
    [(30.0, {}, 30), (30.0, {"timeout": 2}, 2), (None, {"timeout": 9}, 9)],
)
@on_virtual_time
async def test_a_request_takes_no_longer_than_its_timeout(
    hanging: Lab, default: float | None, own: dict[str, float], expected: float
) -> None:
    worker = hanging.worker(timeout=default)
    await worker.init()
    start = elapsed()
    with pytest.raises(RequestTimeoutError, match=rf"hang had no answer within {expected}"):
        await worker.request("hang", **own)
    assert expected <= elapsed() - start < expected + 0.2
    assert worker.pending == 0


@pytest.mark.parametrize(("default", "own"), [(None, {}), (30.0, {"timeout": None})])
@on_virtual_time
async def test_none_is_no_timeout(
    hanging: Lab, default: float | None, own: dict[str, None]
) -> None:
    worker = hanging.worker(timeout=default)
    await worker.init()
    task = asyncio.create_task(worker.request("hang", **own))
    await asyncio.sleep(600)
    assert not task.done()
    worker.destroy()
    with pytest.raises(Exception, match="destroyed"):
        await task


@on_virtual_time
async def test_the_clock_of_an_early_request_starts_at_ready(hanging: Lab) -> None:
    hanging.browser.hold_boot()
    worker = hanging.worker(timeout=5, boot_timeout=None)
    early = asyncio.create_task(worker.request("echo", 1))
    hung = asyncio.create_task(worker.request("hang"))
    await asyncio.sleep(100)
    assert not early.done()
    hanging.browser.gate.set()
    assert await early == 1
    start = elapsed()
    with pytest.raises(RequestTimeoutError):
        await hung
    assert 4.5 < elapsed() - start < 5.5


@on_virtual_time
async def test_a_reply_after_the_timeout_reaches_nobody(lab: Lab) -> None:
    gate = asyncio.Event()

    async def late(payload: object) -> str:
        await gate.wait()
        return "late"

    lab.handlers["late"] = late
    lab.handlers["echo"] = lambda payload: payload
    worker = lab.worker()
    await worker.init()
    with pytest.raises(RequestTimeoutError):
        await worker.request("late", timeout=1)
    following = asyncio.create_task(worker.request("echo", "mine"))
    await turns()
    gate.set()
    assert await following == "mine"
    assert (worker.dropped, worker.pending) == (1, 0)


@on_virtual_time
async def test_only_the_requests_past_their_deadline_time_out(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init()
    tasks = [asyncio.create_task(worker.request("hang", timeout=t)) for t in (1, 2, 3)]
    await asyncio.sleep(2.5)
    assert [task.done() for task in tasks] == [True, True, False]
    assert worker.pending == 1
    for task in tasks:
        with pytest.raises(RequestTimeoutError):
            await task
