"""The benchmarks run: every figure is there and is a number. No time is asserted."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.browser import work, worked
from bench.plan import BOOTS, CASES, PAGES
from bench.report import GOALS
from bench.rollback import ENVIRONMENTS
from gymserver.site import ROOT


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What a quick run writes, as JSON and as a table."""
    file = tmp_path_factory.mktemp("bench") / "report.json"
    command = [sys.executable, str(ROOT / "bench" / "run.py"), "--quick", "--json", str(file)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=540)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(file.read_text("utf-8")), result.stdout


@pytest.mark.timeout(600)
def test_every_contender_is_measured_in_every_case(report: tuple[dict[str, Any], str]) -> None:
    steps = report[0]["steps"]
    assert list(steps) == list(CASES)
    for title, case in steps.items():
        assert list(case) == ["environment", *filter(CASES[title].suits, PAGES)]
        for figures in case.values():
            assert figures["mean"] > 0
            assert all(math.isfinite(figure) and figure >= 0 for figure in figures.values())
    for name in PAGES:
        assert {"p50", "p99"} <= set(steps["objects"][name])


@pytest.mark.timeout(600)
def test_every_boot_is_measured(report: tuple[dict[str, Any], str]) -> None:
    boot = report[0]["boot"]
    assert list(boot) == list(BOOTS)
    assert all("second" in boot[name] for name in ("ours", "bare", "restored", "text"))
    restart = boot["ours"].pop("restart")
    assert 0 < restart["ready"] < math.inf
    for visits in boot.values():
        for visit in visits.values():
            assert visit["ready"] > 0
            assert 0 <= visit["pause"] <= visit["longest"] < math.inf
    assert boot["ours"]["first"]["bytes"] > 5e6 > boot["ours"]["second"]["bytes"]


@pytest.mark.timeout(600)
def test_rollbacks_are_measured_both_ways(report: tuple[dict[str, Any], str]) -> None:
    rollbacks = report[0]["rollback"]
    assert list(rollbacks) == list(ENVIRONMENTS)
    for found in rollbacks.values():
        assert 0 < found["correct"] < math.inf
        assert 0 < found["single"] < math.inf


@pytest.mark.timeout(600)
def test_the_parts_of_a_step_add_up_to_all_of_it(report: tuple[dict[str, Any], str]) -> None:
    parts = dict(report[0]["breakdown"])
    whole = parts.pop("all")
    assert all(math.isfinite(part) for part in parts.values())
    assert math.isclose(sum(parts.values()), whole, rel_tol=0.01)


@pytest.mark.timeout(600)
def test_every_goal_has_a_figure_and_a_line_in_the_table(
    report: tuple[dict[str, Any], str],
) -> None:
    goals = report[0]["goals"]
    assert [goal["what"] for goal in goals] == [goal.what for goal in GOALS]
    for goal in goals:
        of_linux = "memory" in goal["what"] or "processes" in goal["what"]
        measurable = not of_linux or Path("/proc/self/smaps_rollup").exists()
        assert not measurable or (math.isfinite(goal["figure"]) and goal["figure"] > 0)
        assert goal["what"] in report[1]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells work by process")
def test_a_process_that_has_ended_takes_nothing_from_the_work_of_others() -> None:
    def busy(seconds: float) -> subprocess.Popen[bytes]:
        """Returns a process that has worked so long, and now waits."""
        code = f"""if 1:
            import time
            while time.process_time() < {seconds}: pass
            print(flush=True)
            input()"""
        command = [sys.executable, "-c", code]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    earlier = busy(0.5)
    before = work()
    earlier.communicate(b"\n")
    later = busy(0.1)
    after = work()
    later.communicate(b"\n")
    spent = worked(before, after)
    assert spent is not None and spent >= 90
