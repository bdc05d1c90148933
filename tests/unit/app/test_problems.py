"""What went wrong, in words for a person."""

import pytest
from app.problems import explain
from gymworker import GymWorkerError, RemoteError
from gymworker.errors import WorkerCrashedError, WorkerStartError


@pytest.mark.parametrize(
    ("error", "hangs", "what"),
    [
        (
            RemoteError("ValueError: no\nmore", remote_traceback="Traceback"),
            False,
            "Taxi has stopped",
        ),
        (GymWorkerError("no answer"), True, "Taxi does not answer any more."),
        (WorkerCrashedError("the worker died"), False, "Python, in which Taxi ran, has ended."),
        (WorkerStartError("no wasm"), False, "Python did not start."),
        (GymWorkerError("cannot fetch envs/taxi.py"), False, "Taxi could not be loaded."),
        (KeyError(), False, "Taxi could not be loaded."),
    ],
)
def test_each_problem_has_a_sentence_a_cause_and_a_way_on(
    error: Exception, hangs: bool, what: str
) -> None:
    said = explain(error, "Taxi", hangs)
    assert said[0].startswith(what)
    assert all(part and "\n" not in part for part in said)


def test_a_problem_before_there_is_an_environment_names_none() -> None:
    assert explain(GymWorkerError("no"))[0] == "The environment could not be loaded."
