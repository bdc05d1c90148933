"""Messages as text: short steps, columns for batches, and what becomes of all the rest."""

import json
from typing import Any

import numpy as np
import pytest
from gymworker.codec import stacked
from gymworker.envelope import (
    Steps,
    read_request,
    write_message,
    write_request,
    write_step,
)
from gymworker.errors import EncodeError, ProtocolError
from gymworker.page.reply import Reply, Rows

from gymserver.site import ROOT
from tests.runtimes import Runtime
from tests.unit.codec.values import same

PAGE = """
import json, js
from gymworker.codec.light import use_memory
from gymworker.envelope import write_request, write_step
from gymworker.page.reply import Reply
from gymworker.page.js.memory import js_memory

use_memory(js_memory())

def request(code, buffers, out):
    text, made = eval(code)
    for buffer in made:
        out.push(buffer)
    return text

def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value

def rows(text, buffers, out):
    reply = Reply(text, [buffers[index] for index in range(buffers.length)])
    rows = reply.rows()
    found = [
        {name: plain(value) for name, value in rows.fields(row).items()}
        for row in range(rows.count)
    ]
    return json.dumps([reply.id, found])
"""


def read(written: "tuple[str, Any]") -> Any:
    return read_request(written[0], list(written[1]))


def read_rows(text: str) -> Rows:
    rows = Reply(text, ()).rows()
    assert rows is not None
    return rows


def batch(*params: Any) -> dict[str, Any]:
    return {"operations": [{"op": "step", "params": each} for each in params]}


def result(obs: Any, infos: Any = None, render_state: Any = None) -> dict[str, Any]:
    return {
        "obs": obs,
        "rewards": 1.0,
        "terminateds": False,
        "truncateds": False,
        "infos": infos or {},
        "render_state": render_state,
    }


def message(results: Any, id: int = 7) -> dict[str, Any]:
    return {"type": "result", "id": id, "result": results}


@pytest.mark.parametrize("actions", [0, -1, 1 << 40, True, None, 1.0, {"a": 1, 2: (3,)}, "left"])
def test_a_request_arrives_as_it_was_written(actions: Any) -> None:
    payload = {"actions": actions, "render": True}
    arrived = read(write_request("step", 3, payload))
    assert same(arrived, {"type": "step", "id": 3, "payload": payload})


@pytest.mark.parametrize("actions", [0, -1, 1 << 40, True, None, 1.0, {"a": 1, 2: (3,)}, "left"])
@pytest.mark.parametrize("render", [True, False, "send", 1])
def test_a_step_arrives_as_it_was_asked_for(actions: Any, render: Any) -> None:
    arrived = read(write_step(3, actions, render))
    payload = {"actions": actions, "render": render}
    assert same(arrived, {"type": "step", "id": 3, "payload": payload})


def test_a_step_is_written_as_its_actions() -> None:
    assert write_step(3, 1, True)[0] == "step 3 +\n[1]"
    assert write_step(3, [1, 0], False)[0] == "step 3 -\n[[1,0]]"


@pytest.mark.parametrize("render", [True, False])
def test_a_batch_of_steps_is_written_as_its_actions(render: bool) -> None:
    payload = batch(*({"actions": action, "render": render} for action in (1, 0, 1)))
    written = write_request("batch", 4, payload)
    assert written[0] == f"batch 4 {'+' if render else '-'}\n[[1,0,1]]"
    assert same(read(written), {"type": "batch", "id": 4, "payload": payload})


def test_a_batch_of_one_step_is_written_as_its_action() -> None:
    written = write_request("batch", 4, batch({"actions": 1, "render": False}))
    assert written[0] == "batch 4 -\n[[1]]"


def test_steps_that_do_not_say_whether_to_render_are_rendered() -> None:
    arrived = read(write_request("batch", 4, batch({"actions": 1}, {"actions": 0})))
    assert arrived["payload"] == batch(
        {"actions": 1, "render": True}, {"actions": 0, "render": True}
    )


@pytest.mark.parametrize(
    "payload",
    [
        batch(),
        batch({"actions": 1, "render": True}, {"actions": 1, "render": False}),
        batch({"actions": 1, "render": 1}),
        batch({"actions": 1, "seed": 3}),
        batch({"actions": 1, "render": True, "more": 2}),
        batch({}),
        batch(None),
        {"operations": [{"op": "step", "params": {"actions": 1}}, {"op": "reset", "params": {}}]},
        {"operations": [{"op": "step", "params": {"actions": 1}, "more": 2}]},
        {"operations": [{"op": "step"}]},
        {"operations": [{"op": ["step"], "params": {"actions": 1}}]},
        {"operations": 3},
        {"operations": [3]},
        {},
        None,
    ],
)
def test_any_other_batch_arrives_as_it_was_written(payload: Any) -> None:
    arrived = read(write_request("batch", 4, payload))
    assert same(arrived, {"type": "batch", "id": 4, "payload": payload})


def test_a_request_type_of_the_users_own_may_have_spaces_and_signs() -> None:
    arrived = read(write_request("take marks", 5, {"a": 1}))
    assert arrived == {"type": "take marks", "id": 5, "payload": {"a": 1}}


def test_a_request_type_of_the_users_own_may_carry_steps() -> None:
    payload = batch({"actions": 1, "render": True})
    arrived = read(write_request("mine", 5, payload))
    assert arrived == {"type": "mine", "id": 5, "payload": payload}


@pytest.mark.parametrize("text", ["", "step", "step 7", "step x\n[1]", "step +\n[1]", "\n[1]"])
def test_a_request_without_a_whole_head_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="expected a head"):
        read_request(text, ())


@pytest.mark.parametrize("text", ["", "x \n[1]", "7\n[1]", " \n[1]", "7", "77"])
def test_a_result_without_a_whole_head_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="expected a head"):
        Reply(text, ())


ODD = [
    pytest.param([result(np.array([i, 0.5], "f4")) for i in range(20)], id="arrays of one shape"),
    pytest.param([result(np.zeros(n)) for n in (1, 2)], id="arrays of two shapes"),
    pytest.param([result(np.zeros(2, t)) for t in ("f4", "f8")], id="arrays of two dtypes"),
    pytest.param([result(np.zeros(2, ">f4")) for _ in range(2)], id="big-endian arrays"),
    pytest.param([result(np.array(3.0)) for _ in range(2)], id="arrays without axes"),
    pytest.param([result(np.zeros((40, 40))) for _ in range(2)], id="big arrays"),
    pytest.param([result(np.zeros(0)) for _ in range(2)], id="empty arrays"),
    pytest.param([result(4), result(np.int64(4)), result((1, {2: 3}))], id="mixed values"),
    pytest.param([result({"a": np.zeros(2), "b": 1})], id="dicts by agent"),
    pytest.param([result(np.array([True, False]), render_state=[{"x": 1.0}])], id="bools"),
]


@pytest.mark.parametrize("results", ODD)
def test_the_results_of_a_batch_of_steps_arrive_as_they_left(results: list[Any]) -> None:
    text, buffers = write_message(message(Steps(results)))
    assert text.startswith(f"7 {len(results)} obs")
    reply = Reply(text, [bytes(buffer) for buffer in buffers])
    rows = reply.rows()
    assert rows is not None
    assert (reply.id, rows.count) == (7, len(results))
    assert same(reply.value(), results)


@pytest.mark.parametrize(
    ("value", "head"),
    [
        (result(np.arange(99), {1: 2}, [{"x": 1}]), "7 +"),
        (result(4), "7 +"),
        (result({}, [1], ()), "7 +"),
        ({"obs": (1, {2: 3}), "infos": {}, "render_state": "text"}, "7 +"),
        ({"render_state": [1]}, "7 +"),
        ({"obs": {"a": 1}, "more": (1,)}, "7 "),
        ({"-": 1, "1": [1]}, "7 "),
        ({}, "7 "),
        ((1, None), "7 "),
    ],
)
def test_a_result_arrives_as_it_left(value: Any, head: str) -> None:
    text, buffers = write_message(message(value))
    assert text.split("\n")[0] == head
    reply = Reply(text, buffers)
    assert (reply.id, reply.rows()) == (7, None)
    assert same(reply.value(), value)


def test_a_field_is_parsed_when_it_is_looked_at() -> None:
    text, _ = write_message(message(result([1, 2], {"a": 1}, [{"x": 1}])))
    head, obs, infos, *others = text.split("\n")
    reply = Reply("\n".join([head, obs, "no JSON", *others]), ())
    assert (reply.field("obs"), reply.field("render_state")) == ([1, 2], [{"x": 1}])
    assert (reply.field("rewards"), reply.field("truncateds")) == (1.0, False)
    with pytest.raises(ProtocolError):
        reply.field("infos")
    with pytest.raises(KeyError):
        reply.field("more")
    assert infos == '[{"a":1}]'


@pytest.mark.parametrize("text", ["7 ", "7 \n", "7 +", "7 x\n[1", "7 +\n[1]\n[1]\n[1]\n[1"])
def test_a_result_whose_documents_are_none_says_so_when_it_is_read(text: str) -> None:
    with pytest.raises(ProtocolError):
        Reply(text, ()).value()


def test_any_other_message_arrives_whole() -> None:
    log = {"type": "log", "text": "hello", "odd": (1,)}
    assert same(read_request(*write_message(log)), log)


def test_a_batch_without_steps_has_an_ordinary_result() -> None:
    assert write_message(message(Steps())) == ("7 \n[[]]", [])
    assert write_message(message([result(1)]))[0].startswith("7 \n[[{")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("infos", {"policy": object()}),
        ("obs", np.array([object()])),
        ("obs", np.zeros(2, np.longdouble)),
        ("render_state", object()),
    ],
)
@pytest.mark.parametrize("kind", [list, Steps])
def test_what_cannot_cross_in_a_batch_is_named_by_its_place_in_the_message(
    kind: Any, field: str, value: Any
) -> None:
    results = [result(1), {**result(2), field: value}]
    with pytest.raises(EncodeError) as caught:
        write_message(message(kind(results)))
    place = ("result", 1, field, "policy") if field == "infos" else ("result", 1, field)
    assert caught.value.keys == place
    assert type(caught.value) is EncodeError


def test_what_cannot_cross_in_a_request_is_named() -> None:
    with pytest.raises(EncodeError, match=r"^payload\['actions'\]\[1\]: "):
        write_request("step", 1, {"actions": [1, {2}]})
    with pytest.raises(EncodeError, match=r"^actions\[1\]: "):
        write_step(1, [1, {2}], True)
    with pytest.raises(EncodeError, match=r"^actions\[1\]: "):
        write_request("batch", 1, batch({"actions": 1}, {"actions": {2}}))


def test_the_first_of_many_arrays_that_cannot_cross_is_named() -> None:
    with pytest.raises(EncodeError) as caught:
        write_message(message(Steps([result(np.zeros(2, np.longdouble))] * 2)))
    assert caught.value.keys == ("result", 0, "obs")


def test_what_cannot_cross_in_any_other_message_is_named_by_its_place_in_it() -> None:
    with pytest.raises(EncodeError) as caught:
        write_message(message({"obs": 1, "infos": {"a": {2}}}))
    assert caught.value.keys == ("result", "infos", "a")
    with pytest.raises(EncodeError) as caught:
        write_message({"type": "transitions", "transitions": [{"info": {"a": len}}]})
    assert caught.value.keys == ("transitions", 0, "info", "a")


def test_a_row_of_a_batch_is_parsed_when_it_is_looked_at() -> None:
    drawn = [[{"type": "circle", "x": 0.5, "number": i}] for i in range(3)]
    results = [result(np.arange(3) + i, render_state=each) for i, each in enumerate(drawn)]
    text, _ = write_message(message(Steps(results)))
    head, *documents = text.split("\n")
    assert head == "7 3 obs rewards terminateds= truncateds= infos= render_state*"
    assert documents[1:5] == ["[[1.0,1.0,1.0]]", "[false]", "[false]", "[{}]"]
    assert all('"number":' in document for document in documents[5:])
    rows = read_rows("\n".join([head, *documents[:5], "no JSON", documents[6], "no JSON"]))
    assert rows.field("render_state", 1) == drawn[1]
    assert rows.field("obs", 1).tolist() == [1, 2, 3]
    with pytest.raises(ProtocolError):
        rows.field("render_state", 0)
    with pytest.raises(KeyError):
        rows.field("more", 0)


def test_a_column_is_parsed_when_it_is_looked_at() -> None:
    text, _ = write_message(message(Steps([result(i, infos={"a": i}) for i in range(2)])))
    head, obs, rewards, *others = text.split("\n")
    assert head == "7 2 obs rewards terminateds= truncateds= infos* render_state="
    rows = read_rows("\n".join([head, obs, "no JSON", *others]))
    assert [rows.field("obs", row) for row in range(2)] == [0, 1]
    assert [rows.field("infos", row) for row in range(2)] == [{"a": 0}, {"a": 1}]
    with pytest.raises(ProtocolError):
        rows.field("rewards", 0)
    assert rewards == "[[1.0,1.0]]"


def test_what_all_steps_have_is_sent_once_and_is_no_other_steps() -> None:
    text, _ = write_message(message(Steps([result("here"), result("here")])))
    assert text.startswith("7 2 obs= rewards terminateds= ")
    rows = read_rows(text)
    first, second = (rows.field("infos", row) for row in range(2))
    first["mine"] = True
    assert second == {}


@pytest.mark.parametrize(
    "values", [[0.0, -0.0], [1, 1.0], [True, 1], [None, False], [{}, {"a": 1}], [[], []]]
)
def test_values_that_are_equal_and_not_the_same_arrive_as_they_left(values: list[Any]) -> None:
    results = [result(value) for value in values]
    assert same(Reply(write_message(message(Steps(results)))[0], ()).value(), results)


def test_a_batch_of_short_values_has_a_document_a_field() -> None:
    text, _ = write_message(message(Steps([result(np.arange(3)), result(np.arange(3))])))
    assert text.count("\n") == 6


def test_small_arrays_are_stacked_and_nothing_else_is() -> None:
    alike = [np.arange(3), np.arange(3)]
    assert stacked(alike).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert stacked([np.zeros(128), np.zeros(128)]).shape == (2, 128)
    for others in ([1, 2], [np.arange(3), 1], [np.zeros(129), np.zeros(129)], ["a"]):
        assert stacked(others) is others


@pytest.fixture(scope="module")
def page(micropython: Runtime) -> Runtime:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.exec(PAGE)
    return micropython


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("write_request('step', 7, {'actions': 1 << 40})", {"actions": 1 << 40}),
        ("write_step(7, -3, True)", {"actions": -3, "render": True}),
        ("write_step(7, 1 << 29, True)", {"actions": 1 << 29, "render": True}),
        ("write_step(7, False, False)", {"actions": False, "render": False}),
        ("write_step(7, (1.5,), 'send')", {"actions": (1.5,), "render": "send"}),
        ("write_request('step', 7, {'actions': (True, {1: 2})})", {"actions": (True, {1: 2})}),
        (
            "write_request('batch', 7, {'operations': [{'op': 'step', 'params': {'actions': i}}"
            " for i in (1, 0)]})",
            batch({"actions": 1, "render": True}, {"actions": 0, "render": True}),
        ),
    ],
)
def test_what_a_micropython_page_writes_short_arrives_whole(
    page: Runtime, code: str, expected: Any
) -> None:
    text, buffers = page.call("request", code)
    assert same(read_request(text, buffers)["payload"], expected)


@pytest.mark.parametrize("results", [ODD[0], ODD[1], ODD[5], ODD[9]])
def test_a_micropython_page_reads_the_rows_of_a_batch(page: Runtime, results: list[Any]) -> None:
    text, buffers = write_message(message(Steps(results), id=12))
    answer, _ = page.call("rows", text, [bytes(buffer) for buffer in buffers])
    plain = [{**each, "obs": each["obs"].tolist()} for each in results]
    assert json.loads(answer) == [12, plain]
