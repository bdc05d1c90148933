"""Environments whose agents take turns, for tests."""

import functools
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete
from pettingzoo import AECEnv


class Nim(AECEnv):  # type: ignore[misc]
    """Two take one or two of five matches in turn; who takes the last wins. The mask is in infos.

    Attributes:
        taken: what each step got, the dead ones too.
    """

    metadata = {"name": "nim", "render_modes": ["ansi"], "render_fps": 10}  # noqa: RUF012
    possible_agents = ["ann", "bob"]  # noqa: RUF012
    render_mode = "ansi"

    def __init__(self) -> None:
        self.taken: list[Any] = []

    @functools.cache  # noqa: B019
    def observation_space(self, agent: str) -> Any:
        return Discrete(6)

    @functools.cache  # noqa: B019
    def action_space(self, agent: str) -> Any:
        return Discrete(2, start=1)

    def reset(self, seed: Any = None, options: Any = None) -> None:
        self.agents = list(self.possible_agents)
        self.matches = 5
        self.agent_selection = "ann"
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self._mask()

    def observe(self, agent: str) -> Any:
        return np.int64(self.matches)

    def step(self, action: Any) -> None:
        agent = self.agent_selection
        self.taken.append((agent, action))
        if self.terminations[agent]:
            self._was_dead_step(action)
            return
        assert action <= self.matches, "there are not that many"
        self._cumulative_rewards[agent] = 0.0
        self._clear_rewards()
        self.matches -= action
        self.agent_selection = other = "bob" if agent == "ann" else "ann"
        if self.matches == 0:
            self.rewards = {agent: 1.0, other: -1.0}
            self.terminations = dict.fromkeys(self.agents, True)
        self._accumulate_rewards()
        self._mask()

    def _mask(self) -> None:
        mask = np.array([self.matches >= 1, self.matches >= 2], np.int8)
        self.infos = {agent: {"action_mask": mask} for agent in self.agents}

    def render(self) -> str:
        return "|" * self.matches

    def close(self) -> None:
        self.taken.append("closed")


class Relay(AECEnv):  # type: ignore[misc]
    """Each agent acts twice and is done; the second step of each brings in the next. No masks.

    Nobody says beforehand who there may be; at most `many` agents come.
    """

    metadata = {"name": "relay", "render_fps": 10}  # noqa: RUF012

    def __init__(self, many: int = 3) -> None:
        self.many = many
        self.acted: list[Any] = []

    @functools.cache  # noqa: B019
    def observation_space(self, agent: str) -> Any:
        return Discrete(1000)

    @functools.cache  # noqa: B019
    def action_space(self, agent: str) -> Any:
        return Discrete(3)

    def reset(self, seed: Any = None, options: Any = None) -> None:
        self.agents: list[str] = []
        self.rewards: dict[str, Any] = {}
        self._cumulative_rewards: dict[str, Any] = {}
        self.terminations: dict[str, bool] = {}
        self.truncations: dict[str, bool] = {}
        self.infos: dict[str, Any] = {}
        self.turns: dict[str, int] = {}
        self._enter()
        self.agent_selection = self.agents[0]

    def _enter(self) -> None:
        name = f"runner_{len(self.turns)}"
        self.agents.append(name)
        self.turns[name] = 0
        self.rewards[name] = self._cumulative_rewards[name] = 0.0
        self.terminations[name] = self.truncations[name] = False
        self.infos[name] = {}

    def observe(self, agent: str) -> Any:
        return np.int64(self.turns[agent])

    def step(self, action: Any) -> None:
        agent = self.agent_selection
        if self.truncations[agent]:
            self._was_dead_step(action)
            return
        self.acted.append((agent, action))
        self._cumulative_rewards[agent] = 0.0
        self._clear_rewards()
        self.rewards[agent] = float(action)
        self.turns[agent] += 1
        if self.turns[agent] == 2:
            self.truncations[agent] = True
            if len(self.turns) < self.many:
                self._enter()
        self._accumulate_rewards()
        self.agent_selection = self.agents[-1]
        self._deads_step_first()
