"""Whether the same seed gives the same game, and steps can be made again."""

import math
import time
from typing import Any

from gymworker.errors import EncodeError, StateError

from gymserver.doctor.checks import FAILED, OK, WARNING
from gymserver.doctor.trial.again import Again
from gymserver.doctor.trial.apart import compare, name_of, packed
from gymserver.doctor.trial.finding import Finding
from gymserver.doctor.trial.trial import (
    SEED,
    Actions,
    Trial,
    seed_shared,
    seed_spaces,
    shared_generators,
    shared_state,
)

STEPS = 200

SYNC_STEPS = 500
BACK = 2
"""Steps that it goes back after each."""

BESIDE = (
    "it hangs on something that is in no state: the time, id(), the order of a set, memory that "
    "nothing was written to, or what is not this environment's"
)

PATIENCE = 30.0
"""Seconds that these may take."""

SHARED = {
    "random": "draw from self.np_random, which reset(seed=seed) seeds, not from the module random",
    "numpy.random": "draw from self.np_random, which reset(seed=seed) seeds, not from numpy.random",
}
SEEDS = "let all chance come from self.np_random, seeded by super().reset(seed=seed), and no time"


async def check_determinism(trial: Trial) -> Finding:
    """Makes the same game twice, each time with the code run anew, and compares all of it."""
    rows, hashes, used = _record(trial, 1)
    await trial.make()
    others, other_hashes, _ = _record(trial, 2, len(rows))
    told = compare(rows, others)
    step = next(
        (i for i, pair in enumerate(zip(hashes, other_hashes, strict=False)) if pair[0] != pair[1]),
        None,
    )
    row = min((place for place in (told.row, step) if place is not None), default=None)
    if row is None:
        text = f"{len(rows)} steps and resets come out the same, and so does the state"
        if not hashes[0]:
            text = f"{len(rows)} steps and resets tell the same; the state cannot be compared"
        return Finding(OK, text, data={"hashes": hashes, "told": _packed(rows)})
    place = told.text if told.row == row else await _place(trial, row)
    todo = "; ".join(SHARED[name] for name in used) or SEEDS
    return Finding(
        FAILED, f"the same seed gives another game from {name_of(rows, row)} on: {place}", todo
    )


async def state_at(trial: Trial, row: int) -> bytes:
    """Returns the state after a number of steps and resets of that game, made anew."""
    await trial.make()
    _record(trial, 1, row + 1, hashed=False)
    return trial.saved()


def check_sync(trial: Trial) -> Finding:
    """Goes back two steps after each of 500, makes them again, and compares the states."""
    began = time.monotonic()
    again = Again(trial, BACK)
    actions, episode, made = Actions(SEED), 0, 0
    trial.reset(SEED)
    while made < SYNC_STEPS and time.monotonic() - began < PATIENCE:
        try:
            moment = again.step(actions.draw(trial.environment))
        except StateError as error:
            return Finding(
                WARNING, str(error), "without it there is no way back, nor after a crash"
            )
        made += 1
        if again.difference is not None:
            text = f"step {made} comes out otherwise when it is made again: {again.difference}"
            return Finding(FAILED, text, BESIDE)
        if trial.over(moment):
            episode += 1
            trial.reset(SEED, episode)
            again.begin()
    slow = "" if made == SYNC_STEPS else f", after which {PATIENCE:g} s were over"
    return Finding(OK, f"{made} steps come out the same when they are made again{slow}")


def _record(
    trial: Trial, shared: int, most: int | None = None, hashed: bool = True
) -> tuple[list[Any], list[str], list[str]]:
    """Plays a game; returns what was told, the hashes, and which shared generators were drawn from.

    Args:
        trial: whose environment it is.
        shared: a seed of the generators that everybody shares.
        most: rows to stop after, however long they take.
        hashed: take the hashes.
    """
    rows, hashes = [], []
    seed_shared(shared)
    seed_spaces(trial.env)
    before = shared_state()
    for moment in trial.walk(STEPS) if most is None else trial.walk(STEPS, patience=math.inf):
        told = {name: value for name, value in moment.told.items() if name != "infos"}
        rows.append({"action" if moment.step else "seed": moment.action, **told})
        if hashed:
            hashes.append(trial.digest())
        if len(rows) == most:
            break
    after = shared_state()
    return rows, hashes, [name for name, state in before.items() if after[name] != state]


async def _place(trial: Trial, row: int) -> str:
    """Returns where the states of two such games differ."""
    try:
        first = trial.states.read(await state_at(trial, row))
        await trial.make()
        _record(trial, 2, row + 1, hashed=False)
        with shared_generators():
            second = trial.states.save()
        return trial.states.difference(first, second) or "its state, but not each time"
    except StateError as error:
        return f"its state ({error})"


def _packed(rows: list[Any]) -> Any:
    try:
        return packed(rows)
    except EncodeError:
        return None
