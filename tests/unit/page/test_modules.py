"""The page's modules in the Python that runs them there: MicroPython."""

import tomllib
from pathlib import Path

import pytest

from gymserver.site import ROOT
from tests.runtimes import Runtime, RuntimeFailure

WEB = ROOT / "web"

# What PyScript gives a page and Node has not.
STAND_INS = """
import sys

class StandIn:
    def __getattr__(self, name):
        return self

sys.modules["pyscript"] = StandIn()
"""


# Imported where there is NumPy only: on a page in Pyodide.
NUMPY_ONLY = "gymworker.codec.numpy_arrays"


def page_files() -> list[Path]:
    """The files that pyscript.toml gives the page."""
    table = tomllib.loads((WEB / "pyscript.toml").read_text("utf-8"))["files"]
    return [file for pattern in table for file in sorted(WEB.glob(pattern))]


def module_name(file: Path) -> str:
    parts = file.relative_to(WEB).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture(scope="module")
def page_python(micropython: Runtime) -> Runtime:
    micropython.exec(STAND_INS)
    for file in page_files():
        micropython.write(file.relative_to(WEB).as_posix(), file.read_text("utf-8"))
    return micropython


def test_the_page_gets_the_library_and_nothing_of_the_worker() -> None:
    names = [module_name(file) for file in page_files()]
    assert {"gymworker.page.client", NUMPY_ONLY} <= set(names)
    assert not [name for name in names if name.startswith("gymworker.worker")]


@pytest.mark.parametrize("name", sorted({module_name(f) for f in page_files()} - {NUMPY_ONLY}))
def test_each_module_of_the_page_imports_in_micropython(page_python: Runtime, name: str) -> None:
    page_python.exec(f"import {name}")


def test_the_public_names_of_the_page_resolve_in_micropython(page_python: Runtime) -> None:
    page_python.exec("""
scope = {}
exec("from gymworker import *", scope)
for name in "Array Episode Game GymWorkerError Heartbeat PyodideWorker watch_changes".split():
    assert name in scope, name
assert "Host" not in scope and "Surface" not in scope
""")


def test_an_exception_in_micropython_reaches_the_test(page_python: Runtime) -> None:
    with pytest.raises(RuntimeFailure, match="no_such_module"):
        page_python.exec("import no_such_module")


def test_letters_are_one_key_beyond_english_too(page_python: Runtime) -> None:
    latin, greek, cyrillic = range(0x40, 0x100), range(0x391, 0x3CA), range(0x400, 0x460)
    known = [chr(code) for code in [*latin, *greek, *cyrillic] if code != 0x3A2]
    page_python.exec(f"""
from gymworker.keynames import pressed_name
assert [pressed_name(one) for one in {known!r}] == {[one.lower() for one in known]!r}
""")


def test_the_handle_of_a_game_works_in_micropython(page_python: Runtime) -> None:
    page_python.exec("""
import json
from gymworker.page.game import Game

class Link:
    def __init__(self):
        self.games = {}
        self.sent = []

    def send(self, type, payload, timeout):
        self.sent.append((type, payload))

heard = []

def broken(state):
    raise ValueError("the page's own mistake")

link = Link()
game = Game(link, {}, 30.0, heard.append, heard.append, broken)
link.games[0] = game
state = {"state": "running", "episode": 0, "step": 0, "stepTime": 0.5}
game.begin({"controls": [], "agents": [], "code": "", "fps": 30, "state": state})
assert game.state.step_time == 0.5
game.press("a", 1764041234567.25)
game.press("A")
game.release_all()
assert link.sent[0][1]["time"] == 1764041234567.25
assert link.sent[1][1]["time"] > 1.6e12
assert len(link.sent) == 2
game.receive({"type": "transitions", "transitions": [{"obs": 1, "nextObs": 2}] * 2})
game.receive({"type": "episode", "episode": 0, "record": "{}"})
assert [heard[0].obs, heard[1].next_obs, heard[2].record] == [1, 2, "{}"]
state["seed"], state["fps"] = 5, 30
from gymworker.page import checkpoint
checkpoint.MOST_REPLACED = 3000
for step in range(3):  # collects the large ones that were replaced
    kept = {"episode": 0, "seed": 5, "step": step, "state": bytes(2000)}
    game.receive(dict(kept, type="checkpoint"))
assert repr(game.checkpoint) == "Checkpoint(episode 0, step 2, 2000 bytes)"
game.receive({"type": "checkpoint", "episode": 0, "seed": 5, "step": 9, "problem": "a lock"})
assert (game.checkpoint.step, game.checkpoint_problem) == (2, "a lock")
class Sent:
    id = 9
link.send = lambda type, payload, timeout: link.sent.append((type, payload)) or Sent()
link.games.clear()
game.lost(ValueError("gone"))
assert game.over
game.outlast()
game.press("a")
assert game.revive().id == game.id == 9 and not game.over and link.games[9] is game
sent = [item for item in link.sent if item[0] == "play"][-1][1]["restore"]
assert sent == {"state": game.checkpoint.data}, "the checkpoint knows what was told"
game.receive({"type": "playState", "state": "ended", "stepTime": None})
assert game.over and link.games == {}
""")
