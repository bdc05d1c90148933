"""PyScript's own exported functions, called from a page in MicroPython."""

import json

import js
from pyscript import config, create_named_worker, fetch
from pyscript.ffi import to_js


def absolute(address):
    """Return an absolute address: the worker is a Blob, for which none is relative."""
    return str(js.URL.new(address, js.document.baseURI).href)


async def run(worker, code, job, made):
    """Make calls and return milliseconds: of all, or of each."""
    if made != job["kind"] or job["fresh"]:
        await worker.setup(code, job["kind"])
    render, size, count = job["render"], job["batch"], job["count"]
    actions = to_js([i % 2 for i in range(size)])
    now = js.clock
    times = []
    start = before = now()
    for i in range(count):
        if size:
            result = (await worker.batch(actions, render))[size - 1]
        else:
            result = await worker.step(i % 2, render)
        result.obs, result.render_state  # noqa: B018 - looked at, as any page would
        if job["each"]:
            after = now()
            times.append(after - before)
            before = after
    return times if job["each"] else [now() - start]


async def main():
    """Boot, then do job after job."""
    settings = {
        "interpreter": absolute(config["worker"]["interpreter"]),
        "packages": [name.split("==")[0] for name in config["worker"]["packages"]],
        "packages_cache": "passthrough",
        "sync_main_only": True,
    }
    worker = await create_named_worker("exports_worker.py", "exports", settings)
    js.showReady()
    js.servePython()
    code = await fetch("bench_env.py").text()
    made = ""
    while True:
        job = json.loads(await js.nextJob())
        try:
            answer = await run(worker, code, job, made)
            made = job["kind"]
            js.jobDone(json.dumps(answer))
        except Exception as error:
            js.jobFailed(repr(error))


try:
    await main()  # noqa: F704 - PyScript awaits at the top level
except Exception as error:
    js.showFailure(repr(error))
