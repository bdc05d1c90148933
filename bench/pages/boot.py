"""Ours, the boot alone: what the project's page does until READY, and again at a restart.

After a first visit's boot it steps an environment, as the pages it is compared with do.
"""

import js
from gymworker import PyodideWorker


def show(progress):
    """Show progress as any page would."""
    if progress.total:
        bar.max, bar.value = progress.total, progress.loaded


async def play(worker, steps):
    """Step CartPole."""
    await worker.init_env('import gymnasium; env = gymnasium.make("CartPole-v1")')
    await worker.reset(seed=1)
    for number in range(steps):
        result = await worker.step(number % 2)
        if result.terminateds or result.truncateds:
            await worker.reset()


async def main():
    """Boot, then do what the bench asks for."""
    js.startPulse()
    worker = PyodideWorker(boot_timeout=None, on_progress=show)
    await worker.init()
    js.showReady()
    while True:
        what = await js.asked()
        if what == "restart":
            js.answered(1000 * await worker.restart())
        else:
            js.answered(await play(worker, what))


bar = js.document.getElementById("progress")
try:
    await main()  # noqa: F704 - PyScript awaits at the top level
except Exception as error:
    js.showFailure(repr(error))
