"""A worker in reserve: a restart takes it at once, and another boots in its place."""

import pytest
from gymworker.errors import WorkerClosedError

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.environments import COUNTER


@on_virtual_time
async def test_a_restart_takes_the_worker_in_reserve(lab: Lab) -> None:
    worker = lab.worker(spare=True)
    await worker.init_env(COUNTER)
    await turns()
    first, spare = lab.wires
    assert not spare.received  # it waits, with nothing of the page's
    lab.browser.hold_boot()  # whoever would boot now takes for ever
    await worker.restart()
    assert first.closed
    assert not spare.closed
    assert spare.types() == ["init", "initEnv"]
    assert (await worker.reset(seed=1)).obs == {"seed": 1}
    assert worker.version is not None
    assert len(lab.wires) == 3  # the next one in reserve


@on_virtual_time
async def test_a_restart_may_come_while_it_boots(lab: Lab) -> None:
    worker = lab.worker(spare=True)
    await worker.init()
    lab.browser.hold_boot()
    await worker.restart()  # takes the first one in reserve; the second is held in its boot
    await turns()
    restarting = worker.restart()
    lab.browser.gate.set()
    await restarting
    assert worker.state == "ready"
    assert [wire.closed for wire in lab.wires] == [True, True, False, False]


@on_virtual_time
async def test_one_that_died_in_reserve_is_not_taken(lab: Lab) -> None:
    worker = lab.worker(spare=True)
    await worker.init()
    await turns()
    lab.wires[1].crash()
    assert worker.state == "ready"
    await worker.restart()
    await turns()
    assert [wire.closed for wire in lab.wires] == [True, True, False, False]


@on_virtual_time
async def test_one_whose_boot_failed_is_not_taken(lab: Lab) -> None:
    worker = lab.worker(spare=True)
    await worker.init()
    await turns()
    failure = {"name": "OSError", "message": "no network", "stack": "", "fatal": True}
    lab.wires[1].reply(type="error", error=failure)
    await turns()
    assert worker.state == "ready"
    await worker.restart()
    await turns()
    assert worker.state == "ready"
    assert [wire.closed for wire in lab.wires] == [True, True, False, False]


@on_virtual_time
async def test_none_is_left_when_the_worker_is_destroyed(lab: Lab) -> None:
    worker = lab.worker(spare=True)
    await worker.init()
    await turns()
    worker.destroy()
    worker.destroy()
    assert [wire.closed for wire in lab.wires] == [True, True]
    with pytest.raises(WorkerClosedError):
        await worker.reset()


@on_virtual_time
async def test_there_is_none_unless_one_asks_for_it(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init()
    await turns()
    assert len(lab.wires) == 1
