"""What an error says of a module that the browser's Python has not."""

import pytest
from gymworker.worker.missing import APART
from gymworker.worker.tracebacks import describe

from gymserver.runtime import read_lock
from gymserver.site import ROOT, Site
from tests.runtimes import Runtime

IMPORT = """
import json
from gymworker.worker.tracebacks import describe

def look(text, buffers, out):
    try:
        exec(text)
    except BaseException as error:
        return json.dumps(describe(error))
    return json.dumps(None)
"""


def missing(name: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_the_message_and_the_traceback_say_what_to_add() -> None:
    fields = describe(missing("sqlite3"))
    assert fields["message"] == (
        "No module named 'sqlite3' (Pyodide keeps this part of the standard library in a package "
        'of its own: add "sqlite3" to `packages` in the [worker] table of pyscript.toml)'
    )
    assert 'add "sqlite3" to' in fields["stack"]


def test_that_of_a_cause_is_said_once() -> None:
    error = RuntimeError("no database")
    error.__cause__ = missing("_sqlite3")
    for _ in range(2):
        fields = describe(error)
    assert fields["message"].startswith("no database (Pyodide keeps")
    assert fields["stack"].count('add "sqlite3" to') == 1


@pytest.mark.parametrize("name", ["pandas", "game.ssl", "json.nothing"])
def test_other_modules_say_what_python_says(name: str) -> None:
    assert describe(missing(name))["message"] == f"No module named {name!r}"


def test_a_part_that_no_browser_has_is_told() -> None:
    assert describe(missing("tkinter"))["message"].endswith(
        " (no browser has what this part of the standard library needs)"
    )


def test_the_list_is_pyodide_s(web_site: Site) -> None:
    assert web_site.runtime
    packages = read_lock(web_site.runtime)["packages"]
    apart = {
        module: name
        for name, entry in packages.items()
        if entry["package_type"] == "cpython_module"
        for module in entry["imports"]
    }
    assert apart == APART


def test_the_real_python_lacks_these_and_says_so(web_site: Site) -> None:
    with Runtime.of_site("pyodide", web_site) as python:
        python.install(ROOT / "web" / "gymworker")
        python.exec(IMPORT)
        for module in APART:
            text = python.call("look", f"import {module}")[0]
            assert f'add \\"{APART[module]}\\" to' in text, module
        assert "no browser has" in python.call("look", "import tkinter")[0]
        assert 'add \\"setuptools\\" to' in python.call("look", "import distutils.core")[0]
