"""The downloads of a boot: who hears of them, and for how long."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from gymworker.errors import WorkerClosedError, WorkerStartError
from gymworker.page.client import PyodideWorker
from gymworker.page.fields import Progress

from tests.loopback import Lab, on_virtual_time, turns

FILES = [{"url": "a/big.wasm", "bytes": 100}, {"url": "small.zip", "bytes": 10}]


class Network:
    """Fetches files as a test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Callable[[int], None], asyncio.Future[int]]] = []

    async def download(self, address: str, on_bytes: Callable[[int], None]) -> int:
        done = asyncio.get_running_loop().create_future()
        self.asked.append((address, on_bytes, done))
        return int(await done)

    def arrive(self, number: int, loaded: int) -> None:
        self.asked[number][1](loaded)

    def end(self, number: int, size: int) -> None:
        self.asked[number][2].set_result(size)

    def fail(self, number: int) -> None:
        done = self.asked[number][2]
        if not done.done():
            done.set_exception(WorkerStartError("cannot fetch it"))


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def seen() -> list[Progress]:
    return []


def worker_of(
    lab: Lab, network: Network, seen: list[Progress], files: Any = FILES, **options: Any
) -> PyodideWorker:
    return lab.worker(
        settings={"downloads": files},
        download=network.download,
        on_progress=lambda p: seen.append(p) if p.stage == "download" else None,
        **options,
    )


@on_virtual_time
async def test_bytes_are_told_as_they_arrive(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    network.arrive(0, 60)
    network.arrive(1, 10)
    network.arrive(0, 100)
    assert [(p.message, p.loaded, p.total) for p in seen] == [
        ("big.wasm", 60, 110),
        ("small.zip", 70, 110),
        ("big.wasm", 110, 110),
    ]
    assert seen[0].timestamp > 1.6e9
    worker.destroy()


@on_virtual_time
async def test_downloads_are_signs_of_life_of_a_boot(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen, boot_timeout=20)
    for loaded in range(5):
        await asyncio.sleep(15)
        network.arrive(0, loaded)
    assert worker.state == "booting"
    await asyncio.sleep(21)
    assert worker.state == "failed"


@on_virtual_time
async def test_a_file_that_is_missing_fails_the_boot(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    network.fail(0)
    with pytest.raises(WorkerStartError, match="cannot fetch it"):
        await worker.init()
    network.arrive(1, 5)
    assert seen == [], "the boot is over"
    assert network.asked[1][2].cancelled(), "and so are its other downloads"


@on_virtual_time
async def test_a_file_that_is_missing_does_not_end_a_worker_that_is_ready(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    worker = worker_of(lab, network, seen)
    await worker.init()
    network.fail(0)
    await turns()
    assert worker.state == "ready"
    await worker.init()


@on_virtual_time
async def test_downloads_of_an_earlier_boot_cannot_fail_a_later_one(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    restarting = asyncio.create_task(worker.restart())
    await turns()
    seen.clear()
    network.arrive(0, 50)
    network.fail(0)
    await turns()
    assert (worker.state, seen) == ("booting", [])
    lab.browser.gate.set()
    await restarting
    assert worker.state == "ready"


@on_virtual_time
async def test_a_failure_that_is_not_yet_told_belongs_to_its_boot(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    network.fail(0)
    outcome = worker._setup.restart()  # at once: nobody has heard of the failure
    lab.browser.gate.set()
    assert await outcome.wait() < 1
    assert worker.state == "ready"


@on_virtual_time
async def test_a_restart_reports_its_downloads(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    worker = worker_of(lab, network, seen)
    await worker.init()
    lab.browser.hold_boot()
    restarting = asyncio.create_task(worker.restart())
    await turns()
    network.arrive(2, 30)
    assert [(p.loaded, p.total) for p in seen] == [(30, 110)]
    network.fail(3)
    with pytest.raises(WorkerStartError, match="cannot fetch it"):
        await restarting


@on_virtual_time
async def test_nothing_is_reported_after_destroy(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    early = asyncio.create_task(worker.init())
    await turns()
    worker.destroy()
    network.arrive(0, 50)
    network.fail(1)
    await turns()
    assert (seen, worker.state) == ([], "closed")
    with pytest.raises(WorkerClosedError):
        await early


@on_virtual_time
async def test_a_file_of_another_size_is_named(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    worker = worker_of(lab, network, seen)
    await turns()
    network.end(1, 7)
    said = r"^small\.zip could not be loaded: 7 of 10 bytes came$"
    with pytest.raises(WorkerStartError, match=said):
        await worker.init()


@on_virtual_time
async def test_sizes_that_may_differ_are_not_compared(
    lab: Lab, network: Network, seen: list[Progress]
) -> None:
    lab.browser.hold_boot()
    files = [{"url": "a.mjs", "bytes": 100}, {"url": "unknown.whl", "bytes": 0}, *FILES]
    worker = worker_of(lab, network, seen, files)
    await turns()
    network.arrive(1, 30)
    assert seen == [], "what has no known size is no part of the total"
    for number, size in enumerate((60, 30, 100, 10)):
        network.end(number, size)
    await turns()
    assert worker.state == "booting"
    lab.browser.gate.set()
    await worker.init()
