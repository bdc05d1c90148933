"""What a start of the server makes once, with Pyodide in Node.js, and a site can do without."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gymserver.programs import run
from gymserver.runtime import find_node

DEADLINE = 120.0  # seconds that a run of Node.js has; what a start asks for takes some seconds


class NodeFailure(Exception):
    """Node.js is not here, or it failed; the message is one line."""


@contextmanager
def or_serve(instead: str, say: Callable[[str], None]) -> Iterator[None]:
    """Says what is served instead, and why, if what stands inside fails.

    Args:
        instead: what is served then.
        say: is told so, in one line.
    """
    try:
        yield
    except Exception as error:  # whatever it is, there is something to serve
        say(f"serving {instead}, boots will take longer: {error}")


def run_node(script: str, *arguments: str | Path) -> None:
    """Runs a module of JavaScript in Node.js.

    Args:
        script: its text.
        arguments: what it finds in `process.argv` from the third on; a path is made absolute.

    Raises:
        NodeFailure: there is no Node.js, or it failed, or it took too long.
    """
    node = find_node()
    if node is None:
        raise NodeFailure("there is no Node.js")
    given = [str(one.resolve()) if isinstance(one, Path) else one for one in arguments]
    command = [node, "--input-type=module", "-", *given]
    try:
        result = run(command, text=script, timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        raise NodeFailure(f"Pyodide did not end within {DEADLINE:g} s") from None
    except OSError as error:
        raise NodeFailure(f"cannot run {node}: {error.strerror}") from None
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()] or ["no output"]
        raise NodeFailure(f"Pyodide failed: {lines[-1].strip()[:200]}")
