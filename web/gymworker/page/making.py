"""What a page asks for an environment: to be made, and what it is. Runs on the page."""

from ..errors import MisuseError
from ..protocol import INIT_ENV, SAMPLE
from .arguments import DEFAULT, whole
from .named import is_module
from .spaces import EnvironmentInfo
from .state import StateRequests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, SupportsIndex

    from .files import Files
    from .setup import Setup


_REGISTERED = """\
import gymnasium

env = gymnasium.make(env_id, **kwargs)
"""

_OF_MODULE = """\
import importlib

module = importlib.import_module(env_id)
env = (getattr(module, "parallel_env", None) or module.env)(**kwargs)
"""


class MakingRequests(StateRequests):
    """The part of ``PyodideWorker`` that makes environments.

    Attributes:
        env: what the environment said of itself, of several the first; None before there is one.
    """

    env: "EnvironmentInfo | None" = None
    _setup: "Setup"
    _files: "Files"
    _envs: "dict[str, EnvironmentInfo] | None" = None

    @property
    def envs(self) -> "dict[str, EnvironmentInfo]":
        """What each environment said of itself, by its name."""
        if self._envs is None:
            self._envs = {}
        return self._envs

    async def init_env(
        self,
        env_code: "str | None" = None,
        globals: "dict[str, Any] | None" = None,
        *,
        file: "str | None" = None,
        file_name: "str | None" = None,
        files: "dict[str, str] | None" = None,
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> EnvironmentInfo:
        """Run the code of an environment in a fresh namespace; it must leave a variable ``env``.

        With ``file`` it is fetched, as it is now, and with it the modules beside it that it
        imports: ``import rules`` in ``envs/hill.py`` finds ``envs/rules.py``.

        A worker may have several environments, each with a name; all requests take it as ``env``.
        The first that is made is the default: those without ``env`` are about it.

        Args:
            env_code: Python source; top-level await is allowed.
            globals: names that the code finds defined.
            file: of the site, relative to the page, in place of ``env_code``: ``"envs/hill.py"``.
            file_name: what tracebacks call the code; ``file`` by default.
            files: the text of modules that ``env_code`` imports, by name: ``{"rules.py": "..."}``.
            timeout: seconds, None for no limit.
            env: its name; it takes the place of the one that had it. By default that of the
                default, which is called ``env`` if it was made without a name.

        Returns:
            What it is: its spaces, agents and keys; ``worker.envs[name]`` from then on, and
            ``worker.env`` if it is the default.

        Raises:
            LoadError: a file cannot be had, or is no Python; it says why.
            MisuseError: there is neither ``env_code`` nor ``file``, or both.
            RemoteError: the code raised, or left no ``env``.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        if (env_code is None) == (file is None) or (file is not None and files is not None):
            raise MisuseError("expected env_code (and files, if it imports any), or file=")
        if file is not None:
            env_code, files = await self._files.load(file)
            file_name = file_name or file
        payload: dict[str, Any] = {"envCode": env_code}
        if file_name is not None:
            payload["fileName"] = file_name
        if files:
            payload["files"] = files
        if globals:
            payload["globals"] = globals
        if env is not None:
            payload["env"] = env
        reply = await self.request(INIT_ENV, payload, timeout)
        info = EnvironmentInfo(reply["env"])
        payload["env"] = info.name
        self._setup.remember_environment(info.name, payload, self._limit(timeout))
        self.envs[info.name] = info
        if self.env is None or self.env.name == info.name:
            self.env = info
        return info

    def uses_file(self, file: str) -> bool:
        """Tell whether ``init_env(file=...)`` made the environment of a file, or failed with it.

        Args:
            file: that was saved, as ``watch_changes`` tells of it: the environment's own, or a
                module that it imports.
        """
        return self._files.uses(file)

    async def make(
        self,
        env_id: str,
        *,
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
        **kwargs: "Any",
    ) -> EnvironmentInfo:
        """Make an environment by its name, of Gymnasium or PettingZoo.

        Args:
            env_id: one that is registered with Gymnasium, such as ``"CartPole-v1"``
                (``"package:Id-v0"`` imports the package first); or a module of PettingZoo, such as
                ``"pettingzoo.classic.connect_four_v3"``, of whose ``parallel_env`` and ``env`` the
                first is taken that it has.
            timeout: seconds, None for no limit.
            env: its name, where there are several; see ``init_env``.
            kwargs: for ``gymnasium.make`` or the module's function, such as
                ``render_mode="rgb_array"``.

        Returns:
            What it is; see ``init_env``.

        Raises:
            RemoteError: there is none of that id, or its code raised.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        given = "".join([", " + name + "=" + repr(kwargs[name]) for name in sorted(kwargs)])
        # The first line tells the code of one environment from that of another.
        code = "# make(" + repr(env_id) + given + ")\n"
        code += _OF_MODULE if is_module(env_id) else _REGISTERED
        names = {"env_id": env_id, "kwargs": kwargs}
        return await self.init_env(code, names, file_name=env_id, timeout=timeout, env=env)

    async def sample(
        self,
        agent: "Any" = None,
        seed: "SupportsIndex | None" = None,
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> "Any":
        """Return a random action of the environment's action space.

        Args:
            agent: whose; None in an environment of several for a dict with an action each. Where
                agents take turns None is the one whose turn it is, and what its action mask does
                not allow is not drawn.
            seed: of the space from now on.
            timeout: seconds, None for no limit.
            env: which of several environments, by its name; by default the first.

        Raises:
            RemoteError: there is no such agent, or no action space.
            MisuseError: the seed is no whole number.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        payload: dict[str, Any] = {} if env is None else {"env": env}
        if agent is not None:
            payload["agent"] = agent
        if seed is not None:
            payload["seed"] = whole(seed, "seed")
        return await self.request(SAMPLE, payload, timeout)
