"""Who decides for which agent: a mapping of keys, or a policy. Runs in the worker.

A policy is a function of the environment's code, ``policy(obs)``, and may be ``async``. By name it
gets what its signature asks for:

    def policy(obs, agent=None, info=None, start=False): ...

    agent   whom it decides for, None where that is nobody with a name
    info    what came with the observation
    start   whether an episode begins: a policy with a memory empties it
"""

import inspect

from ...errors import ProtocolError
from ..keys.mapping import Mapping
from ..values import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Policy = Callable[..., Any]

POLICY = "policy"
"""In place of an action mapping: the agent follows its policy."""

HUMAN = "human"
"""Who plays where keys do."""

EXTRAS = ("agent", "info", "start")
"""What a policy may ask for besides the observation."""


class Seat:
    """Who decides for one agent.

    Args:
        agent: its name, None in an environment of one agent.
        mapping: the keys, or None.
        idle: the action while no key asks for one.
        policy: decides where there is no mapping.

    Attributes:
        who: ``human`` or ``policy``, for the record.

    Raises:
        ProtocolError: the policy asks for what it cannot get.
    """

    def __init__(
        self,
        agent: "Any",
        mapping: "Mapping | None",
        idle: "Any" = None,
        policy: "Policy | None" = None,
    ) -> None:
        self.agent = agent
        self.mapping = mapping
        self.idle = idle
        self.who = POLICY if mapping is None else HUMAN
        self._policy = policy
        self._extras = _extras(policy) if policy is not None else ()

    def ask(self, obs: "Any", info: "Any", start: bool) -> "Any":
        """Return what the policy answers: an action, or something to await."""
        assert self._policy is not None
        if not self._extras:
            return self._policy(kept(obs))
        given = {"agent": self.agent, "info": None, "start": start}
        if "info" in self._extras:
            given["info"] = kept(info)
        return self._policy(kept(obs), **{name: given[name] for name in self._extras})


def seats(
    own: "dict[str, Any]",
    asked: "dict[str, Any]",
    env: "Any",
    module: "dict[str, Any]",
    parallel: bool,
) -> "dict[Any, Seat]":
    """Return who decides for which agent.

    Args:
        own: the settings that the environment brings along, by their names on the wire.
        asked: those of the page, which count more.
        env: the environment.
        module: the names that its code left.
        parallel: whether actions go by agent.

    Raises:
        ProtocolError: a setting is wrong, or nobody decides for an agent; it says how to go on.
    """
    values = {**own, **asked}
    wanted = values.get("agents")
    if wanted is not None and not isinstance(wanted, dict):
        raise ProtocolError(
            f"expected agents to be a dict of agents to mappings or 'policy', got {wanted!r:.80}"
        )
    if not parallel:
        if wanted:
            raise ProtocolError(
                "this environment has one agent without a name: give action_mapping, not agents"
            )
        given = values["actionMapping"] if "actionMapping" in values else _keys_of(env, module)
        return {None: _seat(None, given, values, env, module)}
    for given in (own, asked):
        if given.get("agents") and "actionMapping" in given:
            raise ProtocolError("give agents or action_mapping, not both: whose keys are they?")
    agents = list(getattr(env, "possible_agents", None) or env.agents)
    named = _by_agent(wanted or {}, agents)
    if agents and "actionMapping" in (asked if wanted else values):
        named[_whose_keys(named, agents)] = values["actionMapping"]
    return {agent: _seat(agent, named.get(agent, POLICY), values, env, module) for agent in agents}


def _by_agent(wanted: "dict[Any, Any]", agents: "list[Any]") -> "dict[Any, Any]":
    """Return what was said of the agents; a page in JavaScript has all names as text."""
    texts = {str(agent): agent for agent in agents}
    named = {}
    for name, given in wanted.items():
        agent = name if name in agents else texts.get(name)
        if agent is None:
            raise ProtocolError(f"the environment has no agent {name!r}; it has {agents}")
        named[agent] = given
    return named


def _whose_keys(named: "dict[Any, Any]", agents: "list[Any]") -> "Any":
    """Return the agent that an action mapping without a name is for."""
    players = [agent for agent, given in named.items() if not _is_policy(given)]
    if len(players) > 1:
        raise ProtocolError(
            f"the environment lets keys play {players}: say in agents whose keys action_mapping has"
        )
    return players[0] if players else agents[0]


def _keys_of(env: "Any", module: "dict[str, Any]") -> "Any":
    """Return the mapping that the environment brings along, or its policy."""
    found = getattr(getattr(env, "unwrapped", env), "get_keys_to_action", None)
    if callable(found):
        return found()
    if _policy(None, module) is not None:
        return POLICY
    raise ProtocolError(
        "no keys are known for this environment: give action_mapping, for example "
        '{"ArrowLeft": 0, "ArrowRight": 1}, to play() or as `play = dict(action_mapping=...)` in '
        "the environment's code, or leave a `policy(obs)` there"
    )


def _is_policy(given: "Any") -> bool:
    return isinstance(given, str) and given == POLICY


def _seat(
    agent: "Any", given: "Any", values: "dict[str, Any]", env: "Any", module: "dict[str, Any]"
) -> Seat:
    if not _is_policy(given):
        mapping = Mapping(given)
        return Seat(agent, mapping, _idle(agent, mapping, values, env))
    policy = _policy(agent, module)
    if policy is None:
        who = "the agent" if agent is None else f"agent {agent!r}"
        raise ProtocolError(
            f"nobody decides for {who}: give it an action mapping (in agents, if it has a name), "
            "or leave a `policy(obs)` or a dict `policies` of them in the environment's code"
        )
    return Seat(agent, None, policy=policy)


def _policy(agent: "Any", module: "dict[str, Any]") -> "Policy | None":
    policies = module.get("policies")
    if isinstance(policies, dict) and callable(policies.get(agent)):
        return policies[agent]  # type: ignore[no-any-return]
    policy = module.get("policy")
    return policy if callable(policy) else None


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


def _idle(agent: "Any", mapping: Mapping, values: "dict[str, Any]", env: "Any") -> "Any":
    """Return the action of no key: as given, as mapped, else the zero of the action space."""
    if "defaultAction" in values:
        given = values["defaultAction"]
        if agent is not None and isinstance(given, dict) and agent in given:
            return given[agent]
        return given
    if mapping.idle:
        return mapping.idle[0]
    space = getattr(env, "action_space", None)
    if agent is not None and callable(space):
        space = space(agent)
    shape = getattr(space, "shape", None)
    if space is not None and shape:
        import numpy

        return numpy.zeros(shape, space.dtype)
    return int(getattr(space, "start", 0))
