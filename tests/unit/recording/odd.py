"""An environment whose observations show what kind of action it got, and actions of all kinds."""

import math
from typing import Any

import numpy as np

ACTIONS: dict[str, Any] = {
    "a": 3,
    "b": True,
    "c": -0.5,
    "d": math.inf,
    "e": "a, \"b\" and 'c'",
    "f": (1, (2.0, "x")),
    "g": [1, [2.0]],
    "h": {"left": 1, "right": (2,)},
    "i": {1: 2, (3, "a"): None},
    "j": np.array([0.1, -0.7], np.float32),
    "k": np.arange(6).reshape(2, 3),
    "l": np.float32(0.1),
    "m": {"$tuple": [1], "value": 2, "marks": []},
    "n": np.array([[True], [False]]),
}


def spell(value: Any) -> str:
    """A value and the types of its parts, as text."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{value.tolist()!r}"
    if isinstance(value, np.generic):
        return f"{value.dtype} {value.item()!r}"
    if isinstance(value, (tuple, list)):
        return type(value).__name__ + "(" + ", ".join(map(spell, value)) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(spell(key) + ": " + spell(value[key]) for key in value) + "}"
    return repr(value)


class Odd:
    """Takes anything for an action, and says what it was; an episode has as many steps as kinds."""

    action_space = None
    length = len(ACTIONS) + 1

    def __init__(self) -> None:
        self.n = 0
        self.board = np.zeros((2, 3))

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.n = 0
        self.board[:] = 0
        return self._obs(seed), {}

    def step(self, action: Any) -> Any:
        self.n += 1
        self.board[:] = np.arange(6).reshape(2, 3) * self.n / 4
        over = self.n >= self.length
        return self._obs(action), self.n / 8 - 1, over, False, {}

    def _obs(self, said: Any) -> Any:
        parts: Any = (self.n, np.int64(self.n), [self.board.T])
        return {"said": spell(said), "board": self.board, 3: parts, "n": np.float32(self.n)}
