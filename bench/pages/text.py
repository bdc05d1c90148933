"""Python on both sides and a text between, and nothing else: the least that a step can cost.

With ``?boot`` in the address it plays once after its boot, as other pages do.

The worker restores our snapshot; neither side imports the library. A request is a list in JSON, so
is a reply. Nothing is checked, an array becomes a list, and no task waits: the next call is made
where the reply to the one before has come.
"""

import asyncio
import json

import js
from pyscript import fetch
from pyscript.ffi import to_js

channel = js.MessageChannel.new()
port, post = channel.port1, channel.port1.postMessage


async def ask(request):
    """Send a request and wait for its reply."""
    came = asyncio.Event()
    port.onmessage = lambda event: came.set()
    if request is not None:
        post(json.dumps(request))
    await came.wait()


async def run(job):
    """Make calls and return milliseconds: of all, or of each."""
    render, size, each, left = job["render"], job["batch"], job["each"], job["count"]
    loads, dumps, now = json.loads, json.dumps, js.clock
    came = asyncio.Event()
    times = []

    def call():
        post(dumps([[i % 2 for i in range(size)] if size else left % 2, render]))

    def receive(event):
        nonlocal left, before
        loads(event.data)
        if each:
            after = now()
            times.append(after - before)
            before = after
        left -= 1
        if left:
            call()
        else:
            times.append(now() - start)
            came.set()

    port.onmessage = receive
    start = before = now()
    call()
    await came.wait()
    total = times.pop()
    return times if each else [total]


async def main():
    """Boot, then do job after job."""
    js.startPulse()
    worker = js.document.querySelector("script[worker]").xworker
    worker.postMessage(to_js({}), to_js([channel.port2]))
    await ask(None)
    js.showReady()
    code = await fetch("bench_env.py").text()
    if "boot" in str(js.location.search):
        steps = await js.asked()
        await ask([code, "objects"])
        js.answered(await run({"render": False, "batch": 0, "each": False, "count": steps}))
        return
    js.servePython()
    made = ""
    while True:
        job = json.loads(await js.nextJob())
        try:
            if made != job["kind"] or job["fresh"]:
                await ask([code, job["kind"]])
                made = job["kind"]
            js.jobDone(json.dumps(await run(job)))
        except Exception as error:
            js.jobFailed(repr(error))


try:
    await main()  # noqa: F704 - PyScript awaits at the top level
except Exception as error:
    js.showFailure(repr(error))
