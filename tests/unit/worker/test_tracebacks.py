"""An exception as data."""

import pytest
from gymworker.worker.tracebacks import describe


def raised(error: BaseException) -> BaseException:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_name_message_and_traceback() -> None:
    fields = describe(raised(ValueError("wrong value")))
    assert (fields["name"], fields["message"]) == ("ValueError", "wrong value")
    assert "raise error" in fields["stack"]
    assert fields["stack"].endswith("ValueError: wrong value\n")


def test_an_error_that_was_not_raised_has_no_frames() -> None:
    assert describe(KeyError("k")) == {
        "name": "KeyError",
        "message": "'k'",
        "stack": "KeyError: 'k'\n",
    }


def test_an_error_whose_text_fails_is_described_nevertheless() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    fields = describe(raised(Mute()))
    assert fields["name"] == "Mute"
    assert "its __str__ raised RuntimeError" in fields["message"]


def test_causes_contexts_and_groups_are_there_and_loops_end() -> None:
    try:
        try:
            raise KeyError("cause")
        except KeyError as cause:
            raise ValueError("effect") from cause
    except ValueError as error:
        assert "cause" in describe(error)["stack"]
        assert "direct cause" in describe(error)["stack"]
    stack = describe(raised(ExceptionGroup("several", [OSError("a"), TypeError("b")])))["stack"]
    assert "OSError: a" in stack
    assert "TypeError: b" in stack
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert "one" in describe(one)["stack"]


def test_a_deep_recursion_gives_a_short_traceback() -> None:
    def down(depth: int) -> int:
        return down(depth + 1) + 1

    with pytest.raises(RecursionError) as caught:
        down(0)
    fields = describe(caught.value)
    assert fields["name"] == "RecursionError"
    assert "times" in fields["stack"]
    assert len(fields["stack"]) < 5000
