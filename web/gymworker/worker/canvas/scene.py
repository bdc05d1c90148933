"""The packets of Surfaces on a canvas, with a layer for what stays. Runs in the worker."""

from .images import Images
from .shapes import draw
from .size import check_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Object = dict[str, Any]


def fit(screen: "Any", width: int, height: int, ratio: float) -> None:
    """Give a canvas the size of a drawing, of which a unit is ``ratio`` pixels of the display.

    Raises:
        ValueError: no canvas can have it.
    """
    check_size(width * ratio, height * ratio)
    screen.resize(round(width * ratio), round(height * ratio))
    if ratio != 1:
        screen.context.setTransform(ratio, 0, 0, ratio, 0, 0)


class Scene:
    """Paints packets, each of which is a whole picture.

    The permanent objects that lie below all others are painted on a layer of their own, again only
    when it would look different: other objects, another size, background or image.

    Args:
        screen: where to paint; see ``js.screen.Screen``.
        repaint: called when an image has come, and what was painted without it is to be painted
            again.
        ratio: pixels of the display to one of a packet.
    """

    def __init__(self, screen: "Any", repaint: "Callable[[], None]", ratio: float = 1.0) -> None:
        self._screen = screen
        self._ratio = ratio
        self._images = Images(screen.load, self._image_came)
        self._repaint = repaint
        self._layer: Any = None
        self._on_layer: Any = None

    def paint(self, packet: "Mapping[str, Any]") -> None:
        """Paint a picture.

        Raises:
            Exception: an object could not be drawn; the others are.
        """
        objects = sorted(packet["game_state_objects"], key=_depth)
        moving = (index for index, item in enumerate(objects) if not item.get("permanent"))
        below = next(moving, len(objects))
        check_size(packet["width"], packet["height"])
        width, height = round(packet["width"]), round(packet["height"])
        ground = objects[:below], width, height, packet.get("background", "#ffffff")
        problems: list[Exception] = []
        fit(self._screen, width, height, self._ratio)
        context = self._screen.context
        if below:
            if ground != self._on_layer:  # quick for those of a Surface: they are the same dicts
                self._paint_layer(ground, problems)
            self._show_layer(context, width, height)
        else:
            self._paint(context, ground, problems)
        self._draw(context, objects[below:], problems)
        self._images.trim(objects)
        if problems:
            raise problems[0]

    def close(self) -> None:
        """Let go of the layer and the images, whose memory is the browser's."""
        self._images.close()
        if self._layer is not None:
            self._layer.resize(1, 1)

    def _show_layer(self, context: "Any", width: int, height: int) -> None:
        """Put the layer on the canvas, pixel by pixel, whatever the ratio."""
        context.clearRect(0, 0, width, height)
        ratio = self._ratio
        if ratio != 1:
            context.setTransform(1, 0, 0, 1, 0, 0)
        context.drawImage(self._layer.canvas, 0, 0)
        if ratio != 1:
            context.setTransform(ratio, 0, 0, ratio, 0, 0)

    def _paint_layer(self, ground: "Any", problems: "list[Exception]") -> None:
        if self._layer is None:
            self._layer = self._screen.layer()
        self._on_layer = None  # until all of it is there
        _, width, height, _ = ground
        fit(self._layer, width, height, self._ratio)
        self._paint(self._layer.context, ground, problems)
        if not problems:
            self._on_layer = ground

    def _paint(self, context: "Any", ground: "Any", problems: "list[Exception]") -> None:
        items, width, height, background = ground
        context.clearRect(0, 0, width, height)
        context.fillStyle = background
        context.fillRect(0, 0, width, height)
        self._draw(context, items, problems)

    def _draw(self, context: "Any", items: "list[Object]", problems: "list[Exception]") -> None:
        for item in items:
            try:
                draw(context, item, self._images.get)
            except Exception as error:
                problems.append(error)

    def _image_came(self) -> None:
        self._on_layer = None
        self._repaint()


def _depth(item: "Object") -> float:
    depth: float = item.get("depth", 0)
    return depth
