"""Who takes which seat of a game, by what the page and the environment say. Runs in the worker."""

from ...errors import ProtocolError
from ..introduction import agents_of, space_of
from ..keys.mapping import Mapping
from .seats import HUMAN, KINDS, POLICY, RANDOM, Seat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .seats import Policy


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
    agents = agents_in(env, parallel)
    for given in (own, asked):
        _check(given, parallel)
    kinds = _kinds(own.get("seats"), agents)
    theirs = _mappings(own, agents, parallel, kinds)
    if not parallel and theirs.get(None) is None:
        theirs = {None: _keys_of(env)}
    given = _mappings(asked, agents, parallel, kinds, theirs)
    kinds = {agent: kind for agent, kind in kinds.items() if agent not in given}
    kinds.update(_kinds(asked.get("seats"), agents))
    if asked.get("agents"):  # who is not named in it follows a policy
        given = {**dict.fromkeys(agents, POLICY), **given}
    values = {**own, **asked}
    made = {}
    for agent in agents:
        keys = given.get(agent, theirs.get(agent))
        kind = kinds.get(agent) or (HUMAN if keys is not None else None)
        if kind is None:
            kind = HUMAN if agent is None and _policy(None, module) is None else POLICY
        elif agent not in kinds and _is_policy(keys):
            kind = POLICY
        if _is_policy(keys):
            keys = theirs.get(agent)
        made[agent] = _seat(agent, kind, None if _is_policy(keys) else keys, values, env, module)
    return made


def agents_in(env: "Any", parallel: bool) -> "list[Any]":
    """Return the agents of an environment; its only one has no name."""
    return agents_of(env) if parallel else [None]


def _check(given: "dict[str, Any]", parallel: bool) -> None:
    """See to it that the settings of one side say whose keys they are."""
    wanted = given.get("agents")
    if wanted is not None and not isinstance(wanted, dict):
        raise ProtocolError(
            f"expected agents to be a dict of agents to mappings or 'policy', got {wanted!r:.80}"
        )
    if wanted and not parallel:
        raise ProtocolError(
            "this environment has one agent without a name: give action_mapping, not agents"
        )
    if wanted and "actionMapping" in given:
        raise ProtocolError("give agents or action_mapping, not both: whose keys are they?")


def _mappings(
    given: "dict[str, Any]",
    agents: "list[Any]",
    parallel: bool,
    kinds: "dict[Any, str]",
    others: "dict[Any, Any] | None" = None,
) -> "dict[Any, Any]":
    """Return the mappings, or ``POLICY``, that one side gives, by agent.

    Args:
        given: its settings.
        agents: of the environment.
        parallel: whether actions go by agent.
        kinds: who decides, as far as that is said.
        others: what the environment says, where ``given`` is the page's.
    """
    found = _by_agent(given.get("agents") or {}, agents)
    if agents and "actionMapping" in given:
        agent = _whose_keys(others or {}, agents, kinds) if parallel else None
        found[agent] = given["actionMapping"]
    return found


def _by_agent(wanted: "dict[Any, Any]", agents: "list[Any]") -> "dict[Any, Any]":
    """Return what was said of the agents; a page in JavaScript has all names as text."""
    texts = {str(agent): agent for agent in agents}
    named = {}
    for name, given in wanted.items():
        agent = name if name in agents else texts.get(name, name)
        if agent not in agents:
            raise ProtocolError(f"the environment has no agent {name!r}; it has {agents}")
        named[agent] = given
    return named


def _whose_keys(named: "dict[Any, Any]", agents: "list[Any]", kinds: "dict[Any, str]") -> "Any":
    """Return the agent that an action mapping without a name is for."""
    players = [
        agent
        for agent, given in named.items()
        if not _is_policy(given) and kinds.get(agent, HUMAN) == HUMAN
    ]
    if len(players) > 1:
        raise ProtocolError(
            f"the environment lets keys play {players}: say in agents whose keys action_mapping has"
        )
    return players[0] if players else agents[0]


def _kinds(wanted: "Any", agents: "list[Any]") -> "dict[Any, str]":
    """Return who is to decide: one word counts for all agents."""
    if wanted is None:
        return {}
    kinds = wanted if isinstance(wanted, dict) else dict.fromkeys(agents, wanted)
    for kind in kinds.values():
        if not isinstance(kind, str) or kind not in KINDS:
            known = ", ".join(repr(name) for name in KINDS)
            raise ProtocolError(f"expected each of seats to be one of {known}, got {kind!r:.80}")
    return _by_agent(kinds, agents)


def _keys_of(env: "Any") -> "Any":
    """Return the mapping that an environment of one agent brings along, None if there is none."""
    found = getattr(getattr(env, "unwrapped", env), "get_keys_to_action", None)
    return found() if callable(found) else None


def _is_policy(given: "Any") -> bool:
    return isinstance(given, str) and given == POLICY


def _seat(
    agent: "Any",
    kind: str,
    keys: "Any",
    values: "dict[str, Any]",
    env: "Any",
    module: "dict[str, Any]",
) -> Seat:
    """Return a seat.

    Args:
        agent: whose.
        kind: who decides.
        keys: the mapping, None if there is none.
        values: the settings.
        env: the environment.
        module: the names that its code left.
    """
    policy, space = _policy(agent, module), space_of(env, "action_space", agent)
    has = {HUMAN: keys is not None, POLICY: policy is not None, RANDOM: hasattr(space, "sample")}
    if not has[kind]:
        raise ProtocolError(_missing(agent, kind))
    if kind == HUMAN:
        mapping = Mapping(keys)
        seat = Seat(agent, mapping, _idle(agent, mapping, values, env))
    else:
        seat = Seat(agent, None, policy=policy if kind == POLICY else None, space=space)
    seat.choices = [name for name in KINDS if has[name]]
    return seat


def _missing(agent: "Any", kind: str) -> str:
    """Return why nobody of a kind can decide, and how to go on."""
    who = "the agent" if agent is None else f"agent {agent!r}"
    if kind == RANDOM:
        return f"chance cannot decide for {who}: the environment gives it no action_space to sample"
    if agent is None and kind == HUMAN:
        return (
            "no keys are known for this environment: give action_mapping, for example "
            '{"ArrowLeft": 0, "ArrowRight": 1}, to play() or as `play = dict(action_mapping=...)` '
            "in the environment's code, or leave a `policy(obs)` there"
        )
    return (
        f"nobody decides for {who}: give it an action mapping (in agents, if it has a name), "
        "or leave a `policy(obs)` or a dict `policies` of them in the environment's code"
    )


def _policy(agent: "Any", module: "dict[str, Any]") -> "Policy | None":
    policies = module.get("policies")
    if isinstance(policies, dict) and callable(policies.get(agent)):
        return policies[agent]  # type: ignore[no-any-return]
    policy = module.get("policy")
    return policy if callable(policy) else None


def _idle(agent: "Any", mapping: Mapping, values: "dict[str, Any]", env: "Any") -> "Any":
    """Return the action of no key: as given, as mapped, else the zero of the action space."""
    if "defaultAction" in values:
        given = values["defaultAction"]
        if agent is not None and isinstance(given, dict) and agent in given:
            return given[agent]
        return given
    if mapping.idle:
        return mapping.idle[0]
    space = space_of(env, "action_space", agent)
    shape = getattr(space, "shape", None)
    if space is not None and shape:
        import numpy

        return numpy.zeros(shape, space.dtype)
    return int(getattr(space, "start", 0))
