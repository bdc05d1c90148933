"""Every request from the page to the worker and back, in order, each settled exactly once."""

import asyncio
from typing import Any

import numpy as np
import pytest
from gymworker.codec import Transfer, encode
from gymworker.errors import EncodeError, RemoteError
from gymworker.page.fields import Log, Progress
from gymworker.protocol import PROTOCOL_VERSION, REPLY_TO

from tests.loopback import Lab, on_virtual_time, turns
from tests.screens import RecordingScreen
from tests.unit.environments import COUNTER
from tests.unit.page.scripted import scripted


@on_virtual_time
async def test_a_session_from_init_to_batch(lab: Lab) -> None:
    worker = lab.worker()
    version = await worker.init()
    assert version.protocol == PROTOCOL_VERSION
    assert worker.version is not None
    assert version.fields == worker.version.fields
    await worker.init_env(COUNTER)
    reset = await worker.reset(seed=7, options={"hard": True})
    assert (reset.obs, reset.infos) == ({"seed": 7}, {"options": {"hard": True}})
    assert reset.render_state == "step 0"
    step = await worker.step({"left": 1})
    assert step.obs == [1, {"left": 1}]
    assert (step.rewards, step.terminateds, step.truncateds) == (0.5, False, False)
    assert (step.infos, step.render_state) == ({}, "step 1")
    assert (await worker.render()).render_state == "step 1"
    await worker.seed_rng(3)
    results = await worker.batch([{"op": "step", "params": {"actions": a}} for a in (4, 5)])
    assert [result.obs for result in results] == [[2, 4], [3, 5]]
    assert results[1].truncateds is True
    assert worker.pending == worker.dropped == 0


@on_virtual_time
async def test_every_request_type_of_the_protocol_is_answered(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    payloads: dict[str, Any] = {
        "installPackages": {"packages": []},
        "initEnv": {"envCode": COUNTER},
        "step": {"actions": 0},
        "seedRng": {"seed": 1},
        "batch": {"operations": [{"op": "render"}]},
        "play": {"actionMapping": {"a": 1}},
        "control": {"command": "stop"},
        "keys": {"pressed": []},
        "replay": {"episodes": []},
        "writeRecording": {"records": []},
        "attachCanvas": {"canvas": Transfer(RecordingScreen())},
        "setState": {"state": (await worker.get_state()).data},
    }
    for type in [type for type in REPLY_TO if type != "sample"]:
        await worker.request(type, payloads.get(type))
    with pytest.raises(RemoteError, match="no action space to sample from"):
        await worker.sample()
    assert worker.pending == 0


@on_virtual_time
async def test_nothing_is_rendered_where_it_is_not_asked_for(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    assert (await worker.reset(render=False)).render_state is None
    assert (await worker.step(0, render=False)).render_state is None


@on_virtual_time
async def test_arrays_keep_their_dtype_and_shape_both_ways(lab: Lab) -> None:
    lab.handlers["echo"] = lambda payload: payload
    sent = {
        "big": np.arange(6000, dtype=np.uint8).reshape(20, 300),
        "small": np.array([1, 2], "f4"),
    }
    back = await lab.worker().request("echo", sent)
    for name, array in sent.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


@on_virtual_time
async def test_what_is_sent_before_ready_runs_in_order_and_before_what_comes_later(
    lab: Lab,
) -> None:
    ran: list[int] = []
    lab.handlers["note"] = lambda payload: ran.append(payload)
    lab.browser.hold_boot()
    worker = lab.worker()
    early = [asyncio.create_task(worker.request("note", i)) for i in range(1000)]
    await turns()
    assert worker.pending == 1000
    assert ran == []
    lab.browser.gate.set()
    late = asyncio.create_task(worker.request("note", 1000))
    await asyncio.gather(*early, late)
    assert ran == list(range(1001))
    assert worker.pending == 0


@on_virtual_time
async def test_two_thousand_requests_at_once_all_settle(lab: Lab) -> None:
    lab.handlers["echo"] = lambda payload: payload
    worker = lab.worker()
    await worker.init()
    tasks = [asyncio.create_task(worker.request("echo", i)) for i in range(2000)]
    await asyncio.sleep(0)
    assert worker.pending == 2000
    assert await asyncio.gather(*tasks) == list(range(2000))
    assert worker.pending == worker.dropped == 0


@on_virtual_time
async def test_requests_run_one_at_a_time_although_handlers_await(lab: Lab) -> None:
    events: list[str] = []

    async def visit(payload: str) -> str:
        events.append(f"{payload} in")
        await asyncio.sleep(1)
        events.append(f"{payload} out")
        return payload

    lab.handlers["visit"] = visit
    worker = lab.worker()
    replies = await asyncio.gather(*(worker.request("visit", name) for name in "abc"))
    assert replies == list("abc")
    assert events == ["a in", "a out", "b in", "b out", "c in", "c out"]


@on_virtual_time
async def test_late_unknown_and_duplicate_replies_are_dropped_and_counted(lab: Lab) -> None:
    lab.handlers["echo"] = lambda payload: payload
    worker = lab.worker()
    await worker.init()
    assert await worker.request("echo", "mine") == "mine"
    ids: list[Any] = [1, 2, 99, None, "2", [], 1.5]
    for id in ids:
        lab.wire.reply(type="result", id=id, result="not yours")
    lab.wire.reply(type="error", id=77, error={"name": "E", "message": "m", "stack": ""})
    lab.wire.reply(type="envReady", id=78)
    await turns()
    assert worker.dropped == 9
    assert await worker.request("echo", "mine again") == "mine again"


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        [],
        {},
        {"type": None},
        {"type": "nonsense"},
        {"type": "result"},
        {"type": "result", "id": {}},
        {"type": "error"},
        {"type": "error", "id": 2, "error": "text"},
        {"type": "error", "error": {}},
        {"type": "ready"},
        {"type": "progress", "id": 2},
        {"type": "log"},
    ],
)
@on_virtual_time
async def test_a_malformed_reply_does_not_disturb_the_page(lab: Lab, message: object) -> None:
    lab.handlers["echo"] = lambda payload: payload
    seen: list[object] = []
    worker = lab.worker(on_progress=seen.append, on_log=seen.append)
    await worker.init()
    lab.wire.inject(*encode(message))
    lab.wire.inject("{not json")
    await turns()
    assert worker.dropped >= 1
    assert worker.state == "ready"
    assert await worker.request("echo", 1) == 1


@on_virtual_time
async def test_a_payload_that_cannot_cross_raises_with_its_path_and_sends_nothing(
    lab: Lab,
) -> None:
    worker = lab.worker()
    await worker.init()
    received = len(lab.wire.received)
    with pytest.raises(EncodeError, match=r"\['left'\]\[1\].*Lock cannot be sent|object"):
        await worker.step({"left": [0, asyncio.Lock()]})
    await turns()
    assert len(lab.wire.received) == received
    assert worker.pending == 0


@on_virtual_time
async def test_a_result_that_cannot_cross_raises_on_the_page_with_its_path(lab: Lab) -> None:
    lab.handlers["lock"] = lambda payload: {"human": {"policy": asyncio.Lock()}}
    worker = lab.worker()
    with pytest.raises(RemoteError, match=r"human.*policy.*Lock") as caught:
        await worker.request("lock")
    assert caught.value.remote_type == "EncodeError"
    assert worker.pending == 0


@on_virtual_time
async def test_what_cannot_cross_can_be_dropped_from_infos_alone(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    lab.strict_infos = False
    lab.handlers["infos"] = lambda payload: {"infos": {"ok": 1, "policy": asyncio.Lock()}}
    lab.handlers["obs"] = lambda payload: {"obs": {"policy": asyncio.Lock()}}
    worker = lab.worker()
    assert await worker.request("infos") == {"infos": {"ok": 1}}
    assert "infos['policy']" in caplog.text
    with pytest.raises(RemoteError, match="obs"):
        await worker.request("obs")


@on_virtual_time
async def test_a_batch_gives_back_what_the_users_own_requests_return(lab: Lab) -> None:
    lab.handlers["echo"] = lambda payload: payload
    worker = lab.worker()
    values = ["text", 3, None, [1, (2,)], np.arange(3)]
    small = await worker.batch([{"op": "echo", "params": value} for value in values])
    assert small[:4] == values[:4]
    assert small[4].tolist() == [0, 1, 2]
    large = await worker.batch([{"op": "echo", "params": value} for value in ("a", bytes(5000))])
    assert large == ["a", bytes(5000)]
    (fields,) = await worker.batch([{"op": "echo", "params": {"name": "you"}}])
    assert fields == {"name": "you"}


@on_virtual_time
async def test_a_batch_stops_at_the_first_failure_and_brings_back_what_was_done(lab: Lab) -> None:
    lab.handlers["echo"] = lambda payload: payload

    def fail(payload: object) -> None:
        raise ZeroDivisionError("third time unlucky")

    lab.handlers["fail"] = fail
    worker = lab.worker()
    operations = [{"op": "echo", "params": i} for i in range(2)]
    with pytest.raises(RemoteError, match="unlucky") as caught:
        await worker.batch([*operations, {"op": "fail"}, {"op": "echo"}])
    assert caught.value.remote_type == "ZeroDivisionError"
    assert (caught.value.failed_index, caught.value.partial_results) == (2, [0, 1])
    with pytest.raises(RemoteError) as caught:
        await worker.request("fail")
    assert (caught.value.failed_index, caught.value.partial_results) == (None, None)


@on_virtual_time
async def test_installing_tells_of_each_package_and_remembers_its_request(lab: Lab) -> None:
    lab.browser.site |= {"game": ("1.0", ["numbers"]), "numbers": ("2.0", [])}
    seen: list[Progress] = []
    worker = lab.worker(on_progress=seen.append)
    await worker.init()
    seen.clear()
    await worker.install_packages(["game"])
    assert [(p.message, p.loaded, p.total) for p in seen] == [("game", 1, 2), ("numbers", 2, 2)]
    assert {p.id for p in seen} == {2}


@on_virtual_time
async def test_a_boot_s_progress_that_comes_after_ready_is_over(lab: Lab) -> None:
    seen: list[Progress] = []
    lines: list[Log] = []
    worker = lab.worker(on_progress=seen.append, on_log=lines.append)
    await worker.init()
    seen.clear()
    late = {"stage": "imports", "message": "gymnasium", "timestamp": 0.0}
    lab.wire.reply(type="progress", **late, loaded=1, total=2)
    lab.wire.reply(type="log", level="info", stream="stdout", text="said meanwhile")
    lab.wire.reply(type="progress", **late, id=1)
    await turns()
    assert [progress.id for progress in seen] == [1]
    assert [line.text for line in lines] == ["said meanwhile"]


@on_virtual_time
async def test_an_unknown_request_type_is_an_error_that_names_the_known_ones(lab: Lab) -> None:
    worker = lab.worker()
    with pytest.raises(RemoteError, match=r"unknown request type 'fly'.*reset.*step") as caught:
        await worker.request("fly")
    assert caught.value.remote_type == "ProtocolError"


@on_virtual_time
async def test_two_workers_do_not_disturb_each_other(lab: Lab) -> None:
    lab.handlers["hang"] = lambda payload: asyncio.Event().wait()
    lab.handlers["echo"] = lambda payload: payload
    first, second = lab.worker(), lab.worker()
    await asyncio.gather(first.init(), second.init())
    hanging = asyncio.create_task(first.request("hang", timeout=5))
    await turns()
    assert await second.request("echo", 2) == 2
    second.destroy()
    assert (first.state, second.state) == ("ready", "closed")
    with pytest.raises(Exception, match="no answer within 5 s"):
        await hanging


@on_virtual_time
async def test_a_caller_that_gives_up_leaves_nothing_behind(lab: Lab) -> None:
    gate = asyncio.Event()
    lab.handlers["hang"] = lambda payload: gate.wait()
    worker = lab.worker()
    await worker.init()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(worker.request("hang"), 1)
    assert worker.pending == 0
    gate.set()
    await turns()
    assert worker.dropped == 1


@on_virtual_time
async def test_a_result_that_comes_as_a_whole_message_settles_its_request(lab: Lab) -> None:
    worker, script = scripted()
    asking = asyncio.create_task(worker.request("echo"))
    await turns()
    script.say("result", id=script.received[0]["id"], result=[1, 2])
    assert await asking == [1, 2]
    assert worker.dropped == 0
    worker.destroy()
