"""The settings of a game: the page's, the environment's own, the defaults. Runs in the worker.

Each keyword of ``play`` in the request overrides the one in the ``play`` dict that the
environment's code left.
"""

from ...errors import ProtocolError
from ..keys.keyboard import INPUT_MODES, PRESSED_KEYS
from ..keys.mapping import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Policy = Callable[[Any], Any]

POLICY = "policy"
"""In place of an action mapping: the agent follows its policy."""

NAMES = {
    "fps": "fps",
    "action_mapping": "actionMapping",
    "default_action": "defaultAction",
    "noop": "defaultAction",
    "input_mode": "inputMode",
    "wait_on_player": "waitOnPlayer",
    "num_episodes": "numEpisodes",
    "max_steps": "maxSteps",
    "seed": "seed",
    "agents": "agents",
    "steps": "steps",
}
"""The keywords of Python and what they are called on the wire."""

FASTEST = 1000.0
"""Steps a second; the clocks of browsers tick in milliseconds."""


class Seat:
    """Who decides for one agent: a mapping of keys, or a policy.

    Attributes:
        agent: its name, None in an environment of one agent.
        mapping: the keys, or None.
        policy: ``policy(obs) -> action``, or None.
        idle: the action while no key asks for one.
    """

    def __init__(
        self, agent: "Any", mapping: "Mapping | None", policy: "Policy | None", idle: "Any" = None
    ) -> None:
        self.agent = agent
        self.mapping = mapping
        self.policy = policy
        self.idle = idle


class PlaySettings:
    """What a game needs to know, checked.

    Args:
        payload: of the request; see ``protocol.PlayPayload``.
        env: the environment.
        module: the names that the environment's code left.
        parallel: whether actions go by agent, as in PettingZoo's ``ParallelEnv``.

    Attributes:
        seats: who decides for which agent, by agent.
        parallel: as given.

    Raises:
        ProtocolError: a setting is wrong, or nobody decides for an agent; it says how to go on.
    """

    def __init__(
        self, payload: "Any", env: "Any", module: "dict[str, Any]", parallel: bool
    ) -> None:
        values = _merged(payload, module)
        self.fps = checked_fps(values.get("fps", 30))
        self.input_mode = values.get("inputMode", PRESSED_KEYS)
        if self.input_mode not in INPUT_MODES:
            known = " or ".join(repr(mode) for mode in INPUT_MODES)
            raise ProtocolError(f"expected input_mode to be {known}, got {self.input_mode!r:.80}")
        self.wait_on_player = _checked(values, "waitOnPlayer", bool, False)
        self.num_episodes = _positive(values, "numEpisodes")
        self.max_steps = _positive(values, "maxSteps")
        self.seed: int | None = _checked(values, "seed", int, None)
        self.steps = _checked(values, "steps", bool, False)
        self.parallel = parallel
        self.seats: dict[Any, Seat] = _seats(values, env, module, self.parallel)

    def controls(self) -> "list[dict[str, Any]]":
        """Return the keys and their actions, for a page to show."""
        found = []
        for seat in self.seats.values():
            if seat.mapping is not None:
                found += seat.mapping.controls(seat.agent)
        return found


def checked_fps(value: "Any") -> float:
    """Return frames a second as a float.

    Raises:
        ProtocolError: it is no number, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= FASTEST:
        raise ProtocolError(f"expected fps to be more than 0 and at most 1000, got {value!r:.80}")
    return float(value)


def _merged(payload: "Any", module: "dict[str, Any]") -> "dict[str, Any]":
    """Return the settings by their names on the wire."""
    own = module.get("play") or {}
    if not isinstance(own, dict):
        own = {}  # a function of that name, say: no settings
    values = {}
    for given in (own, payload or {}):
        if not isinstance(given, dict):
            raise ProtocolError(f"expected an object as payload, got {type(given).__name__}")
        for name, value in given.items():
            wire = NAMES.get(name, name)
            if wire not in NAMES.values():
                known = ", ".join(sorted(NAMES))
                raise ProtocolError(f"play has no setting {name!r}; it has {known}")
            if value is not None:
                values[wire] = value
    return values


def _checked(values: "dict[str, Any]", name: str, kind: type, default: "Any") -> "Any":
    value = values.get(name, default)
    wrong_bool = kind is not bool and isinstance(value, bool)
    if value is not default and (wrong_bool or not isinstance(value, kind)):
        raise ProtocolError(f"expected {name} to be {kind.__name__}, got {value!r:.80}")
    return value


def _positive(values: "dict[str, Any]", name: str) -> "int | None":
    value: int | None = _checked(values, name, int, None)
    if value is not None and value < 1:
        raise ProtocolError(f"expected {name} to be at least 1, or none at all, got {value}")
    return value


def _seats(
    values: "dict[str, Any]", env: "Any", module: "dict[str, Any]", parallel: bool
) -> "dict[Any, Seat]":
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
        given = values.get("actionMapping") or _own_mapping(env, module)
        return {None: _seat(None, given, values, env, module)}
    agents = list(getattr(env, "possible_agents", None) or env.agents)
    seats = dict(wanted or {})
    unknown = [agent for agent in seats if agent not in agents]
    if unknown:
        raise ProtocolError(f"the environment has no agent {unknown[0]!r}; it has {agents}")
    if "actionMapping" in values and not wanted and agents:
        seats[agents[0]] = values["actionMapping"]
    return {agent: _seat(agent, seats.get(agent, POLICY), values, env, module) for agent in agents}


def _own_mapping(env: "Any", module: "dict[str, Any]") -> "Any":
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


def _seat(
    agent: "Any", given: "Any", values: "dict[str, Any]", env: "Any", module: "dict[str, Any]"
) -> Seat:
    if isinstance(given, str) and given == POLICY:
        policy = _policy(agent, module)
        if policy is None:
            who = "the agent" if agent is None else f"agent {agent!r}"
            raise ProtocolError(
                f"nobody decides for {who}: give it an action mapping (in agents, if it has a "
                "name), or leave a `policy(obs)` or a dict `policies` of them in the environment's "
                "code"
            )
        return Seat(agent, None, policy)
    mapping = Mapping(given)
    return Seat(agent, mapping, None, _idle(agent, mapping, values, env))


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
    space = getattr(env, "action_space", None)
    if agent is not None and callable(space):
        space = space(agent)
    shape = getattr(space, "shape", None)
    if space is not None and shape:
        import numpy

        return numpy.zeros(shape, space.dtype)
    return int(getattr(space, "start", 0))
