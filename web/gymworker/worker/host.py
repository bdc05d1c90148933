"""The worker's host: boots, says READY, then answers requests. Runs in the worker.

    host = Host(imports=["numpy", "gymnasium"])

    @host.on("greet")
    def greet(payload):
        return "hello " + payload["name"]

    host.start()

The page calls the user's own request with ``await worker.request("greet", {"name": "you"})``.
"""

import asyncio
import importlib
import logging
import platform
import time

from ..errors import EncodeError
from ..protocol import (
    ATTACH_CANVAS,
    CONTROL,
    ERROR,
    INIT,
    INIT_ENV,
    INSTALL_PACKAGES,
    KEYS,
    LOG,
    PLAY,
    PROGRESS,
    PROTOCOL_VERSION,
    READY,
    RENDER,
    REPLAY,
    RESET,
    SEED_RNG,
    STEP,
)
from . import compat
from .dispatcher import Dispatcher
from .environment import Environment
from .logs import Lines, capture
from .payload import field
from .player import Player
from .replay import Replay
from .tracebacks import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..protocol import Versions
    from .dispatcher import AnyHandler, Client

log = logging.getLogger(__name__)


class Host:
    """What runs in the worker: the boot, the handlers of all requests, and one environment.

    Args:
        imports: modules that are imported before READY, so that the first environment starts at
            once.
        drop_unsendable_infos: leave what cannot be sent out of ``infos``, with a warning, where
            otherwise the request fails with ``EncodeError``.
    """

    def __init__(
        self, imports: "Sequence[str]" = (), *, drop_unsendable_infos: bool = False
    ) -> None:
        self._imports = imports
        self._clients: list[Client] = []
        self._lines = Lines(self._post_line)
        drop = _drop_infos if drop_unsendable_infos else None
        self._dispatcher = Dispatcher(drop, self._lines.settle)
        self._greeting: dict[str, Any] | None = None
        self._drop = drop
        self._environment = environment = Environment()
        self._player = player = Player(environment, self._caller)
        replay = Replay(environment, self.report, player.check_free)
        for type, handler in (
            (INIT, self._init),
            (INSTALL_PACKAGES, self._install_packages),
            (INIT_ENV, self._init_env),
            (RESET, player.guarded(environment.reset)),
            (STEP, player.guarded(environment.step)),
            (RENDER, environment.render),
            (SEED_RNG, environment.seed_rng),
            (ATTACH_CANVAS, self._attach_canvas),
            (PLAY, player.play),
            (CONTROL, player.control),
            (KEYS, player.keys),
            (REPLAY, replay.replay),
        ):
            self._dispatcher.on(type)(handler)

    def on(self, type: str) -> "Callable[[AnyHandler], AnyHandler]":
        """Register a request type of the user's own.

        The decorated function takes the payload and returns the result; it may be ``async``.

        Raises:
            ValueError: the type has a handler already.
        """
        return self._dispatcher.on(type)

    def start(self) -> None:
        """Listen to the page, boot, and say READY. Returns at once."""
        from . import channel

        self._clients = [channel.listen(self._dispatcher.receive, self._connected)]
        capture(self._lines)
        self._boot = asyncio.ensure_future(self._run_boot(channel.settings()))

    def report(self, stage: str, message: str, **units: int) -> None:
        """Tell the page about progress: of the request that runs now, else of the boot.

        Args:
            stage: what is going on.
            message: one line for people.
            units: ``loaded`` and ``total``, where they are known.
        """
        progress: dict[str, Any] = {
            "type": PROGRESS,
            "stage": stage,
            "message": message,
            "timestamp": time.time(),
            **units,
        }
        if self._dispatcher.current is None:
            self._tell_all(progress)
        else:
            client, progress["id"] = self._dispatcher.current
            client.send(progress)

    async def _run_boot(self, settings: "dict[str, Any]") -> None:
        from . import packages

        try:
            self.report("start", f"Python {platform.python_version()} is running")
            compat.install()
            await packages.install(settings.get("packages", []), self.report)
            for number, name in enumerate(self._imports):
                self.report("imports", name, loaded=number, total=len(self._imports))
                importlib.import_module(name)
            self._greeting = {"type": READY, "version": _versions()}
        except BaseException as error:
            self._greeting = {"type": ERROR, "error": {**describe(error), "fatal": True}}
        self._lines.settle()
        self._tell_all(self._greeting)
        if self._greeting["type"] == READY:
            self._dispatcher.open()

    def _connected(self, client: "Client") -> None:
        """Speak to the page that has connected, no longer to whoever has the worker."""
        self._clients = [client]
        if self._greeting is not None:
            client.send(self._greeting)

    def _post_line(self, level: str, stream: str, text: str) -> None:
        self._tell_all({"type": LOG, "level": level, "stream": stream, "text": text})

    def _tell_all(self, message: "dict[str, Any]") -> None:
        for client in self._clients:
            client.send(message)

    async def _init(self, payload: "Any") -> "dict[str, Any]":
        if field(payload, "packages", list, None):
            await self._install_packages(payload)
        return {"version": _versions()}

    async def _init_env(self, payload: "Any") -> "dict[str, Any]":
        self._player.end()
        return await self._environment.init_env(payload)

    def _caller(self) -> "tuple[Callable[[dict[str, Any]], None], Any]":
        """Return how to speak to the page whose request runs now, and the request's id."""
        assert self._dispatcher.current is not None
        client, id = self._dispatcher.current
        return (lambda message: client.send(message, self._drop)), id

    async def _install_packages(self, payload: "Any") -> "dict[str, Any]":
        from . import packages

        return {"packages": await packages.install(field(payload, "packages", list), self.report)}

    def _attach_canvas(self, payload: "Any") -> "dict[str, Any]":
        from . import channel
        from .canvas.painter import Painter

        base = field(payload, "baseURL", str, None)
        screen = channel.Screen(field(payload, "canvas", object), base)
        self._environment.painter = Painter(screen)
        return {"ok": True}


def _drop_infos(error: EncodeError) -> bool:
    """Leave out what cannot be sent if it is in ``infos``, and warn."""
    inside = "infos" in error.keys or "info" in error.keys  # of a result, of a transition
    if inside:
        log.warning("left out of the result: %s", error.within("result"))
    return inside


def _versions() -> "Versions":
    import pyodide

    from .packages import installed

    return {
        "protocol": PROTOCOL_VERSION,
        "python": platform.python_version(),
        "pyodide": pyodide.__version__,
        "packages": installed(),
    }
