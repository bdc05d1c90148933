"""Modules beside an environment: found by its code, shown in tracebacks, gone with it."""

import inspect
import pickle
import sys
import traceback
from typing import Any

import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.tracebacks import describe

from tests.unit.worker.test_environment import Bench, make, module_restored

__all__ = ["module_restored"]

ENV = """
import {imports}

class Env:
    def reset(self, *, seed=None, options=None):
        return {obs}, {{}}

    def step(self, action):
        return {step}, 0.0, False, False, {{}}

env = Env()
"""


def code(imports: str = "rules", obs: str = "rules.START", step: str = "rules.fall(action)") -> str:
    return ENV.format(imports=imports, obs=obs, step=step)


@pytest.fixture(autouse=True)
def _nothing_before(module_restored: None) -> None:
    make(code("sys", "1", "2"))


RULES = """\
START = 7


def fall(action):
    raise KeyError(action)
"""


def test_the_code_finds_a_module_beside_it() -> None:
    bench = make(code(), fileName="envs/hill.py", files={"rules.py": RULES})
    assert bench.reset(None)["obs"] == 7
    rules = bench.environment.names["rules"]
    assert (rules.__name__, rules.__file__) == ("rules", "envs/rules.py")
    assert sys.modules["rules"] is rules
    assert inspect.getsource(rules.fall).startswith("def fall(action):\n    raise")
    assert pickle.loads(pickle.dumps(rules.fall)) is rules.fall


def test_a_traceback_shows_its_file_its_line_and_its_text() -> None:
    bench = make(
        code(), fileName="envs/hill.py", files={"rules.py": "\f# coding: latin-1\n" + RULES}
    )
    with pytest.raises(KeyError) as caught:
        bench.step({"actions": "left"})
    stack = describe(caught.value)["stack"]
    lines = [line.strip() for line in stack.splitlines()]
    assert 'File "envs/rules.py", line 6, in fall' in lines
    assert "raise KeyError(action)" in lines
    assert any(line.startswith('File "envs/hill.py", line 9, in step') for line in lines)
    assert "worker/helpers.py" not in stack.replace("tests/unit/worker", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [("x = (\n", 'File "envs/rules.py", line 1'), ("\n1 / 0\n", 'File "envs/rules.py", line 2')],
)
def test_one_that_cannot_be_loaded_shows_where(text: str, words: str) -> None:
    make(code(), fileName="envs/hill.py", files={"rules.py": RULES})  # whose lines it has not
    sound = sys.modules["rules"]
    with pytest.raises((SyntaxError, ZeroDivisionError)) as caught:
        make(code(), fileName="envs/hill.py", files={"rules.py": text})
    stack = describe(caught.value)["stack"]
    assert words in stack
    assert text.strip() in stack
    assert 'File "envs/hill.py", line 2, in <module>' in stack
    assert sys.modules["rules"] is sound


PACKAGE = {
    "art/__init__.py": "from .colors import RED\nfrom . import shapes\n",
    "art/colors.py": "import rules\nRED = rules.START\n",
    "art/shapes/__init__.py": "",
    "art/shapes/round.py": "from ..colors import RED as COLOR\n",
    "rules.py": RULES,
    "levels/easy.py": "STONES = 3\n",  # no __init__.py beside it
}


def test_packages_and_folders_of_modules_are_found_too() -> None:
    obs = "[art.RED, art.shapes.round.COLOR, levels.easy.STONES]"
    bench = make(code("art.shapes.round, levels.easy", obs, "0"), fileName="h.py", files=PACKAGE)
    assert bench.reset(None)["obs"] == [7, 7, 3]
    assert bench.environment.names["art"].__file__ == "art/__init__.py"


def test_one_that_is_imported_later_is_found_then() -> None:
    bench = make(code("sys", "__import__('rules').START", "0"), files={"rules.py": RULES})
    assert "rules" not in sys.modules
    assert bench.reset(None)["obs"] == 7


def test_a_relative_import_is_told_how_to_go_on() -> None:
    with pytest.raises(ImportError) as caught:
        make("from .rules import START", files={"rules.py": RULES})
    words = "`import rules` finds rules.py beside its file"
    assert words in describe(caught.value)["message"]


def test_what_is_installed_wins() -> None:
    bench = make(code("json", "json.dumps([])", "0"), files={"json.py": "1 / 0"})
    assert bench.reset(None)["obs"] == "[]"


def test_another_environment_has_its_own() -> None:
    bench = make(code(), files={"rules.py": RULES})
    first = sys.modules["rules"]
    bench.init_env(code(), files={"rules.py": RULES.replace("7", "8")})
    assert bench.reset(None)["obs"] == 8
    assert sys.modules["rules"] is not first
    with pytest.raises(ModuleNotFoundError, match="rules"):
        bench.init_env(code())
    assert bench.reset(None)["obs"] == 8, "that failed, so the one before stays"
    assert sys.modules["rules"].START == 8
    bench.init_env(code("sys", "1", "2"))
    assert "rules" not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        __import__("rules")


def test_an_environment_keeps_its_helpers_if_the_new_one_fails() -> None:
    late = code("sys", "__import__('rules').START", "__import__('art').NAME")
    bench = make(late, files={"rules.py": RULES, "art.py": "NAME = 'one'"})
    assert bench.reset(None)["obs"] == 7
    rules = sys.modules["rules"]
    with pytest.raises(ZeroDivisionError):
        bench.init_env("import art, rules\n1 / 0", files={"rules.py": "", "art.py": ""})
    assert sys.modules["rules"] is rules
    assert bench.step({"actions": 0})["obs"] == "one"


def test_finders_do_not_pile_up() -> None:
    bench = Bench()
    before = len(sys.meta_path)
    for _ in range(3):
        bench.init_env(code(), files={"rules.py": RULES})
        with pytest.raises(ModuleNotFoundError):
            bench.init_env("import nothing_of_that_name")
    assert len(sys.meta_path) == before


def test_the_hash_of_the_code_takes_them_into_account() -> None:
    def hash_of(**fields: Any) -> str:
        return make(code("sys", "1", "2"), **fields).environment.code_hash

    plain = hash_of()
    assert hash_of(files={}) == plain
    two = hash_of(files={"a.py": "1", "b.py": "2"})
    assert two == hash_of(files={"b.py": "2", "a.py": "1"})
    assert len({plain, two, hash_of(files={"a.py": "2", "b.py": "1"})}) == 3


@pytest.mark.parametrize("files", [{"rules.py": b"1"}, {"rules.txt": "1"}, {1: "x"}])
def test_files_that_are_none_are_refused(files: Any) -> None:
    with pytest.raises(ProtocolError, match=r"expected files to be texts by name, such as 'rules"):
        make(code(), files=files)


@pytest.mark.parametrize(
    "start",
    ["\f", "# -*- coding: latin-1 -*-\n", "#!/usr/bin/python\n# coding: cp1252\n\x0c\n", "\ufeff",
     "# a\r\n\r\n", "# a\rb = 2\rc = 3\n", "x = '\x0b\x1c\u2028\x85é'\n", '"""\n\f\n"""\n'],
)  # fmt: skip
def test_nothing_moves_or_spoils_a_line(start: str) -> None:
    broken = code("sys", "1", "{}[action]  # here")
    with pytest.raises(KeyError) as caught:
        make(start + broken, fileName="envs/hill.py").step({"actions": "ö"})
    (frame,) = [f for f in traceback.extract_tb(caught.value.__traceback__) if "hill" in f.filename]
    newlines = start.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert frame.lineno == newlines + 9
    assert frame.line == "return {}[action]  # here, 0.0, False, False, {}"
    assert "envs/hill.py" in describe(caught.value)["stack"]


MAIN = """
import gymnasium

def make():
    return gymnasium.make("CartPole-v1")

if {test}:
    env = make()
    env.reset()
"""


@pytest.mark.parametrize(
    "test", ["__name__ == '__main__'", '"__main__" == __name__', "__name__ == '__main__' and True"]
)
def test_a_main_part_that_makes_env_is_explained(test: str) -> None:
    words = (
        r'h\.py left no variable `env`: its part `if __name__ == "__main__":` in line 7 does not'
    )
    with pytest.raises(ProtocolError, match=words) as caught:
        make(MAIN.format(test=test), fileName="h.py")
    assert "the code is the module `environment`: make `env` above it" in str(caught.value)


def test_a_main_part_after_an_await_is_explained_too() -> None:
    start = "import asyncio\nawait asyncio.sleep(0)\n"
    with pytest.raises(ProtocolError, match="in line 9 does not run"):
        make(start + MAIN.format(test="__name__ == '__main__'"))


def test_a_main_part_beside_an_env_does_no_harm() -> None:
    assert make(
        MAIN.format(test="__name__ == '__main__'") + "\nenv = make()"
    ).environment.required()
