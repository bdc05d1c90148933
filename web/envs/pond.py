"""Pond: row a paper boat and gather ten blossoms, which the boat's own waves push about.

All of it is NumPy: the water is the wave equation on a grid, and a frame `(240, 400, 3) uint8` is
the light on its slopes. The reward is 1 for a blossom; the tenth ends the game, as a minute does.
"""

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete

SIZE, BLOSSOMS, FPS = np.array([400, 240]), 10, 60  # pixels (x, y); steps a second
STONES = np.array([(96, 70, 25), (128, 90, 14), (292, 162, 30), (253, 180, 15), (330, 52, 17)])
NAMES = ["Drift", "Row", "Turn left", "Turn right", "Row left", "Row right"]  # of the actions
ROW, TURN = [0, 1, 0.2, 0.2, 1, 1], [0, 0, -1, 1, -1, 1]

PETAL, AMBER, STONE, PAPER = (253, 186, 200), (251, 191, 36), (62, 78, 84), (252, 249, 240)
WATER = [(8, 52, 62), (19, 98, 104), (36, 138, 134), (226, 252, 244)]  # by light: 0, 90, 150, 255
TONES = [np.interp(range(256), (0, 90, 150, 255), tone) for tone in zip(*WATER, strict=True)]
TONES = np.stack(TONES, axis=1).astype(np.uint8)  # (256, 3)
# The boat is made of lenses: shifted by, radius of a side, half as wide as, colour, opacity.
HULL = [(3, 24, 7, STONE, 0.5), (0, 24, 7, PAPER, 1), (0, 22, 4, STONE, 0.3), (0, 9, 3, AMBER, 1)]
Y, X = np.mgrid[: SIZE[1], : SIZE[0]].astype(np.float32)


def around(place, reach):
    """Return the part of the grid around a place, and how far right and down its points lie."""
    (x, y), (left, top) = np.float32(place), np.maximum(np.int_(place) - reach, 0)
    part = np.s_[top : int(y) + reach + 2, left : int(x) + reach + 2]
    return part, X[part] - x, Y[part] - y


def blend(frame, part, color, inside, opacity=1.0):
    """Paint a shape; `inside` says how many pixels each point of the part lies in it."""
    cover = np.float32(opacity) * (inside + np.float32(0.5)).clip(0, 1)[..., None]
    frame[part] = frame[part] + (np.float32(color) - frame[part]) * cover


def clearance(x, y):
    """Return how far places are from the nearest stone, in pixels; negative on a stone."""
    away = np.hypot(x[..., None] - STONES[:, 0], y[..., None] - STONES[:, 1])
    return (away - STONES[:, 2]).min(axis=-1)


class Pond(gymnasium.Env):
    """The game. Observations: the boat's place, speed, heading; the blossoms' places, if afloat."""

    metadata, render_mode = {"render_modes": ["rgb_array"], "render_fps": FPS}, "rgb_array"
    action_space, observation_space = Discrete(6), Box(-1, 1, (6 + 3 * BLOSSOMS,), np.float32)

    def __init__(self):
        self.depth = 112 - 45 * np.hypot(X / 200 - 1, Y / 120 - 1)  # darker towards the shore
        self.calm, self.dry = np.zeros_like(X), clearance(X, Y) < 0
        self.calm[1:-1, 1:-1] = np.where(self.dry, 0, 0.992)[1:-1, 1:-1]
        bulge = np.maximum(-clearance(X + 4, Y + 5), 0)[self.dry]  # lit from the top left
        self.stones = np.uint8(np.float32(STONE) + 16 * np.sqrt(bulge)[:, None])

    def reset(self, *, seed=None, options=None):
        """Begin a game on a calm pond."""
        super().reset(seed=seed)
        self.water, self.rise = np.zeros_like(X), np.zeros_like(X)  # height, and its change
        self.boat, self.speed, self.steps = np.array([24.0, 120.0]), np.zeros(2), 0
        self.heading, self.bow = 0.0, np.array([1.0, 0.0])
        places = self.np_random.uniform((70, 20), SIZE - 20, (400, 2))
        self.blossoms = places[clearance(*places.T) > 14][:BLOSSOMS]
        self.drift, self.afloat = np.zeros((BLOSSOMS, 2)), np.full(BLOSSOMS, True)
        return self.observe(), {}

    def step(self, action):
        """Row, let the waves run and push the blossoms, gather those that the boat touches."""
        self.steps, self.heading = self.steps + 1, self.heading + 0.05 * TURN[action]
        self.bow = np.array([np.cos(self.heading), np.sin(self.heading)])
        self.speed = 0.96 * self.speed + 0.06 * ROW[action] * self.bow
        if clearance(*(self.boat + self.speed)) < 9:
            self.speed *= -0.4
        self.boat = np.clip(self.boat + self.speed, 14, SIZE - 14)
        (part, u, v), water, w = around(self.boat, 9), self.water, SIZE[0]
        self.rise[part] -= 0.3 * np.hypot(*self.speed) * np.exp(-(u * u + v * v) / 18)
        for line in 2 * [water.ravel()]:  # all rows as one; stones and shore throw the waves back
            beside = line[: -2 * w] + line[2 * w :] + line[w - 1 : -w - 1] + line[w + 1 : 1 - w]
            self.rise.ravel()[w:-w] += 0.4 * (beside - 4 * line[w:-w])
            self.rise *= self.calm
            water += self.rise
        x, y = self.blossoms.astype(int).T
        slopes = [water[y, x + 2] - water[y, x - 2], water[y + 2, x] - water[y - 2, x]]
        self.drift = 0.97 * self.drift - 0.02 * np.stack(slopes, axis=1)
        self.drift[clearance(*(self.blossoms + self.drift).T) < 8] *= -1
        self.blossoms = np.clip(self.blossoms + self.drift, 12, SIZE - 12)
        near = self.afloat & (np.linalg.norm(self.blossoms - self.boat, axis=1) < 19)
        self.afloat &= ~near
        done, late = not self.afloat.any(), self.steps >= 60 * FPS
        return self.observe(), float(near.sum()), done, late and not done, {}

    def observe(self):
        """Return the observation, each number in [-1, 1]."""
        boat, blossoms = self.boat / SIZE * 2 - 1, self.blossoms / SIZE * 2 - 1
        parts = [boat, self.speed / 2, self.bow, *blossoms, self.afloat]
        return np.concatenate(parts).clip(-1, 1).astype(np.float32)

    def render(self):
        """Return the frame, `(240, 400, 3) uint8`."""
        light = self.depth + 150 * sum(np.gradient(self.water))
        frame = TONES.take(light.clip(0, 255).astype(np.uint8), axis=0)
        frame[self.dry] = self.stones
        for place in self.blossoms[self.afloat]:
            part, u, v = around(place, 10)
            blend(frame, part, PETAL, 7.5 + 2 * np.cos(5 * np.arctan2(v, u)) - np.hypot(u, v))
            blend(frame, part, AMBER, 2.5 - np.hypot(u, v))
        for shift, radius, width, color, opacity in HULL:
            part, u, v = around(self.boat + shift, 18)
            across = abs(v * self.bow[0] - u * self.bow[1]) + radius - width
            inside = radius - np.hypot(u * self.bow[0] + v * self.bow[1], across)
            blend(frame, part, color, inside, opacity)
        frame[-4:, : int(SIZE[0] * (1 - self.steps / (60 * FPS)))] = AMBER
        return frame


env = Pond()
keys = {"ArrowUp": 1, "ArrowLeft": 2, "ArrowRight": 3}
keys |= {("ArrowUp", "ArrowLeft"): 4, ("ArrowUp", "ArrowRight"): 5}
play = {"fps": FPS, "action_mapping": keys, "default_action": 0, "labels": dict(enumerate(NAMES))}
