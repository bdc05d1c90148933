"""What a page can call says what it can raise."""

import ast
import inspect
import textwrap
from typing import Any

import gymworker.errors
import pytest
from gymworker.page.client import PyodideWorker
from gymworker.page.game import Game

REQUESTS = [
    (kind, name)
    for kind in (PyodideWorker, Game)
    for name, method in inspect.getmembers(kind, inspect.iscoroutinefunction)
    if not name.startswith("_")
]


def raises(method: Any) -> set[str]:
    """The names in the Raises section of a docstring."""
    text = inspect.getdoc(method) or ""
    section = text.partition("Raises:\n")[2].split("\n\n")[0]
    entries = [line for line in textwrap.dedent(section).splitlines() if line[:1].strip()]
    return {name.strip() for line in entries for name in line.split(":")[0].split(",")}


@pytest.mark.parametrize(("kind", "name"), REQUESTS)
def test_every_request_names_what_it_can_raise(kind: type, name: str) -> None:
    found = raises(getattr(kind, name))
    transport = {"WorkerStartError", "WorkerCrashedError", "RequestTimeoutError"}
    if "TransportError" not in found and name != "finished":
        assert transport <= found
    assert {"RemoteError", "WorkerClosedError"} <= found
    for error in found:
        assert issubclass(getattr(gymworker.errors, error), gymworker.errors.GymWorkerError)


@pytest.mark.parametrize(("kind", "name"), REQUESTS)
def test_a_request_that_checks_its_arguments_says_so(kind: type, name: str) -> None:
    source = textwrap.dedent(inspect.getsource(getattr(kind, name)))
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert ("MisuseError" in raises(getattr(kind, name))) >= bool(calls & {"whole", "_one_of"})
