"""What an environment draws, as plain data: shapes, keywords, permanent objects, errors."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gymworker import Surface
from gymworker.surface import checks


def drawn(surface: Surface) -> list[dict[str, Any]]:
    return surface.commit()["game_state_objects"]


def ids(surface: Surface) -> list[Any]:
    """The ids in the next packet."""
    return [item.get("id") for item in drawn(surface)]


def test_a_packet_says_how_large_the_picture_is_and_what_is_in_it() -> None:
    surface = Surface(30, 20, background="navy").line(1, 2, 3, 4, "red", line_width=2)
    assert surface.commit() == {
        "width": 30,
        "height": 20,
        "background": "navy",
        "game_state_objects": [
            {"object_type": "line", "x1": 1, "y1": 2, "x2": 3, "y2": 4, "color": "red",
             "line_width": 2}
        ],
    }  # fmt: skip


make: Any = Surface
PLACE = {"x": 1, "y": 2}
LINE = {"color": "#000", "line_width": 1}

EVERYTHING: list[tuple[Callable[[Surface], Surface], dict[str, Any]]] = [
    (lambda s: s.rectangle(1, 2, 3, 4),
     {"object_type": "rectangle", **PLACE, "width": 3, "height": 4, "color": "#000"}),
    (lambda s: s.rectangle(1, 2, 3, 4, None, outline="red", outline_width=3),
     {"object_type": "rectangle", **PLACE, "width": 3, "height": 4, "color": None,
      "outline": "red", "outline_width": 3}),
    (lambda s: s.circle(1, 2, 3), {"object_type": "circle", **PLACE, "radius": 3, "color": "#000"}),
    (lambda s: s.ellipse(1, 2, 3, 4),
     {"object_type": "ellipse", **PLACE, "radius_x": 3, "radius_y": 4, "color": "#000"}),
    (lambda s: s.polygon(np.eye(2)),
     {"object_type": "polygon", "points": [[1.0, 0.0], [0.0, 1.0]], "color": "#000"}),
    (lambda s: s.line(1, 2, 3, 4),
     {"object_type": "line", "x1": 1, "y1": 2, "x2": 3, "y2": 4, **LINE}),
    (lambda s: s.polyline([(0, 1), (2, 3)]),
     {"object_type": "polyline", "points": [[0, 1], [2, 3]], **LINE}),
    (lambda s: s.polyline([(0, 1)], "red", 4),
     {"object_type": "polyline", "points": [[0, 1]], "color": "red", "line_width": 4}),
    (lambda s: s.arc(1, 2, 3, 0, 1.5),
     {"object_type": "arc", **PLACE, "radius": 3, "start": 0, "end": 1.5, **LINE}),
    (lambda s: s.text(5, 1, 2),
     {"object_type": "text", "text": "5", **PLACE, "color": "#000", "size": 16,
      "font": "sans-serif", "align": "left", "baseline": "top"}),
    (lambda s: s.text("a", 1, 2, "red", 9, "bold serif", align="center", baseline="middle"),
     {"object_type": "text", "text": "a", **PLACE, "color": "red", "size": 9,
      "font": "bold serif", "align": "center", "baseline": "middle"}),
    (lambda s: s.image("a.png", 1, 2, 3, 4),
     {"object_type": "image", "src": "a.png", **PLACE, "width": 3, "height": 4}),
    (lambda s: s.image("a.png", 1, 2, 3, 4, (5, 6, 7, 8)),
     {"object_type": "image", "src": "a.png", **PLACE, "width": 3, "height": 4,
      "frame": [5, 6, 7, 8]}),
]  # fmt: skip


@pytest.mark.parametrize(("draw", "expected"), EVERYTHING)
def test_each_shape_stands_in_the_packet_with_its_arguments(
    draw: Callable[[Surface], Surface], expected: dict[str, Any]
) -> None:
    assert drawn(draw(Surface(1, 1))) == [expected]


def test_keywords_stand_in_the_packet_where_they_differ_from_their_default() -> None:
    surface = Surface(30, 20)
    surface.circle(1, 2, 3, id="ball", depth=-1, alpha=0.5, angle=0.1)
    surface.circle(1, 2, 3, id=None, depth=0, alpha=1.0, angle=0.0, permanent=False)
    first, second = drawn(surface)
    assert {"id": "ball", "depth": -1, "alpha": 0.5, "angle": 0.1}.items() <= first.items()
    assert set(second) == {"object_type", "x", "y", "radius", "color"}


def test_an_object_may_be_invisible_and_the_farthest() -> None:
    far = 1e9 - 1
    (item,) = drawn(Surface(30, 20).circle(far, -far, 0, alpha=0))
    assert [item[name] for name in ("x", "y", "radius", "alpha")] == [far, -far, 0, 0]


@pytest.mark.parametrize(("width", "height"), [(200, 100), (100, 200)])
def test_relative_lengths_become_pixels(width: int, height: int) -> None:
    surface = Surface(width, height)
    surface.rectangle(0.5, 0.25, 0.2, 0.1, relative=True, outline="red", outline_width=2)
    surface.circle(0.1, 0.3, 0.2, relative=True).text("x", 0, 0, size=0.1, relative=True)
    surface.ellipse(0, 0, 0.1, 0.2, relative=True).polygon([(0, 0), (1, 1)], relative=True)
    surface.line(0.1, 0.2, 0.3, 0.4, line_width=3, relative=True)
    rectangle, circle, text, ellipse, polygon, line = drawn(surface)
    where = [rectangle[name] for name in ("x", "y", "width", "height")]
    assert where == [0.5 * width, 0.25 * height, 0.2 * width, 0.1 * height]
    assert [circle[name] for name in ("x", "y", "radius")] == [0.1 * width, 0.3 * height, 20]
    assert (rectangle["outline_width"], text["size"]) == (2, 0.1 * height)
    assert (ellipse["radius_x"], ellipse["radius_y"]) == (0.1 * width, 0.2 * height)
    ends = [line[name] for name in ("x1", "y1", "x2", "y2")]
    assert ends == [0.1 * width, 0.2 * height, 0.3 * width, 0.4 * height]
    assert (polygon["points"], line["line_width"]) == ([[0, 0], [width, height]], 3)
    assert "relative" not in rectangle


def test_numpy_numbers_become_plain_data() -> None:
    int_id: Any = np.int64(3)
    yes: Any = np.True_
    surface = Surface(np.int64(30), np.float32(20))
    surface.rectangle(np.float32(1), np.int8(2), np.float16(3), np.array(4), alpha=np.float64(0.5))
    surface.text(np.str_("a"), 0, 0, np.str_("red"), id=int_id, depth=np.uint8(2))
    packet = surface.commit()
    assert json.loads(json.dumps(packet)) == packet
    assert [type(packet["game_state_objects"][0][name]) for name in ("x", "y")] == [float, int]
    (wall,) = drawn(surface.circle(1, 2, 3, id=np.str_("wall"), permanent=yes))
    assert (type(wall["permanent"]), type(wall["id"])) == (bool, str)


def test_whatever_has_a_float_is_a_number() -> None:
    (item,) = drawn(Surface(30, 20).circle(Fraction(1, 2), Decimal("0.25"), True))
    assert [item[name] for name in ("x", "y", "radius")] == [0.5, 0.25, 1.0]


def test_temporary_objects_are_for_one_frame_and_permanent_ones_stay() -> None:
    surface = Surface(30, 20)
    surface.circle(1, 1, 1, id="t").circle(1, 1, 1, id="p", permanent=True).circle(1, 1, 1)
    assert ids(surface) == ["p", "t", None]
    assert ids(surface) == ["p"]
    assert ids(surface.circle(1, 1, 1, id="u")) == ["p", "u"]


def test_every_packet_is_whole_whoever_asks_for_it_and_however_often() -> None:
    surface = Surface(30, 20)

    def render() -> Any:
        surface.rectangle(0, 0, 5, 5, id="wall", permanent=True).circle(1, 1, 1, id="ball")
        return surface.commit()

    first = render()
    assert [item["id"] for item in first["game_state_objects"]] == ["wall", "ball"]
    assert [render() for _ in range(3)] == [first] * 3


def test_a_permanent_object_that_is_drawn_anew_keeps_its_place() -> None:
    surface = Surface(30, 20)
    for name in ("a", "b"):
        surface.circle(1, 1, 1, id=name, permanent=True)
    surface.circle(2, 1, 1, id="a", permanent=True)
    assert [(item["id"], item["x"]) for item in drawn(surface)] == [("a", 2), ("b", 1)]


def test_a_permanent_object_that_has_not_changed_is_the_same_dict() -> None:
    surface = Surface(30, 20).polygon([(1, 2), (3, 4)], id="p", permanent=True)
    (first,) = drawn(surface)
    (second,) = drawn(surface.polygon([(1, 2), (3, 4)], id="p", permanent=True))
    (third,) = drawn(surface.polygon([(1, 2), (3, 5)], id="p", permanent=True))
    assert first is second and first is not third


def test_objects_that_are_removed_are_gone() -> None:
    surface = Surface(30, 20)
    surface.circle(1, 1, 1, id=1, permanent=True).circle(1, 1, 1, id=2, permanent=True)
    surface.circle(1, 1, 1, id="t").circle(1, 1, 1, id="u").circle(1, 1, 1)
    surface.remove("t").remove(1).remove("never there")
    assert ids(surface) == [2, "u", None]
    assert ids(surface.circle(1, 1, 1).clear()) == []


def test_surfaces_with_the_same_ids_do_not_meet() -> None:
    one, other = (Surface(30, 20).circle(x, 1, 1, id="p", permanent=True) for x in (1, 2))
    for _ in range(2):
        assert [drawn(surface)[0]["x"] for surface in (one, other)] == [1, 2]
    one.remove("p")
    assert (ids(one), ids(other)) == ([], ["p"])


def test_a_packet_does_not_change_whatever_is_drawn_afterwards() -> None:
    corners, part, place = [[1.0, 2.0], [3.0, 4.0]], [5, 6, 7, 8], np.array(3.0)
    ribbon = np.ones((2, 2))
    surface = Surface(30, 20)

    def draw() -> None:
        surface.polygon(corners, id="p", permanent=True).polyline(ribbon)
        surface.image("a.png", place, 2, 3, 4, part, id="i", permanent=True)
        surface.polygon(corners, id="t")

    draw()
    packet = surface.commit()
    before = copy.deepcopy(packet)
    corners[0][0], part[0] = 9.0, 9
    place += 1
    ribbon += 1
    draw()
    surface.remove("p").remove("t").rectangle(1, 2, 3, 4)
    assert packet == before
    surface.commit()
    surface.clear()
    assert packet == before
    assert surface.commit()["game_state_objects"] == []


def test_a_packet_is_its_readers_list() -> None:
    surface = Surface(30, 20).circle(1, 1, 1, id="p", permanent=True)
    drawn(surface).clear()
    assert ids(surface) == ["p"]


def test_a_frame_that_is_never_committed_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "MOST", 3)
    surface = Surface(30, 20)
    for _ in range(3):
        surface.circle(1, 1, 1)
    with pytest.raises(RuntimeError, match=r"never committed: .*`return surface.commit\(\)`"):
        surface.circle(1, 1, 1)
    assert drawn(surface) == []
    for number in range(5):
        surface.circle(1, 1, 1, id=number, permanent=True)
    assert len(drawn(surface)) == 5


@pytest.mark.parametrize(
    ("draw", "kind", "words"),
    [
        (lambda s: s.circle("1", 2, 3), TypeError, "expected x to be a number, got '1'"),
        (lambda s: s.circle(1, None, 3), TypeError, "expected y to be a number, got None"),
        (lambda s: s.circle(np.zeros(2), 2, 3), TypeError, "expected x to be a number"),
        (lambda s: s.circle(5 * np.eye(1), 2, -3), ValueError, "radius not to be negative"),
        (lambda s: s.circle(1j, 2, 3), TypeError, "expected x to be a number"),
        (lambda s: s.circle(1, float("nan"), 3), ValueError, "expected y to be finite.*got nan"),
        (lambda s: s.circle(1, 2, np.inf), ValueError, "expected radius to be finite"),
        (lambda s: s.circle(1e9, 2, 3), ValueError, "expected x to be finite and below 1e.09"),
        (lambda s: s.circle(1, -1e9, 3), ValueError, "expected y to be finite and below 1e.09"),
        (lambda s: s.circle(1, 2, -3), ValueError, "expected radius not to be negative, got -3"),
        (lambda s: s.circle(1, 2, 3, (1, 2, 3)), TypeError, "expected color to be a str such as"),
        (lambda s: s.circle(1, 2, 3, alpha=-0.1), ValueError, "alpha to be between 0 and 1"),
        (lambda s: s.circle(1, 2, 3, alpha=2), ValueError, "alpha to be between 0 and 1, got 2"),
        (lambda s: s.circle(1, 2, 3, id=1.5), TypeError, "id to be a str or an int, got 1.5"),
        (lambda s: s.circle(1, 2, 3, permanent=True), ValueError, "needs an id: add id='circle'"),
        (lambda s: s.circle(1, 2, 3, colour="red"), TypeError, "no keyword 'colour'; it has id,"),
        (lambda s: s.line(1, 2, 3, 4, outline="red"), TypeError, "line has no keyword 'outline'"),
        (lambda s: s.line(1, 2, 3, 4, None), TypeError, "expected color to be a str"),
        (lambda s: s.polygon([1, 2]), TypeError, "points to be pairs of x and y"),
        (lambda s: s.polygon([(1, 2, 3)]), TypeError, "points to be pairs of x and y"),
        (lambda s: s.text("a", 1, 2, align="top"), ValueError, "one of left, center, right"),
        (lambda s: s.image("a.png", 1, 2, 3, 4, (1, 2)), ValueError, r"\(x, y, width, height\)"),
        (lambda s: s.image(None, 1, 2, 3, 4), TypeError, "expected src to be a str"),
        (lambda s: s.text("a", 1, 2, None), TypeError, "expected color to be a str such as '#08c'"),
        (lambda s: s.text("a", 1, 2, size="big"), TypeError, "expected size to be a number"),
        (lambda s: s.text("a", 1, 2, font=3), TypeError, "expected font to be a str, got 3"),
        (lambda s: s.text("a", 1, 2, align="x"), ValueError, "expected align to be one of left, "),
        (lambda s: s.text("a", 1, 2, baseline="x"), ValueError, "expected baseline to be one of "),
        (lambda s: s.arc(1, 2, 3, "a", 1), TypeError, "expected start to be a number"),
        (lambda s: s.arc(1, 2, 3, 0, "a"), TypeError, "expected end to be a number"),
        (lambda s: s.text("a", 1, 2, size=-1), ValueError, "expected size not to be negative"),
        (lambda s: s.ellipse(1, 2, -1, 1), ValueError, "expected radius_x not to be negative"),
        (lambda s: s.ellipse(1, 2, 1, -1), ValueError, "expected radius_y not to be negative"),
        (lambda s: s.line(1, 2, 3, 4, line_width=-1), ValueError, "line_width not to be negative"),
        (lambda s: s.circle(1, 2, 3, outline=3), TypeError, "expected outline to be a str such "),
        (lambda s: s.circle(1, 2, 3, outline_width=-1), ValueError, "outline_width not to be neg"),
        (lambda s: s.image("a.png", 1, 2, 3, 4, "abcd"), TypeError, "expected frame to be a num"),
        (lambda s: make("6", 5), TypeError, "expected width to be a number, got '6'"),
        (lambda s: make(6, None), TypeError, "expected height to be a number, got None"),
        (lambda s: make(5, 0.5), ValueError, "at least 1 x 1 pixels, got 5 x 0.5"),
        (lambda s: make(5, 5, 7), TypeError, "expected background to be a str such as '#08c'"),
        (lambda s: make(0, 5), ValueError, "at least 1 x 1 pixels, got 0 x 5"),
    ],
)  # fmt: skip
def test_an_argument_that_is_wrong_is_named(
    draw: Callable[[Surface], object], kind: type[Exception], words: str
) -> None:
    surface = Surface(30, 20)
    with pytest.raises(kind, match=words):
        draw(surface)
    assert drawn(surface) == []


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda s: s.circle(0, 0, 1, 5), "expected color to be a str such as '#08c', got 5"),
        (lambda s: s.line(0, 0, 1, 1, 5), "expected color to be a str such as '#08c', got 5"),
        (lambda s: s.text("a", 0, 0, 5), "expected color to be a str such as '#08c', got 5"),
        (lambda s: s.text("a", 0, 0, font=5), "expected font to be a str, got 5"),
        (lambda s: s.circle(0, 0, 1, outline=5), "expected outline to be a str such as '#08c', "),
        (lambda s: s.image(5, 0, 0, 1, 1), "expected src to be a str, got 5"),
        (lambda s: s.line(0, 0, 1, 1, line_width="a"), "expected line_width to be a number, "),
        (lambda s: s.line(0, 0, 1, 1, line_width=-1), "expected line_width not to be negative, "),
        (lambda s: s.arc(0, 0, 1, "a", 0), "expected start to be a number, got 'a'"),
        (lambda s: s.arc(0, 0, 1, 0, "a"), "expected end to be a number, got 'a'"),
        (
            lambda s: s.text("a", 0, 0, align="up"),
            "expected align to be one of left, center,",
        ),
        (lambda s: s.text("a", 0, 0, baseline="up"), "expected baseline to be one of top, middle"),
        (lambda s: s.image("a", 0, 0, 1, 1, ["a"] * 4), "expected frame to be a number, got 'a'"),
        (lambda s: s.polygon([(0, 0)], alpha=2), "expected alpha to be between 0 and 1, got 2"),
    ],
)
def test_the_argument_that_is_wrong_is_the_first_word(draw: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        draw(Surface(10, 10))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("size", [("a", 1), (1, "a")], ids=["width", "height"])
def test_the_size_that_is_wrong_is_named(size: Any) -> None:
    name = "width" if size[0] == "a" else "height"
    with pytest.raises(TypeError, match=f"^expected {name} to be a number"):
        Surface(*size)
    with pytest.raises(TypeError, match="^expected background to be a str such as"):
        Surface(1, 1, 5)  # type: ignore[arg-type]
