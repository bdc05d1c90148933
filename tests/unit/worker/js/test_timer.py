"""The worker's timer, in the Python that it is for."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gymserver.site import ROOT, Site
from tests.runtimes import Runtime

# What the cases use: a timer that notes when it ran out, in ms since it was made.
SETUP = """
import json
import time

import pyodide_js
from gymworker.worker.js.timer import JsTimer

ran = []
state = {}

def now():
    return (time.monotonic() - state["began"]) * 1000

def note():
    ran.append(now())
    state["then"]()

def begin(then=lambda: None):
    if "timer" in state:
        state["timer"].close()
    ran.clear()
    state.update(began=time.monotonic(), then=then, timer=JsTimer(note))
    return state["timer"]

def told(text, buffers, out):
    return json.dumps(eval(text))
"""


EARLY = 10
"""Milliseconds: Node counts from the start of its loop's turn, which a busy machine draws out."""


@pytest.fixture(scope="module")
def pyodide(web_site: Site) -> Iterator[Runtime]:
    """Pyodide under Node, with the module."""
    with Runtime.of_site("pyodide", web_site) as runtime:
        for name in ("worker/js/__init__", "worker/js/timer", "worker/__init__", "errors"):
            text = (ROOT / "web" / "gymworker" / f"{name}.py").read_text("utf-8")
            runtime.write(f"gymworker/{name}.py", text)
        runtime.write("gymworker/__init__.py", "")
        runtime.exec(SETUP)
        yield runtime


def tell(pyodide: Runtime, expression: str) -> Any:
    return json.loads(pyodide.call("told", expression)[0])


def wait_for(pyodide: Runtime, condition: str) -> None:
    deadline = time.monotonic() + 20
    while not tell(pyodide, condition):
        assert time.monotonic() < deadline, tell(pyodide, "ran")


@pytest.mark.parametrize("seconds", [0, 0.0005, 0.003, 0.02])
def test_it_runs_out_once_and_in_time(pyodide: Runtime, seconds: float) -> None:
    pyodide.exec(f"begin().set({seconds})")
    wait_for(pyodide, "len(ran)")
    time.sleep(0.05)
    [after] = tell(pyodide, "ran")
    assert after >= seconds * 1000 - EARLY


def test_what_was_set_before_is_replaced(pyodide: Runtime) -> None:
    for first, second in ((0, 0.02), (0.02, 0), (0.02, 0.03), (0, 0), (0.003, 0.003)):
        pyodide.exec(f"timer = begin(); timer.set({first}); timer.set({second})")
        wait_for(pyodide, "len(ran)")
        time.sleep(0.05)
        [after] = tell(pyodide, "ran")
        assert after >= second * 1000 - EARLY


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_after_its_end_nothing_is_called(pyodide: Runtime, end: str) -> None:
    for seconds in (0, 0.003, 0.01):
        pyodide.exec(f"timer = begin(); timer.set({seconds}); timer.{end}()")
        time.sleep(0.03)
        assert tell(pyodide, "ran") == []


def test_it_is_set_again_in_its_callback(pyodide: Runtime) -> None:
    pyodide.exec("begin(lambda: len(ran) < 50 and timer.set(0)); timer = state['timer']")
    pyodide.exec("timer.set(0)")
    wait_for(pyodide, "len(ran) == 50")
    time.sleep(0.02)
    assert len(tell(pyodide, "ran")) == 50


def test_it_may_be_closed_in_its_callback_and_twice(pyodide: Runtime) -> None:
    pyodide.exec("begin(lambda: state['timer'].close()).set(0)")
    wait_for(pyodide, "len(ran)")
    pyodide.exec("state['timer'].close()")
    assert len(tell(pyodide, "ran")) == 1


def test_neither_setting_nor_running_out_makes_proxies_that_stay(pyodide: Runtime) -> None:
    """Each way: by a message, by a message and a timeout, by a timeout."""
    count = "pyodide_js._module._hiwire_num_refs()"
    for seconds in (0, 0.0015, 0.004):
        pyodide.exec(f"begin(lambda: len(ran) < 200 and timer.set({seconds}))")
        pyodide.exec(f"timer = state['timer']; timer.set({seconds})")
        wait_for(pyodide, "len(ran) >= 20")
        before = tell(pyodide, count)
        wait_for(pyodide, "len(ran) == 200")
        assert tell(pyodide, count) <= before
    pyodide.exec("for i in range(2): begin()")
    before = tell(pyodide, count)
    pyodide.exec("for i in range(100): begin()")
    assert tell(pyodide, count) <= before
