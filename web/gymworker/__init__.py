"""Gymnasium environments in a browser worker, with Python on both sides.

On the page (MicroPython or Pyodide, through PyScript)::

    from gymworker import PyodideWorker

    worker = PyodideWorker()
    await worker.init()
    await worker.init_env('import gymnasium; env = gymnasium.make("CartPole-v1")')
    result = await worker.reset(seed=42)

In the worker (Pyodide)::

    from gymworker import Host

    Host(imports=["numpy", "gymnasium"]).start()

The names load when they are first used, so that each side fetches only its own files.
"""

from .errors import (
    EncodeError,
    GymWorkerError,
    ProtocolError,
    RecordingError,
    RemoteError,
    RequestTimeoutError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)

__version__ = "0.1.0"

__all__ = [
    "EncodeError",
    "GymWorkerError",
    "Heartbeat",
    "Host",
    "ProtocolError",
    "PyodideWorker",
    "RecordingError",
    "RemoteError",
    "RequestTimeoutError",
    "Surface",
    "WorkerClosedError",
    "WorkerCrashedError",
    "WorkerStartError",
    "watch_changes",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .page.client import PyodideWorker
    from .page.heartbeat import Heartbeat
    from .page.reload import watch_changes
    from .surface import Surface
    from .worker.host import Host


def __getattr__(name: str) -> object:
    if name == "PyodideWorker":
        from .page.client import PyodideWorker

        return PyodideWorker
    if name == "Heartbeat":
        from .page.heartbeat import Heartbeat

        return Heartbeat
    if name == "watch_changes":
        from .page.reload import watch_changes

        return watch_changes
    if name == "Host":
        from .worker.host import Host

        return Host
    if name == "Surface":
        from .surface import Surface

        return Surface
    raise AttributeError("module 'gymworker' has no attribute '" + name + "'")
