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


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (flat("float32", 2, 5, 3), "got float32 (2, 5, 3): return (255 * frame).astype"),
        (flat("int64", 2, 5, 3), "got int64 (2, 5, 3): return frame.astype(numpy.uint8)"),
        (flat("uint8", 2, 5), "got uint8 (2, 5): repeat its one channel"),
        (flat("uint8", 3, 20, 50), "got uint8 (3, 20, 50): put its channels last"),
        (flat("uint8", 0, 5, 3), "got uint8 (0, 5, 3)"),
        (flat("bool", 2, 5, 3), "got bool (2, 5, 3): return frame.astype(numpy.uint8)"),
        ([flat("uint8", 2, 5, 3)], "got list [array("),
        (7, "TypeError: expected env.render() to return an array (H, W, 3 | 4) uint8"),
        ({"pixels": 1}, "got dict {'pixels': 1}"),
        ("x" * 2000, "at most 64 million of them, got"),
        (np.lib.stride_tricks.as_strided(flat("uint8", 1, 1, 3), (2, LONGEST + 1, 3), (0, 0, 1)),
         f"1 to {LONGEST} pixels a side"),
    ],
    ids=range(11),
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
