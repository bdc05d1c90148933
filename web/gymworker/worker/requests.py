"""The requests about the environment: what each field of their results is. Runs in the worker."""

import random
import sys

from ..codec import written
from ..errors import ProtocolError
from .introduction import agents_of, kind_of, space_of
from .turns import mask_of, sampled
from .values import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..shapes import ResetFields, StepFields
    from .call import Call
    from .environment import Environment
    from .environments import Environments

SEND = "send"
"""In place of a bool in ``render``: the page wants the picture, canvas or not."""


class EnvironmentRequests:
    """Handles ``reset``, ``step``, ``render`` and ``seedRng``; ``protocol`` has the payloads.

    Args:
        environments: the worker's.
    """

    def __init__(self, environments: "Environments") -> None:
        self._environments = environments

    def reset(self, call: "Call") -> "ResetFields":
        """Reset."""
        environment = self._environments.of(call.payload)
        seed = call.field("seed", (int, list, tuple) if environment.vector else int, None)
        options = call.field("options", dict, None)
        wanted = _wanted(call.payload)
        obs, infos = environment.reset(seed, options)
        picture = _picture(environment, wanted, call.batched) if wanted else None
        result: ResetFields = {"obs": obs, "infos": infos, "render_state": picture}
        if environment.turns is not None:
            result["agent"] = environment.turns.agent
        return result

    def step(self, call: "Call") -> "StepFields":
        """Step."""
        payload = call.payload
        try:
            actions = payload["actions"]
        except (KeyError, TypeError):
            raise ProtocolError(f"expected a payload with 'actions', got {payload!r:.80}") from None
        wanted = _wanted(payload)
        name = payload.get("env")
        environments = self._environments
        environment = environments.default if name is None else environments.named(name)
        environment.check(actions)
        obs, rewards, terminateds, truncateds, infos = environment.step(actions)
        result: StepFields = {
            "obs": obs,
            "rewards": rewards,
            "terminateds": terminateds,
            "truncateds": truncateds,
            "infos": infos,
            "render_state": _picture(environment, wanted, call.batched) if wanted else None,
        }
        if environment.turns is not None:
            result["agent"] = environment.turns.agent
        return result

    def render(self, call: "Call") -> "dict[str, Any]":
        """Render the environment as it is; the page gets the picture."""
        environment = self._environments.of(call.payload)
        environment.required()
        return {"render_state": _picture(environment, SEND, call.batched)}

    def seed_rng(self, call: "Call") -> "dict[str, Any]":
        """Seed ``random`` and, where it is installed, NumPy's global generator."""
        seed = call.field("seed", int)
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)
        return {"ok": True}

    def sample(self, call: "Call") -> "Any":
        """Return a random action of the action space, or of each agent's by agent.

        Where agents take turns, one that the agent whose turn it is may take.
        """
        seed, agent = call.field("seed", int, None), call.field("agent", object, None)
        environment = self._environments.of(call.payload)
        env, turns = environment.required(), environment.turns
        if turns is not None and agent in (None, turns.agent):
            if turns.agent is None:
                raise ProtocolError("it is nobody's turn: reset the environment first")
            (obs,), (info,) = (told.values() for told in turns.look())
            return _sampled(env, turns.agent, seed, mask_of(obs, info))
        if agent is None and not environment.parallel:
            return _sampled(env, None, seed)
        agents = agents_of(env)
        if agent is None:
            return {one: _sampled(env, one, seed) for one in getattr(env, "agents", agents)}
        known = {str(one): one for one in agents}  # a page in JavaScript has names as text
        if agent not in agents and agent not in known:
            raise ProtocolError(f"the environment has no agent {agent!r}; it has {agents}")
        return _sampled(env, agent if agent in agents else known[agent], seed)


def _picture(environment: "Environment", wanted: "bool | str", batched: bool) -> "Any":
    """Render, show it on the canvas if there is one, and return what the page gets."""
    if not environment.renders:
        return None
    state = environment.render()
    if environment.painter is not None:
        environment.painter.show(state)
        if wanted != SEND:
            return None
    # The environment may draw in the same array or list again before a batch is sent.
    if not batched or not (hasattr(state, "dtype") or isinstance(state, (list, tuple))):
        return state
    return (written(state) if type(state) is list else None) or kept(state)


def _sampled(env: "Any", agent: "Any", seed: int | None, mask: "Any" = None) -> "Any":
    space = space_of(env, "action_space", agent)
    if not hasattr(space, "sample"):
        raise ProtocolError(f"the {kind_of(env)} environment has no action space to sample from")
    if seed is not None:
        space.seed(seed)
    return sampled(space, mask)


def _wanted(payload: "Any") -> "bool | str":
    wanted = payload.get("render") if isinstance(payload, dict) else None
    if wanted is True or wanted is False:
        return wanted
    if wanted is None:
        return True
    if not isinstance(wanted, bool) and wanted != SEND:
        raise ProtocolError(f"expected render to be true, false or 'send', got {wanted!r:.80}")
    return wanted  # type: ignore[no-any-return]
