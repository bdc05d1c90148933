"""What a browser was told of an environment, beside what CPython is: `python rollout.py < JSON`.

Runs alone, with the wheels of the browser and `web/` on its path. What it reads is an object:

    code: of the environment
    text, buffers: what was told, as `gymworker.codec` has it: rows of `[seed or action, result]`
    seed: of the module random, of NumPy's global generator, and of the picture's reset
    close: how far floats may be apart
    frame: a file to write the picture after a reset to, as NumPy does; None for none

It prints the differences as a list in JSON, on its last line.
"""

import enum
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from gymworker.codec import decode

FIELDS = ("obs", "rewards", "terminateds", "truncateds")


class Reference:
    """An environment in CPython, whose results are by agent where it has agents."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.turns = hasattr(env, "agent_iter")

    def reset(self, seed: int) -> list[Any]:
        """What a reset gives: the observation."""
        if self.turns:
            self.env.reset(seed=seed)
            return [self._seen()]
        return [self.env.reset(seed=seed)[0]]

    def step(self, action: Any) -> list[Any]:
        """What a step gives, in the order of `FIELDS`."""
        if not self.turns:
            return list(self.env.step(action)[:4])
        env = self.env
        env.step(action)
        rewards, terminateds, truncateds = map(
            dict, (env.rewards, env.terminations, env.truncations)
        )
        obs = self._seen()
        while (agent := env.agent_selection) in env.agents:
            if not terminateds[agent] and not truncateds[agent]:
                break
            env.step(None)
            obs |= self._seen()
        return [obs, rewards, terminateds, truncateds]

    def _seen(self) -> dict[str, Any]:
        return {self.env.agent_selection: self.env.last()[0]} if self.env.agents else {}


def apart(found: Any, wanted: Any, close: float, path: str) -> Iterator[str]:
    """Yields where two values differ; NumPy's default int may have 32 bits in the browser."""
    if isinstance(wanted, enum.Enum):
        wanted = wanted.value
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or set(found) != set(wanted):
            yield f"{path}: {found!r} is not {wanted!r}"
            return
        for key in wanted:
            yield from apart(found[key], wanted[key], close, f"{path}[{key!r}]")
    elif isinstance(wanted, list | tuple):
        if not isinstance(found, list | tuple) or len(found) != len(wanted):
            yield f"{path}: {found!r} is not {wanted!r}"
            return
        for index, pair in enumerate(zip(found, wanted, strict=True)):
            yield from apart(*pair, close, f"{path}[{index}]")
    elif not _alike(found, wanted) or not _equal(found, wanted, close):
        yield f"{path}: {found!r} is not {wanted!r}"


def _alike(found: Any, wanted: Any) -> bool:
    """Whether type, dtype and shape are the same."""
    if not isinstance(wanted, np.ndarray | np.generic):
        return type(found) is type(wanted)
    if not isinstance(found, type(wanted) if isinstance(wanted, np.ndarray) else np.generic):
        return False
    native = wanted.dtype == np.dtype(int) and found.dtype == np.int32
    return found.shape == wanted.shape and (native or found.dtype == wanted.dtype)


def _equal(found: Any, wanted: Any, close: float) -> bool:
    kind = np.asarray(wanted).dtype.kind
    if kind == "f" and close:
        return bool(np.allclose(found, wanted, rtol=close, atol=close, equal_nan=True))
    return bool(np.array_equal(found, wanted, equal_nan=kind == "f"))


def main() -> None:
    """Reads what the browser was told; prints the differences."""
    given = json.load(sys.stdin)
    rows = decode(given["text"], [bytes(buffer) for buffer in given["buffers"]])
    random.seed(given["seed"])
    np.random.seed(given["seed"])
    names: dict[str, Any] = {"__name__": "environment"}
    exec(given["code"], names)
    reference = Reference(names["env"])
    differences: list[str] = []
    for number, (done, told) in enumerate(rows):
        wanted = reference.step(done) if len(told) > 1 else reference.reset(done)
        for field, left, right in zip(FIELDS, told, wanted, strict=False):
            differences += apart(left, right, given["close"], f"row {number}: {field}")
    if given["frame"]:
        reference.reset(given["seed"])
        np.save(given["frame"], names["env"].render())
    print(json.dumps(differences))


if __name__ == "__main__":
    main()
