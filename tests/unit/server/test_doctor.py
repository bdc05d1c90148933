"""The doctor finds what is wrong with an environment: each fault was planted."""

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gymworker.worker import standin
from gymworker.worker.code import MODULE

from gymserver.doctor.checks import SECONDS
from gymserver.doctor.trial import imports, repeats, serve, trial
from tests.unit.server.faults import FAULTS, GOOD, Fault, walk

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back what the environments leave in this process."""
    states = random.getstate(), np.random.get_state()
    monkeypatch.setitem(sys.modules, MODULE, sys)
    del sys.modules[MODULE]
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    for name in ("show", "writer"):
        monkeypatch.setattr(standin, name, getattr(standin, name))
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])


def examined(source: str, *names: str, files: dict[str, str] | None = None) -> dict[str, Any]:
    """What the checks have found, by their names."""
    job = {"source": source, "fileName": "envs/fault.py", "files": files or {}}
    lines: list[str] = []
    chosen = ("code", *names) if names else tuple(SECONDS)
    asyncio.run(serve.examine(job, lines.append, dict.fromkeys(chosen)))
    answers = [json.loads(line) for line in lines]
    return {answer["check"]: answer for answer in answers if "status" in answer}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found(fault: Fault) -> None:
    line = examined(fault.source, fault.check, files=fault.files)[fault.check]
    assert line["status"] == fault.status, line
    assert fault.says in f"{line['text']} | {line['advice']}"
    if fault.status == "failed" and fault.check not in ("code", "spaces", "render"):
        assert line["advice"]


@pytest.mark.parametrize("name", GOOD)
def test_where_there_is_no_fault_none_is_found(name: str) -> None:
    found = examined(GOOD[name])
    assert list(found) == list(SECONDS)
    assert {check: line["status"] for check, line in found.items()} == dict.fromkeys(SECONDS, "ok")


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("import nosuchpackage", "failed", 'add "nosuchpackage" to `packages` in [worker]'),
        (
            "from nosuchpackage.part import x",
            "failed",
            "nosuchpackage is not there (fault.py, line 1)",
        ),
        ("import nosuchimage", "failed", 'add "image-tools" to `packages`'),
        ("import rules", "failed", "nosuchpackage is not there (rules.py, line 2)"),
        ("class A:\n  import nosuchpackage", "failed", "fault.py, line 2"),
        ("if True:\n  import nosuchpackage", "failed", "fault.py, line 2"),
        ("try:\n  import nosuchpackage\nexcept KeyError:\n  pass", "failed", "fault.py, line 2"),
        (
            "try:\n  import nosuchpackage\nexcept ImportError:\n  raise SystemExit",
            "failed",
            "line 2",
        ),
        ("try:\n  import nosuchpackage\nexcept ImportError:\n  x = 1", "ok", "standard library"),
        ("def f():\n  import nosuchpackage", "warning", "in a function"),
        ("if __name__ == '__main__':\n  import nosuchpackage", "ok", ""),
        ("from typing import *\nif TYPE_CHECKING:\n  import nosuchpackage", "ok", ""),
        ("import os, json.decoder\nimport numpy as np", "ok", "numpy "),
        ("from js import document", "ok", ""),
        ("def f(:\n", "ok", ""),  # which `code` tells
    ],
)
def test_imports_in_the_browser(
    code: str, status: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "IN_BROWSER", True)
    files = {"rules.py": "\nimport nosuchpackage\n"} if "rules" in code else {}
    packages = {"nosuchimage": "image-tools"}
    job = {"source": code, "fileName": "envs/fault.py", "files": files, "packages": packages}
    found = imports.check_imports(job)
    assert found.status == status, found
    assert says in f"{found.text} | {found.advice}"


def test_what_cpython_has_not_is_no_fault_of_the_environment() -> None:
    found = imports.check_imports(
        {"source": "import nosuchpackage", "fileName": "a.py", "files": {}, "packages": {}}
    )
    assert found.status == "skipped"
    assert "pip install nosuchpackage" in found.advice


def test_checks_do_not_hear_of_one_another() -> None:
    twice = walk(
        "games = 0\ndef begin(self):\n    type(self).games += 1\n    assert self.games < 60"
    )
    assert {line["status"] for line in examined(twice, "values", "values").values()} == {"ok"}


def test_what_an_environment_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    examined(walk("def move(self): print('moved')"), "values")
    assert "moved" in capfd.readouterr().out


class Clock:
    """A clock that the environment moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_a_slow_environment_is_no_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check is done in the time that it has, and what takes long is tried less often."""
    clock = Clock()
    for module in (trial, repeats):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(trial, "clock", clock, raising=False)
    source = walk(
        "def step(self, action):\n"
        "    import gymserver.doctor.trial.trial as t\n"
        "    t.clock.now += 0.3\n"
        "    return super().step(action)\n"
    )
    for check in ("spaces", "values", "determinism", "sync test", "replay"):
        began = clock.now
        line = examined(source, check)[check]
        assert line["status"] == "ok", line
        assert clock.now - began < SECONDS[check] * 0.9, check
    assert "29 observations" in examined(source, "spaces")["spaces"]["text"]
