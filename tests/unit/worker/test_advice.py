"""Errors of what a browser lacks: known by type, words and place. How they come is seen there."""

import asyncio
import errno
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gymworker.worker.advice import INPUT, LOOP, PROCESS, SOCKET, THREAD, advice
from gymworker.worker.compat import SemLock
from gymworker.worker.tracebacks import describe


def raised(action: Callable[[], Any]) -> BaseException:
    with pytest.raises(BaseException) as caught:
        action()
    return caught.value


def no_thread(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("can't start new thread")


def test_the_end_of_an_input_and_of_nothing_else() -> None:
    assert advice(EOFError("EOF when reading a line")) == INPUT
    assert advice(OSError(29, "I/O error")) == INPUT
    assert advice(EOFError("the file is cut short")) == ""


def test_a_loop_in_a_loop() -> None:
    async def inner() -> None:
        pass

    async def outer() -> None:
        waiting = inner()
        try:
            asyncio.run(waiting)
        finally:
            waiting.close()

    assert advice(raised(lambda: asyncio.run(outer()))) == LOOP


def test_a_thread() -> None:
    assert advice(raised(no_thread)) == THREAD
    assert advice(RuntimeError("something else")) == ""


def test_processes_by_the_module_or_by_the_line() -> None:
    assert advice(raised(lambda: subprocess.run(["/no/such/program"], check=True))) == PROCESS
    assert advice(raised(fork)) == PROCESS
    assert advice(raised(Path("/no/such/file").read_bytes)) == ""
    assert advice(raised(priority)) == ""


def fork() -> None:
    raise OSError(errno.ENOSYS, "Function not implemented")  # os.fork()


def priority() -> None:
    raise OSError(errno.ENOSYS, "Function not implemented")  # os.getpriority()


def test_an_error_that_says_it_itself_says_it_once() -> None:
    error = raised(SemLock)
    assert advice(error) == ""
    assert describe(error)["message"].count("SyncVectorEnv") == 1


def test_sockets() -> None:
    assert advice(NotImplementedError("no raw socket access here")) == SOCKET
    assert advice(NotImplementedError()) == ""


def test_the_cause_of_an_error_counts_too() -> None:
    try:
        try:
            no_thread()
        except RuntimeError as error:
            raise ValueError("the level cannot be made") from error
    except ValueError as error:
        told = error
    fields = describe(told)
    assert fields["name"] == "ValueError"
    assert fields["message"] == f"the level cannot be made ({THREAD})"
    assert fields["stack"].splitlines()[-2:] == [
        "ValueError: the level cannot be made",
        f"Note: {THREAD}",
    ]
    told.__cause__, told.__suppress_context__ = None, True
    assert describe(told)["message"] == "the level cannot be made"


def test_an_error_without_words_gets_none() -> None:
    class Mute(RuntimeError):
        def __str__(self) -> str:
            raise ValueError

    assert advice(Mute()) == ""
    one, two = RuntimeError("one"), RuntimeError("two")
    one.__cause__, two.__cause__ = two, one
    assert advice(one) == ""
