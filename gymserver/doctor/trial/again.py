"""Whether steps can be made again: go back, make them anew, compare.

again = Again(trial, back=2)
again.begin()                    # after a reset
moment = again.step(action)
again.difference                 # `env.unwrapped.state[2]: 0.1 then 0.2`, or None
"""

import sys
from collections import deque
from typing import Any

from gymworker.worker.snapshot.file import Snapshot

from gymserver.doctor.trial.apart import compare
from gymserver.doctor.trial.trial import Moment, Trial

SMALL = 128
"""Numbers of 64 bits, of which NumPy keeps the memory of as many that are freed."""


class Again:
    """Goes back after each step, and makes the steps until the present again.

    Args:
        trial: whose environment is stepped.
        back: how many steps it goes back, at most; an episode begins with fewer.

    Attributes:
        difference: where the steps came out otherwise, and both values; None where they did not.
    """

    def __init__(self, trial: Trial, back: int) -> None:
        self.difference: str | None = None
        self._trial = trial
        self._past: deque[tuple[Snapshot, Any]] = deque(maxlen=back)
        self._step = 0

    def begin(self) -> None:
        """Begins with the present state: the steps before it are not made again."""
        self._past.clear()
        self._step = 0

    def step(self, action: Any) -> Moment:
        """Makes a step, then goes back and makes it and those before it again.

        Returns:
            The step as it was the first time.

        Raises:
            StateError: a state cannot be saved, or restored.
            BaseException: whatever the environment raised.
        """
        trial, states = self._trial, self._trial.states
        self._step += 1
        self._past.append((states.save(), action))
        _leave_behind(0.25)
        moment = trial.step(action, step=self._step)
        expected, hash = states.save(), states.digest()
        states.restore(self._past[0][0])
        for _, done in self._past:
            _leave_behind(0.75)
            second = trial.step(done, step=self._step)
        told = compare([_told(moment)], [_told(second)])
        if states.digest() != hash:
            found = states.difference(expected, states.save())
            self.difference = found or "the state, but not when it was looked at once more"
        elif told.row is not None:
            self.difference = told.text
        return moment


def _leave_behind(number: float) -> None:
    """Lets small arrays that nothing is written to hold a number: freed memory is taken again."""
    if numpy := sys.modules.get("numpy"):
        for size in range(1, SMALL):
            numpy.full(size, number)


def _told(moment: Moment) -> dict[str, Any]:
    return {name: value for name, value in moment.told.items() if name != "infos"}
