"""Goals, ratios and the table."""

from collections.abc import Callable
from typing import Any, NamedTuple

from bench import rollback
from bench.plan import CASES, PAGES

Report = dict[str, Any]


class Goal(NamedTuple):
    """What is to be reached.

    Attributes:
        what: a line.
        limit: the largest figure that passes; the least where `at_least`.
        unit: `times`, `ms` or `MB`.
        figure: takes it from the report; None where this browser or system cannot tell.
        at_least: whether more is better.
    """

    what: str
    limit: float
    unit: str
    figure: Callable[[Report], float | None]
    at_least: bool = False

    def passes(self, figure: float) -> bool:
        """Tells whether a figure reaches the goal."""
        return figure >= self.limit if self.at_least else figure <= self.limit


def _mean(report: Report, case: str, name: str) -> float:
    return float(report["steps"][case][name]["mean"])


def _ready(report: Report, name: str, kind: str) -> float:
    return float(report["boot"][name][kind]["ready"])


def _work(report: Report) -> float | None:
    ours, bare = (report["boot"][name]["second"]["work"] for name in ("ours", "bare"))
    return ours / bare if ours and bare else None


def _memory(report: Report) -> float | None:
    found = report["memory"]
    early, late = found["session 10"], found["session 20"]
    return late / early if early and late else None


GOALS = (
    Goal(
        "step with drawing objects against source text for every step",
        10,
        "times faster",
        lambda r: _mean(r, "objects", "source") / _mean(r, "objects", "ours"),
        at_least=True,
    ),
    Goal(
        "the same against the floor",
        1.5,
        "times",
        lambda r: _mean(r, "objects", "ours") / _mean(r, "objects", "floor"),
    ),
    Goal(
        "batch of 100, per step, against the environment alone",
        1.5,
        "times",
        lambda r: _mean(r, "batch", "ours") / _mean(r, "batch", "environment"),
    ),
    Goal(
        "84x84x4 observation against a step without",
        1.2,
        "times",
        lambda r: _mean(r, "image", "ours") / _mean(r, "plain", "ours"),
    ),
    Goal(
        "400x600x3 frame to the page, main-thread time",
        1.0,
        "ms",
        lambda r: r["frame main thread"],
    ),
    Goal(
        "frame of a game at 60 fps that the worker paints, main-thread time",
        0.4,
        "ms",
        lambda r: r["game main thread"],
    ),
    Goal(
        "frame of stock CartPole, 600x400, in the worker",
        5.0,
        "ms",
        lambda r: float(r["stock"]["CartPole-v1"]),
    ),
    Goal(
        "rollback of 8 steps of a game, hash included, the slowest",
        rollback.FRAME,
        "ms",
        lambda r: max(found["correct"] for found in r["rollback"].values()),
    ),
    Goal(
        "first visit to READY against the bare module worker",
        0.5,
        "times",
        lambda r: _ready(r, "ours", "first") / _ready(r, "bare", "first"),
    ),
    Goal(
        "second visit to READY against the bare module worker",
        0.35,
        "times",
        lambda r: _ready(r, "ours", "second") / _ready(r, "bare", "second"),
    ),
    Goal("the same, work of the browser's processes", 0.5, "times", _work),
    Goal(
        "restart to READY against a second visit of the bare module worker",
        0.2,
        "times",
        lambda r: _ready(r, "ours", "restart") / _ready(r, "bare", "second"),
    ),
    Goal(
        "bytes before READY, first visit",
        9.5,
        "MB",
        lambda r: float(r["boot"]["ours"]["first"]["bytes"]) / 1e6,
    ),
    Goal(
        "longest main-thread pause in the boot",
        50,
        "ms",
        lambda r: float(r["boot"]["ours"]["first"]["pause"]),
    ),
    Goal("memory after session 20 against session 10", 1.05, "times", _memory),
)


def goals(report: Report) -> list[dict[str, Any]]:
    """Returns each goal with its figure and whether that passes; None if it was not measured."""
    found = []
    for goal in GOALS:
        figure = goal.figure(report)
        found.append(
            {
                "what": goal.what,
                "goal": goal.limit,
                "at_least": goal.at_least,
                "unit": goal.unit,
                "figure": figure,
                "passes": None if figure is None else goal.passes(figure),
            }
        )
    return found


def text(report: Report) -> str:
    """Returns the report for people."""
    parts = [_machine(report), _steps(report), _percentiles(report), _breakdown(report)]
    parts += [_boot(report), _rollback(report), _rest(report), _goals(report)]
    return "\n\n".join(parts) + "\n"


def _machine(report: Report) -> str:
    m = report["machine"]
    return (
        f"{m['browser']}, {m['cores']} cores, load {m['load before']} before and {m['load after']} "
        f"after, clock ticks at {m['tick']} ms, {m['seconds']:.0f} s"
    )


def _steps(report: Report) -> str:
    names = ["environment", *PAGES]
    rows = [["mean, µs (noise)", *names]]
    for key, case in CASES.items():
        row = [case.title]
        for name in names:
            figures = report["steps"][key].get(name)
            row.append(f"{figures['mean'] * 1000:.0f} ({figures['spread']:.0%})" if figures else "")
        rows.append(row)
    rows.append(["ours is … times as fast"])
    for key, case in CASES.items():
        ours = _mean(report, key, "ours")
        found = report["steps"][key]
        rows.append(
            [
                case.title,
                *(f"{found[name]['mean'] / ours:.2f}" if name in found else "" for name in names),
            ]
        )
    return _table(rows)


def _percentiles(report: Report) -> str:
    rows = [["µs", *PAGES]]
    for key, case in CASES.items():
        for which in ("p50", "p99") if case.each else ():
            figures = [report["steps"][key][name][which] for name in PAGES]
            rows.append([f"{case.title}, {which}", *(f"{figure * 1000:.0f}" for figure in figures)])
    return _table(rows)


def _breakdown(report: Report) -> str:
    rows = [["one step with drawing objects, ours", "µs"]]
    rows += [[part, f"{figure:.1f}"] for part, figure in report["breakdown"].items()]
    return _table(rows)


def _boot(report: Report) -> str:
    rows = [["boot, ms", "to READY (noise)", "longest pause", "in the worst visit", "work", "MB"]]
    for name, visits in report["boot"].items():
        for kind, visit in visits.items():
            figures = [f"{visit['ready']:.0f} ({visit['spread']:.0%})"]
            if kind != "restart":
                work = "-" if visit["work"] is None else f"{visit['work']:.0f}"
                figures += [f"{visit['pause']:.0f}", f"{visit['longest']:.0f}", work]
                figures.append(f"{visit['bytes'] / 1e6:.1f}")
            rows.append([f"{name}, {kind}", *figures])
    return _table(rows)


def _rollback(report: Report) -> str:
    rows = [["rollback of 8 steps, ms", "one request", "a request for each part"]]
    for name, found in report["rollback"].items():
        rows.append([name, _number(found["correct"]), _number(found["single"])])
    return _table(rows)


def _rest(report: Report) -> str:
    rows = [
        ["main thread, ms a frame sent to the page", _number(report["frame main thread"])],
        ["main thread, ms a frame of a game", _number(report["game main thread"])],
    ]
    for name, milliseconds in report["stock"].items():
        rows.append([f"worker, ms a frame of stock {name}", _number(milliseconds)])
    for session, found in report["memory"].items():
        rows.append([f"memory after {session}, MB", _number(found and found / 1e6)])
    return _table(rows)


def _goals(report: Report) -> str:
    rows = [["what", "goal", "measured", ""]]
    for goal in report["goals"]:
        sign = "≥" if goal["at_least"] else "≤"
        verdict = {True: "pass", False: "short", None: "not measured"}[goal["passes"]]
        limit = f"{sign} {goal['goal']} {goal['unit']}"
        rows.append([goal["what"], limit, _number(goal["figure"]), verdict])
    return _table(rows)


def _number(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.2f}"


def _table(rows: list[list[str]]) -> str:
    columns = max(len(row) for row in rows)
    full = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(len(row[column]) for row in full) for column in range(columns)]
    lines = []
    for row in full:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
