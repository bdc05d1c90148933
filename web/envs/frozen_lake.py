"""FrozenLake: walk over slippery ice to the flag. Left (0), down (1), right (2) or up (3).

Only one step in three goes where you want; the others slide to a side. Gymnasium's own
environment; the wrapper draws it, since its renderer needs pygame.
"""

import gymnasium
from gymworker import Surface

TILE, MARGIN, FOOT = 88, 24, 44  # pixels
ARROWS = "←↓→↑"  # by action
STEPS = [(0, -1), (1, 0), (0, 1), (-1, 0)]  # by action: rows, columns

NIGHT, ICE, SNOW, EDGE = "#12252b", ("#cfe9ea", "#c0e0e3"), "#f4fbfb", "#8fc3c9"
WATER, DEEP, INK, AMBER, ROSE = "#1f5f70", "#123f4e", "#16262d", "#f59e0b", "#e4576b"
MIST, TEAL = "#dbe7e6", "#0f766e"


class Drawn(gymnasium.Wrapper):
    """FrozenLake with a picture."""

    metadata, render_mode = {"render_modes": ["surface"], "render_fps": 4}, "surface"

    def __init__(self, env):
        super().__init__(env)
        self.tiles = self.unwrapped.desc.astype(str)
        rows, columns = self.tiles.shape
        self.width, self.height = columns * TILE + 2 * MARGIN, rows * TILE + 2 * MARGIN + FOOT
        self.surface = Surface(self.width, self.height, NIGHT)
        for row in range(rows):
            for column in range(columns):
                self.draw_tile(row, column)
        self.note = ""

    def middle(self, row, column):
        """Return the middle of a tile, in pixels."""
        return MARGIN + (column + 0.5) * TILE, MARGIN + (row + 0.5) * TILE

    def draw_tile(self, row, column):
        """Draw what stays: ice, with a hole, the start or the flag on it."""
        (x, y), letter = self.middle(row, column), self.tiles[row, column]

        def stay(shape, part, *args, **options):
            name = f"{part}{row},{column}"
            getattr(self.surface, shape)(*args, id=name, permanent=True, **options)

        side, half = TILE - 4, TILE / 2 - 2
        ice = ICE[(row + column) % 2]
        stay("rectangle", "ice", x - half, y - half, side, side, ice, depth=-3)
        if letter != "H":
            stay("line", "shine", x - 28, y - 20, x - 12, y - 32, SNOW, 4, depth=-2, alpha=0.8)
        if letter == "H":
            stay("ellipse", "rim", x, y + 4, 37, 32, SNOW, depth=-2)
            stay("ellipse", "hole", x, y + 6, 33, 28, WATER, depth=-2)
            stay("ellipse", "deep", x, y + 11, 27, 20, DEEP, depth=-1)
        elif letter == "S":
            stay("ellipse", "start", x, y + 24, 30, 12, TEAL, depth=-2, alpha=0.3)
        elif letter == "G":
            stay("ellipse", "goal", x, y + 26, 24, 9, TEAL, depth=-2, alpha=0.3)
            stay("line", "pole", x - 10, y + 26, x - 10, y - 30, INK, 5, depth=-1)
            flag = [(x - 8, y - 31), (x + 30, y - 18), (x - 8, y - 5)]
            stay("polygon", "flag", flag, AMBER, depth=-1)

    def reset(self, *, seed=None, options=None):
        """Reset, with no note yet."""
        self.note = "The ice is slippery"
        return super().reset(seed=seed, options=options)

    def step(self, action):
        """Step, and note where the ice took the player."""
        columns = self.tiles.shape[1]
        row, column = divmod(int(self.unwrapped.s), columns)
        answer = super().step(action)
        new_row, new_column = divmod(int(answer[0]), columns)
        went = (new_row - row, new_column - column)
        if went == STEPS[action]:
            self.note = f"Walked {ARROWS[action]}"
        elif went in STEPS:
            self.note = f"Wanted {ARROWS[action]}, slid {ARROWS[STEPS.index(went)]}"
        else:
            self.note = f"Wanted {ARROWS[action]}, stayed"
        return answer

    def render(self):
        """Draw the player where the state has it, and the note."""
        if getattr(self.unwrapped, "s", None) is None:
            return None
        row, column = divmod(int(self.unwrapped.s), self.tiles.shape[1])
        x, y = self.middle(row, column)
        wet = self.tiles[row, column] == "H"
        note = "Into the water!" if wet else self.note
        self.draw_penguin(x, y + 12 if wet else y, wet)
        color = ROSE if wet else MIST
        self.surface.text(note, self.width / 2, self.height - 52, color, 22, align="center")
        return self.surface.commit()

    def draw_penguin(self, x, y, wet):
        """Draw the player; in the water, only the upper half of it."""
        if not wet:
            self.surface.ellipse(x, y + 27, 22, 7, INK, alpha=0.25)
            for side in (-1, 1):
                self.surface.ellipse(x + side * 9, y + 27, 9, 5, AMBER, depth=1)
            self.surface.ellipse(x, y + 6, 22, 23, INK, depth=2)
            self.surface.ellipse(x, y + 10, 14, 18, SNOW, depth=2)
        self.surface.circle(x, y - 12, 17, INK, id="player", depth=3)
        self.surface.ellipse(x, y - 8, 11, 10, SNOW, depth=3)
        for side in (-1, 1):
            self.surface.circle(x + side * 5, y - 13, 2.5, INK, depth=4)
        self.surface.polygon([(x - 5, y - 8), (x + 5, y - 8), (x, y - 1)], AMBER, depth=4)


env = Drawn(gymnasium.make("FrozenLake-v1"))

play = {
    "fps": 10,
    "action_mapping": {"ArrowLeft": 0, "ArrowDown": 1, "ArrowRight": 2, "ArrowUp": 3},
    "input_mode": "single_keystroke",
    "wait_on_player": True,
    "labels": {0: "Left", 1: "Down", 2: "Right", 3: "Up"},
}
