"""Where the page's two Pythons differ in waiting: MicroPython has no futures. Runs on the page.

MicroPython's ``wait_for`` hangs in some places, and it has no ``asyncio.Future``; but its scheduler
lets a coroutine park its own task and wake it later. Pyodide (``<script type="py">``) and CPython
have futures.
"""

import asyncio
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

core: "Any" = getattr(asyncio, "core", None)
"""MicroPython's scheduler; None elsewhere."""

now = getattr(time, "monotonic", time.time)
"""Seconds. MicroPython in the browser has no monotonic clock; its ``time()`` has milliseconds."""


def run_ready() -> None:
    """Run the tasks that can run, now rather than in a timer, which a browser may delay.

    For the end of a callback from JavaScript, where no task runs.
    """
    if core is not None and core.cur_task is core._top_level_task:
        core._run_iter()


class Waiter:
    """A box for a value or an exception, and the one task that waits for it.

    It is settled once, before or after ``wait()`` is called.
    """

    def __init__(self) -> None:
        self.settled = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._task: Any = None

    def settle(self, value: "Any" = None, error: "BaseException | None" = None) -> None:
        """Hand over the value, or the exception, and wake the task."""
        self.settled = True
        self._value = value
        self._error = error
        task, self._task = self._task, None
        if task is not None:
            self._wake(task)

    async def wait(self) -> "Any":
        """Return the value, or raise the exception, once it is there."""
        if not self.settled:
            await self._park()
        if self._error is not None:
            raise self._error
        return self._value

    if core is not None:

        def _park(self) -> "Any":
            self._task = core.cur_task
            core.cur_task.data = self  # the scheduler calls its remove() when the task is cancelled
            yield

        def _wake(self, task: "Any") -> None:
            core._task_queue.push(task)

        def remove(self, task: "Any") -> None:
            """Forget the task, which was cancelled."""
            self._task = None

    else:

        def _park(self) -> "Any":
            self._task = asyncio.get_running_loop().create_future()
            return self._task

        def _wake(self, task: "Any") -> None:
            if not task.done():
                task.set_result(None)
