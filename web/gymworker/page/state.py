"""The states of the environment, as the page keeps and restores them. Runs on the page."""

from ..errors import MisuseError
from ..protocol import COMPUTE_HASH, GET_STATE, SET_STATE
from .arguments import DEFAULT
from .environment import about
from .fields import Fields, entry
from .games import GameRequests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..codec.light.array import Array


class State(Fields):
    """A state of the environment: what ``set_state`` takes, in any worker with the same one.

    Attributes:
        data: its bytes, a ``uint8`` array: all that is needed, as of a file.
        hash: 32 hexadecimal digits, the same for equal states in every browser.
        seconds: that the worker took for it.
    """

    data: "Any" = entry("state")
    hash: str = entry("hash")
    seconds: float = entry("seconds")

    @property
    def size(self) -> int:
        """How many bytes it has."""
        data = self.data
        return data.nbytes if hasattr(data, "nbytes") else len(data)

    def __repr__(self) -> str:
        return "State(" + self.hash + ", " + str(self.size) + " bytes)"


class StateRequests(GameRequests):
    """The part of ``PyodideWorker`` that is about states."""

    async def get_state(self, timeout: "float | None" = DEFAULT, env: "str | None" = None) -> State:
        """Return the state of the environment: with its wrappers, its module and its generators.

        Args:
            timeout: seconds, None for no limit.
            env: which of several environments, by its name; by default the first.

        Raises:
            RemoteError: there is no environment, or something in it cannot be saved: a
                ``StateError`` names its path.
            TransportError, WorkerClosedError: as any request.
        """
        return State(await self.request(GET_STATE, about(env, {}) or None, timeout))

    async def set_state(
        self,
        state: "State | Array | bytes | bytearray",
        timeout: "float | None" = DEFAULT,
        env: "str | None" = None,
    ) -> str:
        """Put the environment in a state; ``render()`` shows it.

        Args:
            state: what ``get_state`` has returned, here or in another browser, or the bytes of a
                file that its ``data`` was written to. It can make the worker run any Python code:
                take none from strangers.
            timeout: seconds, None for no limit.
            env: see ``get_state``.

        Returns:
            Its hash.

        Raises:
            RemoteError: it is damaged, or another environment's: a ``StateError`` says what
                differs, and nothing has changed.
            MisuseError: it is no state at all.
            TransportError, WorkerClosedError: as any request.
        """
        data = state.data if isinstance(state, State) else state
        if isinstance(data, bytearray):
            data = bytes(data)
        if not isinstance(data, bytes) and not hasattr(data, "dtype"):
            raise MisuseError("expected a State or its bytes, got " + repr(state)[:80])
        reply = await self.request(SET_STATE, about(env, {"state": data}), timeout)
        return reply["hash"]  # type: ignore[no-any-return]

    async def compute_hash(
        self, timeout: "float | None" = DEFAULT, env: "str | None" = None
    ) -> str:
        """Return the hash of the environment's state; see ``State``.

        Args:
            timeout: seconds, None for no limit.
            env: see ``get_state``.

        Raises:
            RemoteError: there is no environment, or something in it cannot be saved.
            TransportError, WorkerClosedError: as any request.
        """
        reply = await self.request(COMPUTE_HASH, about(env, {}) or None, timeout)
        return reply["hash"]  # type: ignore[no-any-return]
