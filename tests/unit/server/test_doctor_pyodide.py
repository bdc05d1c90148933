"""The doctor in the site's Pyodide under Node, beside CPython."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gymserver.doctor.checks import SECONDS
from gymserver.doctor.command import packages_by_module
from gymserver.doctor.doctor import Doctor
from gymserver.doctor.pythons import Python, cpython, lay_out, pyodide
from gymserver.doctor.report import Line
from gymserver.doctor.targets import Target
from gymserver.site import ROOT, Site
from tests.unit.server.faults import FAULTS, GOOD, walk

pytestmark = pytest.mark.timeout(500)

LIMIT = 60.0
"""Seconds that a check may take here, if it may take more."""

BUNDLED = sorted((ROOT / "web" / "envs").glob("*.py"))

BOTH = ("duet",)
"""Those that are tried in Pyodide too, which takes half a minute."""

SOME = ("no syntax", "bounds", "object in obs", "channels", "random", "time again", "left over")


@pytest.fixture(scope="module")
def pythons(web_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Python]]:
    """CPython, and one Pyodide for all that is tried here, unless it ends."""
    work = tmp_path_factory.mktemp("doctor")
    site = work / "site"
    site.mkdir()
    lay_out(web_site.settings(), site)

    def limit(seconds: float) -> float:
        return min(seconds, LIMIT)

    with cpython(work, site) as one, pyodide(web_site, work, site, limit=limit) as other:
        yield [one, other]


@pytest.fixture(scope="module")
def doctor(pythons: list[Python], web_site: Site) -> Doctor:
    return Doctor(pythons, {}, packages_by_module(web_site), print)


def tried(doctor: Doctor, source: str, *checks: str) -> dict[tuple[str, str], Line]:
    """The lines, by check and Python."""
    target = Target("fault.py", source, "envs/fault.py")
    report = doctor.examine(target, checks or tuple(SECONDS))
    found: dict[tuple[str, str], Line] = {}
    for line in report.lines:
        for where in ("CPython", "Pyodide") if line.where == "both" else (line.where,):
            found[line.check, where] = line
    return found


@pytest.mark.parametrize("name", ["walk", "pair"])
def test_where_there_is_no_fault_both_find_none(doctor: Doctor, name: str) -> None:
    found = tried(doctor, GOOD[name])
    assert {line.status for line in found.values()} == {"ok"}, found
    assert "steps and resets come out the same" in found["as in CPython", "Pyodide"].text
    assert "times CPython's: step" in found["speed", "Pyodide"].text


@pytest.mark.parametrize("name", SOME)
def test_a_fault_is_found_in_both(doctor: Doctor, name: str) -> None:
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    found = tried(doctor, fault.source, *dict.fromkeys(("code", fault.check)))
    for where in ("CPython", "Pyodide"):
        line = found[fault.check, where]
        assert line.status == fault.status
        assert fault.says in f"{line.text} | {line.advice}"


def test_a_package_that_the_site_has_not(doctor: Doctor) -> None:
    found = tried(
        doctor, "import nosuchpackage\nimport sklearn, sqlite3\n" + GOOD["walk"], "imports"
    )
    line = found["imports", "Pyodide"]
    assert line.status == "failed"
    for name in ("nosuchpackage", "scikit-learn", "sqlite3"):
        assert f'"{name}"' in line.advice


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("def move(self): self.place[1] = sys.maxsize % 1000 / 500", "failed", "obs[1]: "),
        ("def move(self): self.hidden = sys.platform", "warning", "env.hidden: 'linux' then 'em"),
        ("def move(self): self.place[1] += (sys.platform == 'linux') * 1e-7", "warning", "obs"),
        (
            "def reward(self): return float(sys.platform == 'linux')",
            "failed",
            "rewards: 1.0 and 0.0",
        ),
    ],
)
def test_what_is_another_in_the_browser(doctor: Doctor, body: str, status: str, says: str) -> None:
    found = tried(doctor, "import sys\n" + walk(body), "code", "determinism")
    line = found["as in CPython", "Pyodide"]
    assert (line.status, says in line.text) == (status, True), line


def test_an_end_and_a_hang_in_pyodide(doctor: Doctor, pythons: list[Python]) -> None:
    ends = "import sys\n" + walk(
        "def move(self):\n"
        "    if sys.platform == 'emscripten':\n"
        "        import os\n"
        "        os._exit(3)"
    )
    found = tried(doctor, ends, "code", "spaces", "values")
    assert found["spaces", "CPython"].status == "ok"
    assert found["spaces", "Pyodide"].status == "failed"
    assert found["the rest", "Pyodide"].status == "skipped"
    pythons[1]._limit = lambda seconds: min(seconds, 8)
    hangs = "import sys\nwhile sys.platform == 'emscripten': pass\n" + GOOD["walk"]
    assert "did not end within 8 s" in tried(doctor, hangs, "code")["code", "Pyodide"].text
    pythons[1]._limit = lambda seconds: min(seconds, LIMIT)
    assert tried(doctor, GOOD["walk"], "code")["code", "Pyodide"].status == "ok"


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_a_bundled_environment_passes(pythons: list[Python], web_site: Site, file: Path) -> None:
    tried_in = pythons if file.stem in BOTH else pythons[:1]
    doctor = Doctor(tried_in, {}, packages_by_module(web_site), print)
    report = doctor.examine(Target.of(str(file), ROOT / "web"))
    for line in report.lines:
        print(line)
    assert report.ok
    for python in tried_in:
        where = (python.name, "both")
        assert {line.check for line in report.lines if line.where in where} >= {"code", "replay"}
    assert "skipped" not in {line.status for line in report.lines}


def test_the_command(tmp_path: Path, web_site: Site) -> None:
    (tmp_path / "fault.py").write_text("import rules\nenv = rules.Walk()\n")
    (tmp_path / "rules.py").write_text(GOOD["walk"])
    command = [sys.executable, str(ROOT / "server.py"), "check", "fault.py", "nosuchid", "--json"]
    result = subprocess.run(
        command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=400
    )
    assert result.returncode == 1, result.stderr
    good, bad = json.loads(result.stdout)
    assert (good["ok"], bad["ok"]) == (True, False), good
    assert any("NameNotFound" in line["text"] for line in bad["lines"])
