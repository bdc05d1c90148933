"""What the worker tells, as objects."""

import copy
import inspect
import pickle
import re
from typing import Any

import numpy as np
import pytest
from gymworker.envelope import Steps, write_message
from gymworker.errors import RemoteError
from gymworker.page import fields, game_fields
from gymworker.page.fields import Fields, Log, Progress, Result, Version
from gymworker.page.game_fields import (
    Control,
    Difference,
    Episode,
    PlayState,
    ReplayResult,
    Transition,
)
from gymworker.page.reply import Reply, Rows

from tests.unit.test_protocol_names import SHAPES

KINDS = [
    kind
    for module in (fields, game_fields)
    for kind in vars(module).values()
    if inspect.isclass(kind) and issubclass(kind, Fields) and kind is not Fields
]
ERROR = {"name": "ValueError", "message": "no", "stack": "Traceback"}


def snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def properties(kind: type) -> set[str]:
    return {name for name, value in vars(kind).items() if isinstance(value, property)}


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (Log, "Log"),
        (Progress, "Progress"),
        (Version, "Versions"),
        (Control, "Steering"),
        (Transition, "Transition"),
        (PlayState, "PlayStateFields"),
        (Difference, "Difference"),
    ],
)
def test_each_field_of_the_wire_is_a_property_in_snake_case(kind: type, shape: str) -> None:
    names = {snake(name) for name in SHAPES[shape].__annotations__ if name != "type"}
    assert names <= properties(kind)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_property_is_annotated_and_documented(kind: type) -> None:
    text = inspect.getdoc(kind) or ""
    for name in properties(kind) - {"fields"}:
        own = inspect.getdoc(vars(kind)[name])
        assert own or any(
            name in line.split(":")[0] for line in text.splitlines() if ":" in line
        ), name
        annotated = (
            name in kind.__annotations__ or "return" in vars(kind)[name].fget.__annotations__
        )
        assert annotated, name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_has_what_its_text_names_from_the_field_of_that_name(kind: Any) -> None:
    text = (inspect.getdoc(kind) or "").split("Attributes:")[1]
    names = ", ".join(re.findall(r"^    (\w[\w, ]*):", text, re.M)).split(", ")
    for name in names:
        if kind is Result:
            field = name
        else:
            first, *rest = name.removesuffix("_data").split("_")
            field = first + "".join(word.capitalize() for word in rest)
        assert getattr(kind({field: "told"}), name) == "told"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_they_can_be_copied_and_pickled(kind: Any) -> None:
    made = kind({"obs": [1, (2,)], "record": None})
    for twin in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert type(twin) is kind
        assert twin.fields == made.fields
        assert repr(twin) == repr(made) == f"{kind.__name__}({{'obs': [1, (2,)], 'record': None}})"


def reply_with(result: Any) -> Reply | Rows:
    text, buffers = write_message({"type": "result", "id": 1, "result": result})
    reply = Reply(text, [bytearray(data) for data in buffers])
    return reply.rows() or reply


def test_a_result_is_read_when_somebody_looks_and_once() -> None:
    reply = reply_with({"obs": np.arange(3), "infos": {"a": 1}})
    result = Result(reply)
    assert result.obs is result.obs
    assert result.infos is result.infos
    obs, infos = result.obs, result.infos
    assert result.fields["obs"] is obs
    assert result.fields["infos"] is infos
    assert result.fields.keys() == {"obs", "infos"}


def test_a_result_of_a_batch_is_its_row() -> None:
    reply = reply_with(Steps([{"obs": 10, "rewards": 1.0}, {"obs": 20, "rewards": 2.0}]))
    first, second = Result(reply, 0), Result(reply, 1)
    assert (first.obs, second.obs, second.rewards) == (10, 20, 2.0)
    twin = pickle.loads(pickle.dumps(second))
    assert (twin.obs, twin.rewards) == (20, 2.0)
    assert copy.copy(first).obs == 10


@pytest.mark.parametrize("row", [None, 0])
def test_a_field_that_a_reply_has_not_is_an_attribute_error(row: int | None) -> None:
    fields = {"obs": 1, "infos": {}}
    result = Result(reply_with(fields if row is None else Steps([fields])), row)
    assert not hasattr(result, "rewards")
    with pytest.raises(AttributeError, match="no field rewards; there are: obs, infos"):
        _ = result.rewards
    assert result.obs == 1


def test_a_field_that_is_not_there_is_an_attribute_error_that_names_those_that_are() -> None:
    result = Result({"obs": 1, "infos": {}})
    assert not hasattr(result, "rewards")
    with pytest.raises(AttributeError, match="no field rewards; there are: obs, infos"):
        _ = result.rewards
    with pytest.raises(AttributeError):
        _ = result.nonsense  # type: ignore[attr-defined]


def test_what_a_message_may_leave_out_is_none() -> None:
    progress = Progress({"stage": "start", "message": "m", "timestamp": 1.0})
    assert (progress.loaded, progress.total, progress.id) == (None, None, None)
    known = Progress({"stage": "start", "loaded": 1, "total": 2, "id": 3})
    assert (known.loaded, known.total, known.id) == (1, 2, 3)


@pytest.mark.parametrize("kind", [PlayState, Episode])
def test_an_error_of_the_environment_is_a_remote_error(kind: Any) -> None:
    assert kind({}).error is None
    error = kind({"error": ERROR}).error
    assert isinstance(error, RemoteError)
    assert (str(error), error.remote_type, error.remote_traceback) == (
        "ValueError: no",
        "ValueError",
        "Traceback",
    )


def test_a_record_is_read_when_it_is_looked_at_and_kept_by_nobody() -> None:
    data: Any = np.frombuffer('{"é": 1}'.encode(), np.uint8)
    episode = Episode({"record": data, "recordProblem": None})
    assert episode.record_data is data
    assert episode.record == '{"é": 1}'
    assert episode.record is not episode.record
    assert Episode({"record": "text"}).record == "text"
    bare = Episode({"recordProblem": "objects"})
    assert (bare.record, bare.record_data, bare.record_problem) == (None, None, "objects")
    assert Episode({}).record_problem is None


def test_a_replay_says_where_it_differs() -> None:
    same = ReplayResult({"episodes": 1, "steps": 2, "difference": None})
    assert (same.episodes, same.steps, same.difference) == (1, 2, None)
    assert (same.same_code, same.hint) == (True, None)
    fields = {"episode": 0, "step": 3, "field": "reward", "expected": 1.0, "got": 2.0}
    other = ReplayResult({"difference": fields, "sameCode": False, "hint": "NormalizeObservation"})
    difference = other.difference
    assert difference is not None
    assert {name: getattr(difference, name) for name in fields} == fields
    assert (other.same_code, other.hint) == (False, "NormalizeObservation")


def test_a_state_without_a_number_is_the_oldest() -> None:
    assert PlayState({}).number == 0
    assert PlayState({"number": 4, "stepTime": 0.5}).step_time == 0.5


@pytest.mark.parametrize("row", [None, 0])
def test_a_result_is_read_once_so_that_what_is_written_into_it_stays(row: int | None) -> None:
    fields = {"obs": np.zeros(3)}
    result = Result(reply_with(fields if row is None else Steps([fields, fields])), row)
    result.obs[0] = 5.0
    assert result.obs[0] == 5.0
    assert result.fields is result.fields
