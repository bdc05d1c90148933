"""Environments that draw with pygame, the real one or the stand-in, are saved as they are."""

from typing import Any

import numpy as np
import pygame as real
import pytest
from gymworker.worker import standin

from tests.unit.worker.snapshot.worlds import World
from tests.unit.worker.standin.pictures import ours
from tests.unit.worker.standin.test_environments import CLOSE, EXACT, drawn_with

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

SOURCE = "import gymnasium\nenv = gymnasium.make({name!r}, render_mode={mode!r})\n"


@pytest.fixture(params=["ours", "real"])
def pygame(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(standin, "show", None)
    monkeypatch.setattr(standin, "writer", None)
    return {"ours": ours, "real": real}[request.param]


@pytest.mark.parametrize("name", [*EXACT, *CLOSE])
def test_a_stock_environment_draws_on(name: str, pygame: Any) -> None:
    source = SOURCE.format(name=name, mode="rgb_array")
    with drawn_with(pygame):
        world = World(source)
        world.environment.reset(seed=1)
        unseen = world.states.digest()
        frame = np.copy(world.environment.render())
        assert world.states.digest() == unseen, "pictures are no part of it"
        snapshots = [world.save() for _ in range(3)]
        data = world.states.write(snapshots[0])
        world.env.action_space.seed(3)
        world.environment.step(world.env.action_space.sample())
        world.environment.render()
        for snapshot in snapshots:
            world.restore(snapshot)
            np.testing.assert_array_equal(world.environment.render(), frame)
            world.environment.step(world.env.action_space.sample())
            world.environment.render()
        other = World(source)
        other.restore_file(data)
        np.testing.assert_array_equal(other.environment.render(), frame)


@pytest.mark.parametrize("name", ["CartPole-v1", "FrozenLake-v1"])
def test_the_display_is_the_one_that_is_shown(name: str, pygame: Any) -> None:
    source = SOURCE.format(name=name, mode="human")

    def shown() -> Any:
        return np.copy(pygame.surfarray.array3d(pygame.display.get_surface()))

    with drawn_with(pygame):
        world = World(source)
        world.environment.reset(seed=1)
        picture = shown()
        before = world.save()
        data = world.states.write(before)
        for _ in range(4):
            world.environment.step(1)
        world.restore(before)
        world.environment.render()
        np.testing.assert_array_equal(shown(), picture)
        pygame.display.quit()
        pygame.display.init()
        other = World(source)
        other.restore_file(data)
        np.testing.assert_array_equal(shown(), picture)
        other.environment.render()
        np.testing.assert_array_equal(shown(), picture)
        other.env.close()


def test_a_picture_with_alpha_and_a_part_of_one(pygame: Any) -> None:
    code = (
        "import pygame\n"
        "class Env:\n"
        "    def reset(self, *, seed=None, options=None): return 0, {}\n"
        "    def step(self, action): return 0, 0.0, False, False, {}\n"
        "env = Env()\n"
        "env.whole = pygame.Surface((30, 20), pygame.SRCALPHA, 32)\n"
        "env.whole.fill((200, 10, 30, 90), (3, 4, 5, 6))\n"
        "env.clock = pygame.time.Clock()\n"
    )
    with drawn_with(pygame):
        world = World(code)
        data = world.file()
        other = World(code)
        other.env.whole.fill((0, 0, 0, 0))
        other.restore_file(data)
        assert tuple(other.env.whole.get_at((4, 5))) == (200, 10, 30, 90)
        assert tuple(other.env.whole.get_at((0, 0))) == (0, 0, 0, 0)
        other.env.clock.tick(30)


DRAWS = """
import pygame
class Env:
    def __init__(self): self.window = {empty}
    def reset(self, *, seed=None, options=None): return 0, {{}}
    def step(self, action): return 0, 0.0, False, False, {{}}
    def render(self): {fill}
cache = {{}}
env = Env()
"""


@pytest.mark.parametrize(
    ("empty", "fill"),
    [
        ("{}", "self.window['hero'] = pygame.Surface((2, 2))"),
        ("[]", "self.window.append(pygame.Surface((2, 2)))"),
        ("None", "self.window = {'hero': pygame.Surface((2, 2)), 'foe': None}"),
        ("{}", "self.window = {'left': [pygame.Surface((2, 2))], 'right': []}"),
        ("[1, {}]", "self.window[1]['hero'] = pygame.Surface((2, 2))"),
        ("{'level': 3, 'art': []}", "self.window['art'].append(pygame.Surface((2, 2)))"),
        ("None", "cache['hero'] = pygame.Surface((2, 2))"),
    ],
)
def test_whatever_pictures_are_put_into_is_no_part_of_the_hash(
    empty: str, fill: str, pygame: Any
) -> None:
    with drawn_with(pygame):
        world = World(DRAWS.format(empty=empty, fill=fill))
        unseen, before = world.states.digest(), world.save()
        world.env.render()
        assert world.states.digest() == unseen
        assert world.states.difference(before, world.save()) is None


def test_what_lies_beside_pictures_is_a_part_of_it(pygame: Any) -> None:
    with drawn_with(pygame):
        world = World(DRAWS.format(empty="{'hero': 1}", fill="pass"))
        world.run("env.window['art'] = pygame.Surface((2, 2))")
        before = world.states.digest()
        world.run("env.window['hero'] = 2")
        assert world.states.digest() != before
