"""The downloads of a boot: who hears of them, and for how long."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from gymworker.errors import WorkerClosedError, WorkerStartError
from gymworker.page.client import PyodideWorker
from gymworker.page.downloads import Downloads
from gymworker.page.fields import Progress

from tests.loopback import Lab, on_virtual_time, turns

FILES = [{"url": "a/big.wasm", "bytes": 100}, {"url": "small.zip", "bytes": 10}]


class Boot:
    """A boot whose files arrive as a test says.

    Attributes:
        worker: it is held in its boot until `go()`.
        seen: the progress of its downloads.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.asked: list[tuple[str, Callable[[int], None], asyncio.Future[int]]] = []
        self.seen: list[Progress] = []

    async def begin(self, files: Any = FILES, **options: Any) -> PyodideWorker:
        """Makes a worker, held in its boot, that has asked for its files."""
        self.hold()
        self.worker = self.lab.worker(
            settings={"downloads": files},
            download=self.download,
            on_progress=lambda p: self.seen.append(p) if p.stage == "download" else None,
            **options,
        )
        await turns()
        return self.worker

    def hold(self) -> None:
        self.lab.browser.hold_boot()

    def go(self) -> None:
        self.lab.browser.gate.set()

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
def boot(lab: Lab) -> Boot:
    """A boot that has not begun."""
    return Boot(lab)


@on_virtual_time
async def test_bytes_are_told_as_they_arrive(boot: Boot) -> None:
    worker = await boot.begin()
    boot.arrive(0, 60)
    boot.arrive(1, 10)
    boot.arrive(0, 100)
    assert [(p.message, p.loaded, p.total) for p in boot.seen] == [
        ("big.wasm", 60, 110),
        ("small.zip", 70, 110),
        ("big.wasm", 110, 110),
    ]
    assert boot.seen[0].timestamp > 1.6e9
    worker.destroy()


@on_virtual_time
async def test_downloads_are_signs_of_life_of_a_boot(boot: Boot) -> None:
    worker = await boot.begin(boot_timeout=20)
    for loaded in range(5):
        await asyncio.sleep(15)
        boot.arrive(0, loaded)
    assert worker.state == "booting"
    await asyncio.sleep(21)
    assert worker.state == "failed"


@on_virtual_time
async def test_a_file_that_is_missing_fails_the_boot(boot: Boot) -> None:
    worker = await boot.begin()
    boot.fail(0)
    with pytest.raises(WorkerStartError, match="cannot fetch it"):
        await worker.init()
    boot.arrive(1, 5)
    assert boot.seen == [], "the boot is over"
    assert boot.asked[1][2].cancelled(), "and so are its other downloads"


SPARE = [
    {"url": "big.wasm", "bytes": 100},
    {"url": "memory.wasm", "bytes": 50, "optional": True},
    {"url": "meta.mjs", "bytes": 5, "optional": True},
    {"url": "numpy.whl", "bytes": 70, "instead": True},
]


@on_virtual_time
async def test_what_can_be_done_without_fails_no_boot_and_others_come_instead(boot: Boot) -> None:
    worker = await boot.begin(SPARE)
    assert [address for address, *_ in boot.asked] == ["big.wasm", "memory.wasm", "meta.mjs"]
    boot.arrive(1, 20)
    boot.fail(1)
    boot.fail(2)
    await turns()
    assert [address for address, *_ in boot.asked[3:]] == ["numpy.whl"]
    boot.arrive(3, 70)
    assert [(p.message, p.loaded, p.total) for p in boot.seen] == [
        ("memory.wasm", 20, 155),
        ("numpy.whl", 90, 225),
    ]
    assert worker.state == "booting"
    boot.fail(3)
    with pytest.raises(WorkerStartError, match="cannot fetch it"):
        await worker.init()


@on_virtual_time
async def test_a_worker_that_falls_back_has_the_others_fetched(boot: Boot) -> None:
    worker = await boot.begin(SPARE)
    said = {"stage": "fallback", "message": "the snapshot was not used", "timestamp": 0.0}
    for _ in range(2):
        boot.lab.wire.reply(type="progress", **said)
    await turns()
    assert [address for address, *_ in boot.asked[3:]] == ["numpy.whl"]
    boot.go()
    await worker.init()
    boot.lab.wire.reply(type="progress", **said)
    await turns()
    assert len(boot.asked) == 4
    worker.destroy()


@on_virtual_time
async def test_what_comes_instead_is_not_fetched_without_need(boot: Boot) -> None:
    worker = await boot.begin(SPARE)
    for number, size in enumerate((100, 50, 5)):
        boot.end(number, size)
    boot.go()
    await worker.init()
    assert len(boot.asked) == 3
    worker.destroy()


@on_virtual_time
async def test_a_file_that_is_missing_does_not_end_a_worker_that_is_ready(boot: Boot) -> None:
    worker = await boot.begin()
    boot.go()
    await worker.init()
    boot.fail(0)
    await turns()
    assert worker.state == "ready"
    await worker.init()


@on_virtual_time
async def test_downloads_of_an_earlier_boot_cannot_fail_a_later_one(boot: Boot) -> None:
    worker = await boot.begin()
    restarting = asyncio.create_task(worker.restart())
    await turns()
    boot.seen.clear()
    boot.arrive(0, 50)
    boot.fail(0)
    await turns()
    assert (worker.state, boot.seen) == ("booting", [])
    boot.go()
    await restarting
    assert worker.state == "ready"


@on_virtual_time
async def test_a_failure_that_is_not_yet_told_belongs_to_its_boot(boot: Boot) -> None:
    worker = await boot.begin()
    boot.fail(0)
    outcome = worker._setup.restart()  # at once: nobody has heard of the failure
    boot.go()
    assert await outcome.wait() < 1
    assert worker.state == "ready"


@on_virtual_time
async def test_a_restart_reports_its_downloads(boot: Boot) -> None:
    worker = await boot.begin()
    boot.go()
    await worker.init()
    boot.hold()
    restarting = asyncio.create_task(worker.restart())
    await turns()
    boot.arrive(2, 30)
    assert [(p.loaded, p.total) for p in boot.seen] == [(30, 110)]
    boot.fail(3)
    with pytest.raises(WorkerStartError, match="cannot fetch it"):
        await restarting


@on_virtual_time
async def test_nothing_is_reported_after_destroy(boot: Boot) -> None:
    worker = await boot.begin()
    early = asyncio.create_task(worker.init())
    await turns()
    worker.destroy()
    boot.arrive(0, 50)
    boot.fail(1)
    await turns()
    assert (boot.seen, worker.state) == ([], "closed")
    with pytest.raises(WorkerClosedError):
        await early


@on_virtual_time
async def test_a_worker_whose_files_nobody_fetches_loads_them_itself(lab: Lab) -> None:
    worker = lab.worker(settings={"downloads": FILES})
    await worker.init()
    assert worker.state == "ready"
    worker.destroy()


@on_virtual_time
async def test_a_file_of_another_size_is_named(boot: Boot) -> None:
    worker = await boot.begin()
    boot.end(1, 7)
    said = r"^small\.zip could not be loaded: 7 of 10 bytes came$"
    with pytest.raises(WorkerStartError, match=said):
        await worker.init()


@on_virtual_time
async def test_sizes_that_may_differ_are_not_compared(boot: Boot) -> None:
    files = [{"url": "a.mjs", "bytes": 100}, {"url": "unknown.whl", "bytes": 0}, *FILES]
    worker = await boot.begin(files)
    boot.arrive(1, 30)
    assert boot.seen == [], "what has no known size is no part of the total"
    for number, size in enumerate((60, 30, 100, 10)):
        boot.end(number, size)
    await turns()
    assert worker.state == "booting"
    boot.go()
    await worker.init()


@on_virtual_time
async def test_a_download_that_fails_as_it_is_cancelled_fails_nothing(lab: Lab) -> None:
    async def download(address: str, on_bytes: Callable[[int], None]) -> int:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            raise OSError("aborted") from None
        return 0

    worker = lab.worker(settings={"downloads": FILES}, download=download)
    await turns()
    worker.destroy()
    await turns()
    assert worker.state == "closed"


@on_virtual_time
async def test_files_in_the_browsers_cache_are_fetched_only_if_the_boot_takes_long(
    lab: Lab,
) -> None:
    asked: list[str] = []
    failed: list[Exception] = []

    async def download(address: str, on_bytes: Callable[[int], None]) -> int:
        asked.append(address)
        return 10

    def downloads() -> Downloads:
        files = [{"url": "small.zip", "bytes": 10}]
        return Downloads(files, download, lambda *told, **units: None, failed.append, 3.0)

    quick = downloads()
    await asyncio.sleep(2.9)
    quick.cancel()
    await asyncio.sleep(10)
    assert not asked
    downloads()
    await asyncio.sleep(3.1)
    assert asked == ["small.zip"]
