"""Frames that cannot be painted: whoever asked for one is told why, and what to do."""

from typing import Any

import numpy as np
import pytest
from gymworker import Surface
from gymworker.worker.canvas.painter import Painter
from gymworker.worker.canvas.size import LONGEST
from gymworker.worker.environment import Environment

from tests.screens import RecordingScreen
from tests.unit.worker.play.games import Counter

NAN, INF = float("nan"), float("inf")


def problem_of(frame: Any) -> str:
    """What is told of a frame; nothing is painted and nothing logged."""
    screen = RecordingScreen()
    told: list[BaseException] = []
    painted: list[float] = []
    Painter(screen).invalidate(lambda: frame, painted.append, told.append)
    screen.refresh()
    assert painted == []
    (error,) = told
    return f"{type(error).__name__}: {error}"


def flat(kind: str, *shape: int) -> Any:
    return np.zeros(shape, kind)


def levels(low: Any, high: Any) -> Any:
    """A frame with two levels in it."""
    frame = np.full((2, 5, 3), low)
    frame[1, 4, 2] = high
    return frame


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (levels(-0.5, 0.5), "got float64 (2, 5, 3) with values from -0.5 to 0.5: floats are"),
        (levels(0.0, 255.0), "to 255: floats are to lie in 0..1; return frame.astype(numpy.uint8)"),
        (levels(0.0, NAN), "got float64 (2, 5, 3) with nan in it: numpy.nan_to_num(frame)"),
        (levels(0.0, INF), "with values from 0 to inf in it: numpy.nan_to_num(frame)"),
        (levels(-1, 3), "got int64 (2, 5, 3) with values from -1 to 3: ints are to lie in 0..255"),
        (levels(0, 40_000), "to 40000: ints are to lie in 0..255; return (frame // 257).astype"),
        (levels(0, 10**9), "return frame.clip(0, 255).astype(numpy.uint8)"),
        (levels(0j, 1j), "got complex128 (2, 5, 3): of numbers"),
        (flat("U3", 2, 5), "got <U3 (2, 5): of numbers"),
        (flat("uint8", 2, 5, 2), "got uint8 (2, 5, 2)"),
        (flat("uint8", 3, 20, 50), "got uint8 (3, 20, 50): put its channels last"),
        (flat("uint8", 4, 20, 50, 3), "got uint8 (4, 20, 50, 3): return one frame, frame[-1]"),
        (flat("uint8", 0, 5, 3), "got uint8 (0, 5, 3)"),
        (flat("uint8", 0, 5), "got uint8 (0, 5)"),
        ([[[0, 0, 0]]], "got list [[0, 0, 0]]: return numpy.array(frame)"),
        (7, "TypeError: expected env.render() to return an array (H, W, 3 | 4) or (H, W) of uint8"),
        ({"pixels": 1}, "got dict {'pixels': 1}"),
        ("x" * 2000, "at most 64 million of them, got"),
        (np.lib.stride_tricks.as_strided(flat("uint8", 1, 1, 3), (2, LONGEST + 1, 3), (0, 0, 1)),
         f"1 to {LONGEST} pixels a side"),
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_no_frame_says_what_was_expected(frame: Any, words: str) -> None:
    assert words in problem_of(frame)


def test_a_picture_has_a_size_that_a_canvas_can_have() -> None:
    for width, height in ((0, 5), (LONGEST + 1, 5), (LONGEST, LONGEST), (float("nan"), 5)):
        packet = {**Surface(4, 3).commit(), "width": width, "height": height}
        assert f"got {width} x {height}" in problem_of(packet)


def test_a_broken_object_of_a_surface_is_told_of() -> None:
    packet = Surface(4, 3).commit()
    packet["game_state_objects"] = [{"object_type": "triangle", "color": "red"}]
    assert "whose object_type is one of rectangle" in problem_of(packet)


def test_text_where_pixels_are_promised_is_no_frame() -> None:
    env: Any = Counter()
    environment = Environment()
    environment.take(env, {}, "")
    for mode in (None, "ansi", "human"):
        env.render_mode = mode
        assert environment.frame() == "frame 0"
    env.render_mode = "rgb_array"
    with pytest.raises(TypeError, match="got str 'frame 0': text needs the render_mode 'ansi'"):
        environment.frame()
