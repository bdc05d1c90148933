"""A walk through an environment and the hash after each step, in any Python that has gymworker."""

import random
import sys
from typing import Any

import numpy as np
from gymworker.worker import code
from gymworker.worker.environment import Environment
from gymworker.worker.snapshot.states import States


def walk(source: str, name: str, steps: int) -> dict[str, Any]:
    """Makes random steps; returns the hashes after them, the state in the middle, and the bytes of
    each state that are its own, without the large parts that it shares with others.
    """
    environment, states = make(source, name)
    module: Any = sys.modules[code.MODULE]
    random.seed(1)
    np.random.seed(1)
    chance = random.Random(2)
    environment.reset(seed=3)
    found, middle, sizes = [], b"", []
    for step in range(steps):
        if environment.parallel:
            actions: Any = {
                agent: _action(module.env.action_space(agent), chance)
                for agent in module.env.agents
            }
        else:
            actions = _action(module.env.action_space, chance)
        answer = environment.step(actions)
        if not environment.parallel and (answer[2] or answer[3]):
            environment.reset(seed=step)
        found.append(states.digest())
        snapshot = states.save()
        sizes.append(len(snapshot.data))
        if step == steps // 2:
            middle = states.write(snapshot)
    states.restore(states.read(middle))
    assert states.digest() == found[steps // 2]
    return {"hashes": found, "middle": middle, "sizes": sizes}


def make(source: str, name: str) -> tuple[Environment, States]:
    """Makes an environment of its code."""
    module = _run(code.run(source, name, {}))
    environment = Environment()
    environment.take(module.env, module.__dict__, source)
    return environment, States(environment)


def _action(space: Any, chance: random.Random) -> Any:
    if hasattr(space, "n"):
        return chance.randrange(int(space.n))
    return np.array([chance.uniform(-1, 1) for _ in range(space.shape[0])], np.float32)


def _run(waiting: Any) -> Any:
    """Runs what awaits nothing: Pyodide's event loop runs already."""
    try:
        waiting.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it awaits something")
