"""Tries environments in both Pythons, and compares these."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gymserver.doctor.checks import (
    CLOSE,
    FAILED,
    OK,
    ORDER,
    REST,
    SAME,
    SECONDS,
    SKIPPED,
    START,
    WARNING,
)
from gymserver.doctor.pythons import Gone, Python
from gymserver.doctor.report import BOTH, Line, Report, merged
from gymserver.doctor.targets import Target

_ROUNDING = (
    "sines and other functions differ in the last bit between systems; browsers agree with one "
    "another, so what is recorded in one replays in each"
)
_OTHERWISE = (
    "look for what is another in the browser: the width of NumPy's ints, the order of a set, the "
    "version of a package, or what the code asks the system"
)


class Doctor:
    """Tries environments.

    Args:
        pythons: that do it; what one finds is compared with what the first does.
        absent: why another one cannot, by its name.
        packages: for advice, see `trial.imports`.
        say: is told what happens, a line at a time.
    """

    def __init__(
        self,
        pythons: Sequence[Python],
        absent: Mapping[str, str],
        packages: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self._pythons = pythons
        self._absent = absent
        self._packages = packages
        self._say = say

    def examine(self, target: Target, checks: Sequence[str] = tuple(SECONDS)) -> Report:
        """Tries an environment; whatever it does, there is a report.

        Args:
            target: the environment.
            checks: to make in each Python.
        """
        lines = [Line(START, name, SKIPPED, why) for name, why in self._absent.items()]
        data = {}
        for python in self._pythons:
            self._say(f"trying {target.name} in {python.name} ...")
            found, data[python.name] = self._run(python, target, checks)
            lines += found
        if len(self._pythons) == 2:
            lines = _with_ratio(lines, *data.values())
            lines.append(self._compare(target, *data.values()))
        self._pythons[
            0
        ].close()  # a browser's worker goes on with the next one, CPython begins anew
        return Report(target.name, merged(lines, ORDER))

    def _run(
        self, python: Python, target: Target, checks: Sequence[str]
    ) -> tuple[list[Line], dict[str, Any]]:
        """Returns the lines of one Python, and what its checks have for the comparison."""
        lines: list[Line] = []
        data: dict[str, Any] = {}
        check, why = START, ""
        try:
            request = {**target.request(), "packages": self._packages, "checks": checks}
            for answer in python.ask(op="examine", **request):
                check = answer.get("check", START)
                if not lines:
                    lines.append(Line(START, python.name, OK, f"Python {python.version}"))
                if "status" in answer:
                    fields = [answer[name] for name in ("status", "text", "advice")]
                    lines.append(Line(check, python.name, *fields))
                    data[check] = answer["data"]
                elif answer.get("done"):
                    raise Gone(answer["done"]["error"])
            if lines[-1].check != checks[-1]:
                why = f"there is nothing to try without {_WITHOUT[lines[-1].check]}"
        except Gone as gone:
            lines.append(Line(check, python.name, FAILED, str(gone), _TIMES))
            why = f"{python.name} was gone after that"
        if why and len(lines) <= len(checks):
            lines.append(Line(REST, python.name, SKIPPED, why))
        return lines, data

    def _compare(self, target: Target, mine: dict[str, Any], theirs: dict[str, Any]) -> Line:
        """Returns the line about the difference of the two."""
        found = [data.get("determinism") for data in (mine, theirs)]
        one, other = found
        if one is None or other is None:
            return Line(SAME, BOTH, SKIPPED, "it takes a game that comes out the same in each")
        try:
            return self._difference(target, one, other)
        except Gone as gone:
            return Line(SAME, BOTH, FAILED, str(gone))

    def _difference(self, target: Target, one: dict[str, Any], other: dict[str, Any]) -> Line:
        told = [one["told"], other["told"]]
        apart = self._pythons[0].result(op="compare", told=told) if all(told) else None
        hashes = list(zip(one["hashes"], other["hashes"], strict=False))
        row = next((i for i, pair in enumerate(hashes) if pair[0] != pair[1] and all(pair)), None)
        place = "" if row is None else self._place(target, row)
        if apart is None and row is None:
            return Line(SAME, BOTH, OK, f"{len(hashes)} steps and resets come out the same")
        if apart is None:
            text = f"all that is told is the same, but the state is not: {place}"
            return Line(SAME, BOTH, WARNING, text, _ROUNDING if _rounded(place) else _OTHERWISE)
        if "error" in apart:
            return Line(SAME, BOTH, FAILED, apart["error"])
        sizes = [f"{float(size):.2g}" for size in apart["largest"]]
        text = (
            f"they differ from {apart['name']} on: {apart['text']}; at most by {sizes[0]}, "
            f"relatively by {sizes[1]}" + (f"; the first of the state is {place}" if place else "")
        )
        if apart["rounding"]:
            return Line(SAME, BOTH, WARNING, text, _ROUNDING)
        return Line(SAME, BOTH, FAILED, text, _OTHERWISE)

    def _place(self, target: Target, row: int) -> str:
        """Returns where the states of the two differ."""
        states, request = [], target.request()
        for python in self._pythons:
            done = python.result(op="state", row=row, **request)
            if "error" in done:
                return f"not to be had ({done['error']})"
            states.append(done["state"])
        done = self._pythons[0].result(op="difference", states=states, **request)
        return str(done.get("error") or done["place"] or "none")


_WITHOUT = {"imports": "what it imports", "code": "an environment"}

_TIMES = "nothing that an environment does may run without an end, or end Python"


def _rounded(place: str) -> bool:
    """Tells whether two values, as `States.difference` writes them, differ by rounding alone."""
    one, _, other = place.rpartition(": ")[2].partition(" then ")
    try:
        return math.isclose(float(one), float(other), rel_tol=CLOSE, abs_tol=CLOSE)
    except ValueError:
        return False


def _with_ratio(lines: list[Line], mine: dict[str, Any], theirs: dict[str, Any]) -> list[Line]:
    """Returns the lines, that of the browser's speed with the ratio to CPython's."""
    one, other = mine.get("speed"), theirs.get("speed")
    if not one or not other:
        return lines
    ratios = [
        f"{name} {other[name] / one[name]:.2g}"
        for name in ("step", "render", "snapshot")
        if one[name] and other[name]
    ]
    where = [line.where for line in lines if line.check == "speed"][-1]
    return [
        Line(
            line.check,
            where,
            line.status,
            f"{line.text}; times CPython's: {', '.join(ratios)}",
            line.advice,
        )
        if line.check == "speed" and line.where == where
        else line
        for line in lines
    ]
