"""The environments of the bench, and its functions for those who call Python directly.

Run with a name ``KIND`` defined: ``objects`` (CartPole, drawn with ten objects), ``image``
(its observations are images), ``frame`` (it renders frames), ``marked`` (it notes the clock).
"""

import gymnasium
import numpy as np

WIDTH, HEIGHT = 600, 400


class Drawn(gymnasium.Wrapper):
    """CartPole that resets itself when an episode ends, and renders drawing objects."""

    metadata = {"render_modes": ["objects"]}  # noqa: RUF012 - as Gymnasium declares it
    render_mode = "objects"

    def step(self, action):
        """Step, and start the next episode when this one ends."""
        answer = self.env.step(action)
        if answer[2] or answer[3]:
            self.env.reset()
        return answer

    def render(self):
        """Return ten objects: ground, cart, two wheels, pole, axle and four ticks."""
        position, _, angle, _ = self.env.unwrapped.state
        x, y = WIDTH / 2 + float(position) * 125, HEIGHT * 0.75
        tip_x, tip_y = x + 125 * float(np.sin(angle)), y - 125 * float(np.cos(angle))
        return [
            {"type": "line", "id": "ground", "points": [[0, y], [WIDTH, y]], "color": "#334155"},
            {"type": "rectangle", "id": "cart", "x": x - 25, "y": y - 15, "w": 50, "h": 30},
            {"type": "circle", "id": "left", "x": x - 15, "y": y + 15, "radius": 6},
            {"type": "circle", "id": "right", "x": x + 15, "y": y + 15, "radius": 6},
            {"type": "line", "id": "pole", "points": [[x, y], [tip_x, tip_y]], "width": 10},
            {"type": "circle", "id": "axle", "x": x, "y": y, "radius": 5, "color": "#8184cc"},
            {"type": "text", "id": "tick-0", "x": 100, "y": y + 40, "text": "-1.6"},
            {"type": "text", "id": "tick-1", "x": 200, "y": y + 40, "text": "-0.8"},
            {"type": "text", "id": "tick-2", "x": 400, "y": y + 40, "text": "0.8"},
            {"type": "text", "id": "tick-3", "x": 500, "y": y + 40, "text": "1.6"},
        ]


class Images(Drawn):
    """Observations are images, ``(84, 84, 4) uint8``; making them costs nothing."""

    images = np.random.default_rng(0).integers(0, 256, (8, 84, 84, 4), np.uint8)
    turn = 0

    def step(self, action):
        """Step; the observation is the next of eight images."""
        self.turn = (self.turn + 1) % len(self.images)
        return self.images[self.turn], *super().step(action)[1:]


class Frames(Drawn):
    """Renders frames, ``(400, 600, 3) uint8``; making them costs nothing."""

    frames = np.random.default_rng(0).integers(0, 256, (2, HEIGHT, WIDTH, 3), np.uint8)
    turn = 0

    def render(self):
        """Return the next of two frames."""
        self.turn = (self.turn + 1) % len(self.frames)
        return self.frames[self.turn]


class Marked(Drawn):
    """Notes the clock around ``step`` and ``render``; see marks.js."""

    def step(self, action):
        """Step between two marks."""
        mark("step")
        answer = super().step(action)
        mark("stepped")
        return answer

    def render(self):
        """Render between two marks."""
        mark("render")
        objects = super().render()
        mark("rendered")
        return objects


if KIND == "marked":  # noqa: F821
    from js import mark

env = {"objects": Drawn, "image": Images, "frame": Frames, "marked": Marked}[KIND](  # noqa: F821
    gymnasium.make("CartPole-v1")
)
env.reset(seed=42)


def step(actions, render):
    """Step once, for those who call Python directly; a big array is flat beside its shape."""
    obs, rewards, terminateds, truncateds, infos = env.step(actions)
    return {
        "obs": flat(obs),
        "rewards": rewards,
        "terminateds": terminateds,
        "truncateds": truncateds,
        "infos": infos,
        "render_state": flat(env.render()) if render else None,
    }


def batch(actions, render):
    """Step once for each action."""
    return [step(action, render) for action in actions]


def flat(value):
    """Return an array of several dimensions as one that a typed array can hold."""
    if isinstance(value, np.ndarray) and value.ndim > 1:
        return {"shape": list(value.shape), "data": value.ravel()}
    return value
