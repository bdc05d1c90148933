"""The page's check: 200 steps of CartPole, timed from the page. Runs on the page.

It has a worker of its own, so that nobody's game or recording is touched.
"""

import time

from gymworker import GymWorkerError, PyodideWorker
from pyscript import document

from .dom import element, listen, show

SEED, STEPS = 42, 200
CODE = 'import gymnasium\n\nenv = gymnasium.make("CartPole-v1")\n'


class Check:
    """The button that runs the check.

    Args:
        pulse: of the page, whose longest pause is shown with the figures.
    """

    def __init__(self, pulse):
        self._pulse = pulse
        self._button = element("run-check")
        self._button.disabled = False
        listen(self._button, "click", self._run)

    async def _run(self, event):
        self._button.disabled = True
        show("checked", "Starting a worker for it…")
        worker = PyodideWorker()
        try:
            await worker.init_env(CODE, file_name="check.py")
            await self._measure(worker)
            show("checked", "Done.")
        except GymWorkerError as error:
            show("checked", "It failed: " + str(error))
        finally:
            worker.destroy()
            self._button.disabled = False

    async def _measure(self, worker):
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
        self._pulse.calm()
        places = document.querySelectorAll("#observation dd")
        for i, number in enumerate(result.obs):
            places[i].textContent = f"{number:+.6f}"
