"""The worker's host: boots, says READY, then answers requests. Runs in the worker.

    host = Host(imports=["numpy", "gymnasium"])

    @host.on("greet")
    def greet(call):
        return "hello " + call.field("name", str)

    host.start()

The page calls the user's own request with ``await worker.request("greet", {"name": "you"})``.
"""

import asyncio
import contextlib
import importlib
import platform
from functools import cached_property

from ..errors import ProtocolError
from ..protocol import (
    ATTACH_CANVAS,
    COMPUTE_HASH,
    CONTROL,
    ERROR,
    GET_STATE,
    INIT,
    INIT_ENV,
    INSTALL_PACKAGES,
    KEYS,
    LOG,
    PLAY,
    PROTOCOL_VERSION,
    READY,
    RENDER,
    REPLAY,
    RESET,
    SAMPLE,
    SEED_RNG,
    SET_STATE,
    STEP,
    WRITE_RECORDING,
)
from . import code, compat, standin
from .call import progress
from .dispatcher import Dispatcher
from .environments import Environments
from .introduction import introduction
from .logs import Lines, capture, flush
from .outgoing import Outgoing
from .requests import EnvironmentRequests
from .tracebacks import describe

FINEST = 16
"""Pixels of a display to one of a drawing that are more than any display has."""

MOMENT = 0.1
"""Seconds in which a page hears of READY and says its first words, before the worker goes on."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..shapes import Versions
    from .call import Call
    from .dispatcher import AnyHandler
    from .outgoing import Page
    from .play.requests import PlayRequests
    from .snapshot.requests import StateRequests


class Host:
    """What runs in the worker: the boot, the handlers of all requests, and the environments.

    Args:
        imports: modules that are imported before READY, so that the first environment starts at
            once.
        strict_infos: a value in ``infos`` that cannot be sent fails the request with
            ``EncodeError``; otherwise it is left out, with a warning that names its path.
    """

    def __init__(self, imports: "Sequence[str]" = (), *, strict_infos: bool = False) -> None:
        self._imports = imports
        self._pages: list[Page] = []
        self._lines = Lines(self._post_line)
        self._greeting: dict[str, Any] | None = None
        self._outgoing = Outgoing(strict_infos, flush)
        self._environments = environments = Environments()
        self._dispatcher = Dispatcher(self._outgoing, environments, self._lines.settle)
        requests = EnvironmentRequests(environments)
        for type, handler in (
            (INIT, self._init),
            (INSTALL_PACKAGES, self._install_packages),
            (INIT_ENV, self._init_env),
            (RESET, requests.reset),
            (STEP, requests.step),
            (RENDER, requests.render),
            (SEED_RNG, requests.seed_rng),
            (SAMPLE, requests.sample),
            (ATTACH_CANVAS, self._attach_canvas),
            (PLAY, lambda call: self._play.play(call)),
            (CONTROL, lambda call: self._play.control(call)),
            (KEYS, lambda call: self._play.keys(call)),
            (REPLAY, lambda call: self._play.replay(call)),
            (WRITE_RECORDING, _write_recording),
            (GET_STATE, lambda call: self._states.get_state(call)),
            (SET_STATE, lambda call: self._states.set_state(call)),
            (COMPUTE_HASH, lambda call: self._states.compute_hash(call)),
        ):
            self._dispatcher.on(type)(handler)

    def on(self, type: str) -> "Callable[[AnyHandler], AnyHandler]":
        """Register a request type of the user's own.

        The decorated function takes a ``Call`` and returns the result; it may be ``async``.

        Raises:
            ValueError: the type has a handler already.
        """
        return self._dispatcher.on(type)

    def start(self) -> None:
        """Listen to the page, boot, and say READY. Returns at once."""
        from .js import messages, settings

        self._pages = [messages.listen(self._dispatcher.receive, self._connected)]
        capture(self._lines)
        self._boot = asyncio.ensure_future(self._run_boot(settings.settings()))

    async def _run_boot(self, settings: "dict[str, Any]") -> None:
        from .js import later, packages, writer

        def report(stage: str, message: str, **units: int) -> None:
            self._tell_all(progress(stage, message, **units))

        try:
            report("start", f"Python {platform.python_version()} is running")
            compat.install()
            standin.install(self._environments.present, writer.Writer(), later.fetch)
            packages.tell_loaded(report)
            installed = await packages.install(settings.get("packages", []), report)
            for number, name in enumerate(self._imports):
                report("imports", name, loaded=number, total=len(self._imports))
                importlib.import_module(name)
            self._greeting = {"type": READY, "version": _versions(installed)}
        except BaseException as error:
            self._greeting = {"type": ERROR, "error": {**describe(error), "fatal": True}}
        flush()
        self._lines.settle()
        self._tell_all(self._greeting)
        if self._greeting["type"] == READY:
            self._dispatcher.open()
            asyncio.get_running_loop().call_later(MOMENT, self._prepare)

    def _prepare(self) -> None:
        """Import what games and states need, before anybody asks for it."""
        with contextlib.suppress(Exception):  # whoever asks for it is told
            self._play, self._states  # noqa: B018

    @cached_property
    def _play(self) -> "PlayRequests":
        from .play.requests import PlayRequests

        return PlayRequests(self._environments)

    @cached_property
    def _states(self) -> "StateRequests":
        from .snapshot.requests import StateRequests

        return StateRequests(self._environments)

    def _connected(self, page: "Page") -> None:
        """Speak to the page that has connected, no longer to whoever has the worker."""
        self._pages = [page]
        if self._greeting is not None:
            page.send(self._greeting)

    def _post_line(self, level: str, stream: str, text: str, partial: bool) -> None:
        message = {"type": LOG, "level": level, "stream": stream, "text": text}
        self._tell_all({**message, "partial": True} if partial else message)

    def _tell_all(self, message: "dict[str, Any]") -> None:
        for page in self._pages:
            page.send(message)

    async def _init(self, call: "Call") -> "dict[str, Any]":
        from .js import packages

        if call.field("packages", list, None):
            await self._install_packages(call)
        return {"version": _versions(packages.installed())}

    async def _init_env(self, call: "Call") -> "dict[str, Any]":
        """Run the code of an environment; a game of the one in its place ends once it is there."""
        source = call.field("envCode", str)
        standin.drawn = False
        wanted, file_name = call.field("env", str, None), call.field("fileName", str, None)
        files = call.field("files", dict, {})
        module_name = code.MODULE
        if not self._environments.is_default(wanted):
            module_name += "_" + str(wanted)
        names, file_name = call.field("globals", dict, {}), file_name or module_name + ".py"
        module = await code.run(source, file_name, names, files, module_name)
        name, environment = self._environments.place(wanted)
        self._play.end(environment)
        env = module.__dict__["env"]
        parts = [source, *(part for name in sorted(files) for part in (name, files[name]))]
        environment.take(env, module.__dict__, "\0".join(parts))
        keys = self._play.controls(environment)
        return {"env": {"name": name, **introduction(env), "keys": keys}}

    async def _install_packages(self, call: "Call") -> "dict[str, Any]":
        from .js import packages

        return {"packages": await packages.install(call.field("packages", list), call.report)}

    def _attach_canvas(self, call: "Call") -> "dict[str, Any]":
        from .canvas.painter import Painter
        from .js.screen import Screen

        base = call.field("baseURL", str, None)
        ratio = call.field("pixelRatio", (int, float), None)
        if ratio is not None and not 0 < ratio < FINEST:
            raise ProtocolError(f"expected pixelRatio to be above 0, below {FINEST}, got {ratio}")
        earlier, canvas = self._environments.painter, call.field("canvas", object, None)
        if canvas is None and ratio is not None and earlier is not None:
            earlier.set_ratio(ratio)
            return {"ok": True}
        screen = Screen(call.field("canvas", object), base)
        self._environments.painter = Painter(screen, ratio or 1.0)
        if earlier is not None:
            earlier.close()
        return {"ok": True}


def _write_recording(call: "Call") -> "Any":
    from .play.writing import write_recording

    return write_recording(call)


def _versions(packages: "dict[str, str]") -> "Versions":
    import pyodide

    return {
        "protocol": PROTOCOL_VERSION,
        "python": platform.python_version(),
        "pyodide": pyodide.__version__,
        "packages": packages,
    }
