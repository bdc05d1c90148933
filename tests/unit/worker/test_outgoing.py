"""Infos that cannot cross stay behind, and nothing else does."""

import asyncio
import logging
from typing import Any

import numpy as np
import pytest
from gymworker.errors import EncodeError
from gymworker.worker.js.plain import plain
from gymworker.worker.outgoing import Outgoing

from tests.unit.worker.play.games import FakePage
from tests.unit.worker.test_dispatcher import Recorder


class PlainRecorder(Recorder):
    """A page in JavaScript."""

    def check(self, message: dict[str, Any]) -> None:
        plain(message)


@pytest.fixture(params=[Recorder, PlainRecorder])
def page(request: pytest.FixtureRequest) -> Recorder:
    made: Recorder = request.param()
    return made


STRAY = asyncio.Lock

Message = dict[str, Any]
CASES: dict[str, tuple[Message, Message, str]] = {
    "a result": (
        {"type": "result", "id": 1, "result": {"obs": 1, "infos": {"a": 1, "policy": STRAY}}},
        {"type": "result", "id": 1, "result": {"obs": 1, "infos": {"a": 1}}},
        "infos['policy']",
    ),
    "of an agent": (
        {"type": "result", "id": 1, "result": {"infos": {"human": {"p": STRAY}, "robot": {}}}},
        {"type": "result", "id": 1, "result": {"infos": {"human": {}, "robot": {}}}},
        "infos['human']['p']",
    ),
    "in a list": (
        {"type": "result", "id": 1, "result": {"infos": {"path": [1, STRAY, 3]}}},
        {"type": "result", "id": 1, "result": {"infos": {"path": [1, 3]}}},
        "infos['path'][1]",
    ),
    "in a tuple": (
        {"type": "result", "id": 1, "result": {"infos": {"path": (1, STRAY)}}},
        {"type": "result", "id": 1, "result": {"infos": {"path": (1,)}}},
        "infos['path'][1]",
    ),
    "all of them": (
        {"type": "result", "id": 1, "result": {"infos": STRAY}},
        {"type": "result", "id": 1, "result": {"infos": None}},
        "infos: type cannot be sent",
    ),
    "a batch": (
        {"type": "result", "id": 1, "result": [{"infos": {}}, {"infos": {"p": STRAY}}]},
        {"type": "result", "id": 1, "result": [{"infos": {}}, {"infos": {}}]},
        "infos['p']",
    ),
    "a failed batch": (
        {"type": "error", "error": {"name": "E", "partialResults": [{"infos": {"p": STRAY}}]}},
        {"type": "error", "error": {"name": "E", "partialResults": [{"infos": {}}]}},
        "infos['p']",
    ),
    "a transition": (
        {"type": "transitions", "game": 1, "transitions": [{"info": {"p": STRAY, "n": 1}}]},
        {"type": "transitions", "game": 1, "transitions": [{"info": {"n": 1}}]},
        "info['p']",
    ),
    "an episode": (
        {"type": "episode", "game": 1, "infos": {"p": STRAY}},
        {"type": "episode", "game": 1, "infos": {}},
        "infos['p']",
    ),
    "several": (
        {"type": "result", "id": 1, "result": {"infos": {"a": STRAY, "b": [STRAY, {1: STRAY}]}}},
        {"type": "result", "id": 1, "result": {"infos": {"b": [{}]}}},
        "infos['a']",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_stray_object_in_infos_is_left_out_with_a_warning(
    page: Recorder, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    message, expected, path = CASES[case]
    outgoing = Outgoing()
    outgoing.check(page, message)
    assert page.messages == []
    outgoing.send(page, message)
    assert page.messages == [expected]
    assert path in caplog.text
    assert caplog.text.count(path) == 1  # though it was checked and sent


def test_infos_that_hold_themselves_are_cut_there(page: Recorder) -> None:
    loop: Message = {"n": 1}
    loop["self"] = loop
    Outgoing().send(page, {"type": "result", "id": 1, "result": {"infos": loop}})
    found = page.messages[0]["result"]["infos"]
    while "self" in found:
        found = found["self"]
    assert found == {"n": 1}


def test_the_environments_own_infos_are_not_changed(page: Recorder) -> None:
    infos = {"a": [1, STRAY]}
    Outgoing().send(page, {"type": "result", "id": 1, "result": {"infos": infos}})
    assert infos == {"a": [1, STRAY]}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "result", "id": 1, "result": {"obs": STRAY, "infos": {}}},
        {"type": "result", "id": 1, "result": {"obs": {"infos": STRAY}}},
        {"type": "result", "id": 1, "result": STRAY},
        {"type": "transitions", "game": 1, "transitions": [{"obs": STRAY, "info": {}}]},
    ],
)
def test_what_is_not_in_infos_is_an_error_and_nothing_is_sent(
    page: Recorder, message: Message
) -> None:
    with pytest.raises(EncodeError):
        Outgoing().send(page, message)
    assert page.messages == []


def test_strict_infos_are_an_error_too(page: Recorder) -> None:
    message = {"type": "result", "id": 1, "result": {"infos": {"p": STRAY}}}
    with pytest.raises(EncodeError, match=r"infos.*'p'"):
        Outgoing(strict=True).send(page, message)


def test_a_path_is_told_of_once_and_another_one_too(
    page: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    outgoing = Outgoing()
    for name in ("p", "p", "q", "p"):
        outgoing.send(page, {"type": "result", "id": 1, "result": {"infos": {name: STRAY}}})
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "infos['q']" in caplog.records[1].message


def test_arrays_of_a_kind_that_cannot_cross_are_left_out(page: Recorder) -> None:
    infos = {"names": np.array([None, STRAY]), "ok": 1}
    Outgoing().send(page, {"type": "result", "id": 1, "result": {"infos": infos}})
    assert page.messages[0]["result"]["infos"] == {"ok": 1}


def test_a_place_is_cut_in_all_rows_of_a_batch_at_once(page: Recorder) -> None:
    rows: list[Any] = [{"infos": {"p": STRAY, "n": n}} for n in range(100)]
    rows[40] = {"infos": {"p": 40, "n": 40}}
    rows[41] = {"infos": None}
    rows[42] = {}
    tried: list[Message] = []

    class Counting:
        send = staticmethod(page.send)

        @staticmethod
        def check(message: Message) -> None:
            if "type" in message:
                tried.append(message)
            page.check(message)

    Outgoing().check(Counting(), {"type": "result", "id": 1, "result": rows})
    assert len(tried) == 2
    sent = tried[-1]["result"]
    assert [row["infos"] for row in sent[:40]] == [{"n": n} for n in range(40)]
    assert sent[40:43] == [{"infos": {"p": 40, "n": 40}}, {"infos": None}, {}]
    assert [row["infos"] for row in sent[43:]] == [{"n": n} for n in range(43, 100)]


def test_infos_of_many_transitions_lose_what_a_python_page_cannot_get() -> None:
    page = FakePage()
    rows = [{"info": {"object": object(), "step": step}} for step in range(3)]
    Outgoing().send(page, {"type": "transitions", "game": 1, "transitions": rows})
    (sent,) = page.sent
    assert sent["transitions"] == [{"info": {"step": step}} for step in range(3)]
