"""Requests in, replies out: the worker's dispatcher on its own."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from gymworker.codec import encode
from gymworker.protocol import ERROR, RESULT
from gymworker.worker.call import Call
from gymworker.worker.dispatcher import Dispatcher
from gymworker.worker.environments import Environments
from gymworker.worker.host import Host
from gymworker.worker.outgoing import Outgoing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loopback import on_virtual_time, turns


class Recorder:
    """A page that keeps what it is sent; what cannot cross raises, as in a browser."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.check(message)
        self.messages.append(message)

    def check(self, message: dict[str, Any]) -> None:
        encode(message)

    def results(self) -> list[Any]:
        return [message.get("result") for message in self.messages]


def dispatcher_with(**handlers: Callable[[Call], Any]) -> Dispatcher:
    dispatcher = Dispatcher(Outgoing(), Environments())
    for type, handler in handlers.items():
        dispatcher.on(type)(handler)
    return dispatcher


def echo(call: Call) -> Any:
    return call.payload


def fail(call: Call) -> Any:
    raise ValueError("on purpose")


def ask(type: Any, id: Any = 1, payload: Any = None) -> dict[str, Any]:
    return {"type": type, "id": id, "payload": payload}


@on_virtual_time
async def test_requests_wait_until_the_worker_is_open_and_run_in_order() -> None:
    dispatcher, page = dispatcher_with(echo=echo), Recorder()
    for i in range(5):
        dispatcher.receive(page, ask("echo", i, i))
    await turns()
    assert page.messages == []
    dispatcher.open()
    dispatcher.receive(page, ask("echo", 5, 5))
    assert page.results() == list(range(6))
    assert [message["id"] for message in page.messages] == list(range(6))


@on_virtual_time
async def test_what_arrives_in_the_turn_of_the_opening_comes_after_what_waited() -> None:
    dispatcher, page = dispatcher_with(echo=echo), Recorder()

    async def first(call: Call) -> str:
        await asyncio.sleep(1)
        return "first"

    dispatcher.on("first")(first)
    dispatcher.receive(page, ask("first"))
    dispatcher.receive(page, ask("echo", 2, "second"))
    dispatcher.open()
    dispatcher.receive(page, ask("echo", 3, "third"))
    await asyncio.sleep(2)
    assert page.results() == ["first", "second", "third"]


@on_virtual_time
async def test_a_handler_may_send_requests_to_its_own_worker_which_run_after_it() -> None:
    dispatcher, page = dispatcher_with(echo=echo), Recorder()

    def nested(call: Call) -> str:
        dispatcher.receive(page, ask("echo", 2, "inner"))
        return "outer"

    dispatcher.on("nested")(nested)
    dispatcher.open()
    dispatcher.receive(page, ask("nested"))
    assert page.results() == ["outer", "inner"]


@on_virtual_time
async def test_each_reply_goes_to_the_page_that_asked() -> None:
    dispatcher, first, second = dispatcher_with(echo=echo), Recorder(), Recorder()
    dispatcher.open()
    dispatcher.receive(first, ask("echo", 1, "a"))
    dispatcher.receive(second, ask("echo", 1, "b"))
    assert (first.results(), second.results()) == (["a"], ["b"])


@pytest.mark.parametrize(
    ("message", "words", "id"),
    [
        (None, "expected {type, id, payload}, got NoneType", None),
        ("step", "got str", None),
        ([1, 2], "got list", None),
        ({}, "expected a message with a type", None),
        ({"type": 3, "id": 4}, "expected a message with a type", 4),
        ({"type": "echo"}, "integer id", None),
        ({"type": "echo", "id": None}, "integer id", None),
        ({"type": "echo", "id": "1"}, "integer id", None),
        ({"type": "echo", "id": 1.5}, "integer id", None),
        ({"type": "echo", "id": True}, "integer id", None),
        ({"type": "fly", "id": 9}, "unknown request type 'fly'; this worker knows batch, echo", 9),
        ({"type": "__class__", "id": 9}, "unknown request type", 9),
    ],
)
@on_virtual_time
async def test_a_malformed_request_is_answered_and_the_worker_goes_on(
    message: Any, words: str, id: int | None
) -> None:
    dispatcher, page = dispatcher_with(echo=echo), Recorder()
    dispatcher.open()
    dispatcher.receive(page, message)
    [reply] = page.messages
    assert reply["type"] == ERROR
    assert reply["error"]["name"] == "ProtocolError"
    assert words in reply["error"]["message"]
    assert reply.get("id") == id
    assert ("id" in reply) == (id is not None)
    dispatcher.receive(page, ask("echo", 2, "alive"))
    assert page.results()[-1] == "alive"


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=8,
)
fields = st.sampled_from(
    [
        "envCode",
        "globals",
        "fileName",
        "seed",
        "options",
        "render",
        "actions",
        "operations",
        "op",
        "params",
    ]
)
types = st.sampled_from(["initEnv", "reset", "step", "render", "seedRng", "batch", "fly"])
payloads = st.dictionaries(fields, json_like, max_size=4) | json_like
messages = (
    st.fixed_dictionaries({"type": types, "id": st.integers()}, optional={"payload": payloads})
    | st.fixed_dictionaries(
        {"type": types | json_like, "id": json_like}, optional={"payload": payloads}
    )
    | json_like
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages, max_size=4))
def test_whatever_comes_is_answered_once_and_a_good_request_after_it_too(sent: list[Any]) -> None:
    @on_virtual_time
    async def run() -> None:
        page, host = Recorder(), Host()
        dispatcher = host._dispatcher
        host.on("echo")(echo)
        dispatcher.open()
        for message in [*sent, ask("echo", 10**6, "alive")]:
            dispatcher.receive(page, message)
        while dispatcher._busy:
            await asyncio.sleep(0)
        assert len(page.messages) == len(sent) + 1
        assert page.results()[-1] == "alive"
        for request, reply in zip(sent, page.messages, strict=False):
            has_id = isinstance(request, dict) and type(request.get("id")) is int
            assert reply.get("id") == (request["id"] if has_id else None)
            assert reply["type"] in (ERROR, RESULT, "envReady")

    run()


@on_virtual_time
async def test_a_type_can_be_registered_once() -> None:
    dispatcher = dispatcher_with(echo=echo)
    with pytest.raises(ValueError, match="'echo' has a handler already"):
        dispatcher.on("echo")(fail)
    dispatcher.open()
    page = Recorder()
    dispatcher.receive(page, ask("echo", 1, "the first one"))
    assert page.results() == ["the first one"]


@pytest.mark.parametrize("type", ["step", "batch", "init", "greet"])
def test_a_user_cannot_take_a_name_that_is_taken(type: str) -> None:
    host = Host()

    @host.on("greet")
    def greet(call: Call) -> str:
        return "hello"

    assert greet.__name__ == "greet"
    with pytest.raises(ValueError, match=type):
        host.on(type)(greet)


@on_virtual_time
async def test_a_failing_request_does_not_stop_the_next() -> None:
    async def fail_later(call: Call) -> Any:
        await asyncio.sleep(1)
        raise ValueError("later")

    dispatcher = dispatcher_with(echo=echo, fail=fail, later=fail_later)
    page = Recorder()
    dispatcher.open()
    for id, type in enumerate(["fail", "later", "echo"]):
        dispatcher.receive(page, ask(type, id, "fine"))
    await asyncio.sleep(2)
    assert [message["type"] for message in page.messages] == [ERROR, ERROR, RESULT]
    assert page.messages[0]["error"]["message"] == "on purpose"


def batch(*operations: Any) -> dict[str, Any]:
    return ask("batch", 7, {"operations": list(operations)})


@on_virtual_time
async def test_a_batch_runs_in_order_with_async_handlers_too() -> None:
    async def later(call: Call) -> Any:
        await asyncio.sleep(1)
        return call.payload

    dispatcher, page = dispatcher_with(echo=echo, later=later), Recorder()
    dispatcher.open()
    dispatcher.receive(
        page, batch({"op": "later", "params": 1}, {"op": "echo", "params": 2}, {"op": "echo"})
    )
    dispatcher.receive(page, ask("echo", 8, "after the batch"))
    await asyncio.sleep(2)
    assert page.results() == [[1, 2, None], "after the batch"]


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ({"op": "fail"}, "on purpose"),
        ({"op": "fly"}, "unknown request type 'fly'"),
        ({"op": "batch", "params": {"operations": []}}, "the op no batch"),
        ({"params": 1}, "expected {op, params}"),
        ("echo", "expected {op, params}"),
        (None, "expected {op, params}"),
    ],
)
@on_virtual_time
async def test_a_batch_stops_at_its_first_failure(operation: Any, words: str) -> None:
    ran: list[Any] = []
    page = Recorder()
    dispatcher = dispatcher_with(note=lambda call: ran.append(call.payload), fail=fail)
    dispatcher.open()
    first, last = {"op": "note", "params": "first"}, {"op": "note", "params": "last"}
    dispatcher.receive(page, batch(first, operation, last))
    await turns()
    [reply] = page.messages
    assert (reply["type"], reply["id"]) == (ERROR, 7)
    assert words in reply["error"]["message"]
    assert reply["error"]["failedIndex"] == 1
    assert reply["error"]["partialResults"] == [None]
    assert ran == ["first"]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (None, "a payload with 'operations': list, got []"),
        ([], "an object as payload, got list"),
        ({}, "a payload with 'operations': list"),
        ({"operations": None}, "a payload with 'operations': list, got ['operations']"),
        ({"operations": "step"}, "'operations' to be list, got str 'step'"),
    ],
)
@on_virtual_time
async def test_a_batch_without_a_list_of_operations_is_refused(payload: Any, words: str) -> None:
    dispatcher, page = dispatcher_with(), Recorder()
    dispatcher.open()
    dispatcher.receive(page, ask("batch", 1, payload))
    await turns()
    assert words in page.messages[0]["error"]["message"]
    assert "failedIndex" not in page.messages[0]["error"]


@on_virtual_time
async def test_partial_results_that_cannot_cross_are_left_out_and_said_to_be() -> None:
    dispatcher = dispatcher_with(lock=lambda call: asyncio.Lock(), fail=fail)
    page = Recorder()
    dispatcher.open()
    dispatcher.receive(page, batch({"op": "lock"}, {"op": "fail"}))
    await turns()
    [reply] = page.messages
    assert reply["error"]["name"] == "ValueError"
    assert reply["error"]["failedIndex"] == 1
    assert reply["error"]["partialResults"] == []
    assert "partial results cannot be sent" in reply["error"]["message"]


@on_virtual_time
async def test_a_page_that_cannot_be_reached_does_not_stop_the_others() -> None:
    class Gone(Recorder):
        def send(self, message: dict[str, Any]) -> None:
            raise RuntimeError("the port is closed")

    dispatcher, page = dispatcher_with(echo=echo), Recorder()
    dispatcher.open()
    with pytest.raises(RuntimeError):
        dispatcher.receive(Gone(), ask("echo", 1, 1))
    dispatcher.receive(page, ask("echo", 1, "alive"))
    assert page.results() == ["alive"]


@on_virtual_time
async def test_many_async_requests_that_wait_for_nothing_need_no_deep_stack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def eager(waiting: Any) -> None:  # as Python 3.12 and later start a task
        with contextlib.suppress(StopIteration):
            waiting.send(None)

    monkeypatch.setattr("gymworker.worker.dispatcher._start", eager)
    dispatcher, page = dispatcher_with(echo=echo), Recorder()
    for i in range(3000):
        dispatcher.receive(page, ask("batch", i, {"operations": [{"op": "echo", "params": i}]}))
    dispatcher.open()
    assert page.results() == [[i] for i in range(3000)]
