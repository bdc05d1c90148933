"""The requests about the environment: what each field of their results is. Runs in the worker."""

import random
import sys

from ..errors import ProtocolError
from .introduction import agents_of, kind_of, space_of
from .values import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..shapes import ResetFields, StepFields
    from .call import Call
    from .environment import Environment

SEND = "send"
"""In place of a bool in ``render``: the page wants the picture, canvas or not."""


class EnvironmentRequests:
    """Handles ``reset``, ``step``, ``render`` and ``seedRng``; ``protocol`` has the payloads.

    Args:
        environment: the worker's.
    """

    def __init__(self, environment: "Environment") -> None:
        self._environment = environment

    def reset(self, call: "Call") -> "ResetFields":
        """Reset."""
        seed = call.field("seed", int, None)
        options = call.field("options", dict, None)
        wanted = _wanted(call.payload)
        obs, infos = self._environment.reset(seed, options)
        return {"obs": obs, "infos": infos, "render_state": self._picture(wanted, call.batched)}

    def step(self, call: "Call") -> "StepFields":
        """Step."""
        payload = call.payload
        try:
            actions = payload["actions"]
        except (KeyError, TypeError):
            raise ProtocolError(f"expected a payload with 'actions', got {payload!r:.80}") from None
        wanted = _wanted(payload)
        obs, rewards, terminateds, truncateds, infos = self._environment.step(actions)
        return {
            "obs": obs,
            "rewards": rewards,
            "terminateds": terminateds,
            "truncateds": truncateds,
            "infos": infos,
            "render_state": self._picture(wanted, call.batched),
        }

    def render(self, call: "Call") -> "dict[str, Any]":
        """Render the environment as it is; the page gets the picture."""
        self._environment.required()
        return {"render_state": self._picture(SEND, call.batched)}

    def seed_rng(self, call: "Call") -> "dict[str, Any]":
        """Seed ``random`` and, where it is installed, NumPy's global generator."""
        seed = call.field("seed", int)
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)
        return {"ok": True}

    def sample(self, call: "Call") -> "Any":
        """Return a random action of the action space, or of each agent's by agent."""
        seed, agent = call.field("seed", int, None), call.field("agent", object, None)
        env = self._environment.required()
        if agent is None and not self._environment.parallel:
            return _sampled(env, None, seed)
        agents = agents_of(env)
        if agent is None:
            return {one: _sampled(env, one, seed) for one in getattr(env, "agents", agents)}
        known = {str(one): one for one in agents}  # a page in JavaScript has names as text
        if agent not in agents and agent not in known:
            raise ProtocolError(f"the environment has no agent {agent!r}; it has {agents}")
        return _sampled(env, agent if agent in agents else known[agent], seed)

    def _picture(self, wanted: "bool | str", batched: bool) -> "Any":
        """Render, show it on the canvas if there is one, and return what the page gets."""
        environment = self._environment
        if not wanted or not environment.renders:
            return None
        state = environment.render()
        if environment.painter is not None:
            environment.painter.show(state)
            if wanted != SEND:
                return None
        # The environment may draw in the same array again before a batch is sent.
        return kept(state) if batched and hasattr(state, "dtype") else state


def _sampled(env: "Any", agent: "Any", seed: int | None) -> "Any":
    space = space_of(env, "action_space", agent)
    if not hasattr(space, "sample"):
        raise ProtocolError(f"the {kind_of(env)} environment has no action space to sample from")
    if seed is not None:
        space.seed(seed)
    return space.sample()


def _wanted(payload: "Any") -> "bool | str":
    wanted = payload.get("render") if isinstance(payload, dict) else None
    if wanted is True or wanted is False:
        return wanted
    if wanted is None:
        return True
    if not isinstance(wanted, bool) and wanted != SEND:
        raise ProtocolError(f"expected render to be true, false or 'send', got {wanted!r:.80}")
    return wanted  # type: ignore[no-any-return]
