"""Agents that join a game, or leave it: each has a seat as soon as it is there."""

from typing import Any

from gymnasium.spaces import Discrete
from gymworker.recording import read_record
from pettingzoo import ParallelEnv

from tests.unit.turnbased import Relay
from tests.unit.worker.play.games import Desk, Pair, Table, stroke


def test_agents_that_come_later_play_too() -> None:
    table = Table(Relay(), {"policy": lambda obs, agent: 2}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    assert table.env.acted == [(f"runner_{n}", 2) for n in (0, 0, 1, 1, 2, 2)]
    (episode,) = table.episodes
    assert episode["returns"] == {"runner_0": 4.0, "runner_1": 4.0, "runner_2": 4.0}
    record = read_record(episode["record"])
    assert record["players"] == dict.fromkeys(episode["returns"], "policy")


def test_somebody_who_comes_later_may_be_a_person() -> None:
    table = Table(
        Relay(2), {"policy": lambda obs: 2}, agents={"runner_1": {"1": 1}}, fps=10, numEpisodes=1
    ).start()
    table.clock.pass_time(1)
    assert (table.state["state"], table.state["agent"]) == ("waiting", "runner_1")
    for _ in range(2):
        stroke(table, "1", 1)
    assert table.episodes[0]["returns"] == {"runner_0": 4.0, "runner_1": 2.0}


def test_the_first_of_unknown_agents_has_the_keys_that_nobody_else_has() -> None:
    desk = Desk(Relay(2), {"policy": lambda obs: 2})
    begun = desk.ask("play", actionMapping={"1": 1}, fps=10)
    assert begun["agents"] == ["runner_0"]
    assert [control["agent"] for control in begun["controls"]] == ["runner_0"]
    assert [seat["kind"] for seat in begun["seats"]] == ["human"]


def test_agents_of_a_parallel_environment_come_and_go() -> None:
    class Grows(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, terminated, truncated, infos = super().step(actions)
            if self.n == 1:
                self.agents = [*self.agents, "third"]
            if "third" in actions:
                obs["third"], rewards["third"] = (self.n, actions["third"]), 2.0
            terminated["third"] = False
            return obs, rewards, terminated, truncated, infos

    asked = []

    def policy(obs: Any, agent: Any, start: bool) -> int:
        asked.append((agent, start))
        return 0

    table = Table(Grows(), {"policy": policy}, fps=10, numEpisodes=1, maxSteps=3).start()
    table.clock.pass_time(1)
    assert table.env.actions[1] == {"left": 0, "right": 0, "third": 0}
    assert asked.count(("third", True)) == 1
    (episode,) = table.episodes
    assert episode["returns"] == {"left": 2.0, "right": 1.5, "third": 4.0}
    assert read_record(episode["record"])["players"]["third"] == "policy"


class Crowd(ParallelEnv):  # type: ignore[misc]
    """One more in each step, until there are three; nobody says beforehand who comes."""

    def action_space(self, agent: Any) -> Any:
        return Discrete(2)

    def reset(self, seed: Any = None, options: Any = None) -> Any:
        self.agents = [0]
        self.given: list[Any] = []
        return {0: 0}, {0: {}}

    def step(self, actions: Any) -> Any:
        self.given.append(actions)
        there = self.agents
        self.agents = [*there, len(there)]
        done = dict.fromkeys(self.agents, len(there) == 3)
        obs = dict.fromkeys(self.agents, len(there))
        rewards = {agent: float(actions.get(agent, 0)) for agent in self.agents}
        return obs, rewards, done, dict.fromkeys(self.agents, False), {a: {} for a in self.agents}


def test_a_parallel_environment_that_generates_its_agents_plays_and_replays() -> None:
    desk = Desk(Crowd(), {"policy": lambda obs: 1})
    begun = desk.ask("play", actionMapping={"a": 1}, agents=None, seats={"1": "random"}, fps=10)
    assert begun["agents"] == [0]
    assert [(seat["agent"], seat["kind"]) for seat in begun["seats"]] == [(0, "human")]
    desk.ask("keys", key="a", down=True)
    desk.clock.pass_time(0.35)
    first, second, third = desk.env.given
    assert (first, second[0], third[2]) == ({0: 1}, 1, 1)
    (record,) = [read_record(record) for record in desk.records]
    assert record["players"] == {0: "human", 1: "random", 2: "policy"}
    found = desk.ask("replay", episodes=desk.records)
    assert (found["episodes"], found["difference"]) == (1, None)
