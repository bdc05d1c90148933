"""What a browser cannot do, in each browser: the error is Python's own, and says what works."""

import pytest

from tests.browser.protocol.lab import Lab

CONSOLE = ["Error thrown in read", "ReferenceError: prompt", "console error: Error$", "connect-src"]
"""What Pyodide and the browsers say besides."""

INPUT, LOOP = "nobody can type into a worker", "use `await` at the top of the file"
THREAD, PROCESS, SOCKET = "one thread", "SyncVectorEnv", "no sockets"

CASES = [
    (INPUT, "OSError", "input('How many? ')"),
    (INPUT, "OSError", "import sys; sys.stdin.readline()"),
    (INPUT, "OSError", "import getpass; getpass.getpass()"),
    (INPUT, "OSError", "breakpoint()"),
    (LOOP, "RuntimeError", "import asyncio as a; a.run(a.sleep(0))"),
    (
        LOOP,
        "RuntimeError",
        "import asyncio as a; a.new_event_loop().run_until_complete(a.sleep(0))",
    ),
    (
        LOOP,
        "RuntimeError",
        "import asyncio as a; a.get_event_loop().run_until_complete(a.sleep(0))",
    ),
    (THREAD, "RuntimeError", "import threading; threading.Thread(target=print).start()"),
    (THREAD, "RuntimeError", "import threading; threading.Timer(0.1, print).start()"),
    (
        THREAD,
        "RuntimeError",
        "import concurrent.futures as f; f.ThreadPoolExecutor().submit(print)",
    ),
    (PROCESS, "OSError", "import concurrent.futures as f; f.ProcessPoolExecutor().submit(print)"),
    (PROCESS, "OSError", "import os; os.fork()"),
    (PROCESS, "OSError", "import os; os.popen('ls').read()"),
    (PROCESS, "OSError", "import subprocess; subprocess.run(['ls'])"),
    (PROCESS, "OSError", "import subprocess; subprocess.check_output('ls', shell=True)"),
    (PROCESS, "OSError", "import multiprocessing as m; m.Process(target=print).start()"),
    (PROCESS, "OSError", "import multiprocessing as m; m.Pool(2)"),
    (PROCESS, "OSError", "import multiprocessing as m; m.Queue()"),
    (PROCESS, "OSError", "import multiprocessing as m; m.Pipe()"),
    (PROCESS, "ModuleNotFoundError", "from multiprocessing import shared_memory"),
    (PROCESS, "OSError", "import gymnasium as g; g.vector.AsyncVectorEnv([MAKE])"),
    (SOCKET, "OSError", "import socket; s = socket.socket(); s.bind(('', 8000)); s.listen()"),
    (
        SOCKET,
        "NotImplementedError",
        "import asyncio as a; await a.open_connection('localhost', 80)",
    ),
    (SOCKET, "URLError", "import urllib.request as u; u.urlopen('http://localhost:1/x')"),
    (SOCKET, "URLError", "import urllib.request as u; u.urlopen('https://localhost:1/x')"),
    (
        SOCKET,
        "OSError",
        "import http.client as h; h.HTTPConnection('localhost').request('GET', '/')",
    ),
]
"""What it says, the type of the error, and the code."""


@pytest.fixture(scope="module")
def booted(lab: Lab) -> Lab:
    """The lab with its worker."""
    lab.run("global worker\nworker = make()\nawait worker.init()")
    return lab


@pytest.mark.parametrize(("words", "name", "code"), CASES, ids=range(len(CASES)))
def test_what_a_browser_cannot_do_says_what_works(
    booted: Lab, words: str, name: str, code: str
) -> None:
    message, traceback = booted.run(f"""
        try:
            await worker.init_env({code!r}.replace("MAKE", "lambda: g.make('CartPole-v1')"))
        except Exception as error:
            return str(error), error.remote_traceback
    """)
    assert message.startswith(name + ": ")
    assert message.count(words) == 1
    lines = traceback.splitlines()
    assert 'File "environment.py", line 1, in <module>' in traceback
    assert any(text.strip().startswith(code.split("MAKE")[0]) for text in lines)
    assert words in lines[-1]


def test_what_works_instead_does(booted: Lab) -> None:
    assert booted.run(
        """
        await worker.init_env(CODE)
        return (await worker.reset()).obs
    """.replace("CODE", repr(WORKS))
    ) == [1, 2, 2]


WORKS = """
import asyncio
import gymnasium
from pyodide.http import pyfetch
from js import location

async def one():
    await asyncio.sleep(0.01)
    return 1

class Env:
    def reset(self, *, seed=None, options=None):
        return [first, two, vector.num_envs], {}

    def step(self, action):
        return 0, 0.0, False, False, {}

first = await one()
two = await asyncio.create_task(one()) + 1
vector = gymnasium.vector.SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * 2)
answer = await pyfetch(location.origin + "/envs/taxi.py")
assert "taxi" in (await answer.text()).lower()
env = Env()
"""
