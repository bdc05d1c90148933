"""What a page asks of the environment in its worker, a method a request. Runs on the page."""

from ..protocol import BATCH, RENDER, RESET, SEED_RNG, STEP
from .arguments import DEFAULT, seeds, whole
from .fields import Result
from .reply import Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, SupportsIndex

    from .link import Link


class EnvironmentRequests:
    """The part of ``PyodideWorker`` that is about its environment.

    Every request may raise, besides what its method names, ``EncodeError`` (a value cannot cross),
    ``WorkerClosedError``, and the kinds of ``TransportError``: ``WorkerStartError``,
    ``WorkerCrashedError`` and ``RequestTimeoutError``.

    Attributes:
        timeout: seconds that a request may take; None for no limit.
    """

    timeout: "float | None"
    _link: "Link"

    async def request(
        self, type: str, payload: "Any" = None, timeout: "float | None" = DEFAULT
    ) -> "Any":
        """Send a request of any type, such as one of ``worker.py``'s own; return its result.

        Args:
            type: its name on the wire.
            payload: any value that can cross.
            timeout: seconds that the worker may take for it, once what was sent before is done;
                None for no limit; by default as given to the constructor.

        Raises:
            RemoteError: Python raised in the worker.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        reply = await self._request(type, payload, timeout)
        return reply.value() if isinstance(reply, Reply) else reply

    async def _request(self, type: str, payload: "Any", timeout: "float | None") -> "Any":
        """Return the reply, a result as it came: whoever looks at it reads it."""
        return await self._link.send(type, payload, self._limit(timeout))

    def _limit(self, timeout: "float | None") -> "float | None":
        return self.timeout if timeout is DEFAULT else timeout

    async def reset(
        self,
        seed: "SupportsIndex | Sequence[SupportsIndex | None] | None" = None,
        options: "dict[str, Any] | None" = None,
        render: "bool | str" = True,
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> Result:
        """Reset the environment.

        Args:
            seed: a whole number, NumPy's too; of a vector environment also one for each.
            options: as Gymnasium has them.
            render: whether to render it. With a canvas attached the frame stays in the worker,
                painted; ``"send"`` sends it to the page as well.
            timeout: seconds, None for no limit.
            env: which of several environments, by its name; by default the first, ``worker.env``.

        Returns:
            A result with ``obs``, ``infos`` and ``render_state``; with ``agent`` where agents take
            turns, as in PettingZoo's ``AECEnv``.

        Raises:
            RemoteError: the environment raised, or there is none.
            MisuseError: the seed is no whole number.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        payload = about(env, {"render": render})
        if seed is not None:
            payload["seed"] = seeds(seed)
        if options is not None:
            payload["options"] = options
        return Result(await self._request(RESET, payload, timeout))

    async def step(
        self,
        actions: "Any",
        render: "bool | str" = True,
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> Result:
        """Step the environment with one action, or a dict of actions by agent.

        Args:
            actions: what goes into ``env.step()``; where agents take turns, the action of the one
                whose turn it is; in a vector environment a list of actions, one for each.
            render: as for ``reset``.
            timeout: seconds, None for no limit.
            env: as for ``reset``.

        Returns:
            A result with ``obs``, ``rewards``, ``terminateds``, ``truncateds``, ``infos`` and
            ``render_state``; with ``agent`` where agents take turns.

        Raises:
            RemoteError: the environment raised, or there is none.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        if env is not None:
            payload = {"actions": actions, "render": render, "env": env}
            return Result(await self._request(STEP, payload, timeout))
        limit = self.timeout if timeout is DEFAULT else timeout
        return Result(await self._link.step(actions, render, limit))

    async def render(self, timeout: "float | None" = DEFAULT, env: "str | None" = None) -> Result:
        """Render the environment as it is, for the page and on the canvas if there is one.

        Args:
            timeout: seconds, None for no limit.
            env: as for ``reset``.

        Returns:
            A result with ``render_state``.

        Raises:
            RemoteError: the environment raised, or there is none.
            TransportError, WorkerClosedError: as any request.
        """
        return Result(await self._request(RENDER, about(env, {}) or None, timeout))

    async def seed_rng(self, seed: "SupportsIndex", timeout: "float | None" = DEFAULT) -> None:
        """Seed Python's ``random`` and NumPy's global generator in the worker.

        Raises:
            MisuseError: the seed is no whole number.
            RemoteError: NumPy does not take it.
            TransportError, WorkerClosedError: as any request.
        """
        await self.request(SEED_RNG, {"seed": whole(seed, "seed")}, timeout)

    async def batch(
        self,
        operations: "Sequence[dict[str, Any]]",
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> "list[Any]":
        """Run operations in one round trip, stopping at the first failure.

        Args:
            operations: ``{"op": request type, "params": its payload}``, for example ``{"op":
                "step", "params": {"actions": 1}}``.
            timeout: seconds for all of them, None for no limit.
            env: as for ``reset``, for those whose ``params`` have no ``env`` of their own.

        Returns:
            One result for each operation.

        Raises:
            RemoteError: with ``failed_index`` and ``partial_results``.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        operations = list(operations)
        reply = await self._request(BATCH, about(env, {"operations": operations}), timeout)
        rows = reply.rows()
        if rows is not None:
            return [Result(rows, row) for row in range(rows.count)]
        return [_result_of(operations[i]["op"], item) for i, item in enumerate(reply.value())]


def about(env: "str | None", payload: "dict[str, Any]") -> "dict[str, Any]":
    """Return a payload with the name of the environment that it is about."""
    if env is not None:
        payload["env"] = env
    return payload


def _result_of(op: str, item: "Any") -> "Any":
    """Return what an operation of a batch gives: the environment's results with attributes."""
    return Result(item) if op in (RESET, STEP, RENDER) and isinstance(item, dict) else item
