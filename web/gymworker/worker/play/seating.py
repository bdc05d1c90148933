"""Who takes which seat of a game, by what the page and the environment say. Runs in the worker."""

from ...errors import ProtocolError
from ..introduction import agents_of, space_of
from .actions import mapped
from .pointing import pointed, reader
from .seats import HUMAN, KINDS, POLICY, RANDOM, Seat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .seats import Policy


def seats(
    own: "dict[str, Any]",
    asked: "dict[str, Any]",
    env: "Any",
    module: "dict[str, Any]",
    parallel: bool,
    earlier: "Iterable[Any]" = (),
    joining: "Any" = None,
) -> "dict[Any, Seat]":
    """Return who decides for which agent.

    Args:
        own: the settings that the environment brings along, by their names on the wire.
        asked: those of the page, which count more.
        env: the environment.
        module: the names that its code left.
        parallel: whether actions go by agent.
        earlier: agents that have a seat, where another one joins.
        joining: that one, for whom alone a seat is wanted.

    Raises:
        ProtocolError: a setting is wrong, or nobody decides for an agent; it says how to go on.
    """
    agents = agents_in(env, parallel) if joining is None else [*earlier, joining]
    if parallel and not getattr(env, "possible_agents", None):
        own, asked = _of_those(own, agents), _of_those(asked, agents)
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
    players = [a for a in agents if _is_player(given.get(a, theirs.get(a)), kinds.get(a))]
    pointing, how = pointed(values.get("pointer"), agents, (players or agents or [None])[0], module)
    made = {}
    for agent in agents if joining is None else [joining]:
        keys = given.get(agent, theirs.get(agent))
        pointer = how if agent == pointing else None
        human = keys is not None or pointer is not None
        kind = kinds.get(agent) or (HUMAN if human else None)
        if kind is None:
            kind = HUMAN if agent is None and _policy(None, module) is None else POLICY
        elif agent not in kinds and _is_policy(keys):
            kind = POLICY
        if _is_policy(keys):
            keys = theirs.get(agent)
        if keys is None or _is_policy(keys):
            keys = None if pointer is None else {}
        made[agent] = _seat(agent, kind, keys, values, env, module, pointer)
    return made


def agents_in(env: "Any", parallel: bool) -> "list[Any]":
    """Return the agents of an environment; its only one has no name."""
    return agents_of(env) if parallel else [None]


def _of_those(given: "dict[str, Any]", agents: "list[Any]") -> "dict[str, Any]":
    """Return settings without what they say of agents that are not there yet, but may join."""
    there = {str(agent) for agent in agents}
    cut = {
        name: {agent: value for agent, value in given[name].items() if str(agent) in there}
        for name in ("agents", "seats")
        if isinstance(given.get(name), dict)
    }
    return {**given, **cut}


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


def _is_player(keys: "Any", kind: "str | None") -> bool:
    """Tell whether somebody plays with keys."""
    return keys is not None and not _is_policy(keys) and kind in (None, HUMAN)


def _is_policy(given: "Any") -> bool:
    return isinstance(given, str) and given == POLICY


def _seat(
    agent: "Any",
    kind: str,
    keys: "Any",
    values: "dict[str, Any]",
    env: "Any",
    module: "dict[str, Any]",
    pointer: "Any" = None,
) -> Seat:
    """Return a seat.

    Args:
        agent: whose.
        kind: who decides.
        keys: the mapping, None if there is none.
        values: the settings.
        env: the environment.
        module: the names that its code left.
        pointer: what the pointer means, None if it is not this agent's.
    """
    policy, space = _policy(agent, module), space_of(env, "action_space", agent)
    has = {HUMAN: keys is not None, POLICY: policy is not None, RANDOM: hasattr(space, "sample")}
    if not has[kind]:
        raise ProtocolError(_missing(agent, kind))
    if kind == HUMAN:
        mapping, idle = mapped(keys, space, agent, _idle(agent, values))
        read = None if pointer is None else reader(pointer, space)
        seat = Seat(agent, mapping, idle, space=space, pointer=read)
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
        "leave a `policy(obs)` or a dict `policies` of them in the environment's code, "
        f'or let chance decide: seats={{{agent!r}: "random"}}'
    )


def _policy(agent: "Any", module: "dict[str, Any]") -> "Policy | None":
    policies = module.get("policies")
    if isinstance(policies, dict) and callable(policies.get(agent)):
        return policies[agent]  # type: ignore[no-any-return]
    policy = module.get("policy")
    return policy if callable(policy) else None


def _idle(agent: "Any", values: "dict[str, Any]") -> "list[Any]":
    """Return a list with the action of no key that was given, empty if none was."""
    if "defaultAction" not in values:
        return []
    given = values["defaultAction"]
    if agent is not None and isinstance(given, dict) and agent in given:
        return [given[agent]]
    return [given]
