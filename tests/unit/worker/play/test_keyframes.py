"""Which states are kept: as often as it pays, within the time and the memory that they may have."""

from itertools import pairwise
from typing import Any

import pytest
from gymworker.worker.play.keyframes import RECENT, Keyframes
from gymworker.worker.snapshot.file import Snapshot

BIG = 10_000


class Blob:
    """A large part of a state."""

    def __init__(self, size: int = BIG) -> None:
        self.data = bytes(size)


def snapshot(size: int, *blobs: Blob) -> Any:
    return Snapshot(b"-" * size, list(blobs), {})


def taken(keyframes: Keyframes, steps: int, seconds: float, cost: float, pause: float) -> list[int]:
    """The steps after which a state was taken, of steps that take so long, `pause` apart."""
    now, found = 0.0, [0]
    keyframes.add(0, snapshot(9), cost, now)
    for step in range(1, steps + 1):
        now += pause
        keyframes.spend(seconds)
        if keyframes.due(now):
            keyframes.add(step, snapshot(9), cost, now)
            found.append(step)
    return found


def test_states_cost_at_most_as_much_as_the_steps() -> None:
    assert taken(Keyframes(), 100, 0.001, 0.0199, 1.0) == [0, 20, 40, 60, 80, 100]
    assert taken(Keyframes(), 5, 0.02, 0.01, 1.0) == [0, 1, 2, 3, 4, 5]


def test_states_take_no_more_than_their_share_of_the_time() -> None:
    assert taken(Keyframes(share=0.1), 40, 1.0, 0.0999, 0.1) == [0, 10, 20, 30, 40]
    assert taken(Keyframes(share=1.0), 4, 1.0, 0.0999, 0.1) == [0, 1, 2, 3, 4]


def test_the_last_state_before_a_step_is_found() -> None:
    keyframes = Keyframes()
    for step in (0, 5, 9):
        keyframes.add(step, snapshot(step + 1), 0.0, 0.0)
    found = [(step, len(state.data)) for step, state in map(keyframes.before, (0, 4, 5, 8, 9, 50))]
    assert found == [(0, 1), (0, 1), (5, 6), (5, 6), (9, 10), (9, 10)]
    keyframes.cut(5)
    assert keyframes.before(50)[0] == 5
    keyframes.add(5, snapshot(77), 0.0, 0.0)
    keyframes.add(3, snapshot(1), 0.0, 0.0)
    assert [keyframes.before(step)[0] for step in (2, 3, 5)] == [0, 3, 5]
    assert len(keyframes.before(5)[1].data) == 77


def test_what_states_hold_together_counts_once() -> None:
    keyframes = Keyframes()
    shared = Blob()
    keyframes.add(0, snapshot(100, shared), 0.0, 0.0)
    keyframes.add(1, snapshot(100, shared), 0.0, 0.0)
    assert keyframes.bytes == 200 + 2 * BIG, "and what lives beside the bytes"
    keyframes.add(2, snapshot(100, shared, Blob()), 0.0, 0.0)
    assert keyframes.bytes == 300 + 4 * BIG
    keyframes.cut(1)
    assert keyframes.bytes == 200 + 2 * BIG
    keyframes.cut(0)
    assert keyframes.bytes == 100 + 2 * BIG
    keyframes.clear()
    assert keyframes.bytes == 0


@pytest.mark.parametrize("most", [30_000, 100_000, 1_000_000])
def test_when_memory_is_short_the_old_ones_are_thinned_out_evenly(most: int) -> None:
    keyframes = Keyframes(bytes=most)
    for step in range(2000):
        keyframes.add(step, snapshot(1000), 0.0, 0.0)
        assert keyframes.bytes <= most
    steps = keyframes._steps
    assert (steps[0], steps[-1], len(steps)) == (0, 1999, most // 1000)
    old = [step for step in steps if step <= 1999 - RECENT]
    gaps = [after - before for before, after in pairwise(old)]
    if len(steps) > RECENT:
        assert steps[-RECENT:] == list(range(2000 - RECENT, 2000))
        assert max(gaps) <= 4 * 2000 / len(old)


def test_the_first_and_the_last_stay_however_large_they_are() -> None:
    keyframes = Keyframes(bytes=10)
    for step in range(9):
        keyframes.add(step, snapshot(1000), 0.0, 0.0)
    assert keyframes._steps == [0, 8]
