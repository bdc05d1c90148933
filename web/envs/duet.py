"""Duet: two players hold a ribbon, catch drifting seeds in it and keep it clear of thorns.

A PettingZoo ParallelEnv. Both get the same reward: 1 for a seed, -1 for a thorn. The fifth thorn
ends the game, and so does a minute. A ribbon that is stretched too far touches nothing.
"""

import numpy as np
from gymnasium.spaces import Box, Discrete
from gymworker import Surface
from pettingzoo import ParallelEnv

SIZE, FPS = np.array([600, 400]), 60  # pixels, steps a second
SEEDS, THORNS, LIVES, REACH, TOUCH, SPEED = 9, 3, 5, 260, 15, 6  # the last three in pixels
MOVES = np.array([(0, 0), (0, -1), (0, 1), (-1, 0), (1, 0)])  # stay, up, down, left, right

SKY = ["#0d1b20", "#0f2127", "#12272e", "#152e34", "#18353b", "#1b3d42", "#1f4549", "#234d50"]
PLAYERS = {"teal": "#2dd4bf", "amber": "#fbbf24"}
SEED, THORN, MIST, TIME = "#fde9b8", "#fb7185", "#dbe7e6", "#0f766e"
STAR = [(r * np.cos(k * np.pi / 8), r * np.sin(k * np.pi / 8)) for k, r in enumerate([13, 6] * 8)]


def gaps(points, a, b):
    """Return the distance of each of the points `(N, 2)` from the line from `a` to `b`: `(N,)`."""
    share = np.clip((points - a) @ (b - a) / max((b - a) @ (b - a), 1), 0, 1)
    return np.linalg.norm(points - a - share[:, None] * (b - a), axis=1)


class Duet(ParallelEnv):
    """The game."""

    metadata = {"name": "duet_v0", "render_modes": ["surface"], "render_fps": FPS}
    render_mode = "surface"
    possible_agents = list(PLAYERS)

    def __init__(self):
        self.view, self.moves = Box(-1, 1, (6 + 2 * (SEEDS + THORNS),), np.float32), Discrete(5)
        self.agents, self.random = [], np.random.default_rng()
        self.surface = Surface(600, 400)
        for row, color in enumerate(SKY):
            self.surface.rectangle(0, 50 * row, 600, 50, color, id=row, permanent=True, depth=-1)

    def observation_space(self, agent):
        """Return the space of `observe`."""
        return self.view

    def action_space(self, agent):
        """Return the space of the index into `MOVES`."""
        return self.moves

    def reset(self, seed=None, options=None):
        """Begin a game."""
        self.random = self.random if seed is None else np.random.default_rng(seed)
        self.agents = list(self.possible_agents)
        self.places, self.speeds = np.array([(220, 280), (380, 280)]), np.zeros((2, 2))
        self.things = self.random.uniform((20, -380), (580, 60), (SEEDS + THORNS, 2))
        self.sway = self.random.uniform(0, 2 * np.pi, SEEDS + THORNS)
        self.steps, self.caught, self.pricks, self.holds = 0, 0, 0, True
        return self.observe(), {name: {} for name in self.agents}

    def step(self, actions):
        """Move the players, then what drifts, and see what the ribbon touches."""
        self.steps += 1
        self.speeds += 0.15 * (SPEED * MOVES[[actions[name] for name in PLAYERS]] - self.speeds)
        self.places = np.clip(self.places + self.speeds, 16, SIZE - 16)
        self.things[:, 0] += 0.9 * np.sin(self.sway + self.steps / 40)
        self.things[:, 1] += 1.2 + 0.3 * np.cos(self.sway)
        self.holds = bool(np.hypot(*(self.places[1] - self.places[0])) <= REACH)
        touched = (gaps(self.things, *self.places) < TOUCH) & self.holds
        seeds, thorns = int(touched[:SEEDS].sum()), int(touched[SEEDS:].sum())
        self.caught, self.pricks = self.caught + seeds, self.pricks + thorns
        gone = touched | (self.things[:, 1] > SIZE[1] + 15)
        self.things[gone] = self.random.uniform((20, -120), (580, -15), (gone.sum(), 2))
        lost, late = self.pricks >= LIVES, self.steps >= 60 * FPS
        parts = [seeds - thorns, lost, late and not lost, {"caught": self.caught}]
        answer = self.observe(), *(dict.fromkeys(self.agents, part) for part in parts)
        self.agents = [] if lost or late else self.agents
        return answer

    def observe(self):
        """Return for each: own place and speed, the other's place, seeds, thorns; in [-1, 1]."""
        places, things = self.places / SIZE * 2 - 1, self.things / SIZE * 2 - 1
        parts = [[places[i], self.speeds[i] / SPEED, places[1 - i], *things] for i in (0, 1)]
        views = [np.clip(np.concatenate(part), -1, 1).astype(np.float32) for part in parts]
        return dict(zip(PLAYERS, views, strict=True))

    def render(self):
        """Draw the players, the ribbon and what drifts."""
        for x, y in self.things[:SEEDS]:
            self.surface.circle(x, y, 12, SEED, alpha=0.18).circle(x, y, 5, SEED)
        for x, y in self.things[SEEDS:]:
            self.surface.polygon([(x + u, y + v) for u, v in STAR], THORN, angle=self.steps / 30)
        (a, b), share = self.places, np.linspace(0, 1, 25)[:, None]
        wave = 0.03 * np.sin(np.pi * share) * np.sin(4 * np.pi * share - self.steps / 8)
        ribbon = a + (b - a) * share + wave * ((b - a) @ [(0, 1), (-1, 0)])
        self.surface.polyline(ribbon, SEED, 7 if self.holds else 2, id="ribbon")
        for (name, color), (x, y) in zip(PLAYERS.items(), self.places, strict=True):
            self.surface.circle(x, y, 30, color, alpha=0.16).circle(x, y, 16, color, id=name)
        self.surface.text(f"{self.caught} seeds", 16, 14, MIST, 26)
        self.surface.text("♥ " * (LIVES - self.pricks), 592, 14, THORN, 26, align="right")
        self.surface.rectangle(0, 394, 600 - 10 * self.steps / FPS, 6, TIME, id="time")
        return self.surface.commit()


def partner(obs):
    """Steer one player: bring the ribbon over a seed that is near and clear of thorns."""
    own, _, other, *things = (obs.reshape(-1, 2) + 1) / 2 * SIZE
    ways, thorns = np.array(things[:SEEDS]) - other, things[SEEDS:]
    far = np.linalg.norm(ways, axis=1, keepdims=True) + 1
    aims = np.clip(other + ways / far * (far + 40), 16, SIZE - 16)
    costs = np.linalg.norm(aims - own, axis=1) + 900 * (far[:, 0] > REACH - 50)
    costs += [600 * (gaps(thorns, other, aim).min() < 45) for aim in aims]
    way = aims[costs.argmin()] - own
    return int((MOVES @ way).argmax()) if np.linalg.norm(way) > 8 else 0


env, policies = Duet(), dict.fromkeys(PLAYERS, partner)
labels = {1: "Up", 2: "Down", 3: "Left", 4: "Right"}
arrows = {f"Arrow{name}": move for move, name in labels.items()}
keys = {"agents": {"teal": arrows, "amber": {"w": 1, "s": 2, "a": 3, "d": 4}}, "labels": labels}
play = {"fps": FPS, "default_action": 0, "seats": {"amber": "policy"}, **keys}
