"""What an environment is made of, as the page reads it: no more than it needs."""

import json
from typing import Any

import pytest
from gymworker.errors import LoadError, MisuseError, RemoteError
from gymworker.page.files import Files, imported

from gymserver.site import ROOT
from tests.loopback import Lab, on_virtual_time
from tests.runtimes import Runtime

ENV = """
import gymnasium
import rules, art.shapes as shapes

class Env:
    def reset(self, *, seed=None, options=None):
        return rules.START + shapes.SIDES, {}

    def step(self, action):
        return 0, 0.0, False, False, {}

env = Env()
"""

SITE = {
    "envs/hill.py": ENV,
    "envs/other.py": "import rules\n",
    "envs/rules.py": "from levels import easy\nSTART = easy.STONES\n",
    "envs/levels/easy.py": "STONES = 3\n",
    "envs/art/__init__.py": "",
    "envs/art/shapes.py": "SIDES = 4\n",
    "envs/unused.py": "1 / 0\n",
    "rules.py": "1 / 0\n",
}


class Server:
    """The files of a site, and which were asked for."""

    def __init__(self, **changes: str) -> None:
        self.files = {**SITE, **changes}
        self.asked: list[str] = []

    async def read(self, file: str) -> str:
        self.asked.append(file)
        if file not in self.files:
            raise LoadError(file + " could not be loaded: the server answered 404")
        return self.files[file]

    def known(self) -> list[str]:
        return sorted(self.files)


def worker_of(lab: Lab, server: Server) -> Any:
    return lab.worker(read=server.read, settings={"helpers": server.known()})


@on_virtual_time
async def test_an_environment_is_made_of_its_file_and_of_what_it_imports(lab: Lab) -> None:
    server = Server()
    worker = worker_of(lab, server)
    await worker.init_env(file="envs/hill.py")
    assert (await worker.reset()).obs == 7
    used = ["envs/art/__init__.py", "envs/art/shapes.py", "envs/levels/easy.py", "envs/rules.py"]
    assert sorted(server.asked) == sorted(["envs/hill.py", *used])
    (payload,) = [m["payload"] for m in lab.wire.received if m["type"] == "initEnv"]
    assert payload["fileName"] == "envs/hill.py"
    assert sorted(payload["files"]) == [name.removeprefix("envs/") for name in used]
    await worker.restart()
    assert (await worker.reset()).obs == 7
    assert len(server.asked) == 5, "the page has it"
    worker.destroy()


@on_virtual_time
async def test_nothing_is_asked_for_that_is_no_helper(lab: Lab) -> None:
    server = Server(**{"envs/hill.py": ENV.replace("rules, art.shapes as shapes", "json, os")})
    worker = worker_of(lab, server)
    await worker.init_env(file="envs/hill.py")
    assert server.asked == ["envs/hill.py"]
    (payload,) = [m["payload"] for m in lab.wire.received if m["type"] == "initEnv"]
    assert "files" not in payload
    worker.destroy()


@on_virtual_time
async def test_a_traceback_names_the_file(lab: Lab) -> None:
    worker = worker_of(lab, Server(**{"envs/levels/easy.py": "\n1 / 0\n"}))
    with pytest.raises(RemoteError) as caught:
        await worker.init_env(file="envs/hill.py")
    for line in (
        '"envs/hill.py", line 3',
        '"envs/rules.py", line 1',
        '"envs/levels/easy.py", line 2',
    ):
        assert line in caught.value.remote_traceback
    worker.destroy()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"envs/hill.py": "\n <!doctype html>"},
            "envs/hill.py could not be loaded: a page in HTML",
        ),
        ({"envs/rules.py": "<html>"}, "envs/rules.py could not be loaded: a page in HTML"),
    ],
)
@on_virtual_time
async def test_a_page_in_the_place_of_a_file_is_no_python(
    lab: Lab, changes: dict[str, str], words: str
) -> None:
    worker = worker_of(lab, Server(**changes))
    with pytest.raises(LoadError, match=words):
        await worker.init_env(file="envs/hill.py")
    worker.destroy()


@on_virtual_time
async def test_a_file_that_is_not_there_is_named(lab: Lab) -> None:
    worker = worker_of(lab, Server())
    with pytest.raises(
        LoadError, match="envs/none.py could not be loaded: the server answered 404"
    ):
        await worker.init_env(file="envs/none.py")
    worker.destroy()


@on_virtual_time
async def test_of_several_helpers_that_cannot_be_had_the_first_is_named(lab: Lab) -> None:
    server = Server()
    worker = worker_of(lab, server)
    del server.files["envs/art/shapes.py"], server.files["envs/rules.py"]
    with pytest.raises(LoadError, match=r"envs/art/shapes.py could not be loaded"):
        await worker.init_env(file="envs/hill.py")
    assert worker.uses_file("envs/rules.py"), "once it is there, that counts"
    worker.destroy()


@on_virtual_time
async def test_code_as_text_may_bring_its_helpers_along_or_have_none(lab: Lab) -> None:
    worker = lab.worker()
    files = {name[5:]: text for name, text in SITE.items() if name.startswith("envs/")}
    await worker.init_env(ENV, files=files)
    assert (await worker.reset()).obs == 7
    await worker.init_env(ENV.replace("import rules, art", "# "), file_name="plain.py")
    for wrong in (
        {},
        {"env_code": ENV, "file": "envs/hill.py"},
        {"file": "envs/hill.py", "files": files},
    ):
        with pytest.raises(MisuseError, match="expected env_code .* or file="):
            await worker.init_env(**wrong)
    with pytest.raises(MisuseError, match="cannot fetch envs/hill.py"):
        await worker.init_env(file="envs/hill.py")
    worker.destroy()


@on_virtual_time
async def test_a_worker_knows_which_files_its_environment_is_made_of(lab: Lab) -> None:
    server = Server()
    worker = worker_of(lab, server)
    assert not worker.uses_file("envs/hill.py")
    await worker.init_env(file="envs/hill.py")
    used = {file for file in SITE if worker.uses_file(file)}
    assert used == {file for file in SITE if file in server.asked}
    assert not worker.uses_file("envs/map.txt")
    worker.destroy()


@on_virtual_time
async def test_a_helper_that_is_written_later_is_found(lab: Lab) -> None:
    server = Server()
    del server.files["envs/rules.py"]
    worker = worker_of(lab, server)
    with pytest.raises(RemoteError, match="No module named 'rules'"):
        await worker.init_env(file="envs/hill.py")
    server.files["envs/rules.py"] = "START = 9\n"
    assert worker.uses_file("envs/rules.py")
    assert not worker.uses_file("envs/new.py")
    await worker.init_env(file="envs/hill.py")
    assert (await worker.reset()).obs == 13
    worker.destroy()


IMPORTS = """
import one, two.part as second
from three.part import name
  from four import (a,
b)
if x: import five; import six
x = importlib.import_module("seven")  # importing
from . import eight
nothing = "nine"
"""


def test_what_a_text_imports_is_found_line_by_line() -> None:
    found = imported(IMPORTS)
    assert {"one", "two", "three", "four", "five", "six", "seven", "eight"} <= found
    assert not {"nine", "nothing", "part", "b"} & found


def test_the_page_reads_the_same(micropython: Runtime) -> None:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.exec("""
import json
from gymworker.page.files import Files, imported

class Files(Files):
    async def _text(self, file):
        return SITE[file]

def names(text, buffers, out):
    return json.dumps(sorted(imported(text)))
""")
    assert json.loads(micropython.call("names", IMPORTS)[0]) == sorted(imported(IMPORTS))


def test_files_beside_a_page_at_the_top() -> None:
    files = Files(Server().read, ["hill.py", "rules.py"])
    assert not files.uses("rules.py")
