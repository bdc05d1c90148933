"""The environments under web/envs: sound, deterministic, drawn where the state says."""

import json
import math
import runpy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import parallel_api_test

from gymserver.site import ROOT, Site
from tests.runtimes import Runtime

FILES = {path.stem: path for path in sorted((ROOT / "web" / "envs").glob("*.py"))}
WRAPPED = ["cartpole", "frozen_lake", "mountain_car", "taxi"]
SURFACE = [*WRAPPED, "duet"]
PLAY = {
    "fps",
    "action_mapping",
    "default_action",
    "input_mode",
    "wait_on_player",
    "agents",
    "seats",
    "labels",
}

every_env = pytest.mark.parametrize("name", FILES)


def load(name: str) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(FILES[name])))


def drawn(packet: Any, name: str) -> Any:
    return next(item for item in packet["game_state_objects"] if item.get("id") == name)


@contextmanager
def warned(*expected: str) -> Iterator[None]:
    """Checks that exactly these warnings appear, each named by a part of its text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    texts = {str(warning.message) for warning in caught}
    unknown = [text for text in texts if not any(part in text for part in expected)]
    missing = [part for part in expected if not any(part in text for text in texts)]
    assert not unknown and not missing, (unknown, missing)


class Player:
    """Plays an environment of either kind with random actions and notes what happens."""

    def __init__(self, env: Any, seed: int) -> None:
        self.env, self.random, self.over = env, np.random.default_rng(seed), False
        self.notes = [repr(env.reset(seed=seed))]

    def step(self) -> None:
        answer = self.env.step(self._action())
        ends = [value for part in answer[2:4] for value in self._values(part)]
        self.over = any(ends)
        self.notes.append(repr(answer))

    def _action(self) -> Any:
        if hasattr(self.env, "possible_agents"):
            spaces = {name: self.env.action_space(name) for name in self.env.agents}
            return {name: int(self.random.integers(space.n)) for name, space in spaces.items()}
        return int(self.random.integers(self.env.action_space.n))

    def _values(self, part: Any) -> list[Any]:
        return list(part.values()) if isinstance(part, dict) else [part]


def assert_same_games(make: Callable[[], Any], seed: int = 7, steps: int = 150) -> None:
    """Plays the same game twice, in two environments, and compares all they returned."""
    first, second = (Player(make(), seed) for _ in range(2))
    for _ in range(steps):
        first.step()
        second.step()
        assert first.notes[-1] == second.notes[-1]
        if first.over:
            break
    assert first.notes == second.notes


def assert_is_frame(frame: Any) -> None:
    if isinstance(frame, np.ndarray):
        assert frame.ndim == 3 and frame.shape[2] == 3 and frame.dtype == np.uint8
        assert frame.flags.c_contiguous and np.ptp(frame) > 100
        return
    assert {"width", "height", "background", "game_state_objects"} <= set(frame)
    assert json.loads(json.dumps(frame, allow_nan=False)) == frame
    assert frame["game_state_objects"]


@every_env
def test_a_file_is_short_and_says_what_it_is(name: str) -> None:
    text = FILES[name].read_text("utf-8")
    assert len(text.splitlines()) <= 120
    assert text.startswith('"""')


@pytest.mark.parametrize("name", WRAPPED)
def test_gymnasiums_own_pass_its_checker(name: str) -> None:
    env = load(name).env
    more = ["Box observation space m"] * (name == "cartpole")
    with warned("is different from the unwrapped version", *more):
        # Both would make the environment anew, without the wrapper.
        check_env(env, skip_render_check=True, skip_close_check=True)


def test_pond_passes_gymnasiums_checker() -> None:
    with warned("due to the environment not having a spec"):
        check_env(load("pond").env)


def test_duet_passes_pettingzoos_checker(capsys: pytest.CaptureFixture[str]) -> None:
    parallel_api_test(load("duet").env, num_cycles=3700)
    assert "Passed Parallel API test" in capsys.readouterr().out


@every_env
def test_the_same_seed_gives_the_same_game(name: str) -> None:
    assert_same_games(lambda: load(name).env)


@every_env
def test_the_comparison_of_games_sees_a_forgotten_seed(name: str) -> None:
    seeds = iter((1, 2))

    def forgetful() -> Any:
        env, other = load(name).env, next(seeds)
        reset = env.reset
        env.reset = lambda seed: reset(seed=other)
        return env

    with pytest.raises(AssertionError):
        assert_same_games(forgetful)


@every_env
def test_a_game_ends_and_each_step_can_be_drawn(name: str) -> None:
    player = Player(load(name).env, 3)
    for _ in range(60 * 60):
        assert_is_frame(player.env.render()) if len(player.notes) % 20 == 1 else None
        player.step()
        if player.over:
            break
    assert player.over
    assert_is_frame(player.env.render())
    player.env.reset(seed=4)
    assert_is_frame(player.env.render())


@every_env
def test_the_environment_declares_that_it_renders(name: str) -> None:
    env = load(name).env
    assert env.render_mode in env.metadata["render_modes"]


@pytest.mark.parametrize("name", SURFACE)
def test_rendering_again_gives_the_same_picture(name: str) -> None:
    env = load(name).env
    env.reset(seed=1)
    first, second = env.render(), env.render()
    assert first == second
    stays = [[item for item in packet["game_state_objects"] if item.get("permanent")]
             for packet in (first, second)]  # fmt: skip
    assert stays[0] and all(a is b for a, b in zip(*stays, strict=True))


@pytest.mark.parametrize("name", SURFACE)
def test_texts_can_be_read_on_a_phone(name: str) -> None:
    env = load(name).env
    env.reset(seed=1)
    packet = env.render()
    texts = [item for item in packet["game_state_objects"] if item["object_type"] == "text"]
    assert all(item["size"] * 320 / packet["width"] >= 12 for item in texts)


@pytest.mark.parametrize(("position", "angle"), [(0.0, 0.0), (1.0, 0.1), (-2.0, -0.2)])
def test_the_pole_is_drawn_as_the_state_says(position: float, angle: float) -> None:
    env = load("cartpole").env
    env.reset(seed=1)
    env.unwrapped.state = (position, 0.0, angle, 0.0)
    packet = env.render()
    pole, cart = drawn(packet, "pole"), drawn(packet, "cart")
    leaning = math.atan2(pole["x2"] - pole["x1"], pole["y1"] - pole["y2"])
    assert leaning == pytest.approx(angle)
    assert pole["x1"] == cart["x"] + cart["width"] / 2
    assert (pole["x1"] - 300) / 110 == pytest.approx(position)


def test_the_car_is_drawn_in_the_valley_and_at_the_flag() -> None:
    env = load("mountain_car").env
    env.reset(seed=1)
    pole = drawn(env.render(), "flagpole")
    env.unwrapped.state = np.array([env.unwrapped.goal_position, 0.07])
    packet = env.render()
    assert np.mean(drawn(packet, "car")["points"], axis=0)[0] == pytest.approx(pole["x1"], abs=12)
    assert drawn(packet, "speed")["x2"] > drawn(packet, "speed")["x1"]
    env.unwrapped.state = np.array([-math.pi / 6, 0.0])
    lowest = np.mean(drawn(env.render(), "car")["points"], axis=0)
    assert lowest[0] == pytest.approx((1.2 - math.pi / 6) / 1.8 * 600, abs=2)
    assert lowest[1] > pole["y1"] + 200


def test_the_walker_is_drawn_on_each_tile() -> None:
    env = load("frozen_lake").env
    env.reset(seed=1)
    for state in range(16):
        env.unwrapped.s = state
        player = drawn(env.render(), "player")
        tile = (int(player["y"] - 24) // 88, int(player["x"] - 24) // 88)
        assert tile == divmod(state, 4)


def test_the_note_says_where_the_ice_took_the_walker() -> None:
    env, notes = load("frozen_lake").env, set()
    env.reset(seed=1)
    for _ in range(40):
        before = divmod(env.unwrapped.s, 4)
        _, _, over, late, _ = env.step(1)
        after = divmod(env.unwrapped.s, 4)
        moved = (after[0] - before[0], after[1] - before[1])
        assert env.note.startswith("Walked ↓") == (moved == (1, 0))
        assert ("stayed" in env.note) == (moved == (0, 0))
        notes.add(env.note)
        if over or late:
            env.reset()
    assert len(notes) > 2


def test_taxi_passenger_and_goal_are_drawn_where_the_state_has_them() -> None:
    env = load("taxi").env
    env.reset(seed=1)
    places = env.unwrapped.locs

    def cell(x: float, y: float) -> tuple[int, int]:
        return int(y - 20) // 72, int(x - 20) // 72

    for row, column, passenger, goal in [(0, 0, 1, 2), (2, 4, 0, 3), (4, 3, 3, 1), (3, 1, 2, 0)]:
        env.unwrapped.s = env.unwrapped.encode(row, column, passenger, goal)
        packet = env.render()
        taxi, waiting = drawn(packet, "taxi"), drawn(packet, "passenger")
        assert cell(taxi["x"], taxi["y"]) == (row, column)
        assert cell(waiting["x"], waiting["y"]) == places[passenger]
        assert cell(*np.mean(drawn(packet, "goal")["points"][:4], axis=0)) == places[goal]
    env.unwrapped.s = env.unwrapped.encode(2, 2, 4, 0)
    assert "passenger" not in [item.get("id") for item in env.render()["game_state_objects"]]


def test_the_ribbon_joins_the_two_players() -> None:
    env = load("duet").env
    env.reset(seed=1)
    for _ in range(25):
        env.step({"teal": 1, "amber": 4})
    packet = env.render()
    ribbon = drawn(packet, "ribbon")["points"]
    for index, agent in enumerate(["teal", "amber"]):
        circle = drawn(packet, agent)
        assert [circle["x"], circle["y"]] == pytest.approx(env.places[index])
        assert ribbon[-index] == pytest.approx(env.places[index])
    assert env.places[0, 1] < env.places[1, 1]  # up
    assert env.places[1, 0] > 400  # right


def test_a_ribbon_that_is_too_long_touches_nothing() -> None:
    env = load("duet").env
    rewards = {}
    for half in (60, 200):
        env.reset(seed=1)
        env.places = np.array([(300.0 - half, 200.0), (300.0 + half, 200.0)])
        env.things[:] = (300, 100)
        env.things[0] = (300, 200)
        rewards[half] = env.step({"teal": 0, "amber": 0})[1]
    assert rewards == {60: {"teal": 1, "amber": 1}, 200: {"teal": 0, "amber": 0}}


def test_the_fifth_thorn_ends_the_duet_for_both() -> None:
    env = load("duet").env
    env.reset(seed=1)
    env.pricks = 2
    env.things[:] = (300, 50)
    env.things[-3:] = env.places.mean(axis=0)
    _, rewards, terminated, truncated, _ = env.step({"teal": 0, "amber": 0})
    assert rewards == {"teal": -3, "amber": -3}
    assert all(terminated.values()) and not any(truncated.values()) and env.agents == []


def test_the_scripted_partner_catches_seeds_with_a_player_who_stands_still() -> None:
    loaded = load("duet")
    env, total = loaded.env, 0.0
    for seed in range(3):
        obs, _ = env.reset(seed=seed)
        while env.agents:
            action = loaded.policies["amber"](obs["amber"])
            assert env.action_space("amber").contains(action)
            obs, rewards, *_ = env.step({"teal": 0, "amber": action})
            total += rewards["amber"]
    assert total > 15


def test_the_boat_is_painted_where_it_is_and_makes_waves() -> None:
    env = load("pond").env
    env.reset(seed=1)
    calm = env.render()
    for action in [1] * 60 + [5] * 20:
        env.step(action)
    frame, (x, y) = env.render(), env.boat.astype(int)
    assert frame.shape == (240, 400, 3)
    assert env.boat[0] > 60
    assert np.abs(frame[y, x].astype(int) - (251, 191, 36)).max() < 25
    assert np.abs(frame.astype(int) - calm).max(axis=2).mean() > 1
    assert (frame[70, 96] == calm[70, 96]).all()  # a stone


def test_a_blossom_that_the_boat_touches_is_gathered() -> None:
    env = load("pond").env
    env.reset(seed=1)
    env.blossoms[3] = env.boat
    _, reward, terminated, _, _ = env.step(0)
    assert (reward, terminated, env.afloat[3]) == (1.0, False, False)
    env.afloat[:] = False
    env.afloat[5], env.blossoms[5] = True, env.boat
    _, reward, terminated, truncated, _ = env.step(0)
    assert (reward, terminated, truncated) == (1.0, True, False)


@every_env
def test_the_keys_give_legal_actions_and_reach_every_one(name: str) -> None:
    loaded = load(name)
    env, play = loaded.env, loaded.play
    assert set(play) <= PLAY and 1 <= play["fps"] <= 60
    if "agents" not in play:
        mappings = [(play["action_mapping"], env.action_space)]
    else:
        assert set(play["agents"]) == set(env.possible_agents)
        mappings = [
            (keys, env.action_space(agent))
            for agent, keys in play["agents"].items()
            if keys != "policy" or not callable(loaded.policies[agent])
        ]
        assert mappings
    waits = play.get("wait_on_player", False)
    idle = set() if waits else {play["default_action"]}
    for mapping, space in mappings:
        assert set(mapping.values()) | idle == set(range(space.n))


def test_every_environment_runs_in_pyodide_without_warnings(web_site: Site) -> None:
    packages = ["numpy", "gymnasium", "pettingzoo"]
    packages += ["cloudpickle", "farama_notifications", "typing_extensions"]
    with Runtime.of_site("pyodide", web_site, packages) as python:
        python.install(ROOT / "web" / "gymworker")
        python.install(ROOT / "web" / "envs")
        python.exec(PYODIDE)
        lines = json.loads(python.call("run", json.dumps(list(FILES)))[0])
    assert lines == dict.fromkeys(FILES, "drawn")


PYODIDE = """
import json, runpy, warnings
warnings.simplefilter("error")
from gymworker.worker import compat
compat.install()

def run(names, buffers, out):
    answers = {}
    for name in json.loads(names):
        env = runpy.run_path("envs/" + name + ".py")["env"]
        env.reset(seed=1)
        env.step(dict.fromkeys(env.agents, 1) if hasattr(env, "agents") else 1)
        answers[name] = "blank" if env.render() is None else "drawn"
    return json.dumps(answers)
"""
