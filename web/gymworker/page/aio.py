"""Where the page's two Pythons differ: waiting, clocks and tracebacks. Runs on the page.

MicroPython's ``wait_for`` hangs in some places, and it has no ``asyncio.Future``; but its scheduler
lets a coroutine park its own task and wake it later. Pyodide (``<script type="py">``) and CPython
have futures.
"""

import asyncio
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

core: "Any" = getattr(asyncio, "core", None)
"""MicroPython's scheduler; None elsewhere."""

GARBAGE = 512 * 1024
"""Bytes that MicroPython may allocate between two collections of garbage."""

now = getattr(time, "monotonic", time.time)
"""Seconds. MicroPython in the browser has no monotonic clock; its ``time()`` has milliseconds."""


def run_ready() -> None:
    """Run the tasks that were woken, now rather than in a timer, which a browser may delay.

    For the end of a callback from JavaScript, where no task runs.
    """
    global _woken
    if _woken and core.cur_task is core._top_level_task:
        _woken = False
        core._run_iter()


_woken = False

if core is not None:
    import gc

    # The browser's MicroPython collects garbage after each 16 KB, when the callback that made them
    # is over: on a busy page that is most of its time. This is some megabytes of rest instead.
    gc.threshold(GARBAGE)  # type: ignore[attr-defined]


def collect() -> None:
    """Let go of JavaScript's memory that Python does not need any more, when nothing runs.

    MicroPython does not count it as its own, and would hold much of it for long.
    """
    if core is not None:
        gc.collect()


class Waiter:
    """A box for a value or an exception, and the one task that waits for it: ``await waiter``.

    It is settled once, before or after somebody waits.
    """

    settled = False
    _value: "Any" = None
    _error: "BaseException | None" = None
    _task: "Any" = None

    def settle(self, value: "Any" = None, error: "BaseException | None" = None) -> None:
        """Hand over the value, or the exception, and wake the task."""
        self.settled = True
        self._value = value
        if error is not None:
            self._error = error
        if self._task is not None:
            self._wake()

    def remove(self, task: "Any") -> None:
        """Forget the task, which was cancelled."""
        self._task = None

    if core is not None:

        def __iter__(self) -> "Any":  # what MicroPython awaits
            if not self.settled:
                task = core.cur_task
                self._task = task
                task.data = self  # the scheduler calls its remove() when the task is cancelled
                yield
            if self._error is not None:
                raise self._error
            return self._value

        def _wake(self) -> None:
            global _woken
            task, self._task = self._task, None
            if task is core._top_level_task:  # it is no task, but a promise of JavaScript
                core.TopLevelCoro.send(None)
            else:
                core._task_queue.push(task)
                _woken = True

    else:

        def __await__(self) -> "Any":
            if not self.settled:
                self._task = asyncio.get_running_loop().create_future()
                try:
                    yield from self._task
                except asyncio.CancelledError:
                    self.remove(None)
                    raise
            if self._error is not None:
                raise self._error
            return self._value

        def _wake(self) -> None:
            if not self._task.done():
                self._task.set_result(None)


class Outcome:
    """A value or an exception for any number of tasks: ``await outcome.wait()``.

    Attributes:
        settled: whether it is there.
        error: the exception, None for a value.
    """

    def __init__(self) -> None:
        self.settled = False
        self.error: BaseException | None = None
        self._value: Any = None
        self._waiters: list[Waiter] = []

    def settle(self, value: "Any" = None, error: "BaseException | None" = None) -> None:
        """Hand over the value, or the exception, and wake the tasks."""
        self.settled, self._value, self.error = True, value, error
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.settle()

    async def wait(self) -> "Any":
        """Return the value, or raise the exception, once it is there."""
        if not self.settled:
            waiter = Waiter()
            self._waiters.append(waiter)
            await waiter
        if self.error is not None:
            raise self.error
        return self._value


def tell(callback: "Callable[[Any], None] | None", argument: "Any") -> None:
    """Call a callback of the page's; its own mistake must not stop the messages."""
    if callback is None:
        return
    try:
        callback(argument)
    except Exception as error:
        sys.print_exception(error) if hasattr(sys, "print_exception") else print(repr(error))
