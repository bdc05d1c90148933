"""The client in the Python that runs it on a page: it waits, hangs, restarts, is cancelled."""

import json

from gymserver.site import ROOT
from tests.runtimes import Runtime

SCRIPT = """
import asyncio, json
from gymworker.page import watch
watch.TICK = 0.005
from gymworker.errors import *
from gymworker.page.client import PyodideWorker

seen, workers = [], []

class Script:
    def __init__(self, on_message, on_failure):
        self.say_text = on_message
        self.got = []
        workers.append(self)
        self.say(type="ready", version=version)
    def post(self, text, buffers=()):
        head = text.split(chr(10))[0].split(" ")
        self.got.append(head[0])
        self.id = int(head[1])
        if head[0] in answers:
            reply = answers[head[0]]
            asyncio.create_task(self.later(self.id, reply))
    async def later(self, id, reply):
        await asyncio.sleep(0)
        if head_of(reply) == "message":
            reply = dict(reply)
            reply["id"] = id
            self.say_text(json.dumps([reply]), ())
        else:
            self.say_text(str(id) + " " + chr(10) + json.dumps([reply]), ())
    def say(self, **message):
        asyncio.create_task(self.soon(json.dumps([message])))
    async def soon(self, text):
        self.say_text(text, ())
    def close(self):
        self.say_text = lambda text, buffers: None

def head_of(reply):
    return "message" if isinstance(reply, dict) and "type" in reply else "result"

version = {"protocol": 1, "python": "3", "pyodide": "0", "packages": {}}
state = {"state": "paused", "number": 1, "episode": 0, "step": 0, "fps": 30, "stepTime": None}
answers = {
    "init": {"type": "ready", "version": version},
    "initEnv": {"type": "envReady", "env": {"name": "env"}},
    "echo": 5,
    "play": {"controls": [{"keys": ["a"], "action": 1, "agent": None}], "agents": [],
             "fps": 30, "code": "c", "state": state},
}

async def error_of(waiting):
    try:
        await waiting
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
    return "none"

async def within():
    worker = PyodideWorker(connect=Script, timeout=0.05)
    seen.append((await worker.init()).python)
    await worker.init_env("code")
    game = await worker.play(paused=True, seed=3)
    seen.append([game.controls[0].keys, game.state.step_time, game.over])
    try:
        await worker.play(fpss=3)
    except TypeError as error:
        seen.append("TypeError")
    seen.append(await error_of(worker.play(seed=1.5)))

    first, second = asyncio.create_task(error_of(worker.request("hang"))), asyncio.create_task(
        error_of(worker.request("echo2")))
    seen.append(await first)
    seen.append(await second)
    seen.append([worker.state, worker.pending, await error_of(game.finished())])
    seen.append(await worker.request("echo"))
    seen.append(worker.state)

    playing = asyncio.create_task(worker.play())
    del answers["play"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    playing.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    seen.append(workers[-1].got[-2:])

    restarts = [asyncio.create_task(worker.restart()) for _ in range(2)]
    for restart in restarts:
        await restart
    seen.append([len(workers), workers[-1].got])
    del answers["initEnv"]
    seen.append(await error_of(worker.restart()))
    worker.destroy()
    seen.append(await error_of(worker.restart()))
    seen.append(await error_of(worker.request("echo")))

async def fetching():
    from gymworker.page.downloads import Downloads
    heard = []

    async def download(address, on_bytes):
        await asyncio.sleep(0)
        if address == "bad":
            raise ValueError("no such file")
        await asyncio.sleep(0)
        on_bytes(5)

    def fail(error):
        heard.append(str(error))
        downloads.cancel()  # as the link does, in the task that failed
        heard.append("cancelled")

    files = [{"url": "bad", "bytes": 1}, {"url": "good", "bytes": 2}]
    downloads = Downloads(files, download, lambda *args, **units: heard.append(units), fail)
    for _ in range(9):
        await asyncio.sleep(0)
    seen.append(heard)

async def all():
    try:
        await within()
        await fetching()
    except BaseException as error:
        seen.append("broken: " + repr(error))
    seen.append("end")

def told(text, buffers, out):
    return json.dumps(seen)

asyncio.create_task(all())
"""

EXPECTED = [
    "3",
    [["a"], None, False],
    "TypeError",
    "MisuseError: expected seed to be a whole number, got 1.5",
    "RequestTimeoutError: hang had no answer within 0.05 s",
    "RequestTimeoutError: echo2 waited in vain: hang had no answer within 0.05 s",
    ["stalled", 0, "RequestTimeoutError: hang had no answer within 0.05 s"],
    5,
    "ready",
    ["play", "control"],
    [2, ["init", "initEnv"]],
    "RequestTimeoutError: initEnv had no answer within 0.05 s",
    "WorkerClosedError: this worker was destroyed: make a new PyodideWorker",
    "WorkerClosedError: this worker was destroyed: make a new PyodideWorker",
    ["no such file", "cancelled"],
    "end",
]


def test_the_client_waits_restarts_and_is_cancelled_in_micropython(micropython: Runtime) -> None:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.exec(SCRIPT)
    seen: list[object] = []
    for _ in range(2000):
        seen = json.loads(micropython.call("told", "")[0])
        if seen[-1:] == ["end"]:
            break
    assert seen == EXPECTED
