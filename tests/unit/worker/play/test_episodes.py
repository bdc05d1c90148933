"""The episodes of a game: their seeds, their ends, their order."""

import json
import random
from typing import Any

import numpy as np
import pytest
from gymworker.worker.play.episodes import draw_seed

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table, counter


def test_episodes_follow_one_another_with_seeds_that_count_up() -> None:
    table = counter(seed=40, numEpisodes=3)
    table.clock.pass_time(10)
    assert table.env.seeds == [40, 41, 42]
    assert table.state["state"] == "ended"
    assert [(e["episode"], e["seed"], e["steps"]) for e in table.of("episode")] == [
        (0, 40, 5),
        (1, 41, 5),
        (2, 42, 5),
    ]
    assert table.clock.waiting == 0


def test_a_drawn_seed_is_recorded() -> None:
    table = counter(numEpisodes=2)
    table.clock.pass_time(10)
    assert table.env.seeds == [1000, 1001]
    assert [e["seed"] for e in table.of("episode")] == [1000, 1001]
    assert "options" not in json.loads(str(table.episodes[0]["record"]))


def test_max_steps_truncates() -> None:
    table = counter(maxSteps=2, numEpisodes=1, steps=True)
    table.press("ArrowRight")
    table.clock.pass_time(1)
    (episode,) = table.of("episode")
    assert (episode["terminated"], episode["truncated"], episode["steps"]) == (False, True, 2)
    assert (episode["returns"], episode["seconds"]) == (2.0, 0.1)
    assert [t["truncated"] for t in table.transitions] == [False, True]


def test_reset_begins_the_next_episode_with_a_seed_that_counts_on() -> None:
    table = counter(seed=1)
    table.clock.pass_time(0.2)
    table.game.reset(70)
    assert (table.state["episode"], table.state["step"], table.state["seed"]) == (1, 0, 70)
    table.clock.pass_time(0.6)
    assert table.env.seeds == [1, 70, 71]
    table.game.reset()
    assert table.env.seeds[-1] == 72
    table.game.pause()
    table.game.reset(5)
    assert (table.state["state"], table.state["seed"]) == ("paused", 5)


def test_a_reset_before_the_first_step_begins_the_first_episode_again() -> None:
    table = counter(numEpisodes=1, seed=5, paused=True)
    table.game.reset(70)
    table.game.reset()
    assert (table.state["state"], table.state["episode"], table.state["seed"]) == ("paused", 0, 70)
    table.game.resume()
    table.clock.pass_time(2)
    (episode,) = table.episodes
    assert (episode["episode"], episode["seed"], episode["ended"]) == (0, 70, "terminated")
    assert table.state["state"] == "ended"


def test_each_reset_is_an_episode_of_those_that_were_asked_for() -> None:
    table = counter(numEpisodes=3, seed=5)
    table.clock.pass_time(0.2)
    table.game.reset()
    table.game.reset(50)
    table.clock.pass_time(0.2)
    assert table.state["state"] == "running"
    table.game.reset()
    assert table.state["state"] == "ended"
    assert table.env.seeds == [5, 6, 50]
    assert [(e["episode"], e["ended"]) for e in table.episodes] == [(0, "reset"), (2, "reset")]


def test_options_reach_each_reset_and_its_infos_the_page() -> None:
    options = {"level": [1, 2]}

    class Greedy(Counter):
        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            answer = super().reset(seed=seed, options={"level": list(options["level"])})
            options["level"].clear()
            return answer

    table = Table(Greedy(), actionMapping=MAPPING, fps=10, numEpisodes=2, options=options)
    table.start().clock.pass_time(2)
    assert table.env.options == [{"level": [1, 2]}] * 2
    assert [e["infos"] for e in table.episodes] == [{"reset": 1}, {"reset": 2}]


def test_a_seed_is_drawn_without_touching_the_generators_of_others() -> None:
    before = random.getstate()
    seeds = [draw_seed() for _ in range(200)]
    assert random.getstate() == before
    assert len(set(seeds)) > 190
    assert all(0 <= seed < 2**31 for seed in seeds)  # what any generator takes
    assert max(seeds) > 2**29


def test_agents_that_the_environment_truncates_are_told_so() -> None:
    class Short(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, _, _, infos = super().step(actions)
            self.agents = []
            return obs, rewards, {"right": np.False_}, {"right": np.True_}, infos

    table = Table(Short(), {"policy": lambda obs: 0}, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    (episode,) = table.episodes
    assert episode["truncated"] == {"left": False, "right": True}
    assert episode["terminated"] == {"left": False, "right": False}
    assert episode["ended"] == "truncated"


@pytest.mark.parametrize("reward", [np.float32(0.5), np.array(0.5), np.array([0.5])], ids=repr)
def test_a_reward_of_numpys_is_a_number(reward: Any) -> None:
    class Rewarding(Counter):
        def step(self, action: Any) -> Any:
            obs, _, *rest = super().step(action)
            return obs, reward, *rest

    table = Table(Rewarding(), actionMapping=MAPPING, fps=10, numEpisodes=1).start()
    table.clock.pass_time(1)
    assert (type(table.episodes[0]["returns"]), table.episodes[0]["returns"]) == (float, 2.5)
    assert '"rewards":[0.5,0.5,0.5,0.5,0.5]' in str(table.episodes[0]["record"])


def test_an_episode_that_was_interfered_with_and_then_stopped_is_told_once() -> None:
    table = counter()
    table.clock.pass_time(0.25)
    table.game.pause()
    table.environment.reset()
    table.game.stop()
    assert [e["ended"] for e in table.episodes] == ["interfered"]


def test_a_game_that_is_not_recorded_goes_on_after_an_interference() -> None:
    table = counter(record=False)
    table.clock.pass_time(0.25)
    table.environment.step(1)
    table.clock.pass_time(0.1)
    assert (table.state["state"], table.env.n) == ("running", 4)


def test_the_time_of_an_episode_is_told_in_tenths_of_milliseconds() -> None:
    table = counter(fps=30, numEpisodes=1)
    table.env.length = 2
    table.clock.pass_time(1)
    assert table.episodes[0]["seconds"] == 0.0333
    assert '"times":[0.0,33.3]' in str(table.episodes[0]["record"])


def test_rewards_and_flags_of_numpys_are_plain_by_agent_too() -> None:
    class Plays(Counter):
        def step(self, action: Any) -> Any:
            obs, reward, over, _, info = super().step(action)
            return obs, np.float32(reward), np.False_, np.bool_(over), info

    class PairPlays(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, terminated, truncated, infos = super().step(actions)
            flags = [{a: np.bool_(f) for a, f in by.items()} for by in (terminated, truncated)]
            return obs, {a: np.float32(r) for a, r in rewards.items()}, *flags, infos

    told = []
    for env in (Plays(), PairPlays()):
        table = Table(env, {"policy": lambda obs: 0}, fps=10, numEpisodes=1).start()
        table.clock.pass_time(1)
        told += [table.episodes[0][name] for name in ("returns", "terminated", "truncated")]
    values = [list(value.values()) if isinstance(value, dict) else [value] for value in told]
    kinds = [float], [bool], [bool], [float] * 2, [bool] * 2, [bool] * 2
    assert [[type(item) for item in items] for items in values] == [*kinds]
    assert told[1:3] == [False, True]
