"""What is measured, on which pages, and how often."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One kind of request.

    Attributes:
        title: what the table calls it.
        kind: of the environment, as in bench_env.py.
        render: whether the step renders.
        batch: how many steps travel in one request; 0 for single steps.
        each: whether single calls are timed too, for percentiles.
    """

    title: str
    kind: str = "objects"
    render: bool = False
    batch: int = 0
    each: bool = False

    def suits(self, page: str) -> bool:
        """Tells whether a page can do it: in text alone, no big array comes to an end."""
        return page != "text" or self.kind == "objects"

    def job(self, count: int, *, each: bool = False, fresh: bool = False) -> dict[str, Any]:
        """Returns what a page is asked to do.

        Args:
            count: how many requests.
            each: time each of them.
            fresh: make the environment anew.
        """
        return {
            "do": "run",
            "kind": self.kind,
            "render": self.render,
            "batch": self.batch,
            "count": count,
            "each": each,
            "fresh": fresh,
        }


CASES = {
    "objects": Case("step, ten drawing objects", render=True, each=True),
    "plain": Case("step, no render", each=True),
    "batch": Case("batch of 100, a step", batch=100),
    "batch objects": Case("batch of 100, objects, a step", batch=100, render=True),
    "image": Case("step, 84x84x4 observation", "image"),
    "frame": Case("step, 400x600x3 frame", "frame", render=True),
}

PAGES = {
    "floor": "js.html?floor",
    "source": "js.html?source",
    "comlink": "js.html?comlink",
    "exports": "exports.html",
    "text": "text.html",
    "ours": "ours.html",
    "ours-js": "js.html?plain",
}

BOOTS = {
    "ours": "boot.html",
    "bare": "js.html?boot",
    "restored": "js.html?boot&restored",
    "text": "text.html?boot",
    "main thread": "js.html?boot&main",
}
"""Pages whose boot is measured: ours, a bare module worker, one that restores our snapshot and has
nothing else, PyScript with Python on both sides and that snapshot, Pyodide on the main thread."""


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rounds: how often the contenders take turns.
        budget: milliseconds that a contender has for a case in a round.
        most: requests in that time, at most.
        single: requests a round that are timed one by one.
        boots: how often each page is visited first, and again.
        pause: milliseconds before and after a visit.
        steps: steps of a session, of which there are ten.
        marked: steps of the breakdown.
        game: milliseconds of a game.
    """

    rounds: int = 11
    budget: float = 200.0
    most: int = 1000
    single: int = 100
    boots: int = 5
    pause: float = 2000.0
    steps: int = 1000
    marked: int = 2000
    game: float = 10_000.0


QUICK = Size(
    rounds=2,
    budget=10.0,
    most=50,
    single=10,
    boots=1,
    pause=100.0,
    steps=20,
    marked=50,
    game=500.0,
)
