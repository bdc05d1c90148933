"""The page: starts the worker, makes CartPole in it, steps it 200 times and shows how that went."""

import time

from gymworker import GymWorkerError, Heartbeat, PyodideWorker
from pyscript import fetch
from view import show, show_error, show_observation, show_progress, show_state

SEED, STEPS = 42, 200


async def main():
    worker = PyodideWorker(on_progress=show_progress)
    version = await worker.init()
    show_state("ready", f"READY: Python {version['python']} in Pyodide {version['pyodide']}")
    show(
        "versions",
        " · ".join([f"{name} {number}" for name, number in sorted(version["packages"].items())]),
    )

    await worker.init_env(await fetch("envs/cartpole.py").text(), file_name="envs/cartpole.py")
    await worker.reset(seed=SEED)
    seconds = 0.0
    for step in range(STEPS):
        start = time.time()
        result = await worker.step(step % 2)
        seconds += time.time() - start
        if result.terminateds or result.truncateds:
            await worker.reset()

    show("steps", STEPS)
    show("step-time", f"{seconds / STEPS * 1000:.2f} ms")
    show("heartbeat", f"{heartbeat.longest * 1000:.0f} ms")
    show_observation(result.obs)
    show_state("done", f"Done: {STEPS} steps")


heartbeat = Heartbeat()
try:
    await main()
except GymWorkerError as error:
    show_error(error)
