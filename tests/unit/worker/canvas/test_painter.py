"""Frames on a canvas: which are painted and when, and what is done to the canvas for each kind."""

import functools
import time
from typing import Any

import numpy as np
import pytest
from gymworker import Surface
from gymworker.worker.canvas.painter import Painter

from tests.loopback import on_virtual_time, turns
from tests.screens import RecordingScreen

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


def test_none_paints_nothing(painter: Painter, screen: RecordingScreen) -> None:
    times: list[float] = []
    painter.invalidate(lambda: None, times.append)
    screen.refresh()
    assert (times, screen.shown, screen.context.taken()) == ([], [], [])


def test_a_render_that_raises_is_reported_once_and_the_next_frame_is_painted(
    painter: Painter, screen: RecordingScreen, caplog: pytest.LogCaptureFixture
) -> None:
    def fall() -> None:
        raise RuntimeError("no brush")

    for _ in range(3):
        painter.invalidate(fall)
        screen.refresh()
    assert caplog.text.count("RuntimeError: no brush") == 1
    assert "in fall" in caplog.text
    paint(painter, screen, np.zeros((2, 3, 3), np.uint8))
    assert len(screen.shown) == 1
    painter.invalidate(fall)
    screen.refresh()
    assert caplog.text.count("RuntimeError: no brush") == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (np.zeros((2, 3, 3)), "got float64 (2, 3, 3)"),
        (np.zeros((2, 3), np.uint8), "got uint8 (2, 3)"),
        (np.zeros((0, 3, 3), np.uint8), "got uint8 (0, 3, 3)"),
        ([{"x": 1}], "got list"),
        ({"x": 1}, "got dict"),
    ],
)
def test_what_cannot_be_painted_is_named(
    painter: Painter, screen: RecordingScreen, caplog: Any, state: Any, words: str
) -> None:
    paint(painter, screen, state)
    assert screen.shown == []
    assert caplog.text.count("expected env.render() to return an array (H, W, 3 | 4) uint8") == 1
    assert words in caplog.text


def test_text_takes_the_room_that_it_needs_and_shows_its_colours(
    painter: Painter, screen: RecordingScreen
) -> None:
    painter.show("S\x1b[41mF\x1b[0mH\n\nlonger line\n")
    screen.refresh()
    calls = screen.context.taken()
    assert screen.size == (11 * 10 + 24, 3 * 24 + 24)
    texts = [call[1:] for call in calls if call[0] == "fillText"]
    assert texts == [("S", 12, 24), ("F", 22, 24), ("H", 32, 24), ("longer line", 12, 72)]
    marked = calls.index(("fillRect", 22, 12, 10, 24))
    assert calls[marked - 1] == ("fillStyle", "#e5534b")


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda s: s.rectangle(1, 2, 3, 4, "red", outline="blue", outline_width=2),
         [("fillStyle", "red"), ("fillRect", 1, 2, 3, 4), ("strokeStyle", "blue"),
          ("lineWidth", 2), ("strokeRect", 1, 2, 3, 4)]),
        (lambda s: s.circle(1, 2, 3, "red"),
         [("arc", 1, 2, 3, 0, 2 * np.pi), ("fillStyle", "red"), ("fill",)]),
        (lambda s: s.ellipse(1, 2, 3, 4, None, outline="red"),
         [("ellipse", 1, 2, 3, 4, 0, 0, 2 * np.pi), ("strokeStyle", "red"), ("lineWidth", 1),
          ("stroke",)]),
        (lambda s: s.line(1, 2, 3, 4, "red", 5),
         [("lineTo", 1, 2), ("lineTo", 3, 4), ("strokeStyle", "red"), ("lineWidth", 5),
          ("stroke",)]),
        (lambda s: s.polyline([(1, 2), (3, 4)], "red"),
         [("lineTo", 1, 2), ("lineTo", 3, 4), ("strokeStyle", "red"), ("lineWidth", 1),
          ("stroke",)]),
        (lambda s: s.polygon([(1, 2), (3, 4), (5, 6)], "red"),
         [("lineTo", 1, 2), ("lineTo", 3, 4), ("lineTo", 5, 6), ("closePath",),
          ("fillStyle", "red"), ("fill",)]),
        (lambda s: s.arc(1, 2, 3, 0, 1, "red"),
         [("arc", 1, 2, 3, 0, 1), ("strokeStyle", "red"), ("lineWidth", 1), ("stroke",)]),
        (lambda s: s.text("hi", 1, 2, "red", size=20, font="bold Fira Sans"),
         [("font", "bold 20px Fira Sans"), ("fillStyle", "red"), ("fillText", "hi", 1, 2)]),
    ],
)  # fmt: skip
def test_each_shape_is_drawn(
    painter: Painter, screen: RecordingScreen, draw: Any, expected: list[Any]
) -> None:
    assert paint(painter, screen, draw(Surface(60, 40)).commit()) == expected
    assert screen.size == (60, 40)


def test_nearer_objects_are_painted_later(painter: Painter, screen: RecordingScreen) -> None:
    surface = Surface(60, 40)
    surface.text("c", 0, 0, depth=1).text("a", 0, 0, depth=-1).text("b", 0, 0).text("b2", 0, 0)
    calls = paint(painter, screen, surface.commit())
    assert [call[1] for call in calls if call[0] == "fillText"] == ["a", "b", "b2", "c"]


def test_an_object_turns_around_its_middle_and_leaves_no_trace(
    painter: Painter, screen: RecordingScreen
) -> None:
    surface = Surface(60, 40).rectangle(10, 20, 4, 2, angle=0.5, alpha=0.25)
    surface.line(0, 0, 4, 8, angle=1).circle(1, 2, 3)
    painter.show(surface.commit())
    screen.refresh()
    calls = screen.context.named(
        "save", "restore", "globalAlpha", "translate", "rotate", "fillRect", "stroke", "fill"
    )
    assert calls[1:] == [
        ("save",), ("globalAlpha", 0.25), ("translate", 12, 21), ("rotate", 0.5),
        ("translate", -12, -21), ("fillRect", 10, 20, 4, 2), ("restore",),
        ("save",), ("globalAlpha", 1), ("translate", 2, 4), ("rotate", 1),
        ("translate", -2, -4), ("stroke",), ("restore",), ("fill",),
    ]  # fmt: skip


def test_permanent_objects_are_painted_again_only_when_one_changes(
    painter: Painter, screen: RecordingScreen
) -> None:
    surface = Surface(60, 40)

    def frame(size: int) -> tuple[int, int]:
        """How many objects were painted on the layer, and how many above it."""
        surface.rectangle(0, 0, size, size, id="wall", permanent=True).circle(1, 1, 1)
        calls = paint(painter, screen, surface.commit())
        assert calls[0] == ("drawImage", screen.layers[0].canvas, 0, 0)
        layer = screen.layers[0].context.named("fillRect")
        return len(layer[1:]), len([call for call in calls if call[0] == "arc"])

    assert [frame(size) for size in (5, 5, 5, 6, 6)] == [(1, 1), (0, 1), (0, 1), (1, 1), (0, 1)]
    assert len(screen.layers) == 1
    assert paint(painter, screen, surface.remove("wall").commit()) == []


def test_permanent_objects_above_others_are_painted_above_them(
    painter: Painter, screen: RecordingScreen
) -> None:
    surface = Surface(60, 40).text("top", 0, 0, id=1, permanent=True, depth=5)
    surface.text("ground", 0, 0, id=2, permanent=True, depth=-5).text("player", 0, 0)
    calls = paint(painter, screen, surface.commit())
    assert [call[1] for call in calls if call[0] == "fillText"] == ["player", "top"]
    below = screen.layers[0].context.named("fillText")
    assert [call[1] for call in below] == ["ground"]


def test_a_frame_that_is_skipped_still_brings_its_permanent_objects(
    painter: Painter, screen: RecordingScreen
) -> None:
    surface = Surface(60, 40)
    painter.show(surface.text("wall", 0, 0, id=1, permanent=True).text("old", 0, 0).commit())
    calls = paint(painter, screen, surface.text("new", 0, 0).commit())
    assert [call[1] for call in calls if call[0] == "fillText"] == ["new"]
    assert len(screen.layers[0].context.named("fillText")) == 1


def test_a_painter_that_comes_later_gets_the_permanent_objects_too(
    screen: RecordingScreen,
) -> None:
    surface = Surface(60, 40).text("wall", 0, 0, id=1, permanent=True)
    surface.commit()
    late = Painter(screen)
    paint(late, screen, surface.commit())
    assert len(screen.layers[0].context.named("fillText")) == 1
    late.clear()
    paint(late, screen, surface.commit())
    assert len(screen.layers[1].context.named("fillText")) == 1


def test_an_object_that_is_broken_is_reported_and_the_others_are_painted(
    painter: Painter, screen: RecordingScreen, caplog: pytest.LogCaptureFixture
) -> None:
    packet: dict[str, Any] = dict(Surface(60, 40).circle(1, 2, 3).commit())
    broken = [{"object_type": "blob"}, {"object_type": "circle", "x": 1}]
    packet["game_state_objects"] = broken + packet["game_state_objects"]
    assert ("arc", 1, 2, 3, 0, 2 * np.pi) in paint(painter, screen, packet)
    assert "'blob' is not there in {'object_type': 'blob'}" in caplog.text


@on_virtual_time
async def test_an_image_is_fetched_once_and_painted_when_it_is_there() -> None:
    screen = RecordingScreen()
    painter = Painter(screen)
    screen.images["a.png"] = "bitmap"
    surface = (
        Surface(60, 40).image("a.png", 1, 2, 3, 4, frame=(5, 6, 7, 8)).image("a.png", 1, 2, 3, 4)
    )
    assert paint(painter, screen, surface.commit()) == []
    assert screen.refresh() == 0
    await turns()
    assert screen.refresh() == 1
    assert screen.context.named("drawImage") == [
        ("drawImage", "bitmap", 5, 6, 7, 8, 1, 2, 3, 4), ("drawImage", "bitmap", 1, 2, 3, 4)
    ]  # fmt: skip


def test_a_missing_image_is_warned_of_once_and_has_a_placeholder(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @on_virtual_time
    async def run() -> None:
        screen = RecordingScreen()
        painter = Painter(screen)
        surface = Surface(60, 40)
        for _ in range(3):
            painter.show(surface.image("no.png", 1, 2, 3, 4).commit())
            screen.refresh()
            await turns()
        assert ("strokeRect", 1, 2, 3, 4) in screen.context.taken()

    run()
    assert caplog.text.count("the image 'no.png' cannot be loaded: the server answered 404") == 1
