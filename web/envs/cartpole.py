"""CartPole: keep the pole upright on a cart that each step pushes left (0) or right (1).

Gymnasium's own environment; the wrapper draws it, since its renderer needs pygame.
"""

import math

import gymnasium
from gymworker import Surface

WIDTH, HEIGHT = 600, 400
SCALE = 110  # pixels to a metre
RAIL = 308  # y of the rail
POLE = 190  # pixels; longer than it is in scale, so that its angle shows

NIGHT, FLOOR, GRID = "#12252b", "#0d1b20", "#1a3238"
STEEL, MIST, TEAL, AMBER, ROSE = "#5f7f85", "#dbe7e6", "#2dd4bf", "#fbbf24", "#fb7185"


class Drawn(gymnasium.Wrapper):
    """CartPole with a picture."""

    metadata = {"render_modes": ["surface"], "render_fps": 50}
    render_mode = "surface"

    def __init__(self, env):
        super().__init__(env)
        self.surface = Surface(WIDTH, HEIGHT, NIGHT)
        self.draw_stage()

    def draw_stage(self):
        """Draw what stays: the wall, the floor, the rail and where it ends."""
        stay = {"permanent": True, "depth": -1}
        for column in range(-2, 3):
            x = WIDTH / 2 + column * SCALE
            self.surface.line(x, 0, x, RAIL, GRID, 2, id=f"grid{column}", **stay)
            self.surface.line(x, RAIL, x, RAIL + 14, STEEL, 3, id=f"tick{column}", **stay)
        self.surface.rectangle(0, RAIL, WIDTH, HEIGHT - RAIL, FLOOR, id="floor", **stay)
        limit = self.unwrapped.x_threshold * SCALE
        left, right = WIDTH / 2 - limit, WIDTH / 2 + limit
        self.surface.line(left, RAIL, right, RAIL, STEEL, 6, id="rail", **stay)
        for name, x in ("left", left), ("right", right):
            self.surface.line(x, RAIL - 16, x, RAIL + 16, ROSE, 8, id=name, **stay)

    def render(self):
        """Draw the cart and the pole where the state has them."""
        if self.unwrapped.state is None:
            return None
        position, _, angle, _ = map(float, self.unwrapped.state)
        fallen = abs(angle) > self.unwrapped.theta_threshold_radians
        x, y = WIDTH / 2 + position * SCALE, RAIL - 34
        self.draw_fan(x, y)
        self.draw_cart(x)
        tip_x, tip_y = x + POLE * math.sin(angle), y - POLE * math.cos(angle)
        color = ROSE if fallen else AMBER
        self.surface.line(x, y, tip_x, tip_y, color, 14, id="pole", depth=2)
        self.surface.circle(tip_x, tip_y, 7, color, id="tip", depth=2)
        self.surface.circle(x, y, 12, MIST, id="axle", depth=3)
        self.surface.circle(x, y, 5, FLOOR, depth=3)
        label = f"{math.degrees(angle):+.1f}°"
        self.surface.text(label, WIDTH / 2, HEIGHT - 56, MIST, 26, align="center")
        return self.surface.commit()

    def draw_fan(self, x, y):
        """Draw the angles at which the pole still counts as upright."""
        limit, reach = self.unwrapped.theta_threshold_radians, POLE + 22
        turns = [limit * step / 8 for step in range(-8, 9)]
        rim = [(x + reach * math.sin(turn), y - reach * math.cos(turn)) for turn in turns]
        self.surface.polygon([(x, y), *rim], TEAL, alpha=0.12)
        self.surface.polyline(rim, TEAL, 3, alpha=0.7)

    def draw_cart(self, x):
        """Draw the cart: a box with round corners on two wheels."""
        top, corner = RAIL - 54, 8
        self.surface.rectangle(x - 46, top + corner, 92, 24, TEAL, id="cart", depth=1)
        self.surface.rectangle(x - 46 + corner, top, 92 - 2 * corner, 40, TEAL, depth=1)
        for side in (-1, 1):
            for y in (top + corner, top + 40 - corner):
                self.surface.circle(x + side * (46 - corner), y, corner, TEAL, depth=1)
            self.surface.circle(x + side * 26, RAIL - 14, 13, FLOOR, depth=1)
            self.surface.circle(x + side * 26, RAIL - 14, 9, MIST, depth=1)
            self.surface.circle(x + side * 26, RAIL - 14, 4, FLOOR, depth=1)


env = Drawn(gymnasium.make("CartPole-v1"))

# CartPole has no "do nothing": without a key it is pushed left. At half speed a person can keep up.
play = {
    "fps": 25,
    "action_mapping": {"ArrowLeft": 0, "ArrowRight": 1},
    "default_action": 0,
    "input_mode": "pressed_keys",
    "labels": {0: "Push left", 1: "Push right"},
}
