"""Pictures of Surfaces: what is painted on the canvas, and when the layer of what stays."""

import copy
import types
from typing import Any

import pytest
from gymworker import Surface
from gymworker.worker.canvas.scene import Scene

from tests.loopback import on_virtual_time, turns
from tests.screens import RecordingImage, RecordingScreen

WHITE = "#ffffff"


class Stage:
    """A scene on a canvas that tells what was painted where; objects are told by their texts."""

    def __init__(self) -> None:
        self.screen = RecordingScreen()
        self.repaints = 0
        self.scene = Scene(self.screen, self._repaint)

    def _repaint(self) -> None:
        self.repaints += 1

    def paint(self, frame: Any) -> tuple[list[list[str]], list[str]]:
        """The texts of each repaint of a layer, and those that were painted on the canvas."""
        for layer in self.screen.layers:
            layer.context.taken()
        self.screen.context.taken()
        self.scene.paint(frame.commit() if isinstance(frame, Surface) else frame)
        repaints: list[list[str]] = []
        for layer in self.screen.layers:
            for call in layer.context.calls:
                if call[0] == "clearRect":
                    repaints.append([])
                elif call[0] == "fillText":
                    repaints[-1].append(call[1])
        return repaints, [call[1] for call in self.screen.context.calls if call[0] == "fillText"]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def wall(surface: Surface, name: str = "wall", depth: float = 0) -> Surface:
    return surface.text(name, 0, 0, id=name, permanent=True, depth=depth)


def named(surface: Surface, *names: str, depth: float = 0) -> Surface:
    for name in names:
        surface.text(name, 0, 0, depth=depth)
    return surface


def test_a_picture_without_permanent_objects_needs_no_layer(stage: Stage) -> None:
    surface = Surface(60, 40, background="navy")
    assert stage.paint(named(surface, "a", "b")) == ([], ["a", "b"])
    assert stage.screen.context.calls[:3] == [
        ("clearRect", 0, 0, 60, 40), ("fillStyle", "navy"), ("fillRect", 0, 0, 60, 40)
    ]  # fmt: skip
    assert (stage.screen.size, stage.screen.layers) == ((60, 40), [])


def test_a_picture_without_anything_is_its_background(stage: Stage) -> None:
    assert stage.paint(Surface(60, 40)) == ([], [])
    assert stage.screen.context.named("fillStyle") == [("fillStyle", WHITE)]
    assert stage.paint({"width": 9, "height": 9, "game_state_objects": []}) == ([], [])
    assert stage.screen.context.named("fillStyle") == [("fillStyle", WHITE)]


def test_a_layer_has_the_background_and_lies_below_what_moves(stage: Stage) -> None:
    surface = wall(Surface(60.4, 40, background="navy"))
    assert stage.paint(named(surface, "a")) == ([["wall"]], ["a"])
    (layer,) = stage.screen.layers
    assert layer.size == stage.screen.size == (60, 40)
    assert layer.context.calls[:3] == [
        ("clearRect", 0, 0, 60, 40), ("fillStyle", "navy"), ("fillRect", 0, 0, 60, 40)
    ]  # fmt: skip
    assert stage.screen.context.calls[:2] == [
        ("clearRect", 0, 0, 60, 40), ("drawImage", layer.canvas, 0, 0)
    ]  # fmt: skip


def test_the_layer_is_painted_again_only_when_a_permanent_object_changes(stage: Stage) -> None:
    surface = Surface(60, 40)
    painted = []
    for number, x in enumerate((1, 1, 1, 2, 2, 1, 1)):
        surface.text("wall", x, 0, id="wall", permanent=True)
        repaints, above = stage.paint(named(surface, str(number)))
        assert above == [str(number)]
        painted.append(len(repaints))
    assert painted == [1, 0, 0, 1, 0, 1, 0]
    assert len(stage.screen.layers) == 1


def test_the_layer_is_painted_again_when_a_permanent_object_comes_or_goes(stage: Stage) -> None:
    surface = wall(Surface(60, 40), "a")
    assert stage.paint(surface)[0] == [["a"]]
    assert stage.paint(wall(surface, "b"))[0] == [["a", "b"]]
    assert stage.paint(surface)[0] == []
    assert stage.paint(surface.remove("a"))[0] == [["b"]]
    assert stage.paint(surface.remove("b")) == ([], [])
    assert stage.screen.context.named("drawImage") == []
    assert stage.paint(wall(surface, "b"))[0] == [], "the layer shows it still"
    assert len(stage.screen.context.named("drawImage")) == 1


def test_the_order_of_permanent_objects_is_a_change(stage: Stage) -> None:
    surface = wall(wall(Surface(60, 40), "a"), "b")
    assert stage.paint(surface)[0] == [["a", "b"]]
    assert stage.paint(wall(surface.remove("a"), "a"))[0] == [["b", "a"]]


def test_clearing_and_drawing_the_same_again_paints_no_layer(stage: Stage) -> None:
    surface = Surface(60, 40)
    assert [len(stage.paint(wall(surface.clear()))[0]) for _ in range(3)] == [1, 0, 0]


def test_equal_packets_are_the_same_picture_whoever_made_them(stage: Stage) -> None:
    packet = wall(Surface(60, 40)).commit()
    assert stage.paint(packet)[0] == [["wall"]]
    assert stage.paint(copy.deepcopy(packet))[0] == []
    assert stage.paint(wall(Surface(60, 40)))[0] == []


@pytest.mark.parametrize("size", [(61, 40), (60, 41)])
def test_another_size_paints_the_layer_again(stage: Stage, size: tuple[int, int]) -> None:
    stage.paint(wall(Surface(60, 40)))
    assert stage.paint(wall(Surface(*size)))[0] == [["wall"]]
    assert stage.screen.layers[0].size == stage.screen.size == size
    assert stage.paint(wall(Surface(*size)))[0] == []


def test_another_background_paints_the_layer_again(stage: Stage) -> None:
    stage.paint(wall(Surface(60, 40)))
    assert stage.paint(wall(Surface(60, 40, "navy")))[0] == [["wall"]]
    assert ("fillStyle", "navy") in stage.screen.layers[0].context.calls
    assert stage.paint(wall(Surface(60, 40, "navy")))[0] == []


def test_nearer_objects_are_painted_later(stage: Stage) -> None:
    surface = named(named(Surface(60, 40), "d", depth=1), "a", depth=-1)
    assert stage.paint(named(surface, "b", "c")) == ([], ["a", "b", "c", "d"])


def test_permanent_objects_lie_below_others_of_the_same_depth(stage: Stage) -> None:
    surface = named(Surface(60, 40), "ball", depth=1)
    wall(wall(wall(surface, "top", 2), "same", 1), "ground", -1)
    assert stage.paint(surface) == ([["ground", "same"]], ["ball", "top"])
    wall(named(surface, "ball", depth=2), "late", 2)
    named(surface, "sky", depth=-5)
    assert stage.paint(surface) == ([], ["sky", "ground", "same", "top", "late", "ball"])


def test_what_changes_above_the_layer_does_not_paint_it_again(stage: Stage) -> None:
    surface = Surface(60, 40)
    for score in ("1", "2", "3"):
        named(wall(surface, "ground"), "ball").text(score, 0, 0, id="s", permanent=True, depth=9)
        repaints, above = stage.paint(surface)
        assert above == ["ball", score]
        assert len(repaints) == (score == "1")


def test_a_layer_that_was_not_needed_for_a_frame_is_not_out_of_date_after_it(stage: Stage) -> None:
    surface = wall(Surface(60, 40))
    stage.paint(named(surface, "a"))
    surface.text("wall", 9, 0, id="wall", permanent=True)
    assert stage.paint(named(surface, "low", depth=-1)) == ([], ["low", "wall"])
    assert stage.paint(named(surface, "a")) == ([["wall"]], ["a"])
    assert ("fillText", "wall", 9, 0) in stage.screen.layers[0].context.calls


def test_two_surfaces_with_the_same_ids_do_not_meet(stage: Stage) -> None:
    one, other = Surface(60, 40), Surface(60, 40)
    for surface, text in ((one, "one"), (other, "other")):
        surface.text(text, 0, 0, id="wall", permanent=True)
    for _ in range(2):
        assert stage.paint(named(one, "a")) == ([["one"]], ["a"])
        assert stage.paint(named(other, "b")) == ([["other"]], ["b"])


def test_a_broken_object_is_reported_and_the_others_are_painted(stage: Stage) -> None:
    packet: dict[str, Any] = dict(named(Surface(60, 40), "a", "b").commit())
    packet["game_state_objects"].insert(1, {"object_type": "blob"})
    packet["game_state_objects"].insert(1, {"object_type": "text", "x": 1})
    with pytest.raises(ValueError, match="'color' is not there"):
        stage.paint(packet)
    assert [call[1] for call in stage.screen.context.named("fillText")] == ["a", "b"]


def test_an_object_that_the_canvas_refuses_is_one_that_is_broken(stage: Stage) -> None:
    def refuse(*args: Any) -> None:
        raise RuntimeError("no arc")

    stage.screen.context.__dict__["arc"] = refuse
    with pytest.raises(RuntimeError, match="no arc"):
        stage.paint(named(Surface(60, 40).circle(1, 2, 3), "a"))
    assert len(stage.screen.context.named("fillText")) == 1


def test_a_layer_that_could_not_be_painted_is_tried_again(stage: Stage) -> None:
    good: dict[str, Any] = dict(wall(Surface(60, 40)).commit())
    bad: dict[str, Any] = {**good, "game_state_objects": [*good["game_state_objects"]]}
    bad["game_state_objects"].append({"object_type": "blob", "permanent": True})
    assert stage.paint(good)[0] == [["wall"]]
    for _ in range(2):
        with pytest.raises(ValueError, match="'blob' is not there"):
            stage.paint(bad)
        assert len(stage.screen.layers[0].context.named("clearRect")) == 1
    assert stage.paint(good)[0] == [["wall"]], "what the bad one left there is gone"
    assert stage.paint(good)[0] == []


def test_a_layer_that_was_broken_off_is_painted_again(stage: Stage) -> None:
    packet = wall(Surface(60, 40)).commit()
    stage.paint(packet)
    layer = stage.screen.layers[0]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(layer, "resize", lambda width, height: 1 / 0)
        stage.paint({**packet, "width": 61})
    assert stage.paint(packet)[0] == [["wall"]]


@on_virtual_time
async def test_an_image_that_comes_paints_the_layer_once_more() -> None:
    stage = Stage()
    stage.screen.images["a.png"] = bitmap = RecordingImage()
    surface = wall(Surface(60, 40)).image("a.png", 1, 2, 3, 4, id="i", permanent=True)
    assert stage.paint(surface)[0] == [["wall"]]
    assert stage.paint(surface)[0] == []
    await turns()
    assert stage.repaints == 1
    assert stage.paint(surface)[0] == [["wall"]]
    assert stage.screen.layers[0].context.named("drawImage") == [("drawImage", bitmap, 1, 2, 3, 4)]
    assert stage.paint(surface)[0] == []


@on_virtual_time
async def test_closing_lets_go_of_the_layer_and_the_images() -> None:
    stage = Stage()
    stage.screen.images["a.png"] = bitmap = RecordingImage()
    surface = wall(Surface(60, 40)).image("a.png", 1, 2, 3, 4)
    stage.paint(surface)
    await turns()
    stage.scene.close()
    assert (bitmap.closed, stage.screen.layers[0].size) == (1, (1, 1))
    Stage().scene.close()  # has none of them


def test_the_images_of_the_picture_are_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    images = types.SimpleNamespace(get=lambda src: None, trim=told.append)
    monkeypatch.setattr(stage.scene, "_images", images)
    packet = named(wall(Surface(60, 40)), "a").commit()
    stage.paint(packet)
    assert told == [packet["game_state_objects"]]
