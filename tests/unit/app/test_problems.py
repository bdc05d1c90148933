"""What went wrong, in words for a person."""

import pytest
from app.problems import explain, restored, way_on
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


def test_a_game_that_goes_on_says_where_and_what_is_lost() -> None:
    assert restored(240, 12) == "The game goes on at step 240, 12 steps were lost."
    assert restored(1, 1) == "The game goes on at step 1, 1 step was lost."
    assert restored(0, 0) == "The game goes on at step 0."


def test_a_game_that_could_go_on_says_so_and_whether_it_was_in_vain() -> None:
    assert way_on(240, False) == "The game can go on from about step 240."
    assert "restored at step 240, and then it happened again" in way_on(240, True)
