"""Timeouts: whose clock, when it starts, what is late."""

import asyncio

import pytest
from gymworker.errors import RequestTimeoutError

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.environments import COUNTER


def elapsed() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture
def hanging(lab: Lab) -> Lab:
    """Workers with a request type `hang` that is never answered, and `echo`."""
    lab.handlers["hang"] = lambda payload: asyncio.Event().wait()
    lab.handlers["echo"] = lambda payload: payload
    return lab


@pytest.fixture
def sleeping(lab: Lab) -> Lab:
    """Workers with `sleep`, which takes its payload's seconds."""

    async def sleep(payload: float) -> float:
        await asyncio.sleep(payload)
        return payload

    lab.handlers["sleep"] = sleep
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
async def test_one_deadline_runs_and_when_it_passes_whoever_waits_is_told(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init()
    start = elapsed()
    waiting = [worker.request("hang", timeout=5), worker.request("echo", timeout=1)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert 5 <= elapsed() - start < 5.2, "the second could not begin, so its second did not run"
    assert [type(outcome) for outcome in outcomes] == [RequestTimeoutError] * 2
    assert str(outcomes[0]) == "hang had no answer within 5 s"
    assert str(outcomes[1]) == "echo waited in vain: hang had no answer within 5 s"
    assert (worker.state, worker.pending) == ("stalled", 0)


@on_virtual_time
async def test_the_clock_of_a_request_starts_at_the_reply_before_it(sleeping: Lab) -> None:
    worker = sleeping.worker(timeout=10)
    tasks = [asyncio.create_task(worker.request("sleep", 8)) for _ in range(4)]
    assert await asyncio.gather(*tasks) == [8] * 4
    start = elapsed()
    first = asyncio.create_task(worker.request("sleep", 8))
    second = asyncio.create_task(worker.request("sleep", 100))
    assert await first == 8
    with pytest.raises(RequestTimeoutError):
        await second
    assert 18 <= elapsed() - start < 18.2


@on_virtual_time
async def test_a_request_that_is_sent_later_starts_its_clock_when_it_is_sent(hanging: Lab) -> None:
    worker = hanging.worker(timeout=5)
    await worker.init()
    await asyncio.sleep(60)
    start = elapsed()
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang")
    assert 5 <= elapsed() - start < 5.2


@on_virtual_time
async def test_a_slow_package_does_not_cost_the_requests_behind_it_their_time(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init()
    lab.browser.site["slow"] = ("1.0", [])
    lab.browser.gate.clear()
    installing = asyncio.create_task(worker.init(packages=["slow"]))
    making = asyncio.create_task(worker.init_env(COUNTER))
    await asyncio.sleep(40)
    assert (making.done(), worker.state) == (False, "ready")
    lab.browser.gate.set()
    await asyncio.gather(installing, making)
    assert (await worker.reset(seed=1)).obs == {"seed": 1}


@on_virtual_time
async def test_the_time_of_a_request_begins_anew_when_it_tells_of_its_progress(
    hanging: Lab,
) -> None:
    worker = hanging.worker(timeout=30)
    await worker.init()
    task = asyncio.create_task(worker.request("hang"))
    for _ in range(4):
        await asyncio.sleep(25)
        id = hanging.wire.received[-1]["id"]
        hanging.wire.reply(type="progress", id=id, stage="replay", message="", timestamp=0)
        hanging.wire.reply(type="progress", id=9999, stage="replay", message="", timestamp=0)
    assert (task.done(), worker.state) == (False, "ready")
    await asyncio.sleep(29)
    assert worker.state == "ready"
    await asyncio.sleep(2)
    assert worker.state == "stalled"
    with pytest.raises(RequestTimeoutError, match="hang had no answer within 30 s"):
        await task


@on_virtual_time
async def test_nobody_expires_behind_a_request_that_may_take_for_ever(hanging: Lab) -> None:
    worker = hanging.worker()
    await worker.init()
    tasks = [worker.request("hang", timeout=None), worker.request("echo", 1, timeout=1)]
    waiting = asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(600)
    assert (waiting.done(), worker.state) == (False, "ready")
    worker.destroy()
    await waiting


@on_virtual_time
async def test_a_request_whose_caller_was_cancelled_keeps_its_place(sleeping: Lab) -> None:
    worker = sleeping.worker(timeout=10)
    await worker.init()
    cancelled = asyncio.create_task(worker.request("sleep", 9))
    following = asyncio.create_task(worker.request("sleep", 9))
    await asyncio.sleep(1)
    cancelled.cancel()
    await turns()
    assert worker.pending == 1
    assert await following == 9
    assert (worker.dropped, worker.pending) == (1, 0)


@on_virtual_time
async def test_a_cancelled_request_that_hangs_is_a_hanging_worker(hanging: Lab) -> None:
    worker = hanging.worker(timeout=10)
    await worker.init()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(worker.request("hang"), 1)
    assert worker.pending == 0
    await asyncio.sleep(8.9)
    assert worker.state == "ready"
    await asyncio.sleep(0.3)
    assert worker.state == "stalled"


@on_virtual_time
async def test_a_stalled_worker_that_answers_is_ready_again(lab: Lab) -> None:
    gates = {name: asyncio.Event() for name in "abc"}

    async def wait(payload: str) -> str:
        await gates[payload].wait()
        return payload

    lab.handlers["wait"] = wait
    worker = lab.worker(timeout=10)
    await worker.init()
    lost = [asyncio.create_task(worker.request("wait", name)) for name in "ab"]
    await asyncio.sleep(11)
    assert worker.state == "stalled"
    for task in lost:
        with pytest.raises(RequestTimeoutError):
            await task
    third = asyncio.create_task(worker.request("wait", "c"))
    await asyncio.sleep(5)
    assert (worker.state, worker.pending) == ("stalled", 1)
    gates["a"].set()
    await turns()
    assert (worker.state, worker.dropped) == ("ready", 1)
    await asyncio.sleep(9)
    gates["b"].set()
    await asyncio.sleep(9)  # its clock started at the reply before it
    gates["c"].set()
    assert await third == "c"
    assert (worker.dropped, worker.pending, worker.state) == (2, 0, "ready")


@on_virtual_time
async def test_a_worker_that_stays_stalled_settles_later_requests_too(hanging: Lab) -> None:
    worker = hanging.worker(timeout=5)
    await worker.init()
    with pytest.raises(RequestTimeoutError):
        await worker.request("hang")
    start = elapsed()
    with pytest.raises(RequestTimeoutError, match="echo had no answer within 2 s"):
        await worker.request("echo", timeout=2)
    assert 2 <= elapsed() - start < 2.2
    assert (worker.state, worker.pending) == ("stalled", 0)


@on_virtual_time
async def test_a_stalled_worker_that_only_prints_gets_its_time_again(hanging: Lab) -> None:
    worker = hanging.worker(timeout=5)
    await worker.init()
    task = asyncio.create_task(worker.request("hang"))
    await asyncio.sleep(6)
    hanging.wire.reply(type="log", level="info", stream="stdout", text="still here")
    await asyncio.sleep(4.8)
    assert worker.state == "ready"
    await asyncio.sleep(0.4)
    assert worker.state == "stalled"
    with pytest.raises(RequestTimeoutError):
        await task


@on_virtual_time
async def test_silence_says_for_how_long_an_answer_is_owed(sleeping: Lab) -> None:
    worker = sleeping.worker(timeout=30)
    assert worker.silence == 0.0
    await worker.init()
    await asyncio.sleep(5)
    assert worker.silence == 0.0, "nothing is owed"
    task = asyncio.create_task(worker.request("sleep", 9))
    await asyncio.sleep(6)
    assert worker.silence == pytest.approx(6, abs=0.15)
    await task
    assert worker.silence == 0.0
    task = asyncio.create_task(worker.request("sleep", 90))
    await asyncio.sleep(32)
    assert worker.state == "stalled"
    assert worker.silence == pytest.approx(32, abs=0.15)
    with pytest.raises(RequestTimeoutError):
        await task


@on_virtual_time
async def test_time_in_which_the_page_slept_does_not_count(hanging: Lab) -> None:
    worker = hanging.worker(timeout=10)
    await worker.init()
    task = asyncio.create_task(worker.request("hang"))
    await asyncio.sleep(2)
    loop = asyncio.get_running_loop()
    loop.elapsed += 1800  # type: ignore[attr-defined]  # a closed lid: no timer of the page runs
    await asyncio.sleep(6)
    assert (task.done(), worker.state) == (False, "ready")
    with pytest.raises(RequestTimeoutError):
        await task
    worker.destroy()


@on_virtual_time
async def test_a_boot_does_not_fail_for_the_sleep_of_the_page(lab: Lab) -> None:
    lab.browser.hold_boot()
    worker = lab.worker(boot_timeout=20)
    await asyncio.sleep(10)
    asyncio.get_running_loop().elapsed += 1800  # type: ignore[attr-defined]
    await asyncio.sleep(5)
    lab.browser.gate.set()
    await worker.init()
