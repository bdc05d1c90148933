"""The programs of the set-up end when the server ends, and nothing half-built stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gymserver.programs import run
from gymserver.site import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="asks for processes as Unix does")

# A program that starts another one, as npm does; both tell their numbers.
FAMILY = f"""
import os, subprocess, sys, time
child = subprocess.Popen([{sys.executable!r}, "-c", "import time; time.sleep(60)"])
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{{os.getpid()}} {{child.pid}}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(60)
"""

BUILD = """
import sys
from pathlib import Path
from gymserver.cache import built_folder
from gymserver.programs import end_on_sigterm, run
end_on_sigterm()
cache, script, numbers = map(Path, sys.argv[1:])
built_folder(cache / "a", lambda folder: run([sys.executable, script, numbers]))
"""


def wait_for(file: Path) -> list[int]:
    deadline = time.monotonic() + 20
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return [int(number) for number in file.read_text().split()]


def runs(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        try:
            os.kill(number, 0)
        except OSError:
            return False
        return not Path("/proc/self/stat").exists()
    return state not in "ZX"  # ended, and nobody has asked


def all_end(numbers: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while any(map(runs, numbers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(runs, numbers))


@pytest.fixture
def family(tmp_path: Path) -> Path:
    script = tmp_path / "family.py"
    script.write_text(FAMILY)
    return script


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_a_build_ends_the_programs_and_leaves_nothing(
    tmp_path: Path, family: Path, number: int
) -> None:
    told = tmp_path / "numbers"
    server = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(tmp_path / "cache"), str(family), str(told)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    numbers = wait_for(told)
    assert all(map(runs, numbers))
    server.send_signal(number)
    server.wait(10)
    assert all_end(numbers)
    assert not list((tmp_path / "cache").glob("*/"))


def test_a_program_that_takes_too_long_is_ended_with_what_it_started(
    tmp_path: Path, family: Path
) -> None:
    told = tmp_path / "numbers"
    with pytest.raises(subprocess.TimeoutExpired):
        run([sys.executable, family, told], timeout=2)
    assert all_end(wait_for(told))


def test_what_a_program_reads_and_writes_is_utf_8(tmp_path: Path) -> None:
    script = "import sys; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(d + b'\\xff')"
    found = run([sys.executable, "-c", script], text="ä")
    assert (found.returncode, found.stdout) == (0, "ä\ufffd")
