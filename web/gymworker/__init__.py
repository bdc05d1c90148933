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
``from gymworker import *`` brings the names whose files are there.
"""

from .errors import (
    EncodeError,
    GymWorkerError,
    LoadError,
    MisuseError,
    NondeterminismError,
    ProtocolError,
    RecordingError,
    RemoteError,
    RequestTimeoutError,
    StateError,
    TransportError,
    WorkerClosedError,
    WorkerCrashedError,
    WorkerStartError,
)

__version__ = "0.1.0"

__all__ = [
    "Array",
    "Call",
    "Checkpoint",
    "Control",
    "Difference",
    "EncodeError",
    "EnvironmentInfo",
    "Episode",
    "Game",
    "GymWorkerError",
    "Heartbeat",
    "Host",
    "LoadError",
    "Log",
    "MisuseError",
    "NondeterminismError",
    "PlayState",
    "Progress",
    "ProtocolError",
    "PyodideWorker",
    "RecordedEpisode",
    "RecordingError",
    "RemoteError",
    "ReplayResult",
    "RequestTimeoutError",
    "Result",
    "Seat",
    "Space",
    "State",
    "StateError",
    "Surface",
    "Transition",
    "TransportError",
    "Version",
    "WorkerClosedError",
    "WorkerCrashedError",
    "WorkerStartError",
    "watch_changes",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .codec.light.array import Array
    from .page.checkpoint import Checkpoint
    from .page.client import PyodideWorker
    from .page.fields import Log, Progress, Result, Version
    from .page.game import Game
    from .page.game_fields import (
        Control,
        Difference,
        Episode,
        PlayState,
        RecordedEpisode,
        ReplayResult,
        Seat,
        Transition,
    )
    from .page.heartbeat import Heartbeat
    from .page.reload import watch_changes
    from .page.spaces import EnvironmentInfo, Space
    from .page.state import State
    from .surface import Surface
    from .worker.call import Call
    from .worker.host import Host

_PAGE = {
    "Checkpoint": "page.checkpoint",
    "Control": "page.game_fields",
    "Difference": "page.game_fields",
    "EnvironmentInfo": "page.spaces",
    "Episode": "page.game_fields",
    "Game": "page.game",
    "Heartbeat": "page.heartbeat",
    "Log": "page.fields",
    "PlayState": "page.game_fields",
    "Progress": "page.fields",
    "PyodideWorker": "page.client",
    "RecordedEpisode": "page.game_fields",
    "ReplayResult": "page.game_fields",
    "Result": "page.fields",
    "Seat": "page.game_fields",
    "Space": "page.spaces",
    "State": "page.state",
    "Transition": "page.game_fields",
    "Version": "page.fields",
    "watch_changes": "page.reload",
}
_WORKER = {"Call": "worker.call", "Host": "worker.host", "Surface": "surface"}
_PLACES = {"Array": "codec.light.array"}


def _load(place: str, name: str) -> "object":
    """Return a name of one of our modules; MicroPython has no importlib."""
    return getattr(__import__("gymworker." + place, None, None, [name]), name)


def __getattr__(name: str) -> object:
    for places in (_PLACES, _PAGE, _WORKER):
        if name in places:
            return _load(places[name], name)
    raise AttributeError("module 'gymworker' has no attribute '" + name + "'")


def _leave_out(room: str, names: "dict[str, str]") -> None:
    """Take the names of a room out of ``__all__`` whose files this side has not."""
    try:
        __import__("gymworker." + room)
    except ImportError:
        __all__[:] = [name for name in __all__ if name not in names]


_leave_out("page", _PAGE)
_leave_out("worker", _WORKER)
