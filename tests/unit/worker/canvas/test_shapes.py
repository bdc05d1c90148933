"""What is done to a context for each object of a packet."""

import math
from typing import Any

import pytest
from gymworker import Surface
from gymworker.worker.canvas.shapes import MISSING, draw

from tests.screens import RecordingContext

TURN = 2 * math.pi


def calls(surface: Surface, image: Any = None) -> list[Any]:
    """All that is done for the objects of a surface."""
    context = RecordingContext()
    for item in surface.commit()["game_state_objects"]:
        draw(context, item, lambda src: image)
    return context.taken()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (lambda s: s.rectangle(1, 2, 3, 4, "red", outline="blue", outline_width=2),
         [("fillStyle", "red"), ("fillRect", 1, 2, 3, 4), ("strokeStyle", "blue"),
          ("lineWidth", 2), ("strokeRect", 1, 2, 3, 4)]),
        (lambda s: s.rectangle(1, 2, 3, 4, "red"),
         [("fillStyle", "red"), ("fillRect", 1, 2, 3, 4)]),
        (lambda s: s.rectangle(1, 2, 3, 4, None, outline="red"),
         [("strokeStyle", "red"), ("lineWidth", 1), ("strokeRect", 1, 2, 3, 4)]),
        (lambda s: s.circle(1, 2, 3, "red"),
         [("beginPath",), ("arc", 1, 2, 3, 0, TURN), ("fillStyle", "red"), ("fill",)]),
        (lambda s: s.ellipse(1, 2, 3, 4, None, outline="red"),
         [("beginPath",), ("ellipse", 1, 2, 3, 4, 0, 0, TURN), ("strokeStyle", "red"),
          ("lineWidth", 1), ("stroke",)]),
        (lambda s: s.ellipse(1, 2, 3, 4, "blue", outline="red", outline_width=2),
         [("beginPath",), ("ellipse", 1, 2, 3, 4, 0, 0, TURN), ("fillStyle", "blue"), ("fill",),
          ("strokeStyle", "red"), ("lineWidth", 2), ("stroke",)]),
        (lambda s: s.line(1, 2, 3, 4, "red", 5),
         [("beginPath",), ("lineTo", 1, 2), ("lineTo", 3, 4), ("strokeStyle", "red"),
          ("lineWidth", 5), ("stroke",)]),
        (lambda s: s.polyline([(1, 2), (3, 4)], "red"),
         [("beginPath",), ("lineTo", 1, 2), ("lineTo", 3, 4), ("strokeStyle", "red"),
          ("lineWidth", 1), ("stroke",)]),
        (lambda s: s.polygon([(1, 2), (3, 4), (5, 6)], "red"),
         [("beginPath",), ("lineTo", 1, 2), ("lineTo", 3, 4), ("lineTo", 5, 6), ("closePath",),
          ("fillStyle", "red"), ("fill",)]),
        (lambda s: s.arc(1, 2, 3, 0, 1, "red"),
         [("beginPath",), ("arc", 1, 2, 3, 0, 1), ("strokeStyle", "red"), ("lineWidth", 1),
          ("stroke",)]),
        (lambda s: s.text("hi", 1, 2, "red", size=20, font="bold Fira Sans"),
         [("font", "bold 20px Fira Sans"), ("textAlign", "left"), ("textBaseline", "top"),
          ("fillStyle", "red"), ("fillText", "hi", 1, 2)]),
        (lambda s: s.text("hi", 1, 2, font="italic bold serif", align="right", baseline="bottom"),
         [("font", "italic bold 16px serif"), ("textAlign", "right"), ("textBaseline", "bottom"),
          ("fillStyle", "#000"), ("fillText", "hi", 1, 2)]),
    ],
)  # fmt: skip
def test_each_shape_is_drawn(shape: Any, expected: list[Any]) -> None:
    assert calls(shape(Surface(60, 40))) == expected


def test_what_a_packet_by_hand_leaves_out_has_the_defaults() -> None:
    context = RecordingContext()
    text = {"object_type": "text", "text": "hi", "x": 1, "y": 2, "color": "red"}
    line = {"object_type": "line", "x1": 1, "y1": 2, "x2": 3, "y2": 4, "color": "red"}
    for item in (text, line):
        draw(context, item, lambda src: None)
    assert context.named("font", "textAlign", "textBaseline", "lineWidth") == [
        ("font", "16px sans-serif"), ("textAlign", "left"), ("textBaseline", "top"),
        ("lineWidth", 1),
    ]  # fmt: skip


def moves(surface: Surface) -> list[Any]:
    """What is done for its one object, the look apart."""
    names = {"save", "restore", "globalAlpha", "translate", "rotate"}
    names |= {"fillRect", "fillText", "stroke", "fill"}
    return [call for call in calls(surface) if call[0] in names]


def test_an_object_turns_around_its_middle_and_leaves_no_trace() -> None:
    surface = Surface(60, 40).rectangle(10, 20, 4, 2, angle=0.5, alpha=0.25)
    surface.line(0, 0, 4, 8, angle=1).circle(1, 2, 3)
    assert moves(surface) == [
        ("save",), ("globalAlpha", 0.25), ("translate", 12, 21), ("rotate", 0.5),
        ("translate", -12, -21), ("fillRect", 10, 20, 4, 2), ("restore",),
        ("save",), ("globalAlpha", 1), ("translate", 2, 4), ("rotate", 1),
        ("translate", -2, -4), ("stroke",), ("restore",), ("fill",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("surface", "middle"),
    [
        (Surface(9, 9).polygon([(0, 0), (9, 1), (2, 6)], angle=1), (4.5, 3)),
        (Surface(9, 9).line(2, 8, 4, 2, angle=1), (3, 5)),
        (Surface(9, 9).circle(2, 3, 1, angle=1), (2, 3)),
        (Surface(9, 9).text("hi", 2, 3, angle=1), (2, 3)),
        (Surface(9, 9).rectangle(2, 3, 4, 8, angle=1), (4, 7)),
    ],
)
def test_each_shape_has_a_middle(surface: Surface, middle: tuple[float, float]) -> None:
    (there, back) = (call for call in moves(surface) if call[0] == "translate")
    assert (there[1:], back[1:]) == (middle, (-middle[0], -middle[1]))


def test_opacity_alone_turns_nothing() -> None:
    surface = Surface(60, 40).rectangle(1, 2, 3, 4, alpha=0)
    assert moves(surface) == [("save",), ("globalAlpha", 0), ("fillRect", 1, 2, 3, 4), ("restore",)]


@pytest.mark.parametrize(
    ("frame", "place", "smooth"),
    [
        (None, (1, 2, 30, 40), True),
        ((5, 6, 7, 8), (1, 2, 3, 4), True),
        ((5, 6, 3, 8), (1, 2, 3, 4), True),
        ((5, 6, 2, 8), (1, 2, 3, 4), False),
    ],
)
def test_a_sprite_that_is_enlarged_stays_sharp(
    frame: Any, place: tuple[int, int, int, int], smooth: bool
) -> None:
    surface = Surface(60, 40).image("a.png", *place, frame=frame)
    expected = ("drawImage", "bitmap", *(frame or ()), *place)
    assert calls(surface, "bitmap") == [("imageSmoothingEnabled", smooth), expected]


def test_an_image_on_its_way_is_not_drawn_and_a_missing_one_has_a_placeholder() -> None:
    def surface() -> Surface:
        return Surface(60, 40).image("a.png", 1, 2, 3, 4)

    assert calls(surface(), None) == []
    assert calls(surface(), MISSING) == [
        ("fillStyle", "rgb(128 128 128 / 40%)"), ("fillRect", 1, 2, 3, 4),
        ("strokeStyle", "#808080"), ("lineWidth", 1), ("strokeRect", 1, 2, 3, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"object_type": "blob"}, "one of rectangle, circle, ellipse, line, polyline, polygon, "
         "arc, text, image; 'blob' is not there in {'object_type': 'blob'}"),
        ({"object_type": "circle", "x": 1}, "'y' is not there in {'object_type': 'circle', 'x'"),
        ({"object_type": "image", "alpha": 0.5}, "'src' is not there"),
    ],
)  # fmt: skip
def test_an_object_that_is_broken_is_shown(item: Any, words: str) -> None:
    context = RecordingContext()
    with pytest.raises(ValueError) as caught:
        draw(context, item, lambda src: None)
    assert "expected an object with all its fields, whose object_type is" in str(caught.value)
    assert words in str(caught.value)
    assert context.calls.count(("save",)) == context.calls.count(("restore",))
