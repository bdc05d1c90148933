"""The check: 200 steps of CartPole right after READY, timed from the page. Runs on the page."""

import time

from pyscript import document

from .dom import show

SEED, STEPS = 42, 200
CODE = 'import gymnasium\n\nenv = gymnasium.make("CartPole-v1")\n'


async def run_check(worker, pulse):
    """Make the steps and show how that went."""
    await worker.init_env(CODE, file_name="check.py")
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
    show("heartbeat", f"{pulse.longest * 1000:.0f} ms")
    pulse.calm()
    places = document.querySelectorAll("#observation dd")
    for i, number in enumerate(result.obs):
        places[i].textContent = f"{number:+.6f}"
