"""The worker of the bench: the ordinary host, and requests that measure inside it."""

import gc
import time

import js
from gymworker import Host

STEPS = 500

host = Host(imports=["numpy", "gymnasium"])


@host.on("own")
def own(call):
    """Return the milliseconds that the environment alone takes: a step, and a step with render."""
    names = {"KIND": call.payload["kind"]}
    exec(call.payload["code"], names)
    env = names["env"]
    times = []
    for render in (False, True):
        start = time.perf_counter()
        for i in range(STEPS):
            env.step(i % 2)
            if render:
                env.render()
        times.append((time.perf_counter() - start) / STEPS * 1000)
    return times


@host.on("collect")
def collect(call):
    """Collect garbage in Python, and in JavaScript where the browser was started for that."""
    gc.collect()
    if hasattr(js, "gc"):
        js.gc()


host.start()
