"""The page's client: an environment in a worker, one awaitable method a request. Runs on the page.

worker = PyodideWorker(on_progress=lambda progress: print(progress.message))
await worker.init()
await worker.init_env('import gymnasium; env = gymnasium.make("CartPole-v1")')
await worker.reset(seed=42)
result = await worker.step(1)
print(result.obs, result.rewards)
"""

from ..errors import MisuseError
from ..protocol import ATTACH_CANVAS, INIT, INSTALL_PACKAGES
from .arguments import DEFAULT
from .downloads import Downloads
from .fields import Log, Progress, Version
from .files import Files
from .link import Link
from .making import MakingRequests
from .setup import Setup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class PyodideWorker(MakingRequests):
    """A worker with Pyodide and an environment, as the page sees it.

    The worker starts to boot at once. Requests may be sent before it is ready: they wait and run in
    the order sent. Every request settles exactly once: with its result, or by raising
    ``RemoteError`` (Python raised in the worker), ``WorkerClosedError``, or a ``TransportError``:
    ``RequestTimeoutError``, ``WorkerCrashedError`` or ``WorkerStartError``.

    A worker that takes longer than a request's timeout hangs, as it seems: whoever waits is told,
    its ``state`` is ``stalled`` and ``restart()`` makes a new one. If it answers after all, it is
    ready again. Time in which the page itself slept does not count.

    Args:
        on_progress: called with a ``Progress`` while the worker boots or installs packages.
        on_log: called with a ``Log`` for each line that Python prints in the worker.
        timeout: seconds that the worker may take for a request, once it is ready and what was sent
            before is done; they begin anew when it tells of the request's progress. None for no
            limit. Each method has its own ``timeout=``.
        boot_timeout: seconds of silence after which a boot has failed; None for no limit.
        auto_restart: after a timeout or a crash, start a new worker with the same packages and
            environment, as ``restart()`` does. A game that was restored, went on and
            got to no other checkpoint before it happened again waits for a ``restart()``.
        spare: once it is ready, boot a second worker and hold it in reserve, so that a restart
            need not wait; it takes as much memory again.
        script: address of the worker's script.
        settings: the worker's settings; by default the ``[worker]`` table of ``pyscript.toml``.
        connect: what makes a connection, instead of ``js.connection.Connection``.
        download: what fetches a file of the boot, instead of ``js.files.download``.
        read: what reads the file of an environment, instead of ``js.files.read_text``.
    """

    def __init__(
        self,
        on_progress: "Callable[[Progress], None] | None" = None,
        on_log: "Callable[[Log], None] | None" = None,
        timeout: "float | None" = 30.0,
        *,
        boot_timeout: "float | None" = 60.0,
        auto_restart: bool = False,
        spare: bool = False,
        script: str = "worker.py",
        settings: "dict[str, Any] | None" = None,
        connect: "Callable[..., Any] | None" = None,
        download: "Callable[..., Any] | None" = None,
        read: "Callable[[str], Any] | None" = None,
    ) -> None:
        self.timeout = timeout
        self.auto_restart = auto_restart
        files = list((settings or {}).get("downloads", []))
        head_start: Any = None
        if connect is None:
            from .js import connection
            from .js import files as js_files
            from .js import settings as js_settings

            settings = js_settings.settings() if settings is None else settings
            connect = connection.connector(script, settings)
            download, read = download or js_files.download, read or js_files.read_text
            files = js_settings.wanted(script, settings)
            head_start = js_files.head_start

        def fetch(report: "Callable[..., None]", fail: "Callable[[Exception], None]") -> Downloads:
            wait = head_start() if head_start is not None else 0.0
            return Downloads(files, download, report, fail, wait)

        self._link = Link(connect, boot_timeout, on_progress, on_log, self._hung, fetch, spare)
        self._setup = Setup(self._link)
        self._files = Files(read or _nowhere, (settings or {}).get("helpers", []))

    @property
    def state(self) -> str:
        """``booting``, ``ready``, ``stalled``, ``failed`` or ``closed``."""
        return self._link.state

    @property
    def silence(self) -> float:
        """Seconds for which the worker has owed an answer, or its game a word; 0.0 if neither."""
        return self._link.watch.silence

    @property
    def version(self) -> "Version | None":
        """What the worker is made of; None before READY."""
        return self._link.version

    @property
    def pending(self) -> int:
        """How many requests are waited for."""
        return len(self._link.pending)

    @property
    def dropped(self) -> int:
        """How many replies came too late or for no request."""
        return self._link.pending.dropped

    @property
    def canvas(self) -> "Any":
        """The ``<canvas>`` that the worker paints on, None without one; a restart changes it."""
        return self._setup.canvas

    async def init(
        self, packages: "Sequence[str]" = (), timeout: "float | None" = None
    ) -> "Version":
        """Wait until the worker is ready, and install ``packages`` first where there are any.

        Returns:
            What it is made of, as in ``version``.

        Raises:
            WorkerStartError: the boot failed; it says why.
            RemoteError: a package could not be installed; it is named.
            TransportError, WorkerClosedError: as any request.
        """
        payload = {"packages": list(packages)} if packages else {}
        reply = await self.request(INIT, payload, timeout)
        self._setup.remember_packages(packages)
        return Version(reply["version"])

    async def install_packages(
        self, packages: "Sequence[str]", timeout: "float | None" = None
    ) -> "dict[str, str]":
        """Install packages, from the site's own wheels where it has them.

        Returns:
            The version of each package that is installed now.

        Raises:
            RemoteError: a package could not be installed; it is named.
            TransportError, WorkerClosedError: as any request.
        """
        reply = await self.request(INSTALL_PACKAGES, {"packages": list(packages)}, timeout)
        self._setup.remember_packages(packages)
        return reply["packages"]  # type: ignore[no-any-return]

    async def attach_canvas(self, canvas: "Any", timeout: "float | None" = DEFAULT) -> None:
        """Hand a canvas over to the worker, which paints on it from then on.

        It paints what ``env.render()`` returns for ``reset``, ``step`` and ``render``: a frame
        ``(H, W, 3 | 4)`` or ``(H, W)`` of uint8, bool or float in 0..1, a list of frames, text, or
        what a ``Surface`` committed. The canvas takes its size. Of the frames that come while the
        display shows one, or in a list, the last is painted.

        A canvas can be handed over once. A restart therefore puts a copy in its place in the page,
        ``worker.canvas``, with its attributes: put event listeners on an element around it.

        Args:
            canvas: a ``<canvas>`` element that nothing was drawn on.
            timeout: seconds, None for no limit.

        Raises:
            MisuseError: it is no canvas, was handed over already, or has a context of the page's.
            RemoteError: the worker cannot use it.
            TransportError, WorkerClosedError: as any request. If the worker is gone already, the
                canvas stays with the page.
        """
        self._link.check()
        payload = await self._link.connection.take_canvas(canvas)
        self._setup.remember_canvas(canvas, self._limit(timeout))
        await self.request(ATTACH_CANVAS, payload, timeout)

    async def set_pixel_ratio(self, ratio: float) -> None:
        """Paint finer or coarser from now on: the page is on another display, or zoomed.

        Drawings and texts take ``devicePixelRatio`` into account from ``attach_canvas`` on; the
        canvas then has more pixels than they have units. Arrays keep their own pixels.

        Args:
            ratio: ``devicePixelRatio``.

        Raises:
            RemoteError: there is no canvas, or it is no ratio.
            TransportError, WorkerClosedError: as any request.
        """
        await self.request(ATTACH_CANVAS, {"pixelRatio": ratio})

    async def restart(self, revive: bool = True) -> float:
        """End this worker and bring up a new one with the same packages and environment code.

        Requests that were pending are rejected with ``WorkerCrashedError``. What is sent while the
        new worker boots runs after the environment was made again. Where a restart is under way,
        its outcome is waited for: two at once are one.

        A game goes on from its last checkpoint (see ``play``), paused, under the same ``Game``;
        ``game.lost_steps`` says how many steps that lost. If it cannot be restored, it is lost, as
        ``game.finished()`` says. Without a game the environment has to be reset.

        Args:
            revive: false loses the game, too.

        Returns:
            Seconds until it was ready.

        Raises:
            RemoteError: a package or the environment failed in the new worker.
            RequestTimeoutError: the environment hangs there too.
            WorkerStartError, WorkerCrashedError: the new worker did not start, or died.
            WorkerClosedError: this worker was destroyed, before or meanwhile.
        """
        return await self._setup.restart(revive=revive).wait()  # type: ignore[no-any-return]

    def destroy(self) -> None:
        """End the worker; pending requests raise ``WorkerClosedError``. May be called twice."""
        self._link.close()

    def _hung(self) -> None:
        """Start over at once: whoever is told of the failure next must reach the new worker."""
        if self.auto_restart:
            # Or join the one that this happened in, which ends with it.
            self._setup.restart(by_itself=True)


async def _nowhere(file: str) -> str:
    raise MisuseError("cannot fetch " + file + ": this worker was made without read=")
