"""MountainCar: swing a weak car out of a valley. Push left (0), not at all (1) or right (2).

Gymnasium's own environment; the wrapper draws it, since its renderer needs pygame.
"""

import math

import gymnasium
from gymworker import Surface

WIDTH, HEIGHT = 600, 400
LEFT, RIGHT = -1.2, 0.6  # the ends of the road
VALLEY, RISE = 215, 118  # y of the road's middle height, and how far it goes up and down from there

SKY = ["#16323c", "#1d424a", "#2a5658", "#3f6d66", "#658676", "#99a083", "#cdb78c", "#ecc792"]
FAR, NEAR, HILL, RIDGE = "#2f5a5c", "#21474b", "#102a30", "#2dd4bf"
INK, MIST, AMBER, SUN = "#0b1b20", "#e6efee", "#fbbf24", "#fde3b0"


def place(position):
    """Return where the road is in the picture, at a position of the car."""
    return (position - LEFT) / (RIGHT - LEFT) * WIDTH, VALLEY - RISE * math.sin(3 * position)


class Drawn(gymnasium.Wrapper):
    """MountainCar with a picture."""

    metadata = {"render_modes": ["surface"], "render_fps": 30}
    render_mode = "surface"

    def __init__(self, env):
        super().__init__(env)
        self.surface = Surface(WIDTH, HEIGHT, SKY[-1])
        self.draw_land()

    def draw_land(self):
        """Draw what stays: the sky, the mountains, the road and the flag."""
        band = 34
        for row, color in enumerate(SKY):
            self.stay("rectangle", f"sky{row}", 0, row * band, WIDTH, band + 1, color, depth=-9)
        self.stay("circle", "glow", 196, 218, 74, SUN, depth=-8, alpha=0.25)
        self.stay("circle", "sun", 196, 218, 46, SUN, depth=-8)
        columns = range(0, WIDTH + 1, 6)
        far = [(x, 238 - 42 * math.sin(x / 71 + 1) - 15 * math.sin(x / 19)) for x in columns]
        near = [(x, 292 - 34 * math.sin(x / 97 + 4) - 9 * math.sin(x / 23)) for x in columns]
        road = [place(LEFT + (RIGHT - LEFT) * step / 120) for step in range(121)]
        bottom = [(WIDTH, HEIGHT), (0, HEIGHT)]
        self.stay("polygon", "far", far + bottom, FAR, depth=-7)
        self.stay("polygon", "near", near + bottom, NEAR, depth=-6)
        self.stay("polygon", "hill", road + bottom, HILL, depth=-5)
        self.stay("polyline", "road", road, RIDGE, 5, depth=-4)
        x, y = place(self.unwrapped.goal_position)
        self.stay("line", "flagpole", x, y, x, y - 74, MIST, 4, depth=-3)
        flag = [(x - 2, y - 74), (x - 40, y - 60), (x - 2, y - 46)]
        self.stay("polygon", "flag", flag, AMBER, depth=-3)

    def stay(self, shape, name, *args, **options):
        """Draw a permanent object."""
        getattr(self.surface, shape)(*args, id=name, permanent=True, **options)

    def render(self):
        """Draw the car where the state has it, along the slope, with its speed below."""
        if getattr(self.unwrapped, "state", None) is None:
            return None
        position, speed = map(float, self.unwrapped.state)
        x, y = place(position)
        ahead, behind = place(position + 0.01), place(position - 0.01)
        turn = math.atan2(ahead[1] - behind[1], ahead[0] - behind[0])

        def on_car(*points):
            """Turn points (along the road, above it) into points of the picture."""
            cos, sin = math.cos(turn), math.sin(turn)
            return [(x + u * cos + v * sin, y + u * sin - v * cos) for u, v in points]

        body = on_car((-30, 12), (-30, 24), (-26, 28), (26, 28), (32, 22), (32, 12))
        cabin = on_car((-19, 27), (-13, 43), (9, 43), (19, 27))
        window = on_car((-13, 29), (-9, 38), (7, 38), (12, 29))
        self.surface.polygon(cabin, AMBER)
        self.surface.polygon(window, INK)
        self.surface.polygon(body, AMBER, id="car")
        for hub_x, hub_y in on_car((-17, 11), (18, 11)):
            self.surface.circle(hub_x, hub_y, 11, INK, depth=1)
            self.surface.circle(hub_x, hub_y, 5, MIST, depth=1)
        self.draw_speed(speed / self.unwrapped.max_speed)
        return self.surface.commit()

    def draw_speed(self, share):
        """Draw the speed as a bar, from -1 (full speed to the left) to 1."""
        middle, y, reach = WIDTH / 2, HEIGHT - 30, 110
        self.surface.line(middle - reach, y, middle + reach, y, NEAR, 10)
        self.surface.line(middle, y, middle + share * reach, y, RIDGE, 10, id="speed", depth=1)
        self.surface.line(middle, y - 12, middle, y + 12, MIST, 3, depth=2)


env = Drawn(gymnasium.make("MountainCar-v0"))

play = {
    "fps": 30,
    "action_mapping": {"ArrowLeft": 0, "ArrowRight": 2},
    "default_action": 1,
    "input_mode": "pressed_keys",
    "labels": {0: "Drive left", 1: "Coast", 2: "Drive right"},
}
