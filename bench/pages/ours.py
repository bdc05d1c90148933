"""Ours, from a page in MicroPython: does what the bench asks for, one job after another.

With ``?marked`` in the address the worker and the page note the clock; see marks.js.
"""

import json

import js
from gymworker import PyodideWorker
from pyscript import config, fetch

MARKED = "marked" in str(js.location.search)


def show(progress):
    """Show progress as any page would."""
    if progress.total:
        bar.max, bar.value = progress.total, progress.loaded


def look(result, kind):
    """Look at a result as any page would, so that nothing of it stays undone."""
    obs, drawn = result.obs, result.render_state
    if kind == "image":
        obs.data  # noqa: B018
    elif kind == "frame":
        drawn.data  # noqa: B018


async def run(worker, code, job, made):
    """Make calls and return milliseconds: of all, or of each."""
    if made != job["kind"] or job["fresh"]:
        await worker.init_env(code, {"KIND": job["kind"]}, file_name="bench_env.py")
        await worker.reset(seed=42)
    render, size, count = job["render"], job["batch"], job["count"]
    operations = [
        {"op": "step", "params": {"actions": i % 2, "render": render}} for i in range(size)
    ]
    now = js.clock
    times = []
    start = before = now()
    for i in range(count):
        if size:
            result = (await worker.batch(operations))[size - 1]
        else:
            result = await worker.step(i % 2, render=render)
        look(result, job["kind"])
        if job["each"]:
            after = now()
            times.append(after - before)
            before = after
    return times if job["each"] else [now() - start]


async def run_marked(worker, count):
    """Step with marks, and return the marks of both sides."""
    mark = js.mark
    start = js.clock()
    for _ in range(1000):
        mark("cost")
    cost = (js.clock() - start) / 1000
    js.takeMarks()
    await worker.request("take marks", {})
    js.takeMarks()
    for i in range(count):
        mark("call")
        result = await worker.step(i % 2)
        mark("returned")
        look(result, "objects")
        mark("looked")
    page = json.loads(js.takeMarks())
    page["cost"] = cost
    return {"page": page, "worker": await worker.request("take marks", {})}


async def roll_back(worker, job):
    """Return the milliseconds of going back some steps of a game, and forth, after each step.

    In one request, ``game.correct``; then as it is done without: a request for each of restore, the
    steps, and the hash. All agents are people, as they are where their actions come late.
    """
    await worker.init_env(await fetch(job["file"]).text() + job["more"])
    now, back, count = js.clock, job["back"], job["count"]
    game = await worker.play(seed=1, paused=True, keep=True, record=False, seats="human")
    first, last = of_all(game.controls[:1]), of_all(game.controls[-1:])
    times = []
    while len(times) < count:
        state = await game.step()
        if state.step > 2 * back:
            start = now()
            await game.correct(state.step - back + 1, first if len(times) % 2 else last)
            times.append(now() - start)
    await game.stop()
    single = []
    await worker.reset(seed=1, render=False)
    state, actions = await worker.get_state(), of_all(game.controls)
    while len(single) < count:
        start = now()
        await worker.set_state(state)
        for _ in range(back):
            await worker.step(actions, render=False)
        await worker.compute_hash()
        single.append(now() - start)
    return {"correct": times, "single": single}


def of_all(controls):
    """Return the action of the last of these controls, or of each agent's."""
    found = {control.agent: control.action for control in controls}
    return found.get(None, found)


async def do(worker, code, job, made):
    """Do one job and return its answer."""
    if job["do"] == "run":
        return await run(worker, code, job, made)
    if job["do"] == "own":
        return await worker.request("own", {"code": code, "kind": job["kind"]}, timeout=None)
    if job["do"] == "roll back":
        return await roll_back(worker, job)
    if job["do"] == "marked":
        return await run_marked(worker, job["count"])
    return await worker.request(job["do"], {})


async def main():
    """Boot, then do job after job."""
    js.startPulse()
    if MARKED:
        settings = dict(config["worker"])
        settings["files"] = dict(settings["files"])
        settings["files"]["ours_worker.py"] = "./"
        worker = PyodideWorker(boot_timeout=None, script="marked_worker.py", settings=settings)
    else:
        worker = PyodideWorker(boot_timeout=None, on_progress=show, script="ours_worker.py")
    await worker.init()
    js.showReady()
    js.servePython()
    code = await fetch("bench_env.py").text()
    made = ""
    while True:
        job = json.loads(await js.nextJob())
        try:
            answer = await do(worker, code, job, made)
            made = job.get("kind", made) if job["do"] == "run" else made
            js.jobDone(json.dumps(answer))
        except Exception as error:
            js.jobFailed(repr(error))


bar = js.document.getElementById("progress")
try:
    await main()  # noqa: F704 - PyScript awaits at the top level
except Exception as error:
    js.showFailure(repr(error))
