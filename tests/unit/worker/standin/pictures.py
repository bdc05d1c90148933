"""The same drawing by real pygame and by the stand-in."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pygame as real
import pygame.gfxdraw
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

Picture = NDArray[np.int64]
Draw = Callable[[Any, Any], object]

ours: Any = importlib.import_module("gymworker.pygame")
"""The stand-in; `import pygame` finds it where there is no real one."""

WIDTH, HEIGHT = 60, 40
EACH = settings(derandomize=True, deadline=None, max_examples=40)

colors = st.tuples(*[st.integers(0, 255)] * 3)
clear_colors = st.tuples(*[st.integers(0, 255)] * 4)
xs, ys = st.integers(-20, WIDTH + 20), st.integers(-20, HEIGHT + 20)
places = st.tuples(xs, ys)
inside = st.tuples(st.integers(1, WIDTH - 2), st.integers(1, HEIGHT - 2))
rects = st.tuples(xs, ys, st.integers(1, 50), st.integers(1, 50))
whole_rects = st.tuples(*[st.integers(0, 15)] * 2, st.integers(1, 40), st.integers(1, 25))


def pixels(surface: Any) -> Picture:
    """The colours and alpha of a Surface of either, ``(H, W, 4)``."""
    module = real if isinstance(surface, real.Surface) else ours
    rgb = module.surfarray.array3d(surface)
    alpha = module.surfarray.array_alpha(surface)
    return np.dstack([rgb, alpha]).swapaxes(0, 1).astype(np.int64)


def ground(module: Any, alpha: bool = False, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Any:
    """A Surface with a picture of many colours."""
    surface = module.Surface(size, module.SRCALPHA if alpha else 0, 32)
    across, down = np.meshgrid(np.arange(size[0]), np.arange(size[1]), indexing="ij")
    rgb = np.stack([across * 37 % 256, down * 53 % 256, (across + down) * 91 % 256], axis=2)
    module.surfarray.blit_array(surface, rgb.astype(np.uint8))
    if alpha:
        module.surfarray.pixels_alpha(surface)[:] = (across * 29 + down * 71) % 256
    return surface


def both(draw: Draw, alpha: bool = False) -> tuple[Picture, Picture]:
    """The pixels of a picture on which real pygame drew, and of one on which the stand-in did.

    Args:
        draw: is called with the module and a Surface.
        alpha: whether the Surfaces have one.
    """
    found = []
    for module in (real, ours):
        surface = ground(module, alpha)
        draw(module, surface)
        found.append(pixels(surface))
    return found[0], found[1]


def check_same(draw: Draw, alpha: bool = False) -> None:
    """Checks that both draw the same pixels."""
    theirs, mine = both(draw, alpha)
    np.testing.assert_array_equal(mine, theirs)


def off(draw: Draw, alpha: bool = False) -> Picture:
    """How far the pixels are apart, ``(H, W)``: the most of any channel."""
    theirs, mine = both(draw, alpha)
    apart: Picture = np.abs(theirs - mine).max(axis=2)
    return apart
