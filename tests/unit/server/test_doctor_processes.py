"""Whatever an environment does to its Python, the doctor goes on and says what it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app import gymid

from gymserver.doctor import command
from gymserver.doctor.doctor import Doctor, _rounded
from gymserver.doctor.pythons import cpython, lay_out
from gymserver.doctor.report import Line, Report, merged, table
from gymserver.doctor.targets import Target
from gymserver.errors import StartError
from gymserver.settings import Settings
from gymserver.site import ROOT, Site
from tests.unit.app.test_gymid import ARGUMENTS
from tests.unit.server.faults import GOOD, walk

WEB = ROOT / "web"
LIMIT = 5.0
"""Seconds that a check may take here, if it may take more."""


@pytest.fixture(scope="module")
def doctor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doctor]:
    """A doctor with CPython alone."""
    work = tmp_path_factory.mktemp("doctor")
    site = work / "site"
    site.mkdir()
    lay_out(Settings.read(WEB), site)
    with cpython(work, site, limit=lambda seconds: min(seconds, LIMIT)) as python:
        yield Doctor([python], {"Pyodide": "not here"}, {}, lambda line: None)


def lines_of(report: Report) -> dict[str, Line]:
    """The lines of CPython, by their checks."""
    return {line.check: line for line in report.lines if line.where == "CPython"}


def tried(doctor: Doctor, source: str) -> dict[str, Line]:
    """What it finds."""
    return lines_of(doctor.examine(Target("fault.py", source, "fault.py")))


@pytest.mark.parametrize(
    ("source", "check", "says"),
    [
        ("while True: pass", "code", "did not end within 5 s"),
        (walk("def move(self):\n    while True: pass"), "spaces", "did not end within 5 s"),
        (walk("def render(self):\n    while True: pass"), "render", "did not end within 5 s"),
        (walk("def move(self): __import__('os')._exit(3)"), "spaces", "with status 3"),
        (walk("def begin(self): __import__('ctypes').string_at(0)"), "spaces", "with status -11"),
        (walk("def move(self): __import__('os').close(2)\ndef reward(self): 1 / 0"), "spaces", ""),
    ],
)
def test_a_hang_or_an_end_is_a_line(doctor: Doctor, source: str, check: str, says: str) -> None:
    found = tried(doctor, source)
    assert found[check].status == "failed"
    assert says in found[check].text
    if says:
        assert found[check].advice
        assert list(found)[-1] == "the rest"
        assert found["the rest"].status == "skipped"


def test_after_an_end_the_next_environment_is_tried(doctor: Doctor) -> None:
    assert tried(doctor, "import os\nos._exit(1)")["code"].status == "failed"
    assert tried(doctor, GOOD["walk"])["values"].status == "ok"


def test_what_it_prints_and_asks_is_no_part_of_the_answers(doctor: Doctor) -> None:
    noise = "import os, sys\nprint('{}')\nos.write(1, b'[1]\\n')\nsys.stdout.flush()\n"
    assert tried(doctor, noise + GOOD["walk"])["values"].status == "ok"
    asks = walk("def move(self): self.answer = input()")
    assert "EOFError" in tried(doctor, asks)["spaces"].text


def test_without_what_it_imports_nothing_is_tried(doctor: Doctor) -> None:
    report = doctor.examine(Target("fault.py", "import nosuchpackage\nenv = 1", "fault.py"))
    found = lines_of(report)
    assert [found[name].status for name in ("imports", "the rest")] == ["skipped", "skipped"]
    assert not report.ok, "nothing was tried"


def test_helpers_are_those_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "web" / "envs" / "art").mkdir(parents=True)
    envs = tmp_path / "web" / "envs"
    for name, text in {
        "hill.py": "import rules, gymworker, other\nfrom art.small import draw\n",
        "rules.py": "from deeper import x\n",
        "deeper.py": "import hill\n",
        "unused.py": "1 / 0\n",
        "gymworker.py": "1 / 0\n",
        "art/small.py": "def draw(): pass\n",
    }.items():
        (envs / name).write_text(text)
    target = Target.of(str(envs / "hill.py"), tmp_path / "web", {"gymworker"})
    assert target.file_name == "envs/hill.py"
    assert set(target.files) == {"rules.py", "deeper.py", "art/small.py"}
    assert Target.of(str(envs / "hill.py"), tmp_path / "else").file_name == "hill.py"
    with pytest.raises(StartError, match="cannot read .*none.py"):
        Target.of(str(envs / "none.py"), tmp_path)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Some-v1", "gymnasium.make('Some-v1', **{'render_mode': 'rgb_array'})"),
        (
            "Some-v1 (size=(1, -2.5), render_mode='ansi')",
            "gymnasium.make('Some-v1', **{'render_mode': 'ansi', 'size': (1, -2.5)})",
        ),
    ],
)
def test_an_id_may_have_arguments(tmp_path: Path, name: str, made: str) -> None:
    assert made in Target.of(name, tmp_path).source


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_the_page_reads_the_same_arguments(tmp_path: Path, arguments: str) -> None:
    id, read_there = gymid.read(f"Some-v1({arguments})")
    made = f"gymnasium.make({id!r}, **{ ({'render_mode': 'rgb_array'} | read_there)!r})"
    assert made in Target.of(f"Some-v1({arguments})", tmp_path).source


@pytest.mark.parametrize(
    "arguments",
    [
        "(size=",
        "(3)",
        "(size=open('x'))",
        "(**{'size': 3})",
        "() + f()",
        "(a=1)(b=2)",
        "(a={[]: 1})",
        "(a=1, a=2)",
    ],
)
def test_arguments_that_are_no_literals_are_refused(tmp_path: Path, arguments: str) -> None:
    with pytest.raises(StartError, match="expected an id with keyword arguments"):
        Target.of(f"Some-v1{arguments}", tmp_path)


def test_the_command_tells_where_pyodide_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def prepare(*args: Any, **options: Any) -> None:
        raise StartError("there is no network")

    monkeypatch.setattr(Site, "prepare", prepare)
    (tmp_path / "good.py").write_text(GOOD["walk"])
    (tmp_path / "bad.py").write_text("env = 1")
    names = [str(tmp_path / "good.py"), str(tmp_path / "bad.py")]
    assert command.check(names, lambda line: None, data=True) == 1
    good, bad = json.loads(capsys.readouterr().out)
    assert (good["ok"], bad["ok"]) == (True, False)
    assert good["name"] == names[0]
    assert good["lines"][0] == {
        "check": "start",
        "where": "Pyodide",
        "status": "skipped",
        "text": "there is no network",
        "advice": "",
    }
    assert command.check(names[:1], lambda line: None) == 0
    assert "ok       sync test      CPython" in capsys.readouterr().out


def test_what_both_say_is_one_line() -> None:
    both = [Line("api", name, "ok", "all is well") for name in ("CPython", "Pyodide")]
    differ = [Line("code", name, "failed", name, "mend it") for name in ("CPython", "Pyodide")]
    lines = merged([*both, *differ], ("code", "api"))
    assert lines == [*differ, Line("api", "both", "ok", "all is well")]
    report = Report("hill.py", lines)
    assert not report.ok
    text = table([report])
    assert "failed   code           Pyodide  Pyodide" in text
    assert "→ mend it" in text
    assert "2 failed" in text
    assert max(map(len, text.split("\n"))) <= 100


@pytest.mark.parametrize(
    ("place", "rounding"),
    [
        ("env.unwrapped.state[3]: -0.09795698525801014 then -0.09795698525801017", True),
        ("env.x: 0.0 then -1e-17", True),
        ("env.x['a: b']: 1.0 then 1.1", False),
        ("env.name: 'linux' then 'emscripten'", False),
        ("none", False),
    ],
)
def test_rounding_in_a_state_is_told_from_what_else_differs(place: str, rounding: bool) -> None:
    assert _rounded(place) == rounding
