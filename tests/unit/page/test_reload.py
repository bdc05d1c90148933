"""What a page does with the changes that the server tells of."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from gymworker.page.reload import RETRY, Changes

from gymserver.site import ROOT
from tests.loopback import on_virtual_time, turns
from tests.runtimes import Runtime


class Server:
    """Stands in for the browser's EventSource; each stream that was opened is kept."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []

    def open(self, receive: Callable[[str], None], lost: Callable[[], None]) -> "Stream":
        self.streams.append(Stream(receive, lost))
        return self.streams[-1]


class Stream:
    """One stream."""

    def __init__(self, receive: Callable[[str], None], lost: Callable[[], None]) -> None:
        self.receive = receive
        self.lost = lost
        self.closed = False

    def tell(self, kind: str, file: str) -> None:
        """Lets the page hear of a change."""
        self.receive(json.dumps({"file": file, "kind": kind}))

    def close(self) -> None:
        """What the page calls."""
        self.closed = True


def nothing(file: str) -> None:
    raise AssertionError(f"not meant for {file}")


@on_virtual_time
async def test_each_kind_of_change_has_its_handler() -> None:
    server, heard = Server(), list[str]()
    Changes(server.open, lambda f: heard.append("env " + f), lambda f: heard.append("page " + f))
    server.streams[0].tell("environment", "envs/a.py")
    server.streams[0].tell("page", "index.html")
    await turns()
    assert heard == ["env envs/a.py", "page index.html"]


@on_virtual_time
async def test_saves_during_a_handler_wait_and_are_handled_once() -> None:
    server, heard = Server(), list[str]()

    async def make(file: str) -> None:
        heard.append("begin " + file)
        await asyncio.sleep(1)
        heard.append("end " + file)

    Changes(server.open, make, nothing)
    server.streams[0].tell("environment", "a")
    await turns()
    for _ in range(3):
        server.streams[0].tell("environment", "a")
    await asyncio.sleep(5)
    assert heard == ["begin a", "end a"] * 2


@on_virtual_time
async def test_a_handler_that_raises_is_told_and_the_next_save_is_handled() -> None:
    server, heard, told = Server(), list[str](), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def make(file: str) -> None:
        heard.append(file)
        raise ValueError("out of luck")

    Changes(server.open, make, nothing)
    for file in ("a", "b"):
        server.streams[0].tell("environment", file)
    await turns()
    assert heard == ["a", "b"]
    assert [str(context["exception"]) for context in told] == ["out of luck"] * 2
    assert told[0]["message"] == "saving a failed"


@on_virtual_time
async def test_a_lost_stream_is_opened_again_until_it_holds() -> None:
    server, heard = Server(), list[str]()
    Changes(server.open, heard.append, nothing)
    for number in range(3):
        server.streams[number].lost()
        server.streams[number].lost()
        await asyncio.sleep(RETRY + 0.1)
    assert [stream.closed for stream in server.streams] == [True, True, True, False]
    server.streams[3].tell("environment", "a")
    await turns()
    assert heard == ["a"]


@on_virtual_time
async def test_after_destroy_nothing_is_heard_or_opened() -> None:
    server = Server()
    changes = Changes(server.open, nothing, nothing)
    server.streams[0].tell("environment", "a")
    server.streams[0].lost()
    changes.destroy()
    changes.destroy()
    server.streams[0].lost()
    await asyncio.sleep(RETRY * 3)
    assert [stream.closed for stream in server.streams] == [True]


IN_MICROPYTHON = """
import asyncio, json
from gymworker.page.reload import Changes

heard, streams = [], []

class Stream:
    def __init__(self, receive, lost):
        self.receive, self.lost = receive, lost
        streams.append(self)
    def close(self):
        heard.append("closed")

async def make(file):
    await asyncio.sleep(0)
    heard.append(file)
    if file == "bad":
        raise ValueError("out of luck")

async def within():
    told = []
    asyncio.get_event_loop().set_exception_handler(lambda loop, context: told.append(context))
    changes = Changes(Stream, make, heard.append)
    for kind, file in (("environment", "bad"), ("environment", "a"), ("page", "b")):
        streams[0].receive(json.dumps({"kind": kind, "file": file}))
    streams[0].lost()
    for _ in range(20):
        await asyncio.sleep(0)
    changes.destroy()
    heard.append(str(told[0]["exception"]))

def changes(text, buffers, out):
    return json.dumps(heard)

asyncio.create_task(within())
"""


def test_changes_are_handled_in_micropython(micropython: Runtime) -> None:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.exec(IN_MICROPYTHON)
    expected = ["bad", "a", "b", "closed", "out of luck"]
    for _ in range(100):
        text, _ = micropython.call("changes", "")
        if json.loads(text) == expected:
            return
    assert json.loads(text) == expected
