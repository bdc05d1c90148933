"""Environments whose agents take turns: PettingZoo's ``AECEnv``, stepped by one agent at a time.

What they give is told as that of a parallel environment, by agent:

    obs           of the agent whose turn is next, and of each that was done meanwhile, its last
    rewards       of all agents, for this step
    terminateds,
    truncateds    of all agents
    infos         of all agents

An agent that is done steps with None, as ``AECEnv`` wants it, as soon as its turn comes: nobody
else has to. An action mask says which actions are allowed; it stands in the observation or the info
of the agent whose turn it is, as ``action_mask``: an array with a 0 for each that is not.
"""

import operator

from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MASK = "action_mask"


class Turns:
    """An ``AECEnv`` with the calls of a ``ParallelEnv``; see the module's docstring.

    Args:
        env: the environment.
    """

    def __init__(self, env: "Any") -> None:
        self._env = env

    @property
    def agent(self) -> "Any":
        """Whose turn it is; None before the first reset, and when all agents are done."""
        env = self._env
        return env.agent_selection if getattr(env, "agents", None) else None

    def reset(self, seed: "int | None" = None, options: "Any" = None) -> "tuple[Any, Any]":
        """Reset it; return observations and infos."""
        self._env.reset(seed=seed, options=options)
        obs, _, _, _, infos = self._settle()
        return obs, infos

    def step(self, action: "Any") -> "tuple[Any, Any, Any, Any, Any]":
        """Step the agent whose turn it is.

        Args:
            action: its action, or a dict of its name and that.

        Raises:
            ProtocolError: nobody has a turn, or it is another agent's.
        """
        agent = self.agent
        if agent is None:
            raise ProtocolError("it is nobody's turn: reset the environment first")
        self._env.step(_own(action, agent, self._env.agents))
        return self._settle()

    def look(self) -> "tuple[Any, Any]":
        """Return the observation and the info of the agent whose turn it is, by agent."""
        agent = self.agent
        if agent is None:
            return {}, {}
        obs, _, _, _, info = self._env.last()
        return {agent: obs}, {agent: info}

    def _settle(self) -> "tuple[Any, Any, Any, Any, Any]":
        """Step the agents that are done; return what came of it all, and who is next sees."""
        env = self._env
        obs: dict[Any, Any] = {}
        rewards: dict[Any, Any] = {}
        terminateds: dict[Any, Any] = {}
        truncateds: dict[Any, Any] = {}
        infos: dict[Any, Any] = {}
        while True:
            for agent, reward in env.rewards.items():
                rewards[agent] = rewards[agent] + reward if agent in rewards else reward
            terminateds.update(env.terminations)
            truncateds.update(env.truncations)
            infos.update(env.infos)
            agent = self.agent
            if agent is None:
                break
            obs[agent], _, terminated, truncated, infos[agent] = env.last()
            if not (terminated or truncated):
                break
            env.step(None)
            if agent in env.agents:
                raise TypeError(
                    f"expected env.step(None) to take {agent!r}, which is done, out of env.agents; "
                    "PettingZoo's self._was_dead_step(action) does"
                )
        return obs, rewards, terminateds, truncateds, infos


def mask_of(obs: "Any", info: "Any") -> "Any":
    """Return the action mask of an agent, None if there is none."""
    for told in (obs, info):
        mask = told.get(MASK) if isinstance(told, dict) else None
        if mask is not None:
            return mask
    return None


def is_allowed(action: "Any", mask: "Any", space: "Any") -> bool:
    """Tell whether a mask allows an action; one that is no number of the mask is not its business.

    Args:
        action: of the agent.
        mask: see ``mask_of``.
        space: of its actions.
    """
    index = _index(action, space)
    return mask is None or index is None or not 0 <= index < len(mask) or bool(mask[index])


def allowed(action: "Any", mask: "Any", space: "Any") -> "Any":
    """Return an action if a mask allows it, else the first that it does."""
    if is_allowed(action, mask, space):
        return action
    start = int(getattr(space, "start", 0))
    return next((start + index for index, free in enumerate(mask) if free), action)


def sampled(space: "Any", mask: "Any") -> "Any":
    """Draw an action from a space, of those that a mask allows where the space is of numbers."""
    if mask is None or type(space).__name__ != "Discrete" or len(mask) != space.n:
        return space.sample()
    import numpy

    return space.sample(mask=numpy.asarray(mask).astype(numpy.int8))


def _index(action: "Any", space: "Any") -> "int | None":
    try:
        return operator.index(action) - int(getattr(space, "start", 0))
    except TypeError:
        return None


def _own(action: "Any", agent: "Any", agents: "Any") -> "Any":
    """Return the action of an agent, as it is or by its name; a page in JavaScript has texts."""
    if not isinstance(action, dict) or len(action) != 1:
        return action
    (name,) = action
    if str(name) == str(agent):
        return action[name]
    if name in agents:
        raise ProtocolError(f"expected an action of {agent!r}, whose turn it is, not of {name!r}")
    return action
