"""The kinds of arrays that are frames, and the pixels that they become."""

import time
from typing import Any

import numpy as np
import pytest
from gymworker import Surface
from gymworker.worker.canvas.frames import as_pixels
from gymworker.worker.canvas.painter import Painter

from tests.screens import RecordingScreen

GREY = np.array([[0, 51, 255], [102, 153, 204]], np.uint8)
RGB = np.stack([GREY, GREY[::-1], 255 - GREY], axis=-1)
RGBA = np.concatenate([RGB, GREY[:, :, None]], axis=-1)


class Picture:
    """As Pillow's images are: no array, but known to NumPy as one."""

    __array_interface__ = RGB.__array_interface__


def complain(error: BaseException) -> None:
    raise AssertionError(error) from error


def shown(*frames: Any) -> Any:
    """What is on the canvas after each of the frames."""
    screen = RecordingScreen()
    painter = Painter(screen)
    for frame in frames:
        painter.invalidate(lambda frame=frame: frame, failed=complain)  # type: ignore[misc]
        screen.refresh()
    assert screen.size == screen.shown[-1].shape[1::-1]
    return screen.shown[-1]


@pytest.mark.parametrize(
    ("frame", "pixels"),
    [
        (GREY, np.stack([GREY] * 3, axis=-1)),
        (GREY[:, :, None], np.stack([GREY] * 3, axis=-1)),
        (GREY / 255, np.stack([GREY] * 3, axis=-1)),
        (GREY > 100, np.stack([GREY > 100] * 3, axis=-1) * np.uint8(255)),
        (RGB / 255, RGB),
        ((RGB / 255).astype(np.float32), RGB),
        ((RGB / 255).astype(np.float16), RGB),
        ((RGB / 255).astype(">f8"), RGB),
        (RGBA / 255, RGBA),
        (RGB / 255 * (1 + 1e-9), RGB),
        (RGB / 255 - 1e-9, RGB),
        (RGB > 100, (RGB > 100) * np.uint8(255)),
        (RGB.astype(np.int64), RGB),
        (RGB.astype(np.uint16), RGB),
        (RGBA.astype(">i4"), RGBA),
        (np.zeros((2, 3), np.int8), np.zeros((2, 3, 3), np.uint8)),
        (RGB[:, ::-1], RGB[:, ::-1]),
        (Picture(), RGB),
        ([RGB[::-1], RGB], RGB),
        ((GREY, RGBA), RGBA),
    ],
    ids=range(20),
)
def test_a_frame_of_any_kind_is_painted(frame: Any, pixels: Any) -> None:
    opaque = np.full((*GREY.shape, 1), 255, np.uint8)
    expected = pixels if pixels.shape[2] == 4 else np.concatenate([pixels, opaque], axis=-1)
    np.testing.assert_array_equal(shown(frame), expected)


def test_frames_of_all_kinds_follow_each_other() -> None:
    last = shown(RGB, GREY, RGBA, GREY > 100, RGB / 255)
    np.testing.assert_array_equal(last[:, :, :3], RGB)
    assert (last[:, :, 3] == 255).all()


def test_the_last_of_a_list_may_be_text_or_a_drawing_and_an_empty_list_paints_nothing() -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    for frame in (["first", "AB"], [], [RGB, Surface(30, 20).commit()], ()):
        painter.invalidate(lambda frame=frame: frame, failed=complain)  # type: ignore[misc]
        screen.refresh()
        if frame and isinstance(frame[-1], str):
            assert ("fillText", "AB", 12, 24) in screen.context.taken()
    assert (screen.size, screen.shown) == ((30, 20), [])


def test_a_plain_frame_costs_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gymworker.worker.canvas.painter.as_pixels", pytest.fail)
    for frame in (RGB, RGBA):
        np.testing.assert_array_equal(shown(frame)[:, :, :3], RGB)


def test_a_large_frame_of_floats_is_quick() -> None:
    frame = np.random.default_rng(0).random((400, 600, 3))
    best = 1.0
    for _ in range(5):
        began = time.thread_time()
        as_pixels(frame)
        best = min(best, time.thread_time() - began)
    assert best < 0.03
