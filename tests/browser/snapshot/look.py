"""What a worker's Python says of itself; runs in Pyodide, restored or booted."""

import asyncio
import contextlib
import importlib.metadata
import importlib.resources
import inspect
import json
import locale
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

found: dict[str, Any] = {}


def failing(action: Callable[[], object]) -> str:
    try:
        action()
    except Exception:
        return traceback.format_exc()
    return "nothing failed"


def play(name: str, steps: int) -> list[str]:
    env: gymnasium.Env[Any, Any] = gymnasium.make(name)
    seen = [repr(env.reset(seed=7))]
    env.action_space.seed(7)
    for _ in range(steps):
        obs, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        seen.append(f"{obs!r} {reward!r}")
        if terminated or truncated:
            seen.append(repr(env.reset()))
    return seen


for name in ("CartPole-v1", "MountainCar-v0", "FrozenLake-v1", "Taxi-v4", "Pendulum-v1"):
    found[name] = play(name, 200)
found["numbers"] = [
    repr(np.linalg.svd(np.arange(12.0).reshape(3, 4))),
    repr(np.fft.fft(np.arange(9.0))),
    repr(np.random.default_rng(5).normal(size=5)),
    repr(random.Random(5).random()),
    repr([hash(text) for text in ("a", "gymworker")]),
    list({"one", "two", "three", "four"}),
]
found["tracebacks"] = [
    failing(lambda: json.loads("[1,")),
    failing(lambda: np.linalg.inv(np.zeros(3))),
    failing(lambda: gymnasium.make("NoSuchGame-v0")),
    failing(lambda: importlib.import_module("no_such_module")),
    failing(multiprocessing.Lock),
]
found["source"] = [inspect.getsource(np.linalg.inv), inspect.getsource(json.loads)]
found["environ"] = dict(sorted(os.environ.items()))
found["zone"] = [time.timezone, time.altzone, time.daylight, time.tzname, time.localtime(0)[:6]]
found["runtime"] = repr(vars(sys)["_emscripten_info"])
found["locale"] = locale.setlocale(locale.LC_ALL, None)
found["path"] = [sys.path, sys.argv, str(Path.cwd()), sys.prefix, sys.flags.hash_randomization]
found["finders"] = [type(finder).__name__ for finder in sys.meta_path]
found["packages"] = {
    dist.metadata["Name"]: [dist.version, sorted(str(file) for file in dist.files or ())]
    for dist in importlib.metadata.distributions()
}
classic = importlib.resources.files("gymnasium.envs.classic_control")
found["resources"] = [
    sorted(entry.name for entry in importlib.resources.files("gymnasium").iterdir()),
    importlib.resources.files("gymnasium").joinpath("py.typed").read_text(),
    (classic / "assets" / "clockwise.png").read_bytes()[:9].hex(),
]
found["main"] = sorted(name for name in vars(sys.modules["__main__"]) if name[:1] != "_")


async def look() -> str:
    """Returns what was found, and what is chance, as JSON."""
    found["asyncio"] = await asyncio.gather(*(asyncio.sleep(0.01, n) for n in range(5)))
    big = bytearray(300_000_000)
    big[-1] = 1
    found["memory"] = [len(big), play("CartPole-v1", 5)]
    del big
    chance = [random.random(), float(np.random.rand()), float(np.random.normal())]
    with contextlib.suppress(TypeError):  # who was seeded has no children
        chance.append(float(np.random.get_bit_generator().spawn(1)[0].random_raw()))  # type: ignore[attr-defined]
    return json.dumps({"found": found, "chance": chance})
