"""The worker of the bench, noting the clock at each point that a request passes."""

import json
import time

import js
import pyodide.http
from pyodide.code import run_js

run_js(pyodide.http.open_url(js.location.origin + "/marks.js?marked").read())
from gymworker.codec import decode, encode  # noqa: E402
from ours_worker import host  # noqa: E402

REPEAT = 1000


@host.on("take marks")
def take_marks(call):
    """Return the marks so far, what one costs, and what it takes to decode a request."""
    marks = json.loads(js.takeMarks())
    text, _ = encode({"type": "step", "id": 1000, "payload": {"actions": 1, "render": True}})
    marks["decode"] = milliseconds(lambda: decode(text, []))
    marks["cost"] = milliseconds(lambda: js.mark("cost"))
    js.takeMarks()
    return marks


def milliseconds(call):
    """Return what a call takes."""
    start = time.perf_counter()
    for _ in range(REPEAT):
        call()
    return (time.perf_counter() - start) / REPEAT * 1000
