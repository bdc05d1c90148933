"""The requests about states: what each field of their results is. Runs in the worker."""

import sys
import time

from ...errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...shapes import HashFields, StateFields
    from ..call import Call
    from ..environments import Environments
    from .states import States


class StateRequests:
    """Handles ``getState``, ``setState`` and ``computeHash``; ``protocol`` has the payloads.

    Args:
        environments: the worker's.
    """

    def __init__(self, environments: "Environments") -> None:
        self._environments = environments

    def get_state(self, call: "Call") -> "StateFields":
        """Return the state as bytes that are complete by themselves."""
        began = time.perf_counter()
        states = self._states(call)
        data = states.write(states.save())
        hash = states.digest()
        return {"state": for_page(data), "hash": hash, "seconds": time.perf_counter() - began}

    def set_state(self, call: "Call") -> "HashFields":
        """Restore a state from its bytes."""
        states = self._states(call)
        states.restore(states.read(to_bytes(call.field("state", object))))
        return {"hash": states.digest()}

    def compute_hash(self, call: "Call") -> "HashFields":
        """Return the hash of the present state."""
        return {"hash": self._states(call).digest()}

    def _states(self, call: "Call") -> "States":
        return self._environments.states(self._environments.of(call.payload))


def for_page(data: bytes) -> "Any":
    """Return bytes as an array, which a Python page need not copy into its own memory."""
    numpy = sys.modules.get("numpy")
    return data if numpy is None else numpy.frombuffer(data, "u1")


def to_bytes(state: "Any") -> bytes:
    """Return what ``for_page`` was given, after its way to a page and back.

    Raises:
        ProtocolError: it is nothing of that kind.
    """
    if isinstance(state, (bytes, bytearray)):
        return bytes(state)
    if isinstance(state, memoryview) or str(getattr(state, "dtype", "")) == "uint8":
        return state.tobytes()  # type: ignore[no-any-return]
    raise ProtocolError(
        f"expected 'state' to be the bytes of getState, got {type(state).__name__} {state!r:.80}"
    )
