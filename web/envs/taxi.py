"""Taxi: drive to the passenger, pick them up, and set them down where they want to go.

Down (0), up (1), right (2), left (3), pick up (4), set down (5). Gymnasium's own environment;
the wrapper draws it, since its renderer needs pygame.
"""

import gymnasium
from gymworker import Surface

CELL, MARGIN, FOOT = 72, 20, 70  # pixels
WIDTH, HEIGHT = 5 * CELL + 2 * MARGIN, 5 * CELL + 2 * MARGIN + FOOT

NIGHT, ROAD, PAVED, WALL = "#12252b", "#284048", "#2f4a52", "#9fd8cf"
INK, MIST, SOFT, AMBER, SKIN = "#14232a", "#eef5f4", "#a9bfbf", "#fbbf24", "#f0c39a"
NAMES = "RGYB"
COLORS = ["#e4576b", "#34b37c", "#e9c46a", "#5aa2e0"]
HEADINGS = [(0, 1), (0, -1), (1, 0), (-1, 0)]  # by action: x, y


def middle(row, column):
    """Return the middle of a cell, in pixels."""
    return MARGIN + (column + 0.5) * CELL, MARGIN + (row + 0.5) * CELL


class Drawn(gymnasium.Wrapper):
    """Taxi with a picture."""

    metadata = {"render_modes": ["surface"], "render_fps": 4}
    render_mode = "surface"

    def __init__(self, env):
        super().__init__(env)
        self.surface = Surface(WIDTH, HEIGHT, NIGHT)
        self.heading = HEADINGS[2]
        self.draw_town()

    def draw_town(self):
        """Draw what stays: the roads, the walls and the four stands."""
        town = self.unwrapped.desc.astype(str)
        for row in range(5):
            for column in range(5):
                x, y = middle(row, column)
                name, color = f"{row},{column}", (ROAD, PAVED)[(row + column) % 2]
                half, side = CELL / 2 - 1, CELL - 2
                self.stay("rectangle", "road" + name, x - half, y - half, side, side, color)
                if column < 4 and town[1 + row, 2 * column + 2] == "|":
                    x += CELL / 2
                    ends = (x, y - CELL / 2 + 4, x, y + CELL / 2 - 4)
                    self.stay("line", "wall" + name, *ends, WALL, 8, depth=1)
        for place, name, color in zip(self.unwrapped.locs, NAMES, COLORS, strict=True):
            x, y = middle(*place)
            self.stay("rectangle", "stand" + name, x - 31, y - 31, 62, 62, color, alpha=0.5)
            self.stay("text", "name" + name, name, x - 21, y - 19, MIST, 20, align="center")

    def stay(self, shape, name, *args, **options):
        """Draw a permanent object, on the ground unless it says otherwise."""
        options = {"depth": -1, **options}
        getattr(self.surface, shape)(*args, id=name, permanent=True, **options)

    def reset(self, *, seed=None, options=None):
        """Reset, with the taxi turned to the right."""
        self.heading = HEADINGS[2]
        return super().reset(seed=seed, options=options)

    def step(self, action):
        """Step, and turn the taxi the way it was sent."""
        if action < 4:
            self.heading = HEADINGS[action]
        return super().step(action)

    def render(self):
        """Draw the taxi, the passenger and the destination where the state has them."""
        if getattr(self.unwrapped, "s", None) is None:
            return None
        row, column, passenger, goal = map(int, self.unwrapped.decode(self.unwrapped.s))
        x, y = middle(*self.unwrapped.locs[goal])
        ring = [(x - 33, y - 33), (x + 33, y - 33), (x + 33, y + 33), (x - 33, y + 33)]
        self.surface.polyline([*ring, ring[0], ring[1]], COLORS[goal], 6, id="goal")
        riding = passenger == 4
        self.draw_taxi(*middle(row, column), riding)
        if riding:
            note = f"Take the passenger to {NAMES[goal]}"
        elif passenger == goal:
            note = f"Arrived at {NAMES[goal]}"
        else:
            note = f"Passenger at {NAMES[passenger]}, to {NAMES[goal]}"
            self.draw_passenger(*middle(*self.unwrapped.locs[passenger]))
        self.surface.text(note, WIDTH / 2, HEIGHT - 74, MIST, 22, align="center")
        hint = "P  pick up      D  set down"
        self.surface.text(hint, WIDTH / 2, HEIGHT - 38, SOFT, 18, align="center")
        return self.surface.commit()

    def draw_passenger(self, x, y):
        """Draw the passenger, who waits at the right side of a stand."""
        self.surface.ellipse(x + 14, y + 14, 10, 13, MIST, depth=3)
        self.surface.circle(x + 14, y - 4, 9, SKIN, id="passenger", depth=3)

    def draw_taxi(self, x, y, riding):
        """Draw the taxi from above, turned the way it goes."""
        ahead_x, ahead_y = self.heading
        parts = [(0, 56, 30, AMBER), (0, 52, 34, AMBER), (11, 8, 26, INK), (-19, 7, 26, INK)]
        for ahead, length, width, color in [*parts, (27, 4, 20, MIST)]:
            wide, high = (length, width) if ahead_x else (width, length)
            left, top = x + ahead * ahead_x - wide / 2, y + ahead * ahead_y - high / 2
            self.surface.rectangle(left, top, wide, high, color, depth=2)
        self.surface.circle(x, y, 9, MIST if riding else INK, id="taxi", depth=2)


env = Drawn(gymnasium.make("Taxi-v4" if "Taxi-v4" in gymnasium.registry else "Taxi-v3"))

arrows = {"ArrowDown": 0, "ArrowUp": 1, "ArrowRight": 2, "ArrowLeft": 3}
play = {
    "fps": 10,
    "action_mapping": {**arrows, "p": 4, "d": 5},
    "input_mode": "single_keystroke",
    "wait_on_player": True,
    "labels": dict(enumerate(["Down", "Up", "Right", "Left", "Pick up", "Set down"])),
}
