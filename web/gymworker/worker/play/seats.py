"""Who decides for which agent: a mapping of keys, a policy, or chance. Runs in the worker.

A policy is a function of the environment's code, ``policy(obs)``, and may be ``async``. By name it
gets what its signature asks for:

    def policy(obs, agent=None, info=None, start=False): ...

    agent   whom it decides for, None where that is nobody with a name
    info    what came with the observation
    start   whether an episode begins: a policy with a memory empties it
"""

import copy
import inspect

from ...errors import ProtocolError
from ..turns import mask_of, sampled
from ..values import kept
from .actions import Check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..keys.mapping import Mapping
    from ..keys.pointer import Read

    Policy = Callable[..., Any]

HUMAN = "human"
POLICY = "policy"
RANDOM = "random"
"""Who decides: keys, a function of the environment's code, or chance."""

KINDS = (HUMAN, POLICY, RANDOM)

EXTRAS = ("agent", "info", "start")
"""What a policy may ask for besides the observation."""


class Seat:
    """Who decides for one agent.

    Args:
        agent: its name, None in an environment of one agent.
        mapping: the keys, or None.
        idle: the action while no key asks for one.
        policy: decides where there is no mapping.
        space: of the actions, from which one is drawn where there is no policy either.
        pointer: makes actions of the pointer, None where it is not this player's.

    Attributes:
        space: as given.
        choices: of the kinds, who could decide.
        check: sees to it that what is done is of the space.

    Raises:
        ProtocolError: the policy asks for what it cannot get.
    """

    def __init__(
        self,
        agent: "Any",
        mapping: "Mapping | None",
        idle: "Any" = None,
        policy: "Policy | None" = None,
        space: "Any" = None,
        pointer: "Read | None" = None,
    ) -> None:
        self.agent = agent
        self.mapping = mapping
        self.idle = idle
        self.pointer = pointer
        self.choices: list[str] = []
        self.space = space
        self.check = Check(space, agent)
        self._policy = policy
        self._space: Any = None
        if self.kind == RANDOM:
            self._space = copy.deepcopy(space)  # the environment may draw from its own
        self._extras = _extras(policy) if policy is not None else ()

    @property
    def kind(self) -> str:
        """Who decides: one of the kinds."""
        if self.mapping is not None:
            return HUMAN
        return POLICY if self._policy is not None else RANDOM

    def seed(self, seed: int) -> None:
        """Begin an episode: what chance decides follows from the seed."""
        if self._space is not None:
            self._space.seed(seed)

    def capture(self) -> "tuple[Any, ...]":
        """Return the objects that decide here, whose memory may be in them, for ``restore``."""
        return self._policy, self._space, getattr(self.pointer, "function", None)

    def restore(self, captured: "tuple[Any, ...]") -> None:
        """Let those objects decide that ``capture`` has returned, or equal ones."""
        self._policy, self._space, function = captured
        if function is not None:
            self.pointer.function = function  # type: ignore[union-attr]

    def ask(self, obs: "Any", info: "Any", start: bool) -> "Any":
        """Return what is decided without keys: an action, or something to await."""
        if self._policy is None:
            return sampled(self._space, None if self.agent is None else mask_of(obs, info))
        if not self._extras:
            return self._policy(kept(obs))
        given = {"agent": self.agent, "info": None, "start": start}
        if "info" in self._extras:
            given["info"] = kept(info)
        return self._policy(kept(obs), **{name: given[name] for name in self._extras})


def _extras(policy: "Policy") -> "tuple[str, ...]":
    """Return which of ``EXTRAS`` a policy's signature asks for."""
    try:
        parameters = list(inspect.signature(policy).parameters.values())
    except (TypeError, ValueError):  # a function of C may have none to look at
        return ()
    if any(item.kind == item.VAR_KEYWORD for item in parameters):
        return EXTRAS
    rest = [
        item
        for item in parameters[1:]
        if item.kind in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY)
    ]
    for item in rest:
        if item.name not in EXTRAS and item.default is item.empty:
            raise ProtocolError(
                f"a policy asks for {item.name!r}; besides the observation it can get "
                + ", ".join(EXTRAS)
            )
    return tuple(item.name for item in rest if item.name in EXTRAS)
