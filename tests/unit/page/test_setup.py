"""What the worker after a restart gets of what the one before had."""

import asyncio
from typing import Any

import pytest
from gymworker.page.client import PyodideWorker

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.scripted import VERSION, Scripted


@on_virtual_time
async def test_packages_are_installed_again_whoever_asked_for_them_and_each_once(lab: Lab) -> None:
    made: list[Scripted] = []

    def connect(on_message: Any, on_failure: Any) -> Scripted:
        made.append(Scripted(on_message, on_failure))
        return made[-1]

    worker = PyodideWorker(connect=connect)
    made[0].ready()
    beginning = asyncio.create_task(worker.init(["a"]))
    await turns()
    made[0].say("ready", id=made[0].received[-1]["id"], version=VERSION)
    await beginning
    installing = asyncio.create_task(worker.install_packages(["b", "a"]))
    await turns()
    made[0].say("installed", id=made[0].received[-1]["id"], packages={"a": "1", "b": "2"})
    assert await installing == {"a": "1", "b": "2"}
    failing = asyncio.create_task(worker.install_packages(["c"]))
    await turns()
    error = {"name": "ValueError", "message": "no c", "stack": ""}
    made[0].say("error", id=made[0].received[-1]["id"], error=error)
    with pytest.raises(Exception, match="no c"):
        await failing
    restarting = asyncio.create_task(worker.restart())
    await turns()
    assert made[1].payloads == [("init", {"packages": ["a", "b"]})]
    worker.destroy()
    await asyncio.gather(restarting, return_exceptions=True)
