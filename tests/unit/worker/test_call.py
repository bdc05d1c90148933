"""A request as its handler sees it, through the real host."""

import asyncio
from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.call import Call
from gymworker.worker.host import Host

from tests.loopback import Lab, on_virtual_time
from tests.unit.environments import COUNTER
from tests.unit.worker.test_dispatcher import Recorder, ask


def hosted(code: str = COUNTER) -> tuple[Host, Recorder]:
    """A host that is open, with an environment."""
    host, page = Host(), Recorder()
    host._dispatcher.open()
    host._dispatcher.receive(page, ask("initEnv", 1, {"envCode": code}))
    return host, page


async def settled(host: Host) -> None:
    while host._dispatcher._busy:
        await asyncio.sleep(0)


@on_virtual_time
async def test_a_users_request_reaches_the_environment() -> None:
    host, page = hosted()

    @host.on("where")
    def where(call: Call) -> Any:
        return call.env.steps

    host._dispatcher.receive(page, ask("step", 2, {"actions": 5}))
    host._dispatcher.receive(page, ask("where", 3))
    await settled(host)
    assert page.results()[-1] == 1


@on_virtual_time
async def test_without_an_environment_it_says_what_to_send_first() -> None:
    host, page = Host(), Recorder()
    host._dispatcher.open()
    host.on("where")(lambda call: call.env)
    host._dispatcher.receive(page, ask("where", 1))
    assert "send initEnv first" in page.messages[0]["error"]["message"]


@on_virtual_time
async def test_progress_of_a_request_carries_its_id_to_the_page_that_asked() -> None:
    host, page, other = Host(), Recorder(), Recorder()
    host._dispatcher.open()

    @host.on("work")
    async def work(call: Call) -> str:
        call.report("work", "half of it", loaded=1, total=2)
        await asyncio.sleep(1)
        call.report("work", "all of it", loaded=2, total=2)
        return "done"

    host._dispatcher.receive(page, ask("work", 7))
    host._dispatcher.receive(other, ask("work", 7))
    await asyncio.sleep(3)
    for asked in (page, other):
        found = [(m["type"], m["id"], m.get("message")) for m in asked.messages]
        assert found == [
            ("progress", 7, "half of it"),
            ("progress", 7, "all of it"),
            ("result", 7, None),
        ]


@on_virtual_time
async def test_a_handler_may_send_messages_of_its_own() -> None:
    host, page = Host(), Recorder()
    host._dispatcher.open()
    message = {"type": "log", "level": "info", "stream": "stdout", "text": "hello"}
    host.on("say")(lambda call: call.send(message))
    host._dispatcher.receive(page, ask("say", 1))
    assert page.messages[0] == message


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 3), (np.int64(3), 3), (np.uint8(200), 200), (np.array(4), 4)],
)
def test_whatever_counts_as_an_int_is_one(value: Any, expected: int) -> None:
    call = Call({"seed": value}, 1, Recorder(), None, None)  # type: ignore[arg-type]
    found = call.field("seed", int)
    assert (found, type(found)) == (expected, int)


@pytest.mark.parametrize("value", [True, np.bool_(True), 1.0, np.float64(1), "1", [1]])
def test_what_does_not_count_as_an_int_is_refused(value: Any) -> None:
    call = Call({"seed": value}, 1, Recorder(), None, None)  # type: ignore[arg-type]
    with pytest.raises(ProtocolError, match="expected 'seed' to be int"):
        call.field("seed", int)


STATEFUL = """
class Env:
    def __init__(self):
        self.n = 0
        self.deep = {"list": [1]}
    def reset(self, *, seed=None, options=None):
        self.n = 0
        return self.n, {}
    def step(self, action):
        self.n += 1
        return self.n, 0.0, False, False, {}

env = Env()
"""


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda env: env.step(0), True),
        (lambda env: setattr(env, "n", env.n + 5), True),
        (lambda env: env.deep["list"].append(2), True),
        (lambda env: env.n, False),
        (lambda env: None, False),
    ],
)
@on_virtual_time
async def test_a_users_request_that_changes_the_environment_counts_as_a_change(
    change: Any, counts: bool
) -> None:
    host, page = hosted(STATEFUL)
    await settled(host)

    def plain(call: Call) -> None:
        change(call.env)

    async def later(call: Call) -> None:
        env = call.env
        await asyncio.sleep(1)
        change(env)

    for name, handler in (("plain", plain), ("later", later)):
        host.on(name)(handler)
        for request in (ask(name, 3), ask("batch", 4, {"operations": [{"op": name}]})):
            before = host._environments.default.revision
            host._dispatcher.receive(page, request)
            await asyncio.sleep(2)
            assert (host._environments.default.revision > before) is counts


@on_virtual_time
async def test_what_cannot_be_compared_counts_as_a_change() -> None:
    host, page = hosted(STATEFUL + "import threading\nenv.lock = threading.Lock()\n")
    await settled(host)
    before = host._environments.default.revision
    host.on("look")(lambda call: call.env.n)
    host._dispatcher.receive(page, ask("look", 3))
    assert host._environments.default.revision > before


@on_virtual_time
async def test_an_environment_with_functions_can_be_compared() -> None:
    host, page = hosted(STATEFUL + "env.shape = lambda obs: obs\n")
    await settled(host)
    before = host._environments.default.revision
    host.on("look")(lambda call: call.env.n)
    host.on("change")(lambda call: call.env.step(0)[0])
    host._dispatcher.receive(page, ask("look", 3))
    assert host._environments.default.revision == before
    host._dispatcher.receive(page, ask("change", 4))
    assert host._environments.default.revision > before


@on_virtual_time
async def test_a_change_by_a_request_that_fails_counts_too() -> None:
    host, page = hosted(STATEFUL)
    await settled(host)
    before = host._environments.default.revision

    @host.on("break")
    def fail(call: Call) -> None:
        call.env.n = 9
        raise ValueError("too late")

    host._dispatcher.receive(page, ask("break", 3))
    assert host._environments.default.revision > before


@on_virtual_time
async def test_seeds_of_numpy_are_seeds(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init_env(COUNTER)
    seed: Any = np.int64(7)
    result = await worker.reset(seed=seed)
    assert result.obs == {"seed": 7}
