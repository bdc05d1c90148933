"""Who decides for which agent: keys, policies, defaults; and what settings are refused."""

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import MAPPING, Counter, Pair, Table, settings_of


def test_the_environments_settings_count_where_the_page_gives_none() -> None:
    play = {"fps": 12, "action_mapping": MAPPING, "noop": 1, "max_steps": 9, "seed": 4}
    settings = settings_of({"fps": 20, "seed": None}, Counter(), {"play": play})
    assert (settings.fps, settings.max_steps, settings.seed) == (20, 9, 4)
    assert settings.seats[None].idle == 1


def test_gymnasiums_own_keys_are_found() -> None:
    class Env(gymnasium.Env[Any, Any]):
        action_space = gymnasium.spaces.Discrete(3)

        def get_keys_to_action(self) -> Any:
            return {(None,): 2, (ord("w"),): 1, (ord("a"), ord("w")): 0}

    settings = settings_of({}, gymnasium.wrappers.TimeLimit(Env(), 5), {})
    assert [c["keys"] for c in settings.controls()] == [["w"], ["a", "w"]]
    assert settings.seats[None].idle == 2


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
    found = settings_of({"actionMapping": MAPPING}, env, {}).seats[None].idle
    np.testing.assert_array_equal(found, idle)


def test_an_environment_without_keys_is_played_by_its_policy_else_told_what_to_give() -> None:
    table = Table(Counter(), {"policy": lambda obs: obs[1] % 2}, fps=10).start()
    table.clock.pass_time(0.4)
    assert table.env.actions == [0, 1, 0, 1]
    with pytest.raises(ProtocolError, match=r"no keys are known.*action_mapping.*policy"):
        settings_of({}, Counter(), {})


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
    controls = settings_of({"agents": agents}, Pair(), {}).controls()
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
    assert episode["terminated"] == {"left": True, "right": False}
    assert episode["truncated"] == {"left": False, "right": True}  # who was done was not cut off
    assert episode["ended"] == "truncated"


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
        ({"paused": 1}, "paused to be bool, got 1"),
        ({"rest": "yes"}, "rest to be bool, got 'yes'"),
        ({"record": "no"}, "record to be bool, got 'no'"),
        ({"options": 3}, "options to be dict, got 3"),
        ({"fps": float("nan")}, "got nan"),
        ({"fps": 1000.5}, "got 1000.5"),
        ({"keys_to_action": MAPPING}, "actionMapping and keys_to_action are the same setting"),
        ({"noop": 0, "default_action": 0}, "noop and default_action are the same setting"),
        ({"agents": {"left": MAPPING}}, "one agent without a name"),
        ({"agents": [1]}, "agents to be a dict"),
        ({"actionMapping": "policy"}, "nobody decides for the agent"),
        ({"actionMapping": "robot"}, "action_mapping to be a dict of keys to actions, got 'robot'"),
        ([1], "an object as payload, got list"),
    ],
)
def test_a_wrong_setting_says_what_was_expected(settings: Any, words: str) -> None:
    if isinstance(settings, dict):
        settings = {"actionMapping": MAPPING, **settings}
    with pytest.raises(ProtocolError, match=words):
        settings_of(settings, Counter(), {})


def test_an_agent_for_whom_nobody_decides_is_named() -> None:
    with pytest.raises(ProtocolError, match="nobody decides for agent 'left'"):
        settings_of({"agents": {"right": MAPPING}}, Pair(), {})
    with pytest.raises(ProtocolError, match=r"no agent 'up'; it has \['left', 'right'\]"):
        settings_of({"agents": {"up": MAPPING}}, Pair(), {})


def test_what_gymnasium_calls_otherwise_is_understood() -> None:
    settings = settings_of({"keys_to_action": MAPPING, "noop": 7}, Counter())
    assert settings.seats[None].idle == 7
    assert len(settings.controls()) == 2
    own = settings_of({}, Counter(), {"play": {"keys_to_action": MAPPING, "noop": 7}})
    assert own.seats[None].idle == 7


@pytest.mark.parametrize(
    ("metadata", "fps"),
    [
        ({"render_fps": 12}, 12),
        ({"render_fps": np.int64(50)}, 50),
        ({"render_fps": 0}, 30),
        ({"render_fps": None}, 30),
        ({"render_fps": "fast"}, 30),
        ({}, 30),
        (None, 30),
    ],
)
def test_the_environments_pace_is_the_default(metadata: Any, fps: float) -> None:
    env: Any = Counter()
    env.metadata = metadata
    assert settings_of({"actionMapping": MAPPING}, env).fps == fps
    assert settings_of({"actionMapping": MAPPING, "fps": 7}, env).fps == 7
    assert settings_of({}, env, {"play": {"fps": 8, "action_mapping": MAPPING}}).fps == 8


def test_numpys_numbers_are_numbers() -> None:
    given = {"fps": np.float32(20), "max_steps": np.int32(5), "seed": np.int64(6)}
    settings = settings_of({"actionMapping": MAPPING, **given}, Counter())
    assert (settings.fps, settings.max_steps, settings.seed) == (20.0, 5, 6)
    assert {type(settings.max_steps), type(settings.seed)} == {int}


def test_an_empty_mapping_is_one_without_keys() -> None:
    class Keyed(Counter):
        def get_keys_to_action(self) -> Any:
            return MAPPING

    assert settings_of({"actionMapping": {}}, Keyed()).controls() == []
    assert len(settings_of({}, Keyed()).controls()) == 2


# Whose keys a mapping without a name is for.

OTHER = {"x": 3}


def keys_by_agent(payload: Any, play: Any = None) -> dict[Any, Any]:
    settings = settings_of(payload, Pair(), {"policy": lambda obs: 0, "play": play or {}})
    found: dict[Any, Any] = {}
    for control in settings.controls():
        found.setdefault(control["agent"], []).extend(control["keys"])
    return found


def test_the_pages_mapping_wins_over_the_environments() -> None:
    assert keys_by_agent({"actionMapping": OTHER}) == {"left": ["x"]}
    assert keys_by_agent({"actionMapping": OTHER}, {"action_mapping": MAPPING}) == {"left": ["x"]}
    for own in ({"right": MAPPING}, {"right": MAPPING, "left": "policy"}):
        assert keys_by_agent({"actionMapping": OTHER}, {"agents": own}) == {"right": ["x"]}
    watched = {"agents": {"right": "policy", "left": "policy"}}
    assert keys_by_agent({"actionMapping": OTHER}, watched) == {"left": ["x"]}
    single = settings_of({"actionMapping": OTHER}, Counter(), {"play": {"action_mapping": MAPPING}})
    assert [control["keys"] for control in single.controls()] == [["x"]]


def test_the_pages_agents_win_over_the_environments_mapping() -> None:
    own = {"action_mapping": MAPPING}
    assert keys_by_agent({"agents": {"right": OTHER}}, own) == {"right": ["x"]}


def test_a_mapping_that_can_mean_several_agents_is_refused() -> None:
    own = {"agents": {"left": MAPPING, "right": MAPPING}}
    with pytest.raises(ProtocolError, match=r"keys play \['left', 'right'\]: say in agents whose"):
        keys_by_agent({"actionMapping": OTHER}, own)
    both = {"agents": {"right": OTHER}, "actionMapping": OTHER}
    with pytest.raises(ProtocolError, match="agents or action_mapping, not both"):
        keys_by_agent(both)
    with pytest.raises(ProtocolError, match="agents or action_mapping, not both"):
        keys_by_agent({}, {"agents": {"right": OTHER}, "action_mapping": OTHER})


def test_agents_that_are_no_text_may_be_named_as_text() -> None:
    class Numbered(Pair):
        possible_agents = [0, (1, 2)]  # type: ignore[list-item]  # noqa: RUF012

    module = {"policy": lambda obs: 0}
    for name in ("0", 0):
        found = settings_of({"agents": {name: OTHER}}, Numbered(), module)
        assert [control["agent"] for control in found.controls()] == [0]
    found = settings_of({"agents": {"(1, 2)": OTHER}}, Numbered(), module)
    assert [control["agent"] for control in found.controls()] == [(1, 2)]


def test_an_agent_that_joins_and_has_nobody_fails_the_game_with_its_name() -> None:
    class Grows(Pair):
        def step(self, actions: Any) -> Any:
            obs, rewards, *rest = super().step(actions)
            self.agents = [*self.agents, "third"]
            return obs, {**rewards, "third": 2.0}, *rest

    policies = dict.fromkeys(["left", "right"], lambda obs: 0)
    table = Table(Grows(), {"policies": policies}, fps=10).start()
    table.clock.pass_time(1)
    assert "nobody decides for agent 'third'" in table.state["error"]["message"]
    assert table.episodes[0]["returns"] == {"left": 1.0, "right": 0.5, "third": 2.0}


PAIR_KEYS = {"agents": {"left": {"a": 0, "b": 1}, "right": {"c": 0, "d": 1}}}


class Chance(Counter):
    """A counter whose actions can be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.action_space: Any = gymnasium.spaces.Discrete(7)


class ChancePair(Pair):
    """Two agents whose actions can be drawn."""

    def action_space(self, agent: str) -> Any:
        return gymnasium.spaces.Discrete(9)


@pytest.mark.parametrize(
    ("play", "asked", "kinds"),
    [
        ({}, {}, ["policy", "policy"]),
        (PAIR_KEYS, {}, ["human", "human"]),
        ({**PAIR_KEYS, "seats": {"right": "policy"}}, {}, ["human", "policy"]),
        ({**PAIR_KEYS, "seats": {"right": "policy"}}, {"seats": "human"}, ["human", "human"]),
        ({**PAIR_KEYS, "seats": {"right": "policy"}}, {"agents": {"right": MAPPING}}, None),
        (PAIR_KEYS, {"seats": {"left": "random"}}, ["random", "human"]),
        (PAIR_KEYS, {"seats": "random"}, ["random", "random"]),
        (PAIR_KEYS, {"agents": {"left": "policy"}}, ["policy", "policy"]),
    ],
)
def test_each_seat_is_for_a_human_a_policy_or_chance(play: Any, asked: Any, kinds: Any) -> None:
    settings = settings_of(asked, ChancePair(), {"play": play, "policy": lambda obs: 1})
    assert [seat.kind for seat in settings.seats.values()] == (kinds or ["policy", "human"])


def test_a_seat_says_who_could_take_it() -> None:
    play = {"agents": {"left": MAPPING}}
    policies = {"right": lambda obs: 1}
    settings = settings_of({}, ChancePair(), {"play": play, "policies": policies})
    assert settings.deciders() == [
        {"agent": "left", "kind": "human", "choices": ["human", "random"]},
        {"agent": "right", "kind": "policy", "choices": ["policy", "random"]},
    ]


def test_chance_draws_the_same_from_the_same_seed_and_the_seats_differ() -> None:
    drawn = []
    for _ in range(2):
        table = Table(ChancePair(), seats="random", seed=5, fps=10).start()
        table.clock.pass_time(0.25)
        drawn.append(table.env.actions)
    assert drawn[0] == drawn[1]
    other = Table(ChancePair(), seats="random", seed=6, fps=10).start()
    other.clock.pass_time(0.25)
    assert other.env.actions != drawn[0]
    assert any(actions["left"] != actions["right"] for actions in drawn[0])


def test_chance_leaves_the_environments_own_space_alone() -> None:
    env = Chance()
    env.action_space.seed(3)
    expected = [env.action_space.sample() for _ in range(3)]
    env.action_space.seed(3)
    Table(env, seats="random", seed=5, fps=10).start().clock.pass_time(1)
    assert [env.action_space.sample() for _ in range(3)] == expected


def test_nobody_is_waited_for_where_no_human_plays() -> None:
    keys: Any = {"actionMapping": MAPPING, "waitOnPlayer": True}
    table = Table(Chance(), seats="random", fps=10, **keys).start()
    table.clock.pass_time(0.25)
    assert len(table.env.actions) == 2


@pytest.mark.parametrize(
    ("env", "asked", "says"),
    [
        (Chance(), {"seats": "human"}, "no keys are known"),
        (Chance(), {"seats": "policy", "actionMapping": MAPPING}, "nobody decides for the agent"),
        (Counter(), {"seats": "random"}, "no action_space to sample"),
        (Chance(), {"seats": "robot"}, "'human', 'policy', 'random', got 'robot'"),
        (ChancePair(), {"seats": {"middle": "random"}}, "no agent 'middle'"),
        (ChancePair(), {"seats": {"left": "human"}}, "nobody decides for agent 'left'"),
    ],
)
def test_a_seat_that_nobody_can_take_says_what_is_missing(env: Any, asked: Any, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        settings_of(asked, env, {})


def test_the_environments_mapping_is_its_first_agents() -> None:
    assert keys_by_agent({}, {"action_mapping": OTHER}) == {"left": ["x"]}


def test_without_a_default_action_it_is_the_zero_of_the_agents_own_space() -> None:
    class Shifted(Pair):
        def action_space(self, agent: str) -> Any:
            return gymnasium.spaces.Discrete(9, start=2 if agent == "left" else 5)

    seats = settings_of({"agents": {"left": MAPPING, "right": OTHER}}, Shifted()).seats
    assert (seats["left"].idle, seats["right"].idle) == (2, 5)
