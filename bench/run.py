"""Measures gymworker side by side with what else there is, in one run and one browser.

    python bench/run.py [--browser chromium|firefox] [--quick] [--json FILE] [--web FOLDER]

Like `python server.py test` it does its own set-up: the dependencies go into `.venv`, the runtime
and Comlink come through npm. It takes about five minutes; `--quick` makes each part as short as it
can be, which shows that all of it works but measures nothing well.

What is compared, each on a page of its own, on the same CartPole:

    floor     a bare JavaScript worker that echoes the request, plus the environment's own time
    source    a classic worker that compiles source text for every step, toJs, plain objects
    comlink   Pyodide behind Comlink, Python functions compiled once
    exports   PyScript's own exported functions (`__export__`, `workers[...]`)
    ours      gymworker from a page in MicroPython
    ours-js   gymworker from a page in JavaScript, plain objects

The contenders take turns, so that a busy machine disturbs all alike; what is printed is the median
of the rounds, and beside it how far the rounds lie apart.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gymserver.bootstrap import dependencies, installed, prepare_venv  # noqa: E402
from gymserver.errors import StartError  # noqa: E402


def main(arguments: list[str]) -> int:
    """Runs the bench, here or in `.venv`, and returns the exit status."""
    try:
        needed = dependencies("test")
        if not installed(needed):
            python = prepare_venv(needed)
            if Path(sys.prefix).resolve() == python.parent.parent.resolve():
                raise StartError("the packages in .venv do not fit; delete it and start again")
            return subprocess.call([str(python), str(Path(__file__)), *arguments])
        from bench import command

        return command.main(arguments)
    except StartError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
