"""Frames on a canvas: which are painted and when, and what is done to the canvas for each kind."""

import functools
import time
import weakref
from typing import Any

import numpy as np
import pytest
from gymworker import Surface
from gymworker.worker.canvas.ansi import PAPER, TEXT
from gymworker.worker.canvas.painter import Painter

from tests.loopback import on_virtual_time, turns
from tests.screens import RecordingImage, RecordingScreen

SHAPES = {"fillRect", "strokeRect", "arc", "ellipse", "lineTo", "fillText", "drawImage", "fill"}
SHAPES |= {"fillStyle", "strokeStyle", "stroke", "lineWidth", "closePath", "font"}


@pytest.fixture
def screen() -> RecordingScreen:
    return RecordingScreen()


@pytest.fixture
def painter(screen: RecordingScreen) -> Painter:
    return Painter(screen)


def paint(painter: Painter, screen: RecordingScreen, state: Any) -> list[Any]:
    """What a frame does to the canvas, the background apart."""
    painter.show(state)
    screen.refresh()
    calls = [call for call in screen.context.taken() if call[0] in SHAPES]
    return calls[2:] if calls and calls[0][0] == "fillStyle" else calls


def test_a_drawing_has_the_pixels_of_a_dense_display(screen: RecordingScreen) -> None:
    painter = Painter(screen, 2)
    surface = Surface(30, 20, background="navy").rectangle(1, 2, 3, 4, "red")
    painter.show(surface.commit())
    screen.refresh()
    assert screen.size == (60, 40)
    calls = screen.context.taken()
    assert calls.index(("setTransform", 2, 0, 0, 2, 0, 0)) < calls.index(("fillRect", 1, 2, 3, 4))


def test_a_layer_is_put_on_the_canvas_pixel_by_pixel(screen: RecordingScreen) -> None:
    painter = Painter(screen, 1.25)
    surface = Surface(33, 21).rectangle(1, 2, 3, 4, "red", id="wall", permanent=True)
    painter.show(surface.commit())
    screen.refresh()
    (layer,) = screen.layers
    assert (screen.size, layer.size) == ((41, 26), (41, 26))
    assert ("setTransform", 1.25, 0, 0, 1.25, 0, 0) in layer.context.calls
    calls = screen.context.named("setTransform", "drawImage")
    assert calls == [
        ("setTransform", 1.25, 0, 0, 1.25, 0, 0),
        ("setTransform", 1, 0, 0, 1, 0, 0),
        ("drawImage", layer.canvas, 0, 0),
        ("setTransform", 1.25, 0, 0, 1.25, 0, 0),
    ]


def test_text_is_sharp_and_an_array_keeps_its_own_pixels(screen: RecordingScreen) -> None:
    painter = Painter(screen, 2)
    painter.show("AB")
    screen.refresh()
    assert screen.size == (2 * (2 * 10 + 24), 2 * (24 + 24))
    assert ("fillRect", 0, 0, 44, 48) in screen.context.taken()
    painter.show(np.zeros((4, 6, 3), np.uint8))
    screen.refresh()
    assert screen.size == (6, 4)


def test_another_display_paints_the_last_frame_again(screen: RecordingScreen) -> None:
    painter = Painter(screen)
    painter.show(Surface(30, 20).rectangle(1, 2, 3, 4, "red").commit())
    screen.refresh()
    assert ("setTransform", 1, 0, 0, 1, 0, 0) not in screen.context.taken()
    painter.set_ratio(3)
    screen.refresh()
    assert screen.size == (90, 60)
    assert ("fillRect", 1, 2, 3, 4) in screen.context.taken()
    painter.set_ratio(3)
    assert screen.refresh() == 0


def test_another_display_before_the_first_frame_paints_nothing(screen: RecordingScreen) -> None:
    Painter(screen).set_ratio(2)
    assert screen.refresh() == 0


def test_an_rgb_frame_is_shown_with_full_opacity(painter: Painter, screen: RecordingScreen) -> None:
    frame = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    paint(painter, screen, frame)
    (shown,) = screen.shown
    assert screen.size == (3, 2)
    assert np.array_equal(shown[:, :, :3], frame)
    assert (shown[:, :, 3] == 255).all()


@pytest.mark.parametrize("turned", [False, True], ids=["contiguous", "transposed"])
def test_an_rgba_frame_is_shown_as_it_is(
    painter: Painter, screen: RecordingScreen, turned: bool
) -> None:
    frame = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    frame = frame.transpose(1, 0, 2) if turned else frame
    paint(painter, screen, frame)
    assert np.array_equal(screen.shown[0], frame)
    assert screen.size == frame.shape[1::-1]


def test_the_canvas_follows_the_size_of_the_frames(
    painter: Painter, screen: RecordingScreen
) -> None:
    for height, width in ((2, 3), (4, 5), (2, 3)):
        paint(painter, screen, np.full((height, width, 3), 7, np.uint8))
        assert screen.shown[-1].shape == (height, width, 4)
        assert screen.size == (width, height)


def test_of_many_frames_the_newest_is_painted_once(
    painter: Painter, screen: RecordingScreen
) -> None:
    for level in range(100):
        painter.show(np.full((2, 3, 3), level, np.uint8))
    assert screen.refresh() == 1
    assert [shown[0, 0, 0] for shown in screen.shown] == [99]
    assert screen.refresh() == 0


def test_nothing_is_rendered_until_the_display_wants_a_frame(
    painter: Painter, screen: RecordingScreen
) -> None:
    asked = []

    def render(number: int) -> Any:
        asked.append(number)
        return np.zeros((2, 3, 3), np.uint8)

    times: list[float] = []
    before = time.time() * 1000
    for number in range(10):
        painter.invalidate(functools.partial(render, number), times.append)
    assert asked == []
    screen.refresh()
    assert asked == [9]
    (painted,) = times
    assert before <= painted <= time.time() * 1000


def test_none_paints_nothing(
    painter: Painter, screen: RecordingScreen, caplog: pytest.LogCaptureFixture
) -> None:
    times: list[float] = []
    painter.invalidate(lambda: None, times.append)
    screen.refresh()
    assert (times, screen.shown, screen.context.taken(), caplog.messages) == ([], [], [], [])


def test_none_does_not_take_the_place_of_a_frame(painter: Painter, screen: RecordingScreen) -> None:
    painter.show(np.full((2, 3, 3), 7, np.uint8))
    painter.show(None)
    screen.refresh()
    assert len(screen.shown) == 1
    painter.show(None)
    assert screen.refresh() == 0


def test_a_render_that_raises_is_reported_once_and_the_next_frame_is_painted(
    painter: Painter, screen: RecordingScreen, caplog: pytest.LogCaptureFixture
) -> None:
    times: list[float] = []

    def fall(what: str) -> None:
        raise RuntimeError(f"no {what}")

    for what in ("brush", "brush", "paint", "brush"):
        painter.invalidate(functools.partial(fall, what), times.append)
        screen.refresh()
        paint(painter, screen, np.zeros((2, 3, 3), np.uint8))
    assert len(screen.shown) == 4
    assert times == []
    first, second = caplog.messages
    assert first.startswith("the frame cannot be painted:\n") and "in fall" in first
    assert ("RuntimeError: no brush" in first, "RuntimeError: no paint" in second) == (True, True)
    painter.clear()
    painter.invalidate(functools.partial(fall, "brush"))
    screen.refresh()
    assert len(caplog.messages) == 3, "another environment, another report"


def test_problems_that_differ_each_time_do_not_fill_the_log(
    painter: Painter, screen: RecordingScreen, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(100):
        paint(painter, screen, [number])
    assert len(caplog.messages) == 20


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (np.full((2, 3, 3), 2.0), "got float64 (2, 3, 3)"),
        (np.zeros((0, 3, 3), np.uint8), "got uint8 (0, 3, 3)"),
        (np.zeros((2, 3, 2), np.uint8), "got uint8 (2, 3, 2)"),
        (np.zeros((2, 3, 5), np.uint8), "got uint8 (2, 3, 5)"),
        ([{"x": 1}], "got dict"),
        ({"x": 1}, "got dict"),
    ],
)
def test_what_cannot_be_painted_is_named(
    painter: Painter, screen: RecordingScreen, caplog: Any, state: Any, words: str
) -> None:
    paint(painter, screen, state)
    assert screen.shown == []
    assert (
        caplog.text.count("expected env.render() to return an array (H, W, 3 | 4) or (H, W)") == 1
    )
    assert words in caplog.text


def test_text_takes_the_room_that_it_needs_and_shows_its_colours(
    painter: Painter, screen: RecordingScreen
) -> None:
    painter.show("S\x1b[41mF\x1b[0mH\n\nlonger line\n")
    screen.refresh()
    font = ("font", "18px ui-monospace, Menlo, Consolas, monospace")
    assert screen.size == (11 * 10 + 24, 3 * 24 + 24)
    assert screen.context.taken() == [
        font, ("measureText", "M"),
        ("fillStyle", PAPER), ("fillRect", 0, 0, 134, 96),
        font, ("textAlign", "left"), ("textBaseline", "middle"),
        ("fillStyle", TEXT), ("fillText", "S", 12, 24),
        ("fillStyle", "#e5534b"), ("fillRect", 22, 12, 10, 24),
        ("fillStyle", TEXT), ("fillText", "F", 22, 24),
        ("fillStyle", TEXT), ("fillText", "H", 32, 24),
        ("fillStyle", TEXT), ("fillText", "longer line", 12, 72),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "size"), [("", (24, 48)), ("\n", (24, 48)), ("game_state_objects", (204, 48))]
)
def test_any_text_is_shown_as_text(
    painter: Painter, screen: RecordingScreen, text: str, size: tuple[int, int]
) -> None:
    painter.show(text)
    screen.refresh()
    assert screen.size == size


def names(painter: Painter, screen: RecordingScreen, state: Any) -> tuple[list[str], list[str]]:
    """The texts that are painted on the newest layer, and those that are painted on the canvas."""
    painter.show(state)
    screen.refresh()
    canvas = [call[1] for call in screen.context.named("fillText")]
    return [call[1] for call in screen.layers[-1].context.named("fillText")], canvas


def picture(surface: Surface, name: str) -> Any:
    """A packet of a wall, which stays, and a name."""
    return surface.text("wall", 0, 0, id=1, permanent=True).text(name, 0, 0).commit()


def test_a_packet_is_painted_with_what_stays(painter: Painter, screen: RecordingScreen) -> None:
    surface = Surface(60, 40)
    assert names(painter, screen, picture(surface, "a")) == (["wall"], ["a"])
    assert names(painter, screen, picture(surface, "b")) == ([], ["b"])


def test_frames_that_nobody_painted_lose_nothing(painter: Painter, screen: RecordingScreen) -> None:
    surface = Surface(60, 40)
    picture(surface, "for the page")
    painter.show(picture(surface, "skipped"))
    assert names(painter, screen, picture(surface, "shown")) == (["wall"], ["shown"])


def test_a_painter_that_comes_later_paints_the_whole_picture(screen: RecordingScreen) -> None:
    surface = Surface(60, 40)
    for _ in range(2):
        assert names(Painter(screen), screen, picture(surface, "a")) == (["wall"], ["a"])


@on_virtual_time
async def test_clearing_lets_go_of_all_that_was_shown(caplog: pytest.LogCaptureFixture) -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    screen.images["a.png"] = bitmap = RecordingImage()
    surface = Surface(60, 40).image("a.png", 1, 2, 3, 4)
    painter.show(picture(surface, "a"))
    screen.refresh()
    await turns()
    screen.refresh()
    painter.show(picture(surface, "never painted"))
    painter.clear()
    screen.context.taken()
    assert screen.refresh() == 1
    assert (screen.context.taken(), caplog.messages) == ([], []), "the picture stays"
    assert (bitmap.closed, screen.layers[0].size) == (1, (1, 1))
    assert names(painter, screen, picture(Surface(60, 40), "b")) == (["wall"], ["b"])
    assert len(screen.layers) == 2


def test_clearing_lets_go_of_the_last_frame(painter: Painter, screen: RecordingScreen) -> None:
    frame = np.zeros((2, 3, 3), np.uint8)
    last = weakref.ref(frame)
    paint(painter, screen, frame)
    del frame
    painter.clear()
    assert last() is None


def test_closing_lets_go_of_the_canvas_too(painter: Painter, screen: RecordingScreen) -> None:
    names(painter, screen, picture(Surface(60, 40), "a"))
    painter.show(picture(Surface(60, 40), "b"))
    painter.close()
    assert (screen.closed, screen.layers[0].size, screen.refresh()) == (True, (1, 1), 0)


@on_virtual_time
async def test_an_image_of_an_earlier_environment_paints_nothing() -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    screen.images["a.png"] = bitmap = RecordingImage()
    painter.show(Surface(60, 40).image("a.png", 1, 2, 3, 4).commit())
    screen.refresh()
    painter.clear()
    painter.show("text")
    screen.refresh()
    await turns()
    assert (bitmap.closed, screen.refresh()) == (1, 0)


@on_virtual_time
async def test_the_last_picture_is_painted_again_when_its_image_comes() -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    screen.images["a.png"] = bitmap = RecordingImage()
    times: list[float] = []
    painter.show(Surface(60, 40).image("a.png", 1, 2, 3, 4).commit(), times.append)
    screen.refresh()
    assert (screen.context.named("drawImage"), screen.refresh()) == ([], 0)
    await turns()
    assert screen.refresh() == 1
    assert screen.context.named("drawImage") == [("drawImage", bitmap, 1, 2, 3, 4)]
    assert len(times) == 1, "it was painted before"


@on_virtual_time
async def test_an_image_that_comes_does_not_take_the_place_of_a_newer_frame() -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    screen.images["a.png"] = RecordingImage()
    painter.show(Surface(60, 40).image("a.png", 1, 2, 3, 4).commit())
    screen.refresh()
    painter.show(np.zeros((2, 3, 3), np.uint8))
    await turns()
    assert (screen.refresh(), len(screen.shown)) == (1, 1)
