"""Answers the server, in either Python: a request is a line of JSON, and so is each answer.

{"op": "examine", "source", "fileName", "files", "packages", "checks"}
{"check", "seconds"}            it begins, and may take so long
{"check", "status", "text", "advice", "data"}
{"done": null}
{"op": "state", ..., "row"}         {"done": {"state": hex}}
{"op": "compare", "told": [packed, packed]}             {"done": {...} or null}
{"op": "difference", ..., "states": [hex, hex]}         {"done": {"place": text or null}}
"""

import asyncio
import inspect
import json
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from gymworker.errors import ProtocolError
from gymworker.worker import compat, standin
from gymworker.worker.introduction import kind_of

from gymserver.doctor.checks import FAILED, OK, SECONDS, SKIPPED
from gymserver.doctor.trial import repeats
from gymserver.doctor.trial.apart import compare, name_of, of_here, unpacked
from gymserver.doctor.trial.api import check_api
from gymserver.doctor.trial.crossing import check_values
from gymserver.doctor.trial.finding import Finding, failure
from gymserver.doctor.trial.imports import IN_BROWSER, check_imports, missing
from gymserver.doctor.trial.pictures import check_render
from gymserver.doctor.trial.replays import check_replay
from gymserver.doctor.trial.spaces import check_spaces
from gymserver.doctor.trial.speed import check_speed
from gymserver.doctor.trial.trial import NothingToSample, Trial

Tell = Callable[[str], Any]
"""Takes a line for the server."""


async def _code(trial: Trial) -> Finding:
    try:
        await trial.make()
    except ModuleNotFoundError as error:
        if IN_BROWSER:
            raise
        return missing(error)
    names = trial.environment.names
    if isinstance(names.get("play"), dict):
        try:
            trial.settings()
        except ProtocolError as error:
            return Finding(
                FAILED, f"`play` is wrong: {error}", "docs/protocol.md has what it takes"
            )
    return Finding(
        OK, f"it leaves an environment: {kind_of(trial.env)}, {type(trial.env).__name__}"
    )


CHECKS: dict[str, Callable[[Trial], Any]] = {
    "imports": lambda trial: check_imports(trial.job),
    "code": _code,
    "api": check_api,
    "spaces": check_spaces,
    "values": check_values,
    "render": check_render,
    "speed": check_speed,
    "determinism": repeats.check_determinism,
    "sync test": repeats.check_sync,
    "replay": check_replay,
}


_ENDS = {"imports": (SKIPPED,), "code": (SKIPPED, FAILED)}
"""After which there is nothing to try."""


async def examine(job: dict[str, Any], tell: Tell, names: Iterable[str]) -> None:
    """Tries an environment; tells each check as it begins, and what it has found.

    Args:
        job: a request, see the module's docstring.
        tell: takes the answers.
        names: of the checks to make.
    """
    trial = Trial(job)
    standin.install(trial.environment.present, None, lambda folder: None)
    for name in names:
        tell(json.dumps({"check": name, "seconds": SECONDS[name]}))
        found = await _tried(trial, name)
        tell(json.dumps({"check": name, **asdict(found)}))
        if found.status in _ENDS.get(name, ()):
            break
    trial.environment.close()


async def _tried(trial: Trial, name: str) -> Finding:
    """Makes a check, with the environment as its code leaves it; whatever it does, it is told."""
    try:
        if name not in ("imports", "code"):
            await trial.make()
        found = CHECKS[name](trial)
        if inspect.isawaitable(found):
            found = await found
        assert isinstance(found, Finding)
        return found
    except NothingToSample as error:
        return Finding(FAILED, str(error), "set self.action_space")
    except BaseException as error:
        return failure(error)


async def answer(line: str, tell: Tell) -> None:
    """Answers a request; what fails is told as `error`."""
    request = json.loads(line)
    done: Any = None
    try:
        if request["op"] == "examine":
            await examine(request, tell, request["checks"])
        elif request["op"] == "state":
            done = {"state": (await repeats.state_at(Trial(request), request["row"])).hex()}
        elif request["op"] == "compare":
            done = _compared(*map(unpacked, request["told"]))
        elif request["op"] == "difference":
            done = {
                "place": await _difference(Trial(request), *map(bytes.fromhex, request["states"]))
            }
    except BaseException as error:
        done = {"error": failure(error).text}
    tell(json.dumps({"done": done}))


def greeting() -> str:
    """Returns the first line for the server."""
    compat.install()
    return json.dumps({"ready": {"python": platform.python_version()}})


def main() -> None:
    """Answers on the standard output in CPython, which the environment's `print` never meets."""
    given, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)

    def tell(text: str) -> None:
        answers.write(text + "\n")
        answers.flush()

    tell(greeting())
    for line in given:
        asyncio.run(answer(line, tell))


def _compared(rows: list[Any], others: list[Any]) -> dict[str, Any] | None:
    both = min(len(rows), len(others))  # one of the two may have run out of time
    found = compare(rows[:both], others[:both])
    if found.row is None:
        return None
    return {
        "row": found.row,
        "name": name_of(rows, found.row),
        "text": found.text,
        "first": [repr(size) for size in found.first],
        "largest": [repr(size) for size in found.largest],
        "rounding": found.rounding,
    }


async def _difference(trial: Trial, first: bytes, second: bytes) -> str | None:
    await trial.make()
    states = [trial.states.read(of_here(state)) for state in (first, second)]
    return trial.states.difference(*states)
