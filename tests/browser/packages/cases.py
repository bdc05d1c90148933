"""Packages that people use, each with an environment of it and the code that makes that."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """An environment of a package.

    Attributes:
        package: a requirement of the package, with its version.
        code: that makes the environment.
        drawn: whether it draws.
        close: how far floats may be from CPython's, relative and absolute; 0 is to the bit,
            else it is for the sines of the browser's musl and CPython's glibc.
    """

    package: str
    code: str
    drawn: bool = True
    close: float = 0.0

    @property
    def name(self) -> str:
        """The package's."""
        return self.package.partition("==")[0]


def made(package: str, imports: str, call: str, *, drawn: bool = True, close: float = 0.0) -> Case:
    """A case whose code imports something and makes a call."""
    return Case(package, f"import gymnasium\n{imports}\n\nenv = {call}\n", drawn, close)


MATRIX = """
import gymnasium
import matrix_mdp
import numpy as np

moves = np.zeros((4, 4, 2))
for state in range(3):
    moves[state + 1, state, 0], moves[state, state, 0] = 0.75, 0.25
    moves[max(state - 1, 0), state, 1] = 1
rewards = np.zeros((4, 4, 2))
rewards[3] = 1
start = np.array([1.0, 0, 0, 0])
env = gymnasium.make("matrix_mdp/MatrixMDP-v0", p_0=start, p=moves, r=rewards)
"""

# highway-env imports these for plots and tables that nobody asks for here.
UNPLOTTED = """
import sys
from types import ModuleType

for name in ("matplotlib", "matplotlib.pyplot", "pandas"):
    sys.modules[name] = ModuleType(name)
"""

SEEN = {"observation": {"type": "TimeToCollision"}}
DRAWN = 'render_mode="rgb_array"'

CASES = [
    made(
        "minigrid==3.2.0", "import minigrid", f'gymnasium.make("MiniGrid-DoorKey-8x8-v0", {DRAWN})'
    ),
    made(
        "mo-gymnasium==1.3.2",
        "import mo_gymnasium",
        f'mo_gymnasium.make("resource-gathering-v0", {DRAWN})',
    ),
    made(
        "mpe2==1.1.1",
        "from mpe2 import simple_spread_v3",
        f"simple_spread_v3.parallel_env({DRAWN})",
    ),
    made(
        "flappy-bird-gymnasium==0.4.0",
        "import flappy_bird_gymnasium",
        # Its lidar cuts sines to whole pixels, so that a last bit can be a pixel.
        f'gymnasium.make("FlappyBird-v0", use_lidar=False, {DRAWN})',
    ),
    made(
        "highway-env==1.12.1",
        UNPLOTTED + "import highway_env",
        # Its other observations are made with pandas. CPython's frame after a new reset is black;
        # its pictures are compared in tests/unit/worker/standin.
        f"gymnasium.make('highway-fast-v0', config={SEEN}, {DRAWN})",
        drawn=False,
        close=1e-12,  # its rewards are made of cosines
    ),
    made(
        "pettingzoo==1.27.0",
        "from pettingzoo.butterfly import knights_archers_zombies_v11",
        f"knights_archers_zombies_v11.parallel_env({DRAWN})",
        close=1e-12,
    ),
    made("chess==1.11.2", "from pettingzoo.classic import chess_v6", f"chess_v6.env({DRAWN})"),
    made(
        "rlcard==1.2.0",
        "from pettingzoo.classic import leduc_holdem_v4",
        f"leduc_holdem_v4.env({DRAWN})",
    ),
    made(
        "gym-classics==1.0.0",
        'import gym_classics\n\ngym_classics.register("gymnasium")',
        'gymnasium.make("5Walk-v0")',
        drawn=False,
    ),
    made(
        "buffalo-gym==0.4.0",
        "import buffalo_gym",
        'gymnasium.make("Buffalo-v0")',
        drawn=False,
    ),
    Case("matrix-mdp-gym==1.1.1", MATRIX, drawn=False),
    made(
        "lbforaging==2.0.0",
        "import lbforaging",
        'gymnasium.make("Foraging-8x8-2p-2f-v3")',
        drawn=False,
    ),
    made(
        "popgym==1.0.7",
        "import popgym",
        'gymnasium.make("popgym-RepeatPreviousEasy-v0")',
        drawn=False,
    ),
    made("rware==2.0.0", "import rware", 'gymnasium.make("rware-tiny-2ag-v2")', drawn=False),
    made(
        "kraken-crossing==0.1.2",
        "import kraken_crossing",
        f'gymnasium.make("KrakenCrossing-v0", {DRAWN})',
    ),
    made(
        "gymnasium-cartpole-swingup==0.1.8",
        "import gymnasium_cartpole_swingup",
        f'gymnasium.make("CartPoleSwingUp-v0", {DRAWN})',
        close=1e-12,
    ),
    made("numberlink==0.1.7", "import numberlink", f'gymnasium.make("NumberLinkRGB-v0", {DRAWN})'),
    made(
        "procedural-frozenlake==1.0.0",
        "import procedural_frozenlake",
        'gymnasium.make("Procedural-FrozenLake-v1", map_seed=7)',
        drawn=False,
    ),
    made("edugrid==0.0.2", "import edugrid", f'gymnasium.make("philsteg/EduGrid-v0", {DRAWN})'),
    made("boing-gym==0.1.0", "import boing_gym", f'gymnasium.make("Boing-v0", {DRAWN})'),
    made(
        "stokasta==0.0.1",
        "import stokasta",
        'gymnasium.make("stokasta/DynamicInventory-v0")',
        drawn=False,
    ),
]

BUILD = ["chess", "rlcard"]
WITHOUT = ["matplotlib", "pandas", "scipy", "opencv-python", "pillow", "imageio", "requests"]
