"""Runs the programs of the set-up (pip, npm, Node.js), which end when the server ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    text: str | None = None,
    timeout: float | None = None,
    env: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Runs a program to its end and returns what it wrote.

    When the wait is over before, by a signal or the timeout, the program is ended, and what it has
    started itself too: npm leaves the work to others.

    Args:
        command: the program and its arguments.
        cwd: the folder to run it in.
        text: what it reads.
        timeout: seconds that it may take.
        env: its environment, if not this one's.

    Raises:
        OSError: there is no such program.
        subprocess.TimeoutExpired: it took longer.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # a group of its own, to be ended as one; Windows ignores it
    )
    try:
        output, errors = process.communicate(text, timeout)
    except BaseException:
        end(process)
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def end_on_sigterm() -> None:
    """Lets SIGTERM end this process as Ctrl+C does: programs are ended, folders are tidied."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)


def end(process: "subprocess.Popen[str]") -> None:
    """Ends a program, and what it has started itself."""
    with suppress(OSError):  # it has ended by itself
        if sys.platform == "win32":
            tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
