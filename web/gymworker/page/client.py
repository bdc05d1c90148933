"""The page's client: an environment in a worker, one awaitable method a request. Runs on the page.

worker = PyodideWorker(on_progress=lambda progress: print(progress.message))
await worker.init()
await worker.init_env('import gymnasium; env = gymnasium.make("CartPole-v1")')
await worker.reset(seed=42)
result = await worker.step(1)
print(result.obs, result.rewards)
"""

import asyncio

from ..envelope import Reply
from ..protocol import (
    ATTACH_CANVAS,
    BATCH,
    INIT,
    INIT_ENV,
    INSTALL_PACKAGES,
    PLAY,
    RENDER,
    REPLAY,
    RESET,
    SEED_RNG,
    STEP,
)
from .aio import now
from .downloads import Downloads
from .fields import Episode, Log, PlayState, Progress, Result, Transition
from .game import Game
from .lifecycle import BOOTING, CLOSED
from .link import Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .pending import Request

DEFAULT: "Any" = object()
"""The timeout that the constructor was given; None means no timeout."""


class PyodideWorker:
    """A worker with Pyodide and an environment, as the page sees it.

    The worker starts to boot at once. Requests may be sent before it is ready: they wait and run in
    the order sent. Every request settles exactly once: with its result, or by raising
    ``RemoteError`` (Python raised in the worker), ``RequestTimeoutError``, ``WorkerCrashedError``,
    ``WorkerStartError`` or ``WorkerClosedError``.

    Args:
        on_progress: called with a ``Progress`` while the worker boots or installs packages.
        on_log: called with a ``Log`` for each line that Python prints in the worker.
        timeout: seconds that a request may take once the worker is ready; None for no limit. Each
            method has its own ``timeout=``.
        boot_timeout: seconds of silence after which a boot has failed; None for no limit.
        auto_restart: after a timeout or a crash, start a new worker with the same packages and
            environment.
        script: address of the worker's script.
        settings: the worker's settings; by default the ``[worker]`` table of ``pyscript.toml``.
        connect: what makes a connection, instead of ``js.connection.Connection``.
    """

    def __init__(
        self,
        on_progress: "Callable[[Progress], None] | None" = None,
        on_log: "Callable[[Log], None] | None" = None,
        timeout: "float | None" = 30.0,
        *,
        boot_timeout: "float | None" = 60.0,
        auto_restart: bool = False,
        script: str = "worker.py",
        settings: "dict[str, Any] | None" = None,
        connect: "Callable[..., Any] | None" = None,
    ) -> None:
        self.timeout = timeout
        self.auto_restart = auto_restart
        self._packages: list[str] = []
        self._environment: dict[str, Any] | None = None
        self._canvas: Any = None
        self._downloads: Downloads | None = None
        self._restarting: Any = None
        download = None
        if connect is None:
            from .js import connection
            from .js import download as fetching
            from .js import settings as table

            settings = table.settings() if settings is None else settings
            connect = connection.connector(script, settings)
            download = fetching.download
        self._link = Link(connect, boot_timeout, on_progress, on_log, self._hung)
        if settings is not None and download is not None:
            files = settings.get("downloads", [])
            self._downloads = Downloads(files, download, self._link.report, self._link.fail)

    @property
    def state(self) -> str:
        """``booting``, ``ready``, ``failed`` or ``closed``."""
        return self._link.state

    @property
    def version(self) -> "dict[str, Any]":
        """Versions: ``protocol``, ``python``, ``pyodide``, ``packages``; empty before READY."""
        return self._link.version

    @property
    def pending(self) -> int:
        """How many requests wait for their reply."""
        return len(self._link.requests)

    @property
    def dropped(self) -> int:
        """How many replies came too late or for no request."""
        return self._link.requests.dropped

    @property
    def canvas(self) -> "Any":
        """The ``<canvas>`` that the worker paints on, None without one; a restart changes it."""
        return self._canvas

    async def request(
        self, type: str, payload: "Any" = None, timeout: "float | None" = DEFAULT
    ) -> "Any":
        """Send a request of any type, such as one of ``worker.py``'s own; return its result.

        Args:
            type: its name on the wire.
            payload: any value that can cross.
            timeout: seconds, None for no limit; by default as given to the constructor.
        """
        reply = await self._request(type, payload, timeout)
        return reply.value() if isinstance(reply, Reply) else reply

    async def _request(self, type: str, payload: "Any", timeout: "float | None") -> "Any":
        """Return the reply, a result as it came: whoever looks at it reads it."""
        limit = self.timeout if timeout is DEFAULT else timeout
        return await self._link.send(type, payload, limit)

    async def init(
        self, packages: "Sequence[str]" = (), timeout: "float | None" = None
    ) -> "dict[str, Any]":
        """Wait until the worker is ready, and install ``packages`` first where there are any.

        Returns:
            The versions, as in ``version``.

        Raises:
            WorkerStartError: the boot failed; it says why.
        """
        payload = {"packages": list(packages)} if packages else {}
        reply = await self.request(INIT, payload, timeout)
        self._remember(packages)
        return reply["version"]  # type: ignore[no-any-return]

    async def install_packages(
        self, packages: "Sequence[str]", timeout: "float | None" = None
    ) -> "dict[str, str]":
        """Install packages, from the site's own wheels where it has them.

        Returns:
            The version of each package that is installed now.

        Raises:
            RemoteError: a package could not be installed; it is named.
        """
        reply = await self.request(INSTALL_PACKAGES, {"packages": list(packages)}, timeout)
        self._remember(packages)
        return reply["packages"]  # type: ignore[no-any-return]

    async def init_env(
        self,
        env_code: str,
        globals: "dict[str, Any] | None" = None,
        *,
        file_name: str = "environment.py",
        timeout: "float | None" = DEFAULT,
    ) -> None:
        """Run ``env_code`` in a fresh namespace; it must leave a variable ``env``.

        Args:
            env_code: Python source; top-level await is allowed.
            globals: names that the code finds defined.
            file_name: what tracebacks call the code.
            timeout: seconds, None for no limit.

        Raises:
            RemoteError: the code raised, or left no ``env``.
        """
        payload: dict[str, Any] = {"envCode": env_code, "fileName": file_name}
        if globals:
            payload["globals"] = globals
        await self.request(INIT_ENV, payload, timeout)
        self._environment = payload

    async def reset(
        self,
        seed: "int | None" = None,
        options: "dict[str, Any] | None" = None,
        render: bool = True,
        timeout: "float | None" = DEFAULT,
    ) -> Result:
        """Reset the environment.

        Returns:
            A result with ``obs``, ``infos`` and ``render_state``.
        """
        payload: dict[str, Any] = {"render": render}
        if seed is not None:
            payload["seed"] = seed
        if options is not None:
            payload["options"] = options
        return Result(await self._request(RESET, payload, timeout))

    async def step(
        self, actions: "Any", render: bool = True, timeout: "float | None" = DEFAULT
    ) -> Result:
        """Step the environment with one action, or a dict of actions by agent.

        Returns:
            A result with ``obs``, ``rewards``, ``terminateds``, ``truncateds``, ``infos`` and
            ``render_state``.
        """
        limit = self.timeout if timeout is DEFAULT else timeout
        return Result(await self._link.send_step(actions, render, limit))

    async def render(self, timeout: "float | None" = DEFAULT) -> Result:
        """Render the environment as it is.

        Returns:
            A result with ``render_state``.
        """
        return Result(await self._request(RENDER, None, timeout))

    async def seed_rng(self, seed: int, timeout: "float | None" = DEFAULT) -> None:
        """Seed Python's ``random`` and NumPy's global generator in the worker."""
        await self.request(SEED_RNG, {"seed": seed}, timeout)

    async def batch(
        self, operations: "Sequence[dict[str, Any]]", timeout: "float | None" = DEFAULT
    ) -> "list[Any]":
        """Run operations in one round trip, stopping at the first failure.

        Args:
            operations: ``{"op": request type, "params": its payload}``, for example ``{"op":
                "step", "params": {"actions": 1}}``.
            timeout: seconds for all of them, None for no limit.

        Returns:
            One result for each operation.

        Raises:
            RemoteError: with ``failed_index`` and ``partial_results``.
        """
        operations = list(operations)
        reply = await self._request(BATCH, {"operations": operations}, timeout)
        if reply.count is not None:
            return [Result(reply, row) for row in range(reply.count)]
        return [_result_of(operations[i]["op"], item) for i, item in enumerate(reply.value())]

    async def attach_canvas(self, canvas: "Any", timeout: "float | None" = DEFAULT) -> None:
        """Hand a canvas over to the worker, which paints on it from then on.

        It paints what ``env.render()`` returns for ``reset``, ``step`` and ``render``: a frame
        ``(H, W, 3 | 4) uint8``, text, or what a ``Surface`` committed. The canvas takes its size.
        Of the frames that come while the display shows one, the last is painted.

        A canvas can be handed over once. A restart therefore puts a copy in its place in the page,
        ``worker.canvas``, with its attributes: put event listeners on an element around it.

        Args:
            canvas: a ``<canvas>`` element that nothing was drawn on.
            timeout: seconds, None for no limit.

        Raises:
            MisuseError: it is no canvas, was handed over already, or has a context of the page's.
        """
        payload = await self._link.connection.take_canvas(canvas)
        self._canvas = canvas
        await self.request(ATTACH_CANVAS, payload, timeout)

    async def play(
        self,
        on_step: "Callable[[Transition], None] | None" = None,
        on_episode: "Callable[[Episode], None] | None" = None,
        on_state: "Callable[[PlayState], None] | None" = None,
        timeout: "float | None" = DEFAULT,
        **settings: "Any",
    ) -> Game:
        """Begin a game: the worker steps the environment at its own pace, keys steer it.

        Args:
            on_step: called with each ``Transition``, some at once, at most ten times a second.
            on_episode: called with the ``Episode`` at the end of each.
            on_state: called with the ``PlayState`` when it changes, at most ten times a second.
            timeout: seconds, None for no limit; of the game's commands too.
            settings: ``fps``, ``action_mapping``, ``default_action`` (or ``noop``),
                ``input_mode`` (``"pressed_keys"`` or ``"single_keystroke"``), ``wait_on_player``,
                ``num_episodes``, ``max_steps``, ``seed``, ``agents``; each overrides the one in the
                ``play`` dict of the environment's code.

        Raises:
            RemoteError: a setting is wrong, or the environment's ``reset`` raised.
        """
        limit = self.timeout if timeout is DEFAULT else timeout
        payload = {_camel(name): value for name, value in settings.items() if value is not None}
        if on_step is not None:
            payload["steps"] = True
        game = Game(self._link, limit, on_step, on_episode, on_state)
        request = self._link.send(PLAY, payload, limit)
        game.id = request.id
        self._link.games[request.id] = game
        try:
            reply = await request
        except BaseException:
            self._link.games.pop(request.id, None)
            raise
        game.begin(reply.value())
        return game

    async def replay(
        self, records: "str | Sequence[Any]", timeout: "float | None" = None
    ) -> "dict[str, Any]":
        """Run recorded episodes again and check them step by step.

        Args:
            records: the records of episodes, or the text of a recording (JSON Lines or CSV).
            timeout: seconds, None for no limit.

        Returns:
            ``episodes`` and ``steps`` that came out the same, and ``difference``: None, or a dict
            with ``episode``, ``step``, ``field``, ``expected`` and ``got`` of the first.

        Raises:
            RemoteError: the recording is broken (it names the line), or the environment raised.
        """
        payload: dict[str, Any] = {}
        if isinstance(records, str):
            payload["recording"] = records
        else:
            payload["episodes"] = list(records)
        return await self.request(REPLAY, payload, timeout)  # type: ignore[no-any-return]

    async def restart(self) -> float:
        """End this worker and bring up a new one with the same packages and environment code.

        Requests that were pending are rejected with ``WorkerCrashedError``. What is sent while the
        new worker boots runs after the environment was made again; it has to be reset.

        Returns:
            Seconds until it was ready.

        Raises:
            WorkerStartError, RemoteError: the new worker or its environment failed.
        """
        return await self._restarted(now(), self._start_over())

    def destroy(self) -> None:
        """End the worker; pending requests raise ``WorkerClosedError``. May be called twice."""
        if self._downloads is not None:
            self._downloads.cancel()
        self._link.close()

    def _remember(self, packages: "Sequence[str]") -> None:
        self._packages += [name for name in packages if name not in self._packages]

    def _start_over(self) -> "list[Request]":
        """Put a new worker in the place of this one; return the requests that set it up."""
        self._link.restart()
        setup = [self._link.send(INIT, {"packages": self._packages}, None)]
        if self._canvas is not None:
            self._canvas, payload = self._link.connection.replace_canvas(self._canvas)
            setup.append(self._link.send(ATTACH_CANVAS, payload, None))
        if self._environment is not None:
            setup.append(self._link.send(INIT_ENV, self._environment, None))
        return setup

    async def _restarted(self, started: float, setup: "list[Request]") -> float:
        for request in setup:
            await request
        seconds = now() - started
        self._link.report("restart", "The worker was restarted in " + str(round(seconds, 1)) + " s")
        return seconds

    def _hung(self) -> None:
        """Start over at once: whoever is told of the failure next must reach the new worker."""
        if self.auto_restart and self._link.state != BOOTING:
            watching = self._watch_restart(now(), self._start_over())
            self._restarting = asyncio.create_task(watching)

    async def _watch_restart(self, started: float, setup: "list[Request]") -> None:
        try:
            await self._restarted(started, setup)
        except Exception as error:
            if self._link.state != CLOSED:
                self._link.report("restart", "The worker could not be restarted: " + str(error))


def _camel(name: str) -> str:
    """Return a keyword as the wire has it."""
    first, *others = name.split("_")
    return first + "".join([other[0].upper() + other[1:] for other in others])


def _result_of(op: str, item: "Any") -> "Any":
    """Return what an operation of a batch gives: the environment's results with attributes."""
    return Result(item) if op in (RESET, STEP, RENDER) and isinstance(item, dict) else item
