"""Who decides for which agent: keys, policies, defaults; and what settings are refused."""

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymworker.errors import ProtocolError
from gymworker.worker.play.settings import PlaySettings

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table


def test_the_environments_settings_count_where_the_page_gives_none() -> None:
    play = {"fps": 12, "action_mapping": MAPPING, "noop": 1, "max_steps": 9, "seed": 4}
    settings = PlaySettings({"fps": 20, "seed": None}, Counter(), {"play": play})
    assert (settings.fps, settings.max_steps, settings.seed) == (20, 9, 4)
    assert settings.seats[None].idle == 1


def test_gymnasiums_own_keys_are_found() -> None:
    class Env(gymnasium.Env[Any, Any]):
        action_space = gymnasium.spaces.Discrete(3)

        def get_keys_to_action(self) -> Any:
            return {(None,): 0, (ord("w"),): 1, (ord("a"), ord("w")): 2}

    settings = PlaySettings({}, gymnasium.wrappers.TimeLimit(Env(), 5), {})
    assert [c["keys"] for c in settings.controls()] == [["w"], ["a", "w"]]
    assert settings.seats[None].idle == 0


@pytest.mark.parametrize(
    ("space", "idle"),
    [
        (gymnasium.spaces.Discrete(3), 0),
        (gymnasium.spaces.Discrete(3, start=2), 2),
        (gymnasium.spaces.Box(-1, 1, (2,), np.float32), [0.0, 0.0]),
        (gymnasium.spaces.MultiDiscrete([2, 3]), [0, 0]),
        (None, 0),
    ],
)
def test_without_a_default_action_it_is_the_zero_of_the_space(space: Any, idle: Any) -> None:
    env = Counter()
    env.action_space = space
    found = PlaySettings({"actionMapping": MAPPING}, env, {}).seats[None].idle
    np.testing.assert_array_equal(found, idle)


def test_an_environment_without_keys_is_played_by_its_policy_else_told_what_to_give() -> None:
    table = Table(Counter(), {"policy": lambda obs: obs[1] % 2}, fps=10).start()
    table.clock.pass_time(0.4)
    assert table.env.actions == [0, 1, 0, 1]
    with pytest.raises(ProtocolError, match=r"no keys are known.*action_mapping.*policy"):
        PlaySettings({}, Counter(), {})


def test_a_person_plays_with_a_scripted_partner() -> None:
    seen = []

    def partner(obs: Any) -> int:
        seen.append(obs)
        return 9

    table = Table(
        Pair(), {"policies": {"left": partner}}, agents={"right": MAPPING}, fps=10, seed=2
    ).start()
    table.press("ArrowRight")
    table.clock.pass_time(0.2)
    assert table.env.actions == [{"left": 9, "right": 1}] * 2
    assert seen == [(2, "left"), (1, 9)]
    table.clock.pass_time(0.1)
    assert table.env.actions[-1] == {"right": 1}  # who is done acts no more


def test_two_players_share_a_keyboard() -> None:
    agents = {"left": {"a": 1, "d": 2}, "right": MAPPING}
    table = Table(Pair(), agents=agents, defaultAction={"left": 5, "right": 6}, fps=10).start()
    table.press("d")
    table.clock.pass_time(0.1)
    table.press("ArrowRight")
    table.clock.pass_time(0.1)
    assert table.env.actions == [{"left": 2, "right": 6}, {"left": 2, "right": 1}]
    controls = PlaySettings({"agents": agents}, Pair(), {}).controls()
    assert [(c["keys"], c["agent"]) for c in controls] == [
        (["a"], "left"),
        (["d"], "left"),
        (["ArrowLeft"], "right"),
        (["ArrowRight"], "right"),
    ]


def test_an_episode_of_many_agents_ends_when_none_is_left() -> None:
    table = Table(
        Pair(), {"policy": lambda obs: 0}, actionMapping=MAPPING, fps=10, numEpisodes=1, steps=True
    ).start()
    table.clock.pass_time(2)
    (episode,) = table.of("episode")
    assert episode["steps"] == 4
    assert episode["returns"] == {"left": 2.0, "right": 2.0}
    assert episode["terminated"] == {"left": True, "right": True}
    assert table.transitions[-1]["obs"] == {"right": (3, 0)}


def test_agents_that_stay_in_the_list_when_done_act_no_more() -> None:
    class Stays(Pair):
        def step(self, actions: Any) -> Any:
            answer = super().step(actions)
            self.agents = list(self.possible_agents)
            return answer

    table = Table(Stays(), {"policy": lambda obs: 0}, agents={}, fps=10, maxSteps=2, numEpisodes=1)
    table.start().clock.pass_time(1)
    (episode,) = table.of("episode")
    assert episode["truncated"] == {"left": True, "right": True}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fps": 0}, "fps to be more than 0 and at most 1000, got 0"),
        ({"fps": "30"}, "got '30'"),
        ({"fps": True}, "got True"),
        ({"inputMode": "keys"}, "'pressed_keys' or 'single_keystroke', got 'keys'"),
        ({"waitOnPlayer": 1}, "waitOnPlayer to be bool, got 1"),
        ({"numEpisodes": 0}, "numEpisodes to be at least 1"),
        ({"maxSteps": 1.5}, "maxSteps to be int, got 1.5"),
        ({"seed": "1"}, "seed to be int, got '1'"),
        ({"frames": 1}, "no setting 'frames'; it has action_mapping"),
        ({"agents": {"left": MAPPING}}, "one agent without a name"),
        ({"agents": [1]}, "agents to be a dict"),
        ({"actionMapping": "policy"}, "nobody decides for the agent"),
        ([1], "an object as payload, got list"),
    ],
)
def test_a_wrong_setting_says_what_was_expected(settings: Any, words: str) -> None:
    if isinstance(settings, dict):
        settings = {"actionMapping": MAPPING, **settings}
    with pytest.raises(ProtocolError, match=words):
        PlaySettings(settings, Counter(), {})


def test_an_agent_for_whom_nobody_decides_is_named() -> None:
    with pytest.raises(ProtocolError, match="nobody decides for agent 'left'"):
        PlaySettings({"agents": {"right": MAPPING}}, Pair(), {})
    with pytest.raises(ProtocolError, match=r"no agent 'up'; it has \['left', 'right'\]"):
        PlaySettings({"agents": {"up": MAPPING}}, Pair(), {})
