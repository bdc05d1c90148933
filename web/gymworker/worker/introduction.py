"""What an environment says of itself: its kind, its agents, its spaces. Runs in the worker.

Spaces are told apart by the names of their classes, so that nothing is imported for it; a subclass
of one of Gymnasium's is described as that.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GYMNASIUM, PARALLEL, AEC, VECTOR = "gymnasium", "parallel", "aec", "vector"


def kind_of(env: "Any") -> str:
    """Return ``gymnasium``, ``vector``, or PettingZoo's ``parallel`` or ``aec``.

    Gymnasium's may have ``agents`` of their own, which makes them none of PettingZoo's; and some of
    PettingZoo's have none before their first reset.
    """
    gymnasium = sys.modules.get("gymnasium")
    if gymnasium is not None and isinstance(env, gymnasium.vector.VectorEnv):
        return VECTOR
    if gymnasium is not None and isinstance(env, gymnasium.Env):
        return GYMNASIUM
    if callable(getattr(env, "agent_iter", None)) and callable(getattr(env, "last", None)):
        return AEC
    pettingzoo = sys.modules.get("pettingzoo")
    if pettingzoo is not None and isinstance(env, pettingzoo.ParallelEnv):
        return PARALLEL
    if hasattr(env, "possible_agents") or hasattr(env, "agents"):
        return PARALLEL
    return GYMNASIUM


def introduction(env: "Any") -> "dict[str, Any]":
    """Return the fields of ``protocol.EnvironmentFields``, but for ``keys``."""
    kind = kind_of(env)
    agents = agents_of(env) if kind in (PARALLEL, AEC) else []
    spec = getattr(env, "spec", None)
    return {
        "kind": kind,
        "spec": getattr(spec, "id", None),
        "metadata": getattr(env, "metadata", None) or {},
        "renderMode": getattr(env, "render_mode", None),
        "agents": agents,
        "observationSpace": _spaces(env, "observation_space", kind, agents),
        "actionSpace": _spaces(env, "action_space", kind, agents),
    }


def agents_of(env: "Any") -> "list[Any]":
    """Return the agents that an environment of several may have; not all know them beforehand."""
    return list(getattr(env, "possible_agents", None) or getattr(env, "agents", None) or [])


def space_of(env: "Any", name: str, agent: "Any") -> "Any":
    """Return the space of an agent, None where there is none.

    Args:
        env: the environment.
        name: ``observation_space`` or ``action_space``.
        agent: None in an environment of one agent.
    """
    found = getattr(env, name, None)
    if agent is None:
        return found
    if callable(found):
        return found(agent)
    return (getattr(env, name + "s", None) or {}).get(agent)


def describe_space(space: "Any") -> "dict[str, Any] | None":
    """Return a space as plain values and arrays, None for none.

    Returns:
        Its ``type``, ``shape`` and ``dtype`` (a name), and what its kind has besides: ``low`` and
        ``high`` (arrays of that shape, infinite bounds included), ``n`` and ``start``, ``nvec``,
        ``minLength``, ``maxLength`` and ``charset``, ``spaces`` (a dict or a list), ``space`` and
        ``stack``, ``nodeSpace`` and ``edgeSpace``. Of any other space ``text``, its repr.
    """
    if space is None:
        return None
    shape, dtype = getattr(space, "shape", None), getattr(space, "dtype", None)
    fields: dict[str, Any] = {
        "type": type(space).__name__,
        "shape": tuple(shape) if shape is not None else None,
        "dtype": str(getattr(dtype, "name", dtype)) if dtype is not None else None,
    }
    for base in type(space).__mro__:
        if base.__name__ in _MORE:
            fields["type"] = base.__name__
            fields.update(_MORE[base.__name__](space))
            return fields
    fields["text"] = repr(space)[:1000]
    return fields


def _spaces(env: "Any", name: str, kind: str, agents: "list[Any]") -> "Any":
    if kind in (PARALLEL, AEC):
        return {agent: describe_space(space_of(env, name, agent)) for agent in agents}
    return describe_space(space_of(env, name, None))


def _nested(space: "Any") -> "dict[str, Any]":
    inner = space.spaces
    if hasattr(inner, "items"):
        return {"spaces": {key: describe_space(item) for key, item in inner.items()}}
    return {"spaces": [describe_space(item) for item in inner]}


_MORE: "dict[str, Callable[[Any], dict[str, Any]]]" = {
    "Box": lambda space: {"low": space.low, "high": space.high},
    "Discrete": lambda space: {"n": int(space.n), "start": int(space.start)},
    "MultiBinary": lambda space: {"n": space.n},
    "MultiDiscrete": lambda space: {"nvec": space.nvec, "start": space.start},
    "Text": lambda space: {
        "minLength": space.min_length,
        "maxLength": space.max_length,
        "charset": "".join(sorted(space.character_set)),
    },
    "Dict": _nested,
    "Tuple": _nested,
    "OneOf": _nested,
    "Sequence": lambda space: {
        "space": describe_space(space.feature_space),
        "stack": bool(space.stack),
    },
    "Graph": lambda space: {
        "nodeSpace": describe_space(space.node_space),
        "edgeSpace": describe_space(space.edge_space),
    },
}
