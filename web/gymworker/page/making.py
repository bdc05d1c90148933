"""What a page asks for an environment: to be made, and what it is. Runs on the page."""

from ..protocol import INIT_ENV, SAMPLE
from .arguments import DEFAULT, whole
from .games import GameRequests
from .spaces import EnvironmentInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, SupportsIndex

    from .setup import Setup


class MakingRequests(GameRequests):
    """The part of ``PyodideWorker`` that makes environments.

    Attributes:
        env: what the environment said of itself; None before there is one.
    """

    env: "EnvironmentInfo | None" = None
    _setup: "Setup"

    async def init_env(
        self,
        env_code: str,
        globals: "dict[str, Any] | None" = None,
        *,
        file_name: str = "environment.py",
        timeout: "float | None" = DEFAULT,
    ) -> EnvironmentInfo:
        """Run ``env_code`` in a fresh namespace; it must leave a variable ``env``.

        Args:
            env_code: Python source; top-level await is allowed.
            globals: names that the code finds defined.
            file_name: what tracebacks call the code.
            timeout: seconds, None for no limit.

        Returns:
            What it is: its spaces, agents and keys; ``worker.env`` from then on.

        Raises:
            RemoteError: the code raised, or left no ``env``.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        payload: dict[str, Any] = {"envCode": env_code, "fileName": file_name}
        if globals:
            payload["globals"] = globals
        reply = await self.request(INIT_ENV, payload, timeout)
        self._setup.remember_environment(payload, self._limit(timeout))
        self.env = EnvironmentInfo(reply["env"])
        return self.env

    async def make(
        self, env_id: str, *, timeout: "float | None" = DEFAULT, **kwargs: "Any"
    ) -> EnvironmentInfo:
        """Make an environment that is registered with Gymnasium.

        Args:
            env_id: such as ``"CartPole-v1"``; ``"package:Id-v0"`` imports the package first.
            timeout: seconds, None for no limit.
            kwargs: for ``gymnasium.make``, such as ``render_mode="rgb_array"``.

        Returns:
            What it is; see ``init_env``.

        Raises:
            RemoteError: there is none of that id, or its code raised.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        given = "".join([", " + name + "=" + repr(kwargs[name]) for name in sorted(kwargs)])
        code = (
            "# gymnasium.make(" + repr(env_id) + given + ")\n"
            "import gymnasium\n\n"
            "env = gymnasium.make(env_id, **kwargs)\n"
        )  # the first line tells the code of one environment from that of another
        names = {"env_id": env_id, "kwargs": kwargs}
        return await self.init_env(code, names, file_name=env_id, timeout=timeout)

    async def sample(
        self,
        agent: "Any" = None,
        seed: "SupportsIndex | None" = None,
        timeout: "float | None" = DEFAULT,
    ) -> "Any":
        """Return a random action of the environment's action space.

        Args:
            agent: whose; None in an environment of several for a dict with an action each.
            seed: of the space from now on.
            timeout: seconds, None for no limit.

        Raises:
            RemoteError: there is no such agent, or no action space.
            MisuseError: the seed is no whole number.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        payload: dict[str, Any] = {}
        if agent is not None:
            payload["agent"] = agent
        if seed is not None:
            payload["seed"] = whole(seed, "seed")
        return await self.request(SAMPLE, payload, timeout)
