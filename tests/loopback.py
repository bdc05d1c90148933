"""A page and its worker in one process: the real client, host and codec, with no browser.

    @on_virtual_time
    async def test_a_step(lab: Lab) -> None:
        worker = lab.worker()
        await worker.init_env(CODE)

Messages cross as the codec's text and buffers, never at once, in order, as `postMessage` does it.
Time is virtual: when nothing is left to do, the clock jumps to the next timer.
"""

import asyncio
import functools
import selectors
import sys
import types
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import gymworker.worker.js
import pytest
from gymworker.codec import Transfer, encode
from gymworker.envelope import read_request, write_message
from gymworker.errors import ProtocolError, WorkerCrashedError
from gymworker.page.client import PyodideWorker
from gymworker.worker.call import Call
from gymworker.worker.host import Host

from tests.screens import RecordingScreen

HANG = 3600.0
"""Virtual seconds after which a test that still waits has failed."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock moves only when there is nothing else to do.

    Attributes:
        problems: what went wrong in tasks and callbacks that nobody waited for.
    """

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.problems: list[str] = []
        super().__init__(_Selector(self))
        self.set_exception_handler(lambda loop, context: self.problems.append(repr(context)))

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self.elapsed


class _Selector(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self._loop.elapsed += timeout
        return found


def on_virtual_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs an async test in a loop of its own; one that hangs or leaves a task in trouble fails."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def within() -> None:
            await asyncio.wait_for(test(*args, **kwargs), HANG)

        loop = VirtualLoop()
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(within())
            finally:
                for value in kwargs.values():
                    if isinstance(value, Lab):
                        value.close()
        assert not loop.problems

    return run


async def turns(number: int = 20) -> None:
    """Lets everything run that can run without time passing."""
    for _ in range(number):
        await asyncio.sleep(0)


class Wire:
    """One worker, as the page's connection to it and as the page that the worker sees.

    Attributes:
        host: the worker's host, None until it has been made.
        received: each message that reached the worker, decoded.
        closed: whether the page ended the worker.
    """

    def __init__(
        self,
        lab: "Lab",
        on_message: Callable[[str, Sequence[Any]], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self.host: Host | None = None
        self.received: list[Any] = []
        self.closed = False
        self.deaf = False
        self._lab = lab
        self._on_message = on_message
        self._on_failure = on_failure
        self._receive: Callable[[Any, Any], None] | None = None
        self._inbox: list[tuple[str, Sequence[Any]]] = []
        asyncio.get_running_loop().call_soon(self._start)

    # The page's side: what `js.connection.Connection` is in a browser.

    def post(self, text: str, buffers: Sequence[Any] = ()) -> None:
        """Sends to the worker."""
        assert not self.closed, "a message to a worker that is gone"
        asyncio.get_running_loop().call_soon(self._arrive, text, _moved(buffers))

    def close(self) -> None:
        """Ends the worker."""
        self.closed = True
        if self.host is not None:
            self.host._dispatcher._queue.clear()
            self.host._play.end()

    async def take_canvas(self, canvas: Any) -> dict[str, Any]:
        """Hands over a canvas of the page: a `RecordingScreen`."""
        self._lab.taken.append(canvas)
        return {"canvas": Transfer(canvas), "baseURL": "http://site/"}

    def replace_canvas(self, canvas: Any) -> tuple[Any, dict[str, Any]]:
        """Makes a new one for a new worker."""
        canvas = RecordingScreen()
        return canvas, {"canvas": Transfer(canvas), "baseURL": "http://site/"}

    # The worker's side: what `messages.PythonPage` is in a browser.

    def send(self, message: dict[str, Any]) -> None:
        """Sends to the page."""
        text, buffers = write_message(message)
        self.inject(text, _moved(buffers))

    def check(self, message: dict[str, Any]) -> None:
        """Raises what `send` would."""
        write_message(message)

    # What tests do to it.

    def inject(self, text: str, buffers: Sequence[Any] = ()) -> None:
        """Lets the page receive a text, whatever it is."""
        if not self.closed:
            asyncio.get_running_loop().call_soon(self._reach_page, text, buffers)

    def reply(self, **message: Any) -> None:
        """Lets the page receive a message that its worker did not send."""
        self.inject(*encode(message))

    def crash(self, why: str = "out of memory") -> None:
        """Lets the worker die."""
        self._on_failure(WorkerCrashedError(f"the worker died: {why}"))

    def types(self) -> list[str]:
        """Returns the types of the requests that reached the worker."""
        return [message["type"] for message in self.received]

    def listen(self, receive: Callable[[Any, Any], None], connected: Callable[[Any], None]) -> None:
        """Connects the page to its host; see `messages.listen`."""
        self._receive = receive
        asyncio.get_running_loop().call_soon(self._connect, connected)

    def _start(self) -> None:
        if self.closed:
            return
        self.host = Host(strict_infos=self._lab.strict_infos)
        for type, handler in self._lab.handlers.items():
            self.host.on(type)(functools.partial(_with_payload, handler))
        self._lab.browser.starting = self
        self.host.start()

    def _connect(self, connected: Callable[[Any], None]) -> None:
        connected(self)
        inbox, self._inbox = self._inbox, []
        for text, buffers in inbox:
            self._arrive(text, buffers)

    def _arrive(self, text: str, buffers: Sequence[Any]) -> None:
        if self.closed or self.deaf:
            return
        if self._receive is None:
            self._inbox.append((text, buffers))
            return
        try:
            message = read_request(text, list(buffers))
        except ProtocolError as error:
            message = error
        self.received.append(message)
        self._receive(self, message)

    def _reach_page(self, text: str, buffers: Sequence[Any]) -> None:
        if not self.closed:
            self._on_message(text, list(buffers))


def _with_payload(handler: Callable[[Any], Any], call: Call) -> Any:
    return handler(call.payload)


def _moved(buffers: Sequence[Any]) -> list[Any]:
    """What arrives of buffers: copies, and what was transferred itself."""
    return [item.object if isinstance(item, Transfer) else bytes(item) for item in buffers]


class Lab:
    """Makes workers that live in this process.

    Attributes:
        wires: each worker so far, restarted ones included.
        taken: the canvases that were handed over.
        handlers: request types that each worker's script registers; each takes the payload.
        browser: the stand-in for the worker's JavaScript; `browser.gate` holds back the boot.
        strict_infos: as `Host` has it.
    """

    def __init__(self, browser: "FakeBrowser") -> None:
        self.wires: list[Wire] = []
        self.taken: list[Any] = []
        self.handlers: dict[str, Callable[[Any], Any]] = {}
        self.browser = browser
        self.strict_infos = False

    @property
    def wire(self) -> Wire:
        """The latest worker."""
        return self.wires[-1]

    def connect(self, on_message: Any, on_failure: Any) -> Wire:
        """Starts a worker; for `PyodideWorker(connect=...)`."""
        self.wires.append(Wire(self, on_message, on_failure))
        return self.wires[-1]

    def worker(self, **options: Any) -> PyodideWorker:
        """A client with a worker of its own."""
        return PyodideWorker(connect=self.connect, **options)

    def close(self) -> None:
        """Ends all workers."""
        for wire in self.wires:
            wire.close()


class FakeBrowser:
    """Stands in for the modules of `worker.js` that only a browser can import.

    Attributes:
        boot_packages: what the worker installs before READY.
        site: the packages of the site, by name: version and dependencies.
        loaded: what is loaded.
        gate: loading waits until it is set.
        refused: packages that fail to load, with the reason.
    """

    def __init__(self) -> None:
        self.boot_packages: list[str] = []
        self.site: dict[str, tuple[str, list[str]]] = {"held-back": ("1.0", [])}
        self.loaded: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.refused: dict[str, str] = {}
        self.asked: list[list[str]] = []
        self.starting: Wire | None = None

    def modules(self) -> dict[str, dict[str, Any]]:
        """Returns what stands in each module."""
        return {
            "messages": {"listen": self.listen},
            "settings": {"settings": lambda: {"packages": self.boot_packages}},
            "screen": {"Screen": self.screen},
            "timer": {"JsTimer": LoopTimer},
            "later": {"fetch": lambda folder: None},
            "writer": {"Writer": lambda: None},
            "loading": {
                name: getattr(self, name)
                for name in ("site_packages", "with_dependencies", "loaded_packages")
            }
            | {"load_packages": self.load_packages},
        }

    def screen(self, canvas: Any, base: str | None = None) -> Any:
        """See `worker.js.screen`."""
        if not isinstance(canvas, RecordingScreen):
            raise ProtocolError(f"expected 'canvas' to be an OffscreenCanvas, got {canvas!r}")
        canvas.base = base
        return canvas

    def hold_boot(self) -> None:
        """Keeps workers from READY until `gate` is set."""
        self.boot_packages = ["held-back"]
        self.gate.clear()

    def listen(self, receive: Any, connected: Any) -> Wire:
        """See `worker.js.messages`."""
        assert self.starting is not None
        self.starting.listen(receive, connected)
        return self.starting

    def site_packages(self) -> dict[str, str]:
        """See `worker.js.loading`, as for those below."""
        return {name: version for name, (version, _) in self.site.items()}

    def with_dependencies(self, names: Sequence[str]) -> set[str]:
        """What is needed for packages."""
        found: set[str] = set()
        for name in names:
            if name in self.site:
                found |= {name} | self.with_dependencies(self.site[name][1])
        return found

    def loaded_packages(self) -> set[str]:
        """What is there."""
        return set(self.loaded)

    async def load_packages(self, names: Sequence[str]) -> list[str]:
        """Loads one package after another."""
        self.asked.append(list(names))
        await self.gate.wait()
        wanted = sorted(self.with_dependencies(names))
        for name in wanted:
            await asyncio.sleep(0.1)
            if name not in self.refused:
                self.loaded.add(name)
        return [self.refused[name] for name in wanted if name in self.refused]


class LoopTimer:
    """What `worker.js.timer.JsTimer` is in a browser, on the event loop's time."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback: Callable[[], None] | None = callback
        self._handle: asyncio.TimerHandle | None = None

    def set(self, delay: float) -> None:
        """Calls back after `delay` seconds, and no longer at another time."""
        self.cancel()
        assert self._callback is not None, "the timer is closed"
        self._handle = asyncio.get_running_loop().call_later(delay, self._call)

    def cancel(self) -> None:
        """Does not call back."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def close(self) -> None:
        """Lets go of the callback."""
        self.cancel()
        self._callback = None

    def _call(self) -> None:
        self._handle = None
        if self._callback is not None:
            self._callback()


def make_lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    """Puts the stand-ins in place of what only a browser has."""
    browser = FakeBrowser()
    pyodide = types.ModuleType("pyodide")
    pyodide.__version__ = "0.0"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyodide", pyodide)
    for name, members in browser.modules().items():
        module = types.ModuleType("gymworker.worker.js." + name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(gymworker.worker.js, name, module, raising=False)
    monkeypatch.delitem(sys.modules, "gymworker.worker.js.packages", raising=False)
    monkeypatch.delattr(gymworker.worker.js, "packages", raising=False)
    monkeypatch.setattr("gymworker.worker.host.capture", lambda lines: None)
    monkeypatch.setattr("gymworker.worker.compat.install", lambda: None)
    monkeypatch.setattr("gymworker.worker.standin.install", lambda *joined: None)
    for module_name in ("setup", "watch"):
        monkeypatch.setattr(
            f"gymworker.page.{module_name}.now", lambda: asyncio.get_running_loop().time()
        )
    return Lab(browser)
