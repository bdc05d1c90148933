"""Continuous actions on the page: by keys, by a stick, by the mouse or a finger; replayed."""

import re
import time
from collections.abc import Iterator

import pytest
from gymworker.recording import read
from playwright.sync_api import Browser, expect

from tests.browser.browsers import in_chromium
from tests.browser.conftest import Serve
from tests.browser.pages import open_page, watched
from tests.browser.player import DEADLINE, Player
from tests.browser.servers import Served
from tests.browser.test_page_fingers import Fingers
from tests.browser.test_page_gamepads import GAMEPADS, STANDARD

pytestmark = in_chromium

PENDULUM = """
import gymnasium

env = gymnasium.make("Pendulum-v1", render_mode="rgb_array")
play = {"action_mapping": {"ArrowLeft": [-2.0], "ArrowRight": [2.0]}, "fps": 60}
"""

CAR = """
import gymnasium

env = gymnasium.make("MountainCarContinuous-v0", render_mode="rgb_array")
play = {"action_mapping": {"ArrowLeft": [-1.0], "ArrowRight": [1.0]}, "fps": 60}
"""

PLANE = """
import gymnasium
import numpy as np


class Plane(gymnasium.Env):
    action_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)
    observation_space = gymnasium.spaces.Box(-9, 9, (2,), np.float32)
    metadata = {"render_modes": ["rgb_array"], "render_fps": 60}
    render_mode = "rgb_array"

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.at = self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self.at, {}

    def step(self, action):
        self.at = np.clip(self.at + 0.01 * action, -9, 9)
        return self.at, float(action.sum()), False, False, {}

    def render(self):
        return np.full((200, 320, 3), 90, np.uint8)


env = Plane()
play = {"action_mapping": {"ArrowLeft": [-1, 0], "ArrowRight": [1, 0], "ArrowUp": [0, 1]}}
"""
POINTED = PLANE + 'play["pointer"] = "position"\n'

SITE = {
    "envs/cartpole.py": PENDULUM,
    "envs/mountain_car.py": CAR,
    "envs/frozen_lake.py": PLANE,
    "envs/taxi.py": POINTED,
}
"""What stands in the place of the environments of these names; Taxi's begins at once."""


@pytest.fixture(scope="module")
def changed(serve_changed: Serve) -> Iterator[Served]:
    with serve_changed(SITE) as served:
        yield served


@pytest.fixture(scope="module")
def player(browser: Browser, changed: Served) -> Iterator[Player]:
    with watched(browser, changed.url) as context:
        context.add_init_script(GAMEPADS)
        player = Player(open_page(context, changed.url, "done"))
        player.follow_steps()
        yield player


def act(player: Player, *numbers: float) -> None:
    """Waits until the environment is given this action."""
    text = "[" + ", ".join(f"{number:.4f}" for number in numbers) + "]"
    expect(player.page.locator("#last-action")).to_have_text(text, timeout=DEADLINE)


def recorded(player: Player, episodes: str = "1 episode") -> list[list[float]]:
    """Ends the episode; returns the actions of its record, which comes out the same again."""
    player.page.locator("#reset").click()
    expect(player.page.locator("#recorded")).to_contain_text(episodes, timeout=DEADLINE)
    _, text = player.save("#save-jsonl")
    player.drop(text)
    player.check_only()
    replayed = player.page.locator("#replayed")
    expect(replayed).to_have_class("same", timeout=DEADLINE)
    expect(replayed).to_contain_text("every reward, flag and observation agrees")
    player.wait_for("ready")
    actions = read(text)[-1]["actions"]
    assert {action.dtype.name for action in actions} == {"float32"}
    return [action.tolist() for action in actions]


@pytest.mark.parametrize(
    ("name", "most", "size"), [("CartPole", 2.0, [500, 500]), ("MountainCar", 1.0, [600, 400])]
)
def test_stock_environments_of_continuous_actions_are_played_by_keys(
    player: Player, name: str, most: float, size: list[int]
) -> None:
    """Pendulum and MountainCarContinuous, which stand in the places of these names."""
    player.choose(name, seed=3)
    player.start()
    keyboard = player.page.keyboard
    act(player, 0)
    keyboard.down("ArrowLeft")
    act(player, -most)
    keyboard.down("ArrowRight")
    act(player, 0)
    keyboard.up("ArrowLeft")
    act(player, most)
    keyboard.up("ArrowRight")
    act(player, 0)
    player.wait_for_size(*size)
    assert {action for (action,) in recorded(player)} == {0, -most, most}


def test_two_axes_move_at_once(player: Player) -> None:
    player.choose("FrozenLake", seed=3)
    player.start()
    keyboard = player.page.keyboard
    keyboard.down("ArrowUp")
    act(player, 0, 1)
    keyboard.down("ArrowLeft")
    act(player, -1, 1)
    keyboard.up("ArrowUp")
    act(player, -1, 0)
    keyboard.up("ArrowLeft")
    act(player, 0, 0)
    assert {(-1, 1), (-1, 0), (0, 1)} <= {tuple(action) for action in recorded(player)}


def test_the_mouse_is_the_action_and_keys_stay_usable(player: Player) -> None:
    page = player.page
    player.choose("Taxi", seed=5)
    expect(page.locator("#keys")).to_contain_text("Point at the picture")
    player.start()
    canvas, action = page.locator("#canvas"), page.locator("#last-action")
    canvas.scroll_into_view_if_needed()
    player.wait_for_size(320, 200)

    def to(x: float, y: float) -> None:
        """Moves the mouse to a pixel of the picture, which is in the middle of the canvas."""
        box = canvas.bounding_box()
        assert box
        scale = min(box["width"] / 320, box["height"] / 200)
        left = box["x"] + (box["width"] - 320 * scale) / 2
        top = box["y"] + (box["height"] - 200 * scale) / 2
        page.mouse.move(left + x * scale, top + y * scale)

    def acts(x: float, y: float) -> None:
        """Waits for an action, within two pixels."""
        deadline = time.monotonic() + DEADLINE / 1000
        while True:
            found = [float(number) for number in re.findall(r"-?\d+\.\d+", action.inner_text())]
            if len(found) == 2 and max(abs(found[0] - x), abs(found[1] - y)) < 0.02:
                return
            assert time.monotonic() < deadline, f"expected {x, y}, got {found}"

    to(240, 50)
    acts(0.5, -0.5)
    to(0.5, 199.5)
    acts(-1, 1)
    page.mouse.down()
    to(-3, 100)  # it leaves the picture, pressed
    acts(-1, 0)
    page.mouse.up()
    acts(0, 0)
    to(160, 199)
    acts(0, 1)
    page.keyboard.down("ArrowRight")
    acts(1, 0)
    page.keyboard.up("ArrowRight")
    acts(0, 1)
    actions = recorded(player)
    assert any(abs(x - 0.5) < 0.02 and abs(y + 0.5) < 0.02 for x, y in actions)
    assert [1, 0] in actions, "the key alone"


def test_a_stick_moves_as_far_as_it_is_tilted(player: Player) -> None:
    player.choose("CartPole", seed=3)
    player.start()
    player.page.evaluate(STANDARD)
    for axis, action in ((-1, -2), (0.55, 1), (-0.19, -0.2), (0.05, 0)):
        player.page.evaluate(f"slots[1].axes[0] = {axis}")
        act(player, action)
    player.page.evaluate("slots[1] = null")
    assert {round(action, 4) for (action,) in recorded(player, "2 ep")} >= {-2, 1, -0.2, 0}


def test_a_finger_is_the_action_while_it_touches(browser: Browser, changed: Served) -> None:
    size = {"width": 360, "height": 740}
    with watched(browser, changed.url, viewport=size, has_touch=True, is_mobile=True) as context:
        player = Player(open_page(context, changed.url, "done"))
        player.follow_steps()
        player.choose("Taxi", seed=5)
        player.page.locator("#start").tap()
        player.wait_for("running")
        fingers = Fingers(player.page, context.new_cdp_session(player.page))
        box = player.page.locator("#canvas").bounding_box()
        assert box
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        action = player.page.locator("#last-action")
        fingers.down(1, (middle[0] + 60, middle[1] + 40))
        expect(action).to_have_text(re.compile(r"^\[0\.\d+, 0\.\d+\]$"), timeout=DEADLINE)
        fingers.move(1, (middle[0] - 60, middle[1] + 40))
        expect(action).to_have_text(re.compile(r"^\[-0\.\d+, 0\.\d+\]$"), timeout=DEADLINE)
        fingers.up(1)
        act(player, 0, 0)
