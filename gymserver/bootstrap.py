"""Runs a command with its dependencies: here if they are installed, else in `.venv`.

Only the standard library is imported before the dependencies are there. The list of them stands
in `pyproject.toml`; a stamp in `.venv` says which list was installed last.
"""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gymserver.errors import StartError
from gymserver.programs import end_on_sigterm, run

ROOT = Path(__file__).resolve().parent.parent

IMPATIENT = ("--retries", "1", "--timeout", "8")
"""Options of pip, by which a missing network is told within seconds."""


def main(arguments: list[str]) -> int:
    """Runs the command line of `server.py` and returns the exit status."""
    testing = arguments[:1] == ["test"]
    end_on_sigterm()
    try:
        needed = dependencies("test" if testing else None)
        if not installed(needed):
            python = prepare_venv(needed)
            if not _is_running(python):
                return run_again(python, arguments)
            if not installed(needed):
                raise StartError("the packages in .venv do not fit; delete it and start again")
        if testing:
            return subprocess.call([sys.executable, "-m", "pytest", *arguments[1:]], cwd=ROOT)
    except StartError as error:
        print(f"gymworker: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    from gymserver import cli

    return cli.main(arguments)


def pinned(requirements: list[str], root: Path) -> list[str]:
    """Returns pip's arguments for `requirements`: a lock file, with versions and hashes.

    Raises:
        StartError: the lock files do not name one of them.
    """
    names = {_name(requirement) for requirement in requirements}
    for lock in (root / "locks" / "server.txt", root / "locks" / "develop.txt"):
        if not lock.is_file():
            return requirements
        found = {_name(line) for line in lock.read_text("utf-8").splitlines() if line[:1].isalnum()}
        if names <= found:
            return ["--require-hashes", "-r", str(lock)]
    raise StartError(
        f"{lock.name} does not pin {', '.join(sorted(names - found))}, which pyproject.toml names; "
        "its first lines say how it is written anew"
    )


def _name(requirement: str) -> str:
    """Returns the normalised name in a requirement."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def unreachable(output: str) -> bool:
    """Tells whether pip failed because it could not reach an index."""
    return "Retrying (" in output and "No matching distribution" in output


def dependencies(extra: str | None, root: Path = ROOT) -> list[str]:
    """Returns the requirements in `pyproject.toml`, with those of `extra` if one is given."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8-sig"))["project"]
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StartError(f"cannot read pyproject.toml: {error}") from None
    optional = project["optional-dependencies"][extra] if extra else []
    return [*project["dependencies"], *optional]


def installed(requirements: list[str]) -> bool:
    """Tells whether this interpreter has all `requirements`, in fitting versions."""
    try:
        from packaging.requirements import Requirement

        return all(
            requirement.specifier.contains(
                importlib.metadata.version(requirement.name), prereleases=True
            )
            for requirement in map(Requirement, requirements)
        )
    except ImportError:  # PackageNotFoundError is one too
        return False


def prepare_venv(requirements: list[str], root: Path = ROOT) -> Path:
    """Makes `.venv` fit `requirements` and returns its interpreter.

    Raises:
        StartError: `venv` or pip is missing, pip failed, or the folder cannot be written.
    """
    venv = root / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "gymworker-requirements.txt"

    def done() -> set[str]:
        there = python.exists() and stamp.is_file()
        return set(stamp.read_text("utf-8").splitlines()) if there else set()

    try:
        if set(requirements) <= done():  # nothing is written, the folder may be read-only
            return python
        with locked(root / ".venv.lock"):
            before = done()
            if not set(requirements) <= before:
                print("gymworker: installing the dependencies into .venv ...", file=sys.stderr)
                _install(venv, python, requirements)
                stamp.write_text("\n".join(sorted({*before, *requirements})) + "\n", "utf-8")
    except OSError as error:
        raise StartError(f"cannot make .venv: {error}") from None
    return python


def run_again(python: Path, arguments: list[str]) -> int:
    """Runs `server.py` in the other interpreter; returns its status if this process goes on."""
    command = [str(python), str(ROOT / "server.py"), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    # Windows has no exec that keeps the console: Ctrl+C reaches both, and the child decides.
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on `path`; the system frees it when a process dies."""
    with path.open("w") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:  # it gives up after ten seconds
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    continue
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_running(python: Path) -> bool:
    return Path(sys.prefix).resolve() == python.parent.parent.resolve()


def _install(venv: Path, python: Path, requirements: list[str]) -> None:
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(venv)], "cannot make .venv")
    elif run([python, "-m", "pip", "--version"]).returncode:
        _run([str(python), "-m", "ensurepip"], "cannot install pip into .venv")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, *IMPATIENT, *pinned(requirements, venv.parent)],
        "pip could not install the dependencies",
    )


def _run(command: list[str], complaint: str) -> None:
    """Runs a command of the set-up; its last line of output explains a failure."""
    result = run(command)
    if result.returncode:
        output = result.stdout + result.stderr
        if changed := re.search(r"^ +(\S+)[^\n]*:\n +Expected sha256 ", output, re.MULTILINE):
            raise StartError(
                f"{complaint}: {changed[1]} does not have the hash that the lock file names, so "
                "it is not the file that was tried; nothing of it was installed"
            )
        if unreachable(output):
            raise StartError(f"{complaint}: no package index can be reached; is the network there?")
        if "ensurepip" in output:
            raise StartError(
                f"{complaint}: this Python comes without venv or ensurepip; install them "
                "(Debian and Ubuntu: apt install python3-venv) and start again"
            )
        lines = [line for line in output.splitlines() if line.strip()] or ["no output"]
        errors = [line for line in lines if line.startswith("ERROR")] or lines
        raise StartError(f"{complaint}: {errors[-1]}")
