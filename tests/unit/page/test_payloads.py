"""What each method of a worker and of a game sends, and for how long it waits."""

import asyncio
from typing import Any

import numpy as np
import pytest
from gymworker.page.client import PyodideWorker

from tests.loopback import Lab, on_virtual_time, turns
from tests.unit.page.scripted import Scripted, scripted

RENDER = {"op": "render"}
POND = {"environment": "Pond", "versions": {"python": "3"}, "code": "c0de"}

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = [
    ("reset", (), {}, {"render": True}),
    (
        "reset", (np.int64(3), {"a": 1}, "send"), {},
        {"seed": 3, "options": {"a": 1}, "render": "send"},
    ),
    ("reset", (0, {}), {}, {"seed": 0, "options": {}, "render": True}),
    ("step", (1,), {}, {"actions": 1, "render": True}),
    ("step", ({"left": 1}, False), {}, {"actions": {"left": 1}, "render": False}),
    ("render", (), {}, None),
    ("seedRng", (np.int8(3),), {}, {"seed": 3}),
    ("sample", (), {}, {}),
    ("sample", ("left", np.int64(4)), {}, {"agent": "left", "seed": 4}),
    ("batch", ((RENDER, RENDER),), {}, {"operations": [RENDER, RENDER]}),
    ("initEnv", ("env = 1",), {}, {"envCode": "env = 1"}),
    ("initEnv", ("env = 1",), {"env": "b"}, {"envCode": "env = 1", "env": "b"}),
    ("reset", (), {"env": "b"}, {"render": True, "env": "b"}),
    ("step", (1,), {"env": "b"}, {"actions": 1, "render": True, "env": "b"}),
    ("render", (), {"env": "b"}, {"env": "b"}),
    ("sample", (), {"env": "b"}, {"env": "b"}),
    ("batch", ([RENDER],), {"env": "b"}, {"operations": [RENDER], "env": "b"}),
    ("replay", ("text",), {"env": "b"}, {"recording": "text", "env": "b"}),
    (
        "initEnv", ("env = n", {"n": 1}), {"file_name": "a.py"},
        {"envCode": "env = n", "fileName": "a.py", "globals": {"n": 1}},
    ),
    ("init", (), {}, {}),
    ("init", (("a",),), {}, {"packages": ["a"]}),
    ("installPackages", (("a", "b"),), {}, {"packages": ["a", "b"]}),
    ("replay", ("text",), {}, {"recording": "text"}),
    ("replay", (("a", "b"),), {}, {"episodes": ["a", "b"]}),
    (
        "writeRecording", (["a"], "csv"), POND,
        {"records": ["a"], "format": "csv", "about": POND},
    ),
]  # fmt: skip
FOR_EVER = ("init", "installPackages", "writeRecording")
"""What may take for ever, unless somebody says how long."""


def snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


@pytest.mark.parametrize(("type", "args", "options", "payload"), CALLS)
@on_virtual_time
async def test_a_method_sends_what_it_was_given(
    lab: Lab, type: str, args: Any, options: Any, payload: Any
) -> None:
    for timeout, limit in (({}, 30.0), ({"timeout": 7}, 7), ({"timeout": None}, None)):
        worker, script = scripted()
        task = asyncio.create_task(getattr(worker, snake(type))(*args, **options, **timeout))
        await turns()
        assert script.payloads == [(type, payload)]
        request = worker._link.pending.owed()
        assert request is not None
        assert request.timeout == (None if type in FOR_EVER and not timeout else limit)
        worker.destroy()
        await asyncio.gather(task, return_exceptions=True)


@on_virtual_time
async def test_a_request_of_ones_own_sends_what_it_was_given(lab: Lab) -> None:
    worker, script = scripted(timeout=9)
    tasks = [
        asyncio.create_task(worker.request("greet")),
        asyncio.create_task(worker.request("greet", 5, timeout=None)),
    ]
    await turns()
    assert script.payloads == [("greet", None), ("greet", 5)]
    assert [worker._link.pending._requests[id].timeout for id in (1, 2)] == [9, None]
    worker.destroy()
    await asyncio.gather(*tasks, return_exceptions=True)


@on_virtual_time
async def test_the_commands_of_a_game_name_it_and_say_what_they_want(lab: Lab) -> None:
    worker, script = scripted()
    playing = asyncio.create_task(worker.play(timeout=11))
    await turns()
    script.play(1, "paused")
    game = await playing
    commands: list[tuple[Any, dict[str, Any]]] = [
        (game.pause(), {"command": "pause"}),
        (game.resume(), {"command": "resume"}),
        (game.step(), {"command": "step"}),
        (game.reset(), {"command": "reset"}),
        (game.reset(np.int64(0)), {"command": "reset", "seed": 0}),
        (game.set_fps(20), {"fps": 20}),
        (game.follow_steps(print), {"steps": True}),
        (game.follow_steps(), {"steps": False}),
        (game.stop(), {"command": "stop"}),
    ]
    for number, (command, fields) in enumerate(commands, 2):
        task = asyncio.create_task(command)
        await turns()
        assert script.payloads[-1] == ("control", {**fields, "game": game.id})
        request = worker._link.pending.owed()
        assert request is not None
        assert request.timeout == 11
        script.answer(script.state(number, "paused"))
        assert (await task).number == number
    for key in ("a", "b", "a"):
        game.press(key, 5.0)
    game.release("a", 6.0)
    game.release("a", 6.0)
    game.release_all(7.0)
    game.release_all(7.0)
    assert [payload for type, payload in script.payloads if type == "keys"] == [
        {"key": "a", "down": True, "game": game.id, "time": 5.0},
        {"key": "b", "down": True, "game": game.id, "time": 5.0},
        {"key": "a", "down": False, "game": game.id, "time": 6.0},
        {"pressed": [], "game": game.id, "time": 7.0},
    ]
    worker.destroy()


@on_virtual_time
async def test_a_file_that_is_written_before_the_boot_names_no_versions(lab: Lab) -> None:
    made: list[Scripted] = []

    def connect(on_message: Any, on_failure: Any) -> Scripted:
        made.append(Scripted(on_message, on_failure))
        return made[-1]

    worker = PyodideWorker(connect=connect)
    task = asyncio.create_task(worker.write_recording([]))
    await turns()
    about = {"environment": "", "versions": {}, "code": ""}
    assert made[0].payloads[-1][1]["about"] == about
    worker.destroy()
    await asyncio.gather(task, return_exceptions=True)
